"""Orders and refunds as shops report them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import delete, select

from bot.shops.cart_token import click_token
from bot.shops.shopify.orders import read_order
from bot.shops.shopify.refunds import read_refunds
from bot.shops.signatures import sign
from feedback.db.tables.sales import Order, ReceivedDelivery
from feedback.knowledge.importers.files import BadShape
from feedback.sales.orders import Purchase
from tests.bot.samples import order, refund
from tests.bot.visitor import Visitor
from tests.bot.web_shop import ORDERS_SECRET, SHOPIFY_SECRET, Shop, open_shop

GENERIC = {
    "order_id": "1001",
    "shopper": None,
    "email": "ana@example.org",
    "placed_at": "2026-11-24T12:00:00Z",
    "currency": "USD",
    "total": "59.90",
    "lines": [{"product_id": "ridge-backpack", "quantity": 1, "price": "59.90"}],
}
REFUND = {
    "refund_id": "r1",
    "order_id": "1001",
    "amount": "10.00",
    "currency": "USD",
    "refunded_at": "2026-11-24T13:00:00Z",
}


def report(web: Visitor, payload: Any, *, secret: str = ORDERS_SECRET) -> Any:
    """Send to our own webhook, signed."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return web.post(
        "/webhooks/orders", content=body, headers={"X-Shopclerk-Signature": sign(secret, body)}
    )


def shopify(web: Visitor, topic: str, payload: Any, **headers: str) -> Any:
    """Send as Shopify does."""
    body = json.dumps(payload).encode()
    return web.post(
        "/webhooks/shopify",
        content=body,
        headers={
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-SHA256": sign(SHOPIFY_SECRET, body),
            "Content-Type": "application/json",
            **headers,
        },
    )


