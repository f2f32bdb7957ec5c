"""Orders with something odd in them, from every source: kept, and the odd part named in the log."""

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlmodel import col, select
from structlog.testing import capture_logs

from feedback.db.tables.sales import OrderLine
from tests.bot.desk.test_pages import log_in
from tests.bot.samples import order, refund
from tests.bot.samples_shops import stripe_event, stripe_payment, stripe_session, woo_order
from tests.bot.shops.test_webhook import GENERIC, REFUND, report, shopify
from tests.bot.shops.test_webhook_woo_stripe import shown, stripe, woo
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop
from tests.hostile.parsers import places, spoilt

PAYLOADS: dict[str, dict[str, Any]] = {
    "shopify": order(note_attributes=[{"name": "shopclerk_shopper", "value": "x"}]),
    "woocommerce": woo_order(refunds=[{"id": 1, "total": "-1.00"}]),
    "orders": {**GENERIC, "number": "1001", "note_attributes": [{"name": "a", "value": "b"}]},
    "session": stripe_event("checkout.session.completed", stripe_session()),
    "payment": stripe_event("payment_intent.succeeded", stripe_payment()),
}
# Without these there is no order; with others of them the shop says itself that it is no sale.
VITAL = {
    "shopify": {"id", "total_price", "currency", "test"},
    "woocommerce": {"id", "total", "currency"},
    "orders": {"order_id", "total", "currency", "status"},
}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["true", "", "0", "-1", "1e400", "NaN", "0000-00-00T00:00:00", "12,50"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)  # fmt: skip


def send(web: Visitor, shop: Shop, source: str, payload: Any) -> Any:
    """Send an order as its source does."""
    if source == "shopify":
        return shopify(web, "orders/updated", payload)
    if source == "woocommerce":
        return woo(web, "order.updated", payload)
    return report(web, payload) if source == "orders" else stripe(web, shop, payload)


def lines_of(shop: Shop, order_id: str) -> list[tuple[int, Decimal]]:
    """Quantities and prices as they are kept."""
    with shop.orders.db.reading() as session:
        kept = select(OrderLine).where(OrderLine.order_id == order_id)
        in_order = session.exec(kept.order_by(col(OrderLine.position)))
        return [(line.quantity, line.price) for line in in_order]


