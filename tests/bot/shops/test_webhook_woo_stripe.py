"""WooCommerce's and Stripe's webhooks, and Shopify's beyond orders."""

import hmac
import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.shops.signatures import sign
from feedback.db.tables.sales import Order
from feedback.desk.audit import Audit
from feedback.privacy.prune import prune_old_rows
from feedback.sales.shop_connections import ShopConnections
from tests.bot.desk.test_pages import csrf, log_in
from tests.bot.samples import order, shopify_product
from tests.bot.samples_shops import (
    stripe_event,
    stripe_payment,
    stripe_refund,
    stripe_session,
    woo_order,
    woo_product,
    woo_variation,
)
from tests.bot.shops.test_webhook import GENERIC, bought_by, report, shopify
from tests.bot.visitor import Visitor
from tests.bot.web_shop import STRIPE_SECRET, WOO_SECRET, Shop


def woo(web: Visitor, topic: str, payload: Any, **headers: str) -> Any:
    """Send as WooCommerce does."""
    body = json.dumps(payload).encode()
    signed = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": sign(WOO_SECRET, body)}
    return web.post("/webhooks/woocommerce", content=body, headers={**signed, **headers})


def stripe(
    web: Visitor, shop: Shop, event: Any, *, age: int = 0, secret: str = STRIPE_SECRET
) -> Any:
    """Send as Stripe does, signed `age` seconds ago."""
    body, at = json.dumps(event).encode(), int(shop.clock().timestamp()) - age
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
    headers = {"Stripe-Signature": f"t={at},v1={'0' * 64},v1={digest},v0=old"}
    return web.post("/webhooks/stripe", content=body, headers=headers)


def new_ids() -> Callable[[], str]:
    """Identifiers for the audit log."""
    numbers = itertools.count()
    return lambda: f"n{next(numbers)}"


def shown(shop: Shop, number: str) -> tuple[str, Decimal, Decimal]:
    """An order as its buyer may hear of it: status, total, refunded."""
    found = shop.orders.look_up(number, "ana@example.org")
    assert found is not None
    return found.status, found.total, found.refunded