class TestOrders:
    def test_an_order_is_recorded_and_a_repeat_is_not_counted(
        self, shop: Shop, web: Visitor
    ) -> None:
        """Both are accepted; the answer says which it was."""
        assert ["recorded", "repeat"] == [report(web, GENERIC).json()["status"] for _ in range(2)]
        found = shop.orders.look_up("1001", "Ana@Example.org ")
        assert found is not None
        assert (Decimal("59.90"), "ridge-backpack") == (found.total, found.items[0].product_id)

    def test_a_refund_may_come_first_and_twice(self, shop: Shop, web: Visitor) -> None:
        """In whatever order they arrive, the money is the same."""
        said = [report(web, sent).json()["status"] for sent in (REFUND, GENERIC, REFUND)]

        found = shop.orders.look_up("1001", "ana@example.org")
        assert ["recorded", "recorded", "repeat"] == said
        assert found is not None
        assert Decimal("10.00") == found.refunded

    @pytest.mark.parametrize("bridge", ["shopper_token", "shopper_id"])
    def test_the_order_finds_its_shopper(
        self, shop: Shop, web: Visitor, session: dict[str, Any], bridge: str
    ) -> None:
        """By the signed token, or by the id as in files: the webhook itself is signed."""
        report(web, {**GENERIC, "shopper": session[bridge]})

        assert session["shopper_id"] == bought_by(shop, "1001")

    def test_the_token_may_come_as_a_cart_attribute_or_landing_address(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """The two other bridges of a signed token."""
        asked = {"text": "recommend something", "client_id": "c"}
        card = web.post("/api/chat/messages", json=asked).json()["reply"]["products"][0]
        landing = web.get(card["click_url"]).headers["location"]
        attribute = {"name": "shopclerk_shopper", "value": session["shopper_token"]}

        report(web, {**GENERIC, "order_id": "1", "note_attributes": [attribute]})
        report(web, {**GENERIC, "order_id": "2", "landing_site": landing})

        assert [session["shopper_id"]] * 2 == [bought_by(shop, "1"), bought_by(shop, "2")]

    def test_an_old_report_sent_once_more_overwrites_nothing(
        self, shop: Shop, web: Visitor
    ) -> None:
        """Whoever kept a signed body cannot turn the order back with it."""
        first, news = {**GENERIC, "status": "paid"}, {**GENERIC, "status": "shipped"}

        said = [report(web, sent).json()["status"] for sent in (first, news, first)]

        found = shop.orders.look_up("1001", "ana@example.org")
        assert ["recorded", "repeat", "repeat"] == said
        assert found is not None
        assert "shipped" == found.status

    def test_nor_when_its_delivery_is_forgotten(self, shop: Shop, web: Visitor) -> None:
        """Deliveries are kept for a month; what an order has said once is known for good."""
        first, news = {**GENERIC, "status": "paid"}, {**GENERIC, "status": "shipped"}
        timed = {**GENERIC, "order_id": "1002", "number": "1002"}
        old = {**timed, "total": "1.00", "updated_at": "2026-11-24T12:00:00Z"}
        new = {**timed, "total": "2.00", "updated_at": "2026-11-24T12:00:01Z"}
        for sent in (first, news, old, new):
            report(web, sent)
        with shop.orders.db.transaction() as session:
            session.execute(delete(ReceivedDelivery))

        said = [report(web, sent).json()["status"] for sent in (first, old)]

        found = [shop.orders.look_up(number, "ana@example.org") for number in ("1001", "1002")]
        assert ["repeat", "repeat"] == said
        assert [("shipped", Decimal("59.90")), ("paid", Decimal("2.00"))] == [
            (one.status, one.total) for one in found if one is not None
        ]

    def test_a_state_nobody_knows_is_named_and_no_sale(
        self, shop: Shop, web: Visitor, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """The order is kept: the next news of it may say more."""
        said = report(web, {**GENERIC, "status": "on the moon"}).json()

        assert {"status": "recorded"} == said
        assert [("unknown", False)] == states(shop)
        assert "on the moon" in capfd.readouterr().out

    def test_one_changed_byte_is_refused(self, shop: Shop, web: Visitor) -> None:
        """So is another shop's secret, no signature, and one that is not ASCII."""
        body = json.dumps(GENERIC).encode()
        good = sign(ORDERS_SECRET, body)
        tries: list[tuple[bytes, dict[str, Any]]] = [
            (body.replace(b"59.90", b"59.91"), {"X-Shopclerk-Signature": good}),
            (body, {"X-Shopclerk-Signature": sign("another", body)}),
            (body, {"X-Shopclerk-Signature": "ü".encode()}),
            (body, {}),
        ]
        answers = [
            web.post("/webhooks/orders", content=sent, headers=headers) for sent, headers in tries
        ]

        assert [401] * 4 == [answer.status_code for answer in answers]
        assert shop.orders.look_up("1001", "ana@example.org") is None

    def test_without_a_secret_the_setting_is_named(self, one_database: Any) -> None:
        """Nobody can send orders to a shop that did not ask for them."""
        with open_shop(one_database, shop_settings={}).visitor() as web:
            answers = [report(web, GENERIC), shopify(web, "orders/paid", order())]

        assert [503, 503] == [answer.status_code for answer in answers]
        assert "SHOPCLERK_ORDERS_SECRET" in answers[0].json()["detail"]
        assert "SHOPCLERK_SHOPIFY_SECRET" in answers[1].json()["detail"]

    @pytest.mark.parametrize(
        ("payload", "named"),
        [
            (b"", "JSON"),
            (b"\xff", "UTF-8"),
            (b'{"order_id": NaN}', "NaN"),
            (b"[" * 50_000, "JSON"),
            (b"[]", "object"),
            (b'{"order_id": "1\\u0000"}', "NUL"),
            ({}, "order_id"),
            ({**GENERIC, "total": "a lot"}, "a lot"),
            ({**GENERIC, "total": "-1"}, "-1"),
            ({**GENERIC, "currency": "dollars"}, "DOLLARS"),
            ({**GENERIC, "source": "s" * 41}, "sss"),
            ({**REFUND, "status": "eaten"}, "eaten"),
            ({**REFUND, "amount": None}, "amount"),
        ],
    )
    def test_a_signed_body_that_is_wrong_names_the_field(
        self, web: Visitor, payload: Any, named: str
    ) -> None:
        """422, and nothing recorded."""
        answer = report(web, payload)

        assert 422 == answer.status_code
        assert named in answer.json()["detail"]

    def test_more_than_its_cap_is_not_read(self, web: Visitor) -> None:
        """With an honest length or without one."""
        body = b"x" * 5_000_001

        honest = report(web, body)
        streamed = web.post("/webhooks/orders", content=body, headers={"Content-Length": "0"})

        assert (413, 413) == (honest.status_code, streamed.status_code)


class TestShopify:
    def test_an_order_is_recorded_with_our_product(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Shopify names its own product id; the stock-keeping unit leads to ours."""
        attribute = {"name": "shopclerk_shopper", "value": session["shopper_token"]}

        answer = shopify(web, "orders/paid", order(note_attributes=[attribute]))

        found = shop.orders.look_up("9999", "ana@example.org")
        assert "recorded" == answer.json()["status"]
        assert found is not None
        assert ("ridge-backpack", "paid") == (found.items[0].product_id, found.status)
        assert session["shopper_id"] == bought_by(shop, "820982911946154508")

    def test_news_of_an_order_in_any_order_end_the_same(self, shop: Shop, web: Visitor) -> None:
        """The older payload, delivered late, overwrites nothing."""
        shipped = order(
            fulfillment_status="fulfilled",
            fulfillments=[{"tracking_number": "1Z999", "shipment_status": "in_transit"}],
            updated_at="2026-11-24T09:00:00-05:00",
        )
        shopify(web, "orders/fulfilled", shipped, **{"X-Shopify-Webhook-Id": "b"})
        shopify(web, "orders/create", order(), **{"X-Shopify-Webhook-Id": "a"})

        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None
        assert ("shipped", "1Z999") == (found.status, found.tracking)

    def test_a_refund_is_the_sum_of_what_went_through(self, shop: Shop, web: Visitor) -> None:
        """Failed and voided transactions move no money."""
        shopify(web, "orders/paid", order())
        said = [shopify(web, "refunds/create", refund()).json()["status"] for _ in range(2)]

        found = shop.orders.look_up("9999", "ana@example.org")
        assert ["recorded", "repeat"] == said
        assert found is not None
        assert Decimal("10.00") == found.refunded

    def test_the_newer_spelling_of_the_headers_works(self, web: Visitor) -> None:
        """Shopify's events drop the prefix."""
        body = json.dumps(order()).encode()
        headers = {
            "Shopify-Hmac-Sha256": sign(SHOPIFY_SECRET, body),
            "Shopify-Topic": "orders/paid",
            "Shopify-Webhook-Id": "w1",
        }

        assert 200 == web.post("/webhooks/shopify", content=body, headers=headers).status_code

    def test_other_topics_and_test_orders_are_accepted_and_left_alone(
        self, shop: Shop, web: Visitor
    ) -> None:
        """A refusal would make Shopify drop the subscription."""
        answers = [
            shopify(web, "carts/update", {"id": 1}),
            shopify(web, "orders/paid", order(test=True)),
            shopify(web, "refunds/create", refund(transactions=[])),
        ]

        assert [(200, {"status": "ignored"})] * 3 == [(a.status_code, a.json()) for a in answers]
        assert shop.orders.look_up("9999", "ana@example.org") is None

    def test_a_wrong_signature_is_refused(self, web: Visitor) -> None:
        """Before anything is parsed."""
        answer = web.post(
            "/webhooks/shopify", content=b"{", headers={"X-Shopify-Hmac-SHA256": "AAAA"}
        )

        assert 401 == answer.status_code


class TestReadOrder:
    def read(self, **changes: Any) -> Purchase:
        return read_order(
            order(**changes),
            shopper_of_token=lambda t: t,
            shopper_of_click=lambda t: t,
            arrived=datetime(2026, 11, 24, 12, tzinfo=UTC),
        )

    def test_takes_what_is_owed_before_refunds(self) -> None:
        """Refunds come by themselves; the current total, net of them, would count them twice."""
        returned = self.read(current_total_price="49.90", refunds=[refund()])
        assert Decimal("59.90") == returned.total

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({}, "paid"),
            ({"financial_status": "pending"}, "pending"),
            ({"fulfillment_status": "fulfilled"}, "shipped"),
            ({"fulfillments": [{"shipment_status": "delivered"}]}, "delivered"),
            ({"cancelled_at": "2026-11-24T08:00:00-05:00"}, "cancelled"),
        ],
    )
    def test_reads_how_far_the_order_is(self, changes: Any, status: str) -> None:
        """From payment, fulfilment and cancellation together."""
        assert status == self.read(**changes).status

    def test_the_customers_address_stands_in_for_a_missing_one(self) -> None:
        """Some checkouts leave the order's own e-mail empty."""
        assert "ana@example.org" == self.read(email="").email
        assert self.read(email="", customer=None).email is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"id": None},
            {"id": True},
            {"current_total_price": None, "total_price": None},
            {"total_price": "-1.00", "current_total_price": None},
            {"current_total_price": "x", "total_price": "y"},
            {"currency": 7},
        ],
    )
    def test_without_id_total_or_currency_there_is_no_order(self, changes: Any) -> None:
        """Whatever else is odd is named and left out."""
        with pytest.raises(BadShape):
            self.read(**changes)

    def test_a_landing_site_that_is_no_address_holds_no_token(self) -> None:
        """Browsers send what people type."""
        assert [None] * 3 == [click_token(x) for x in ("//[", 5, "/?a=b")]

    def test_a_refund_without_money_is_none(self) -> None:
        """A restocked item alone is no refund."""
        assert [] == read_refunds(refund(transactions=None), currency="USD")


def states(shop: Shop) -> list[tuple[str, bool]]:
    """Each order's state, and whether it is a sale, in the order of their ids."""
    with shop.orders.db.reading() as session:
        found = select(Order.status, Order.sale).order_by(Order.order_id)
        return [(status, sale) for status, sale in session.exec(found)]


def bought_by(shop: Shop, order_id: str) -> str | None:
    from feedback.db.tables.sales import Order

    with shop.orders.db.reading() as session:
        return session.exec(select(Order.shopper_id).where(Order.order_id == order_id)).one()
