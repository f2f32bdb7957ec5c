"""Stories of late news: whatever order reports arrive in, the stored order ends the same."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlmodel import delete, select

from feedback.db.order_states import ORDER_STATES
from feedback.db.tables.sales import Order, OrderLine, Refund
from feedback.knowledge.importers.records import BoughtLine, RefundLine
from feedback.sales.orders import OrderKey, Purchase
from feedback.sales.purchase import blank, take_end, take_report, version_of
from tests.factories import NOW, days, hours, make_orders, make_purchase, make_store, open_dialogue

KEY = OrderKey("orders", "1")


def stored(database: Any) -> tuple[Any, ...]:
    """All that is kept of orders, but for what tells of arrival."""
    with database.reading() as session:
        orders = [one.model_dump(exclude={"versions"}) for one in session.exec(select(Order))]
        lines = [one.model_dump() for one in session.exec(select(OrderLine))]
        refunds = [one.model_dump() for one in session.exec(select(Refund))]
    return orders, lines, sorted(refunds, key=lambda one: one["refund_id"])


def status_of(database: Any) -> tuple[str, bool]:
    """The one order's state, and whether it is a sale."""
    with database.reading() as session:
        order = session.exec(select(Order)).one()
    return order.status, order.sale


def refund(number: int, amount: int, status: str = "succeeded", currency: str = "USD") -> Any:
    return RefundLine(f"r{number}", "1", Decimal(amount), currency, NOW, status)


def purchases(listed: Any) -> Any:
    """Reports of one order; `listed` are the refunds that they list."""
    return st.builds(
        lambda second, **said: make_purchase(
            order_id="1", updated_at=NOW + timedelta(seconds=second), **said
        ),
        second=st.integers(0, 3),
        total=st.sampled_from([Decimal(0), Decimal(1), Decimal(2)]),
        status=st.sampled_from([None, *ORDER_STATES]),
        tracking=st.sampled_from([None, "T1", "T2"]),
        email=st.sampled_from([None, "a@b.example", "c@d.example"]),
        lines=st.sampled_from([None, (), (BoughtLine("mug", 2, Decimal(3)),)]),
        exists=st.booleans(),
        refunds=st.sampled_from(listed),
    )


refunds = st.builds(
    refund,
    number=st.integers(3, 4),
    amount=st.integers(1, 2),
    status=st.sampled_from(["pending", "succeeded", "failed"]),
    currency=st.sampled_from(["USD", "EUR"]),
)
ends = st.builds(lambda second: NOW + timedelta(seconds=second), st.integers(0, 3))
listing = purchases([(), (refund(1, 1),), (refund(1, 1), refund(2, 2))])
telling = purchases([None])
news = st.one_of(  # of a shop that lists all refunds with the order, or tells of each by itself
    st.lists(st.one_of(listing, ends), min_size=2, max_size=5),
    st.lists(st.one_of(telling, refunds, ends), min_size=2, max_size=5),
)