class TestWooCommerce:
    def test_an_order_is_recorded_with_its_bridge_and_kind(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """The token comes as meta data; a line's price is its total, without a float's noise."""
        token = {"id": 1, "key": "shopclerk_shopper", "value": session["shopper_token"]}

        answer = woo(web, "order.created", woo_order(meta_data=[token]))

        assert {"status": "recorded"} == answer.json()
        assert ("paid", Decimal("29.35"), Decimal("0.00")) == shown(shop, "727")
        assert session["shopper_id"] == bought_by(shop, "727")
        found = shop.orders.look_up("727", "ana@example.org")
        assert found is not None
        assert Decimal("3.3333") == found.items[0].price
        with shop.orders.db.reading() as rows:
            assert "checkout" == rows.get_one(Order, ("woocommerce", "727")).checkout

    def test_the_entry_page_it_keeps_itself_is_a_bridge(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Its own order attribution stores the landing address, with our click in it."""
        asked = {"text": "recommend something", "client_id": "c"}
        card = web.post("/api/chat/messages", json=asked).json()["reply"]["products"][0]
        landing = web.get(card["click_url"]).headers["location"]
        entry = {"id": 2, "key": "_wc_order_attribution_session_entry", "value": landing}

        woo(web, "order.created", woo_order(meta_data=[entry]))

        assert session["shopper_id"] == bought_by(shop, "727")

    def test_refunds_and_their_undoing_come_inside_the_order(
        self, shop: Shop, web: Visitor
    ) -> None:
        """One listed twice counts once; one no longer listed was taken back."""
        refund = {"id": 726, "reason": "", "total": "-10.00"}
        steps = [
            woo_order(),
            woo_order(refunds=[refund], date_modified_gmt="2026-11-24T13:00:00"),
            woo_order(
                refunds=[refund, {**refund, "id": 728, "total": "-5.50"}],
                date_modified_gmt="2026-11-24T14:00:00",
            ),
            woo_order(refunds=[refund], date_modified_gmt="2026-11-24T15:00:00"),
        ]
        refunded = []
        for step in steps:
            woo(web, "order.updated", step)
            refunded.append(str(shown(shop, "727")[2]))

        assert ["0.00", "10.00", "15.50", "10.00"] == refunded

    def test_any_order_of_deliveries_ends_the_same(self, shop: Shop, web: Visitor) -> None:
        """All 24 orders of four deliveries, each delivered twice."""
        news: list[dict[str, Any]] = [
            {"status": "pending", "date_modified_gmt": "2026-11-24T12:00:10"},
            {"status": "processing", "date_modified_gmt": "2026-11-24T12:00:10"},
            {"status": "completed", "date_modified_gmt": "2026-11-24T13:00:00"},
            {
                "status": "completed",
                "date_modified_gmt": "2026-11-24T14:00:00",
                "refunds": [{"id": 0, "total": "-10.00"}],
                "billing": {},  # masked by an extension meanwhile
            },
        ]
        ends = set()
        for place, deliveries in enumerate(itertools.permutations(news)):
            for one in [*deliveries, *deliveries]:
                for refund in one.get("refunds", []):
                    refund["id"] = 7_000 + place
                woo(web, "order.updated", woo_order(id=place, number=str(place), **one))
            ends.add(shown(shop, str(place)))

        assert {("shipped", Decimal("29.35"), Decimal("10.00"))} == ends

    def test_an_order_taken_out_is_off(self, shop: Shop, web: Visitor) -> None:
        """`order.deleted` names nothing but the number."""
        woo(web, "order.created", woo_order())
        said = [woo(web, "order.deleted", {"id": number}).json()["status"] for number in (727, 9)]

        assert ["recorded", "ignored"] == said
        assert "cancelled" == shown(shop, "727")[0]

    def test_a_product_is_brought_up_to_date(self, shop: Shop, web: Visitor) -> None:
        """Price and stock as they are now."""
        woo(web, "product.updated", woo_product())
        again = woo(web, "product.updated", woo_product(stock_status="outofstock"))

        (mug,) = [one for one in shop.catalogue.products() if one.product.product_id == "93"]
        assert "recorded" == again.json()["status"]
        assert (Decimal("18.00"), Decimal("20.00"), 0) == (
            mug.variants[0].price,
            mug.variants[0].compare_at,
            mug.variants[0].quantity,
        )
        assert "https://woo.example/product/clay-mug/" == mug.product.url

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
    def test_sizes_and_colours_come_one_by_one_in_any_order(
        self, shop: Shop, web: Visitor, order: tuple[int, ...]
    ) -> None:
        """The product names its variations' numbers; each brings its price and stock itself."""
        shirt = woo_product(id=94, name="Shirt", type="variable", variations=[95, 96], price="")
        told = [shirt, *(woo_variation(95, "S", "20.00"), woo_variation(96, "M", "22.00"))]
        for place in order:
            woo(web, "product.updated", told[place])
        woo(web, "product.updated", woo_variation(96, "M", "19.00", stock_quantity=0))

        found = shop.catalogue.product("94")
        assert found is not None
        assert ("Shirt", True) == (found.product.title, found.product.active)
        assert [({"Size": "S"}, Decimal("20.00"), 4), ({"Size": "M"}, Decimal("19.00"), 0)] == [
            (each.options, each.price, each.quantity) for each in found.variants
        ]

    def test_what_the_shop_takes_away_is_for_sale_no_more(self, shop: Shop, web: Visitor) -> None:
        """A variation unpublished, unnamed or deleted; then the product itself."""
        shirt = woo_product(id=94, type="variable", variations=[95, 96, 97, 98])
        woo(web, "product.updated", shirt)
        for number in (95, 96, 97, 98):
            woo(web, "product.updated", woo_variation(number, str(number), "20.00"))
        woo(web, "product.updated", woo_variation(95, "95", "20.00", status="private"))
        woo(web, "product.updated", {**shirt, "variations": [95, 97, 98]})
        deleted = [woo(web, "product.deleted", {"id": each}).json() for each in (97, 12_345)]
        left = shop.catalogue.product("94")
        woo(web, "product.deleted", {"id": 94})

        assert ["recorded", "ignored"] == [each["status"] for each in deleted]
        assert left is not None
        assert ["98"] == [each.variant_id for each in left.variants]
        gone = shop.catalogue.product("94")
        assert gone is not None
        assert not gone.product.active

    def test_the_ping_is_answered_and_nothing_else_unsigned_is(self, web: Visitor) -> None:
        """The ping is an unsigned form; a refusal would switch the webhook off."""
        bodies = [b"webhook_id=42", b"webhook_id=42&id=1", b"{}"]
        answers = [web.post("/webhooks/woocommerce", content=body) for body in bodies]

        assert [200, 401, 401] == [answer.status_code for answer in answers]

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"id": None}, "id"),
            ({"total": "much"}, "much"),
            ({"currency": "dollars"}, "DOLLARS"),
        ],
    )
    def test_without_id_total_or_currency_there_is_no_order(
        self, web: Visitor, changes: Any, named: str
    ) -> None:
        """422, and nothing recorded."""
        answer = woo(web, "order.updated", woo_order(**changes))

        assert 422 == answer.status_code
        assert named in answer.json()["detail"]


