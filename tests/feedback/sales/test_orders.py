"""Stories of orders: recorded once, matched by the first bridge, found by number and mail."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st
from sqlmodel import select

from feedback.db.errors import UnknownShopper
from feedback.db.tables.columns import Money
from feedback.db.tables.sales import Order, OrderLine
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import BoughtLine, RefundLine
from tests.factories import (
    NOW,
    hours,
    make_orders,
    make_product,
    make_purchase,
    make_store,
    open_dialogue,
)


def only_order(database):
    with database.reading() as session:
        return session.exec(select(Order)).one()


def lines_of(database):
    with database.reading() as session:
        return list(session.exec(select(OrderLine)))


class TestRecording:
    def test_repeat_is_not_counted_twice(self, database):
        """
        The same report again is accepted and changes nothing.
        """
        orders = make_orders(database)
        first = orders.record(make_purchase(order_id="1001"), NOW)
        again = orders.record(make_purchase(order_id="1001"), NOW + hours(1))

        assert (True, False) == (first.new, again.new)
        assert only_order(database).total == Decimal("59.90")
        assert len(lines_of(database)) == 1

    def test_eight_reports_at_once_are_one_order(self, database):
        """
        Eight deliveries of one order at the same moment write it once.
        """
        orders = make_orders(database)
        with ThreadPoolExecutor(8) as pool:
            recorded = list(
                pool.map(lambda _: orders.record(make_purchase(order_id="1001"), NOW), range(8))
            )
        assert sum(each.new for each in recorded) == 1
        assert len(lines_of(database)) == 1

    def test_older_news_never_overwrites_newer(self, database):
        """
        Reports arrive in any order; the newest holds.
        """
        orders = make_orders(database)
        newer = make_purchase(
            order_id="1", status="shipped", tracking="T1", updated_at=NOW + hours(2)
        )
        older = make_purchase(order_id="1", status="pending", updated_at=NOW + hours(1))
        orders.record(newer, NOW + hours(2))
        orders.record(older, NOW + hours(3))

        assert ("shipped", "T1") == (only_order(database).status, only_order(database).tracking)

    def test_news_keeps_what_it_does_not_say(self, database):
        """
        A cancellation without lines, e-mail and tracking leaves them as they were.
        """
        orders = make_orders(database)
        orders.record(make_purchase(order_id="1", email="a@b.example", tracking="T1"), NOW)
        orders.record(make_purchase(order_id="1", lines=None, cancelled_at=NOW), NOW + hours(1))

        order = only_order(database)
        assert ("cancelled", "T1", NOW) == (order.status, order.tracking, order.cancelled_at)
        assert order.email_hash
        assert len(lines_of(database)) == 1

    def test_bought_products_are_the_catalogues(self, database):
        """
        A shop's own product number is led back to the catalogue by stock-keeping unit or title.
        """
        Catalogue(database).put_products([make_product()], NOW)
        purchase = make_purchase(
            lines=(
                BoughtLine("632910392", 1, Decimal(5), "x", "SKU-ridge-backpack"),
                BoughtLine("632910393", 1, Decimal(5), "Ridge Backpack"),
                BoughtLine("ridge-backpack", 1, Decimal(5)),
                BoughtLine("999", 1, Decimal(5), "Something else"),
            )
        )
        make_orders(database).record(purchase, NOW)
        assert ["ridge-backpack", "ridge-backpack", "ridge-backpack", "999"] == [
            line.product_id for line in lines_of(database)
        ]

    def test_refund_may_come_first_and_once(self, database):
        """
        A refund is kept before its order is known, and a repeat is not counted.
        """
        orders = make_orders(database)
        refund = RefundLine("r1", "1001", Decimal("9.90"), "usd", NOW)
        assert orders.refund(refund, NOW)
        assert not orders.refund(refund, NOW)

    def test_delivery_is_first_once(self, database):
        """
        A webhook's own id tells a repeat, for each source apart.
        """
        orders = make_orders(database)
        said = [
            orders.first_delivery(source, "d" * 3000, NOW)
            for source in ("shopify", "shopify", "stripe")
        ]
        assert said == [True, False, True]


class TestBridges:
    def test_first_bridge_that_holds_is_stored(self, database):
        """
        The signed token goes before the cart, the cart before the click, the click before the mail.
        """
        store, orders = make_store(database), make_orders(database)
        for name in ("tom", "cora", "cleo", "emma"):
            open_dialogue(store, shopper_id=name)
        orders.remember_cart("cora", "cart-1", NOW)
        orders.remember_email("emma", " Emma@Shop.example", NOW)
        bridges = {
            "token_shopper_id": "tom",
            "cart_token": "cart-1",
            "click_shopper_id": "cleo",
            "email": "emma@shop.example ",
        }

        seen = []
        while bridges:
            recorded = orders.record(make_purchase(**bridges), NOW)
            seen.append((recorded.shopper_id, recorded.bridge))
            del bridges[next(iter(bridges))]
        seen.append(orders.record(make_purchase(), NOW)[2:])
        assert seen == [
            ("tom", "token"),
            ("cora", "cart"),
            ("cleo", "click"),
            ("emma", "email"),
            (None, None),
        ]

    def test_ambiguous_match_stays_unmatched(self, database):
        """
        An address that two shoppers gave identifies neither.
        """
        store, orders = make_store(database), make_orders(database)
        for name in ("anna", "ben"):
            open_dialogue(store, shopper_id=name)
            orders.remember_email(name, "family@home.example", NOW)

        recorded = orders.record(make_purchase(email="family@home.example"), NOW)
        assert (None, None) == (recorded.shopper_id, recorded.bridge)

    def test_token_of_nobody_holds_nothing(self, database):
        """
        A token of a shopper we never saw is passed over.
        """
        recorded = make_orders(database).record(make_purchase(token_shopper_id="ghost"), NOW)
        assert recorded.shopper_id is None

    def test_later_report_may_bring_the_match(self, database):
        """
        An order first reported without a token is matched by the report that has it, and stays so.
        """
        store, orders = make_store(database), make_orders(database)
        for name in ("anna", "ben"):
            open_dialogue(store, shopper_id=name)
        orders.record(make_purchase(order_id="1"), NOW)
        orders.record(make_purchase(order_id="1", token_shopper_id="anna"), NOW)
        last = orders.record(make_purchase(order_id="1", token_shopper_id="ben"), NOW)
        assert last.shopper_id == "anna"

    def test_address_of_nobody_is_refused(self, one_database):
        """
        Only a shopper we know can be remembered.
        """
        with pytest.raises(UnknownShopper, match="ghost"):
            make_orders(one_database).remember_email("ghost", "a@b.example", NOW)


class TestLookUp:
    def test_number_and_address_must_both_match(self, database):
        """
        One without the other tells nothing.
        """
        orders = make_orders(database)
        orders.record(
            make_purchase(order_id="77", number="#jl-1001", email="anna@home.example"), NOW
        )
        orders.refund(RefundLine("r1", "77", Decimal("10"), "USD", NOW), NOW)

        found = orders.look_up(" #JL-1001", "ANNA@home.example ")
        assert found is not None
        assert ("JL-1001", Decimal("59.90"), Decimal("10.00")) == (
            found.number,
            found.total,
            found.refunded,
        )
        assert found.items[0].product_id == "ridge-backpack"
        assert orders.look_up("JL-1001", "ben@home.example") is None
        assert orders.look_up("JL-1002", "anna@home.example") is None

    def test_address_is_kept_as_a_keyed_hash(self, one_database):
        """
        No row holds the address itself.
        """
        make_orders(one_database).record(make_purchase(email="anna@home.example"), NOW)
        order = only_order(one_database)
        assert "anna" not in order.model_dump_json()
        assert len(order.email_hash or "") == 64


class TestMoney:
    @given(st.decimals(min_value=0, max_value=10**11, places=4, allow_nan=False))
    def test_comes_back_as_it_went_in(self, amount):
        """
        Every amount of at most four decimals survives the column exactly.
        """
        column = Money()
        kept = column.process_bind_param(amount, None)
        assert isinstance(kept, int)
        assert column.process_result_value(kept, None) == amount

    def test_fifth_decimal_is_refused(self):
        """
        Nothing is rounded silently.
        """
        with pytest.raises(ValueError, match="four decimals"):
            Money().process_bind_param(Decimal("0.00001"), None)
