"""Stories of credit: what was clicked and bought, what was bought after talking, and never more."""

from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st

from feedback.sales.attribution import Bought, Contact, attribute
from tests.factories import NOW, days, hours

WINDOWS: dict[str, Any] = {"direct_window": hours(24), "assisted_window": days(7)}


def order(**changes) -> Bought:
    fields = {
        "order_id": "1001",
        "shopper_id": "anna",
        "placed_at": NOW,
        "currency": "USD",
        "total": Decimal("60"),
        "refunded": Decimal(0),
        "products": (("mug", Decimal("20")), ("lamp", Decimal("40"))),
        **changes,
    }
    return Bought(**fields)


def credited(orders, *contacts, shopper="anna"):
    return [
        (each.kind, each.impression_id, each.amount)
        for each in attribute(orders, {shopper: contacts}, **WINDOWS)
    ]


class TestDirect:
    def test_clicked_product_bought_within_a_day(self):
        """
        Only the clicked product's price is direct; the whole order is assisted.
        """
        click = Contact("i1", NOW - hours(23), "mug")
        assert credited([order()], click) == [
            ("direct", "i1", Decimal(20)),
            ("assisted", "i1", Decimal(60)),
        ]

    def test_click_on_something_else_is_not_direct(self):
        """
        Another product clicked earns the assist alone.
        """
        click = Contact("i1", NOW - hours(1), "tent")
        assert credited([order()], click) == [("assisted", "i1", Decimal(60))]

    def test_click_of_the_day_before_is_too_old(self):
        """
        After the direct window a click is a contact like any other.
        """
        click = Contact("i1", NOW - hours(25), "mug")
        assert credited([order()], click) == [("assisted", "i1", Decimal(60))]

    def test_last_click_on_the_product_earns_it(self):
        """
        Two clicks on one product: the later one before the order has the credit.
        """
        clicks = [Contact(f"i{n}", NOW - hours(n), "mug") for n in (3, 2)]
        assert credited([order()], *clicks)[0] == ("direct", "i2", Decimal(20))

    def test_refund_is_taken_off_in_proportion(self):
        """
        Half the money back is half the credit.
        """
        click = Contact("i1", NOW - hours(1), "mug")
        assert credited([order(refunded=Decimal(30))], click) == [
            ("direct", "i1", Decimal(10)),
            ("assisted", "i1", Decimal(30)),
        ]


class TestAssisted:
    def test_order_within_a_week_of_a_dialogue(self):
        """
        The last reply before the order has the credit; what came after it has none.
        """
        contacts = [
            Contact("early", NOW - days(3)),
            Contact("last", NOW - days(2)),
            Contact("after", NOW + hours(1)),
        ]
        assert credited([order()], *contacts) == [("assisted", "last", Decimal(60))]

    def test_order_after_a_week_is_nobodys(self):
        """
        Past the window there is no credit.
        """
        assert credited([order()], Contact("i1", NOW - days(7) - hours(1))) == []

    def test_order_that_is_no_sale_earns_nothing(self):
        """
        Nothing was sold: it failed, was cancelled or is not paid.
        """
        click = Contact("i1", NOW - hours(1), "mug")
        assert credited([order(sale=False)], click) == []

    def test_other_shoppers_dialogues_do_not_count(self):
        """
        Credit stays with the shopper.
        """
        assert credited([order()], Contact("i1", NOW - hours(1)), shopper="ben") == []


amounts = st.decimals(min_value=0, max_value=10_000, places=2)
products = st.sampled_from(["mug", "lamp", "tent"])


class TestNeverTooMuch:
    @given(
        total=amounts,
        refunded=amounts,
        lines=st.lists(st.tuples(products, amounts), max_size=5),
        clicks=st.lists(st.tuples(st.integers(0, 200), st.none() | products), max_size=6),
    )
    def test_no_kind_of_credit_exceeds_the_order(self, total, refunded, lines, clicks):
        """
        Direct and assisted each add up to at most what the shop keeps of the order.
        """
        bought = order(total=total, refunded=refunded, products=tuple(lines))
        contacts = [Contact(f"i{n}", NOW - hours(n), product) for n, product in clicks]
        for kind in ("direct", "assisted"):
            amount = sum(each[2] for each in credited([bought], *contacts) if each[0] == kind)
            assert 0 <= amount <= bought.net


class TestTouches:
    def test_first_and_linear_are_options(self):
        """
        60.00 after three replies: the first gets all, or each a third; what is left over, the last.
        """
        seen = [Contact(f"i{number}", NOW - hours(30 - number)) for number in (1, 2, 3)]

        def parts(touch, total):
            found = attribute(
                [order(total=Decimal(total), products=())], {"anna": seen}, touch=touch, **WINDOWS
            )
            return [(each.impression_id, each.amount) for each in found]

        assert [("i3", Decimal(60))] == parts("last", "60")
        assert [("i1", Decimal(60))] == parts("first", "60")
        assert [("i1", Decimal(20)), ("i2", Decimal(20)), ("i3", Decimal(20))] == parts(
            "linear", "60"
        )
        uneven = parts("linear", "10")
        assert Decimal(10) == sum(amount for _, amount in uneven)
        assert [Decimal("3.3333"), Decimal("3.3333"), Decimal("3.3334")] == [
            amount for _, amount in uneven
        ]

    def test_a_click_after_its_impression_counts_once(self):
        """
        Shown and clicked is one reply, not two touches.
        """
        seen = [Contact("i1", NOW - hours(3)), Contact("i1", NOW - hours(2), "mug")]
        found = attribute([order()], {"anna": seen}, touch="linear", **WINDOWS)
        assert [("direct", Decimal(20)), ("assisted", Decimal(60))] == [
            (each.kind, each.amount) for each in found
        ]