class TestStripe:
    def test_a_checkout_and_its_payment_are_one_order(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """In either order, with the token in the checkout's metadata."""
        metadata = {"shopclerk_shopper": session["shopper_token"]}
        paid = stripe_event("payment_intent.succeeded", stripe_payment())
        done = stripe_event("checkout.session.completed", stripe_session(metadata=metadata))

        said = [stripe(web, shop, event).json()["status"] for event in (paid, done, done)]

        assert ["recorded", "repeat", "repeat"] == said
        assert ("paid", Decimal("59.90"), Decimal("0.00")) == shown(shop, "pi_1")
        assert session["shopper_id"] == bought_by(shop, "pi_1")

    def test_refunds_count_once_and_a_failed_one_not_at_all(self, shop: Shop, web: Visitor) -> None:
        """The failure may arrive before the news that there was a refund."""
        stripe(web, shop, stripe_event("payment_intent.succeeded", stripe_payment()))
        stripe(web, shop, stripe_event("checkout.session.completed", stripe_session()))
        failed = stripe_refund(id="re_2", status="failed")
        for event in (
            stripe_event("refund.created", stripe_refund()),
            stripe_event("charge.refund.updated", stripe_refund()),
            stripe_event("refund.failed", failed),
            stripe_event("refund.created", stripe_refund(id="re_2", status="pending")),
        ):
            stripe(web, shop, event)

        assert ("paid", Decimal("59.90"), Decimal("10.00")) == shown(shop, "pi_1")

    def test_yen_have_no_cents(self, shop: Shop, web: Visitor) -> None:
        """The smallest unit is the currency's own."""
        checkout = stripe_session(currency="jpy", amount_total=5_990)
        stripe(web, shop, stripe_event("checkout.session.completed", checkout))

        assert Decimal("5990.00") == shown(shop, "pi_1")[1]

    @pytest.mark.parametrize(
        "event",
        [
            stripe_event("checkout.session.completed", stripe_session(), livemode=False),
            stripe_event("customer.created", {"id": "cus_1"}),
            stripe_event("refund.created", stripe_refund(payment_intent=None, charge=None)),
            stripe_event("payment_intent.canceled", {"id": "pi_9"}),
        ],
    )
    def test_what_is_no_sale_is_left_alone(self, shop: Shop, web: Visitor, event: Any) -> None:
        """Accepted all the same: Stripe would send it again for three days."""
        answer = stripe(web, shop, event)

        assert (200, {"status": "ignored"}) == (answer.status_code, answer.json())

    def test_an_old_or_wrong_signature_is_refused(self, shop: Shop, web: Visitor) -> None:
        """Five minutes are the window; the clock may be off either way."""
        event = stripe_event("payment_intent.succeeded", stripe_payment())
        answers = [
            stripe(web, shop, event, age=301),
            stripe(web, shop, event, age=-301),
            stripe(web, shop, event, secret="another"),
            web.post("/webhooks/stripe", content=b"{}"),
            web.post("/webhooks/stripe", content=b"{}", headers={"Stripe-Signature": "t=x,v1=y"}),
            stripe(web, shop, event, age=299),
        ]

        assert [401] * 5 + [200] == [answer.status_code for answer in answers]


class TestShopifyBeyondOrders:
    def test_a_product_is_brought_up_to_date(self, shop: Shop, web: Visitor) -> None:
        """Under the handle and the variant ids its export has."""
        variant = {"option1": "M", "price": "12.50", "inventory_quantity": 3, "sku": "M1"}
        product = {
            "handle": "mug",
            "title": "Mug",
            "body_html": "<p>Round</p>",
            "options": [{"name": "Size"}],
            "variants": [{**variant, "inventory_management": "shopify"}],
            "tags": "a, b",
            "status": "active",
        }
        answer = shopify(web, "products/update", product)

        (mug,) = [one for one in shop.catalogue.products() if one.product.product_id == "mug"]
        assert "recorded" == answer.json()["status"]
        assert ("mug/M", 3, ["a", "b"]) == (
            mug.variants[0].variant_id,
            mug.variants[0].quantity,
            mug.product.tags,
        )

    def test_an_uninstalled_app_is_noted_until_news_come(self, shop: Shop, web: Visitor) -> None:
        """`shopclerk check` reads it."""
        known = ShopConnections(shop.orders.db)
        shopify(web, "app/uninstalled", {"id": 1, "domain": "shop.example"})
        gone = known.state("shopify").removed_at
        shopify(web, "orders/paid", order())

        assert gone is not None
        assert known.state("shopify").removed_at is None

    def test_a_customer_may_be_forgotten(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Orders are nameless at once, the chat goes after its grace period; the sums stay."""
        said = {"text": "my order 9999, Ana@Example.org", "client_id": "c"}
        web.post("/api/chat/messages", json=said)
        shopify(web, "orders/paid", order())
        shopify(
            web,
            "customers/redact",
            {"shop_id": 1, "customer": {"email": "ana@example.org"}, "orders_to_redact": [1, 2]},
        )

        assert shop.orders.look_up("9999", "ana@example.org") is None
        assert shop.store.dialogue(session["dialogue_id"]) is not None
        (waiting,) = shop.deletions.waiting()
        assert [session["shopper_id"]] == waiting.shopper_ids
        assert 1 == shop.deletions.carry_out(waiting.due_at, new_ids())
        assert shop.store.dialogue(session["dialogue_id"]) is None
        with shop.orders.db.reading() as rows:
            kept = rows.get_one(Order, ("shopify", "820982911946154508"))
        assert (Decimal("59.90"), None) == (kept.total, kept.email_hash)

    def test_a_wish_for_data_waits_for_the_staff(self, shop: Shop, web: Visitor) -> None:
        """Once, though it is delivered twice."""
        shopify(web, "orders/paid", order())
        wish = {
            "customer": {"id": 1, "email": "ana@example.org"},
            "orders_requested": [820982911946154508],
            "data_request": {"id": 9999},
        }
        said = [shopify(web, "customers/data_request", wish).json()["status"] for _ in range(2)]

        (waiting,) = ShopConnections(shop.orders.db).data_requests()
        assert ["recorded", "repeat"] == said
        assert ["820982911946154508"] == waiting.order_ids

    def test_a_shop_may_be_forgotten(self, shop: Shop, web: Visitor) -> None:
        """Named, after a grace period, noted in the audit log; orders of other systems stay."""
        shopify(web, "orders/paid", order())
        woo(web, "order.created", woo_order())
        shopify(web, "shop/redact", SHOP)
        (waiting,) = shop.deletions.waiting()
        early = shop.deletions.carry_out(waiting.due_at - timedelta(seconds=1), new_ids())
        assert (1, 0) == (waiting.orders, early)
        assert shop.orders.look_up("9999", "ana@example.org") is not None

        assert 1 == shop.deletions.carry_out(waiting.due_at, new_ids())

        (noted,) = Audit(shop.orders.db).newest()
        assert ("job:deletions", "delete.shop/redact") == (noted.actor, noted.action)
        assert [] == shop.deletions.waiting()
        assert shop.orders.look_up("9999", "ana@example.org") is None
        assert "paid" == shown(shop, "727")[0]

    def test_an_owner_may_keep_a_shops_orders_but_no_customers_wish(
        self, shop: Shop, web: Visitor
    ) -> None:
        """The first is the shop's own business, the second is the customer's right."""
        shopify(web, "shop/redact", SHOP)
        shopify(web, "customers/redact", CUSTOMER)
        of_shop, of_customer = (
            next(one for one in shop.deletions.waiting() if one.topic == topic)
            for topic in ("shop/redact", "customers/redact")
        )
        log_in(web)
        page = web.get("/desk/audit").text
        said = [
            web.post(
                f"/desk/deletions/{one.request_id}/cancel", data={"csrf": csrf(web)}
            ).status_code
            for one in (of_shop, of_customer)
        ]

        assert 1 == page.count("Keep them")
        assert [303, 422] == said
        assert [of_customer.request_id] == [one.request_id for one in shop.deletions.waiting()]
        assert "desk.cancel_deletion" in {one.action for one in Audit(shop.orders.db).newest()}

    def test_a_shop_that_came_back_and_left_again_may_ask_again(
        self, shop: Shop, web: Visitor
    ) -> None:
        """In the same words, once those it said before are forgotten."""
        shopify(web, "shop/redact", SHOP)
        (first,) = shop.deletions.waiting()
        shop.deletions.carry_out(first.due_at, new_ids())
        shop.clock.pass_by(days=60)
        prune_old_rows(shop.orders.db, shop.clock())

        assert "recorded" == shopify(web, "shop/redact", SHOP).json()["status"]
        (second,) = shop.deletions.waiting()
        assert first.due_at < second.due_at

    @pytest.mark.parametrize("topic", ["customers/redact", "shop/redact", "customers/data_request"])
    def test_the_privacy_topics_need_a_signature(self, web: Visitor, topic: str) -> None:
        """401, as Shopify's review checks."""
        headers = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-SHA256": "AAAA"}
        answer = web.post("/webhooks/shopify", content=b"{}", headers=headers)

        assert 401 == answer.status_code


SHOP = {"shop_id": 1, "shop_domain": "shop.example"}
CUSTOMER = {"shop_id": 1, "customer": {"email": "ana@example.org"}, "orders_to_redact": [1]}
DATA = {
    "shop_id": 1, "shop_domain": "shop.example", "orders_requested": [1],
    "customer": {"id": 1, "email": "ana@example.org"}, "data_request": {"id": 9999},
}  # fmt: skip
TAKING = ["shop/redact", "customers/redact", "products/delete", "orders/delete", "app/uninstalled"]


class TestTopicIsNotSigned:
    """Whoever holds a captured body may send it again under any topic."""

    @pytest.mark.parametrize("topic", TAKING)
    @pytest.mark.parametrize("seen", [True, False])
    def test_a_captured_order_takes_nothing_away(
        self, shop: Shop, web: Visitor, topic: str, seen: bool
    ) -> None:
        """Neither while its bytes are known nor after they are forgotten."""
        shopify(web, "orders/create", order())
        if not seen:
            shop.clock.pass_by(days=60)
            prune_old_rows(shop.orders.db, shop.clock())
        answer = shopify(web, topic, order(), **{"X-Shopify-Webhook-Id": "new"})

        if seen:
            assert "repeat" == answer.json()["status"]
        else:
            assert 422 == answer.status_code
        assert shop.orders.look_up("9999", "ana@example.org") is not None
        assert [] == shop.deletions.waiting()
        assert ShopConnections(shop.orders.db).state("shopify").removed_at is None

    @pytest.mark.parametrize("topic", TAKING)
    @pytest.mark.parametrize(
        ("true_topic", "body"),
        [
            ("products/update", shopify_product()),
            ("shop/redact", SHOP),
            ("customers/redact", CUSTOMER),
            ("customers/data_request", DATA),
            ("app/uninstalled", {"id": 1, "domain": "shop.example", "name": "A shop"}),
        ],
    )
    def test_nor_does_any_other_body(
        self, shop: Shop, web: Visitor, topic: str, true_topic: str, body: Any
    ) -> None:
        """Each has to have its topic's shape."""
        if topic == true_topic:
            return
        shopify(web, "orders/create", order())

        assert 422 == shopify(web, topic, body).status_code
        assert shop.orders.look_up("9999", "ana@example.org") is not None
        assert [] == shop.deletions.waiting()

    def test_a_known_delivery_is_a_repeat_whatever_it_holds(self, shop: Shop, web: Visitor) -> None:
        """It is looked up before anything is done."""
        shopify(web, "orders/create", order(), **{"X-Shopify-Webhook-Id": "a"})
        again = shopify(web, "shop/redact", SHOP, **{"X-Shopify-Webhook-Id": "a"})

        assert "repeat" == again.json()["status"]
        assert [] == shop.deletions.waiting()

    def test_a_body_left_alone_under_one_topic_counts_under_another(
        self, shop: Shop, web: Visitor
    ) -> None:
        """Several topics tell of an order in the same words; not all of them are ours."""
        said = [
            shopify(web, topic, order()).json()["status"]
            for topic in ("orders/partially_fulfilled", "orders/updated", "orders/paid")
        ]

        assert ["ignored", "recorded", "repeat"] == said

    def test_a_product_the_shop_deleted_is_offered_no_more(self, shop: Shop, web: Visitor) -> None:
        """By the number under which it came; an update would bring it back."""
        shopify(web, "products/create", shopify_product())
        said = shopify(web, "products/delete", {"id": 632910392}).json()["status"]
        gone = shop.catalogue.product("zebra-lantern")
        shopify(web, "products/update", shopify_product(title="Back again"))
        back = shop.catalogue.product("zebra-lantern")

        assert "recorded" == said
        assert gone is not None
        assert back is not None
        assert (False, True) == (gone.product.active, back.product.active)

    @pytest.mark.parametrize("topic", ["order.deleted", "product.deleted"])
    @pytest.mark.parametrize("body", [woo_order(), woo_product()])
    def test_woocommerces_bodies_of_other_topics_delete_nothing(
        self, shop: Shop, web: Visitor, topic: str, body: Any
    ) -> None:
        """What was deleted is told by its id alone."""
        woo(web, "order.updated", woo_order())
        woo(web, "product.updated", woo_product())

        assert 422 == woo(web, topic, body).status_code
        assert "paid" == shown(shop, "727")[0]

    def test_woocommerces_deleted_order_is_no_deleted_product(
        self, shop: Shop, web: Visitor
    ) -> None:
        """Both bodies hold a number alone: the bytes of the one are never taken for the other."""
        woo(web, "product.updated", woo_product(id=727))
        woo(web, "order.deleted", {"id": 727})
        again = woo(web, "product.deleted", {"id": 727}).json()["status"]

        product = shop.catalogue.product("727")
        assert "ignored" == again
        assert product is not None
        assert product.product.active


class TestHtmlEntities:
    """WordPress keeps names as its pages need them, encoded; a card and a list show them read."""

    def test_names_of_a_product_are_read_once(self, shop: Shop, web: Visitor) -> None:
        """What was encoded twice is still text afterwards."""
        lamps = [{"id": 1, "name": "Lanterns &amp; Lamps"}]
        size = {"id": 0, "name": "Size &amp; shape", "option": "S &ndash; M"}
        told = woo_product(id=94, name="Salt &amp; Pepper &amp;lt;3", type="variable")
        woo(web, "product.created", {**told, "categories": lamps, "variations": [95]})
        woo(web, "product.created", {**woo_variation(95, "S", "20.00"), "attributes": [size]})

        found = shop.catalogue.product("94")
        assert found is not None
        assert ("Salt & Pepper &lt;3", "Lanterns & Lamps") == (
            found.product.title,
            found.product.category,
        )
        assert {"Size & shape": "S – M"} == found.variants[0].options

    @pytest.mark.parametrize("source", ["shopify", "woocommerce", "orders"])
    def test_titles_of_an_orders_lines_too(self, shop: Shop, web: Visitor, source: str) -> None:
        """Of an ampersand before a letter nothing is made: R&D stays."""
        title = "R&D &#39;Tea&#39;"
        if source == "woocommerce":
            line = {"name": title, "product_id": 5, "quantity": 1, "total": "1"}
            woo(web, "order.created", woo_order(number="9999", line_items=[line]))
        elif source == "shopify":
            line = {"title": title, "product_id": 5, "quantity": 1, "price": "1"}
            shopify(web, "orders/create", order(line_items=[line]))
        else:
            line = {"title": title, "product_id": "5", "quantity": 1, "price": "1"}
            report(web, {**GENERIC, "number": "9999", "lines": [line]})

        found = shop.orders.look_up("9999", "ana@example.org")
        assert found is not None
        assert ["R&D 'Tea'"] == [item.title for item in found.items]