class TestAnyOrder:
    @settings(
        max_examples=10,  # each writes the store some twenty times
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(news.flatmap(lambda told: st.tuples(st.just(told), st.permutations([*told, told[0]]))))
    def test_of_reports_refunds_and_cancellations_ends_the_same(
        self, sqlite_database: Any, deliveries: Any
    ) -> None:
        """
        Each with a time of the shop's clock, some of the same second, one of them twice.
        """
        ended = []
        for order in deliveries:
            with sqlite_database.transaction() as session:
                for table in (OrderLine, Refund, Order):
                    session.execute(delete(table))
            orders = make_orders(sqlite_database)
            for told in order:
                if isinstance(told, RefundLine):
                    orders.refund(told, NOW)
                elif isinstance(told, Purchase):
                    orders.record(told, NOW)
                else:
                    orders.cancel(KEY, told, NOW)
            ended.append(stored(sqlite_database))
        assert ended[0] == ended[1]

    @given(st.lists(st.one_of(telling, ends), min_size=2, max_size=6), st.randoms())
    def test_of_one_orders_reports_says_the_same(self, told: Any, chance: Any) -> None:
        """
        The rule alone, without a store: thousands of deliveries.
        """
        ended = []
        for news in (told, chance.sample([*told, *told], len(told) * 2)):
            order = blank(KEY, NOW)
            for one in news:
                if isinstance(one, Purchase):
                    take_report(order, one, one.email, version_of(one, one.email, NOW))
                else:
                    take_end(order, one, NOW)
            ended.append(order.model_dump())
        assert ended[0] == ended[1]


class TestNewestWins:
    def test_cancelled_and_then_paid_is_paid(self, database: Any) -> None:
        """
        A shop may take a cancellation back, and the news of it may come first.
        """
        orders = make_orders(database)
        for status, at in (("pending", 0), ("paid", 2), ("cancelled", 1)):
            when = NOW + hours(at)
            cancelled = when if status == "cancelled" else None
            said = make_purchase(
                order_id="1", status=status, cancelled_at=cancelled, updated_at=when
            )
            orders.record(said, NOW)
        assert ("paid", True) == status_of(database)

    def test_taken_out_and_put_back_counts_again(self, database: Any) -> None:
        """
        "It is gone" tells no time; an order that is said to be there was put back.
        """
        orders = make_orders(database)
        first = make_purchase(order_id="1", status="paid", updated_at=NOW)
        orders.record(first, NOW)
        orders.cancel(KEY, None, NOW + days(1))
        gone = status_of(database)
        orders.record(make_purchase(order_id="1", status="pending", updated_at=NOW - hours(1),
                                    exists=True), NOW + days(2))  # fmt: skip
        still_gone = status_of(database)
        orders.record(make_purchase(order_id="1", status="paid", updated_at=NOW + hours(1),
                                    exists=True), NOW + days(2))  # fmt: skip
        assert [("cancelled", False), ("cancelled", False), ("paid", True)] == [
            gone, still_gone, status_of(database),
        ]  # fmt: skip

    def test_gone_before_it_was_known_stays_gone(self, database: Any) -> None:
        """
        The report of an order may come after that of its end.
        """
        orders = make_orders(database)
        assert not orders.cancel(KEY, NOW + hours(1), NOW)
        orders.record(make_purchase(order_id="1", updated_at=NOW, status="paid"), NOW)
        assert ("cancelled", False) == status_of(database)

    def test_file_without_times_overwrites_no_news(self, database: Any) -> None:
        """
        It is as old as its orders; among such files the last one holds.
        """
        orders = make_orders(database)
        for total in (1, 2):
            said = make_purchase(order_id="1", total=Decimal(total), from_file=True)
            orders.record(said, NOW + hours(total))
        from_files = stored(database)[0][0]["total"]
        orders.record(make_purchase(order_id="1", total=Decimal(3), updated_at=NOW), NOW)
        orders.record(make_purchase(order_id="1", total=Decimal(4), from_file=True), NOW + days(9))
        assert (Decimal(2), Decimal(3)) == (from_files, stored(database)[0][0]["total"])

    def test_first_bridge_holds_whichever_report_brought_it(self, database: Any) -> None:
        """
        The signed token is believed before an e-mail that was matched earlier.
        """
        store, orders = make_store(database), make_orders(database)
        for name in ("anna", "ben"):
            open_dialogue(store, shopper_id=name)
        orders.remember_email("ben", "b@b.example", NOW)
        said = make_purchase(order_id="1", email="b@b.example", updated_at=NOW)
        by_mail = orders.record(said, NOW)
        by_token = orders.record(
            make_purchase(order_id="1", token_shopper_id="anna", updated_at=NOW - hours(1)), NOW
        )
        again = orders.record(said, NOW)
        assert [("ben", "email"), ("anna", "token"), ("anna", "token")] == [
            one[2:] for one in (by_mail, by_token, again)
        ]


class TestTwoShops:
    def test_same_ids_are_two_orders(self, database: Any) -> None:
        """
        Each keeps its lines, refunds and end.
        """
        orders = make_orders(database)
        for source, total in (("shopify", 75), ("woocommerce", 50)):
            orders.record(make_purchase(order_id="1", source=source, total=Decimal(total)), NOW)
        orders.refund(refund(1, 5)._replace(source="shopify"), NOW)
        orders.refund(refund(1, 7)._replace(source="woocommerce"), NOW)
        orders.cancel(OrderKey("woocommerce", "1"), None, NOW)
        assert [("shopify", 75, 5, True), ("woocommerce", 50, 7, False)] == [
            (one["source"], one["total"], one["refunded"], one["sale"])
            for one in sorted(stored(database)[0], key=lambda one: str(one["source"]))
        ]
        assert 2 == len(stored(database)[1])


class TestRefunds:
    @pytest.mark.parametrize("turned", [False, True])
    def test_each_transaction_counts_once_it_succeeded(self, database: Any, turned: bool) -> None:
        """
        Pending moves nothing, a second transaction adds, a failure after success takes it back.
        """
        orders = make_orders(database)
        orders.record(make_purchase(order_id="1", total=Decimal(100)), NOW)
        news = [refund(1, 10, "pending"), refund(1, 10), refund(2, 20), refund(3, 30),
                refund(3, 30, "failed"), refund(4, 40, "pending")]  # fmt: skip
        for one in reversed(news) if turned else news:
            orders.refund(one, NOW)
        assert Decimal(30) == stored(database)[0][0]["refunded"]

    def test_in_the_shoppers_currency_counts_in_the_shops(self, database: Any) -> None:
        """
        By what the shop says it was worth; else as the order's own totals compare; else all of it.
        """
        orders = make_orders(database)
        paid = {"total": Decimal(100), "paid_currency": "EUR", "paid_total": Decimal(80)}
        orders.record(make_purchase(order_id="1", email="a@b.example", **paid), NOW)
        orders.refund(refund(1, 8, currency="EUR"), NOW)
        by_totals = stored(database)[0][0]["refunded"]
        orders.refund(refund(2, 8, currency="EUR")._replace(order_amount=Decimal(11)), NOW)
        by_shop = stored(database)[0][0]["refunded"]
        orders.refund(refund(3, 1, currency="CHF"), NOW)
        seen = orders.look_up("1", "a@b.example")
        assert seen is not None
        assert (Decimal(10), Decimal(21), Decimal(121)) == (by_totals, by_shop, seen.refunded)
        assert (Decimal(80), "EUR") == seen.paid
        assert ((Decimal(1), "CHF"), (Decimal(16), "EUR")) == seen.returned


class TestForgottenBuyers:
    def test_no_later_report_brings_them_back(self, database: Any) -> None:
        """
        Neither of an order that is known nor of one that is told of later.
        """
        from feedback.privacy.erasure import Erasure

        store, orders = make_store(database), make_orders(database)
        open_dialogue(store, shopper_id="anna")
        orders.record(make_purchase(order_id="1", email="a@b.example", updated_at=NOW), NOW)
        known = Erasure(database).erase_orders([KEY, OrderKey("orders", "2")], NOW)
        for order_id in ("1", "2"):
            orders.record(
                make_purchase(order_id=order_id, email="a@b.example", tracking="T1",
                              token_shopper_id="anna", total=Decimal(7),
                              updated_at=NOW + hours(1)), NOW,
            )  # fmt: skip
        assert 1 == known
        assert [(Decimal(7), None, None, None)] * 2 == [
            (one["total"], one["email_hash"], one["tracking"], one["shopper_id"])
            for one in stored(database)[0]
        ]