class TestOddLines:
    def test_what_is_sold_by_weight_is_one_piece(self, shop: Shop, web: Visitor) -> None:
        """WooCommerce's plugins sell half a kilogram."""
        tea = {"id": 1, "name": "Tea", "product_id": 11, "quantity": 0.5, "total": "12.50"}

        answer = woo(web, "order.updated", woo_order(line_items=[tea]))

        assert (200, "recorded") == (answer.status_code, answer.json()["status"])
        assert [(1, Decimal("12.50"))] == lines_of(shop, "727")

    def test_a_line_that_takes_money_off_leaves_the_total(self, shop: Shop, web: Visitor) -> None:
        """Plugins write a reduction as a product of negative price."""
        thing, off = ({"name": "x", "product_id": n, "quantity": 1} for n in (11, 12))
        items = [{**thing, "total": "60.00"}, {**off, "total": "-10.00"}]

        woo(web, "order.updated", woo_order(total="50.00", line_items=items))

        assert Decimal("50.00") == shown(shop, "727")[1]
        assert [(1, Decimal("60.00"))] == lines_of(shop, "727")

    def test_a_price_of_six_decimals_is_rounded(self, shop: Shop, web: Visitor) -> None:
        """Shopify's apps divide 50.00 by three."""
        third = {"product_id": 1, "quantity": 3, "price": "16.666667", "title": "x"}

        shopify(web, "orders/paid", order(line_items=[third]))

        assert [(3, Decimal("16.6667"))] == lines_of(shop, str(order()["id"]))

    def test_a_list_that_came_as_an_object_is_read(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """The token in it still leads to the shopper."""
        token = {"key": "shopclerk_shopper", "value": session["shopper_token"]}

        woo(web, "order.updated", woo_order(meta_data={"0": {"key": "a"}, "5": token}))

        assert "paid" == shown(shop, "727")[0]

    def test_the_log_names_the_odd_parts_and_no_values(self, web: Visitor) -> None:
        """What stands in a field may be personal; its name is not."""
        odd = woo_order(line_items=[7], billing="Ana Lee, 5 Elm Street", date_created_gmt=None)

        with capture_logs() as logs:
            woo(web, "order.updated", odd)

        (told,) = [line for line in logs if line["event"] == "order.odd"]
        assert ("woocommerce", "727") == (told["source"], told["order"])
        assert ("billing: no object, left out", "line_items[0]: no object, left out") == told[
            "fields"
        ]
        assert "Elm" not in json.dumps(logs)

    def test_the_desk_shows_the_last_one(self, shop: Shop, web: Visitor) -> None:
        """For a week, so that the shop's owner can mend the plugin that wrote it."""
        woo(web, "order.updated", woo_order(billing="Ana Lee"))
        log_in(web)
        at_once = web.get("/desk/proposals").text
        shop.clock.pass_by(days=8)
        log_in(web)

        assert "Order 727, reported by woocommerce" in at_once
        assert "billing: no object, left out" in at_once
        assert "Order 727" not in web.get("/desk/proposals").text

    def test_a_refund_that_can_not_be_read_takes_back_no_other(
        self, shop: Shop, web: Visitor
    ) -> None:
        """A list that is known to be incomplete says nothing of what is missing in it."""
        good, bad = {"id": 1, "total": "-10.00"}, {"id": 2, "total": "-x"}
        woo(web, "order.updated", woo_order(refunds=[good]))
        woo(web, "order.updated", woo_order(refunds=[bad], date_modified_gmt="2026-11-24T13:00:00"))

        assert Decimal("10.00") == shown(shop, "727")[2]


class TestOddRefunds:
    def test_a_refund_without_a_time_counts_from_its_arrival(
        self, shop: Shop, web: Visitor
    ) -> None:
        """The money is gone, whatever its date is."""
        report(web, GENERIC)
        report(web, {**REFUND, "refunded_at": None, "amount": "10.000004"})
        shopify(web, "orders/paid", order())
        shopify(web, "refunds/create", refund(created_at="yesterday"))

        found = [shop.orders.look_up(number, "ana@example.org") for number in ("1001", "9999")]
        assert [Decimal("10.00")] * 2 == [each.refunded for each in found if each]


class TestLargeOrders:
    def test_five_hundred_lines_are_taken(self, shop: Shop, web: Visitor) -> None:
        """Shopify's largest cart, with an app's notes beside each line: 2 MB."""
        notes = [{"name": "note", "value": "x" * 4_000}]
        line = {"product_id": 11, "quantity": 1, "price": "0.10", "title": "x", "properties": notes}

        answer = shopify(web, "orders/create", order(line_items=[line] * 500))

        assert 200 == answer.status_code
        assert 500 == len(lines_of(shop, str(order()["id"])))


@pytest.mark.parametrize("source", PAYLOADS)
class TestAnythingOdd:
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data())
    def test_the_order_is_kept_and_nothing_crashes(
        self, shop: Shop, web: Visitor, source: str, data: st.DataObject
    ) -> None:
        """One to three fields anywhere are replaced by anything JSON can say, or are gone."""
        payload, touched = copy.deepcopy(PAYLOADS[source]), set()
        for way in data.draw(st.lists(st.sampled_from(list(places(payload))), max_size=3)):
            try:
                payload = spoilt(payload, way, data.draw(JUNK))
            except (KeyError, IndexError, TypeError):
                continue  # what was spoilt before stood above it
            touched.add(way[0])

        answer = send(web, shop, source, payload)

        assert answer.status_code < 500
        if source in VITAL and not touched & VITAL[source]:
            assert (200, True) == (
                answer.status_code,
                answer.json()["status"] in ("recorded", "repeat"),
            )
