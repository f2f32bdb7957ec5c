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


class TestFree:
    """Orders on which the shop earned nothing."""

    def test_a_free_order_is_credited_with_nothing(self):
        """A sample that costs nothing is a conversion all the same, and no division by nothing."""
        free = order(total=Decimal(0), products=(("mug", Decimal(0)),))
        click = Contact("i1", NOW - hours(1), "mug")

        assert [("direct", "i1", Decimal(0)), ("assisted", "i1", Decimal(0))] == credited(
            [free], click
        )

    def test_more_given_back_than_paid_is_nothing(self):
        """Never a negative credit."""
        assert Decimal(0) == order(refunded=Decimal(61)).net
        assert Decimal("0.5") == order(refunded=Decimal("59.5")).net

    def test_what_is_no_sale_earns_nothing(self):
        """Whatever its total says."""
        assert Decimal(0) == order(sale=False).net

    def test_one_shoppers_order_without_contact_does_not_hide_the_next(self):
        """Each order is looked at by itself: before, and after, one that is no sale."""
        orders = [
            order(order_id="1", shopper_id="ben"),
            order(order_id="2", sale=False),
            order(order_id="3"),
        ]
        found = attribute(orders, {"anna": [Contact("i1", NOW - hours(1))]}, **WINDOWS)

        assert ["3"] == [each.order_id for each in found]


class TestShares:
    """Which part of an order's money a clicked product earned."""

    def test_a_discount_makes_lines_worth_more_than_the_order(self):
        """30 paid for a mug of 20 and a lamp of 40: the mug earned a third of it."""
        click = Contact("i1", NOW - hours(1), "mug")

        direct, _ = credited([order(total=Decimal(30))], click)

        assert ("direct", "i1", Decimal(10)) == direct

    def test_delivery_is_nobodys_product(self):
        """80 paid for goods of 60: the mug earned its 20."""
        click = Contact("i1", NOW - hours(1), "mug")

        direct, _ = credited([order(total=Decimal(80))], click)

        assert ("direct", "i1", Decimal(20)) == direct

    def test_two_lines_of_one_product_are_added(self):
        """To the same click."""
        twice = order(products=(("mug", Decimal(20)), ("mug", Decimal(25))), total=Decimal(45))
        click = Contact("i1", NOW - hours(1), "mug")

        direct, _ = credited([twice], click)

        assert ("direct", "i1", Decimal(45)) == direct

    def test_what_does_not_divide_is_cut_to_the_store_s_unit(self):
        """Two thirds of 10 are 6.6666, not 6.6667: credits never add up to more."""
        cut = order(total=Decimal(10), products=(("mug", Decimal(20)), ("lamp", Decimal(10))))
        click = Contact("i1", NOW - hours(1), "mug")

        direct, _ = credited([cut], click)

        assert ("direct", "i1", Decimal("6.6666")) == direct

    def test_two_replies_share_evenly(self):
        """And what does not divide goes to the later."""
        seen = [Contact("i1", NOW - hours(2)), Contact("i2", NOW - hours(1))]
        bought = order(total=Decimal("0.0003"), products=())

        found = attribute([bought], {"anna": seen}, touch="linear", **WINDOWS)

        assert [("i1", Decimal("0.0001")), ("i2", Decimal("0.0002"))] == [
            (each.impression_id, each.amount) for each in found
        ]

    def test_a_conversion_names_its_order(self):
        """With the currency, and the shop system that reported it."""
        bought = order(order_id="7", currency="EUR", source="shopify", products=())
        (found,) = attribute([bought], {"anna": [Contact("i1", NOW - hours(1))]}, **WINDOWS)

        assert ("7", "i1", "assisted", Decimal(60), "EUR", "shopify") == tuple(found)


class TestWindows:
    """A window's ends belong to it."""

    def test_exactly_at_its_end_counts(self):
        """To the second: a day for a click, a week for a reply."""
        click, reply = Contact("i1", NOW - hours(24), "mug"), Contact("i0", NOW - days(7))

        assert [("direct", "i1", Decimal(20)), ("assisted", "i1", Decimal(60))] == credited(
            [order()], click
        )
        assert [("assisted", "i0", Decimal(60))] == credited([order()], reply)

    def test_in_the_moment_of_the_order_counts(self):
        """A click that leads straight to the checkout."""
        assert [("assisted", "i1", Decimal(60))] == credited([order()], Contact("i1", NOW))

    def test_contacts_need_no_order_of_their_own(self):
        """The last in time is the last, wherever it stands in the list."""
        late, early = Contact("late", NOW - hours(1)), Contact("early", NOW - hours(2))

        assert [("assisted", "late", Decimal(60))] == credited([order()], late, early)
