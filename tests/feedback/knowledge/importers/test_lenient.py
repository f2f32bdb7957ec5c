"""Stories of odd orders: what can be read is kept, what can not is named."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from feedback.knowledge.importers.files import BoughtLine, purchase_from_json
from feedback.knowledge.importers.lenient import Lenient, bought_line, id_of
from feedback.knowledge.importers.records import BadShape

ORDER = {
    "order_id": "1001",
    "placed_at": "2026-11-24T12:00:00Z",
    "currency": "USD",
    "total": "59.90",
    "lines": [],
}


def lines_of(*lines):
    order = purchase_from_json({**ORDER, "lines": list(lines)})
    return order.lines, order.odd


class TestLines:
    @pytest.mark.parametrize(
        ("quantity", "price", "kept", "named"),
        [
            (2, "29.95", (2, "29.95"), ""),
            ("2", "29.95", (2, "29.95"), ""),
            (0, "29.95", (0, "29.95"), ""),
            (0.5, "25.00", (1, "12.50"), "lines[0].quantity: not a number of pieces"),
            ("1.25", "10.00", (1, "12.50"), "lines[0].quantity: not a number of pieces"),
            (3, "16.666667", (3, "16.6667"), "lines[0].price: more than four decimals"),
            ("two", "5.00", (1, "5.00"), "lines[0].quantity: no number"),
            (True, "5.00", (1, "5.00"), "lines[0].quantity: no number"),
            (None, "5.00", (1, "5.00"), "lines[0].quantity: missing"),
            (1, None, (1, "0.00"), ""),
            (1, {"amount": 5}, (1, "0.00"), "lines[0].price: no number"),
            (10**30, "0.00", (1, "0.00"), "lines[0].quantity: too large"),
        ],
    )
    def test_a_line_is_read_as_whole_pieces(self, quantity, price, kept, named):
        """What is sold by weight is one piece; what can not be read is named."""
        (line,), odd = lines_of({"product_id": "tea", "quantity": quantity, "price": price})

        assert BoughtLine("tea", kept[0], Decimal(kept[1])) == line
        assert named in "; ".join(odd)
        assert bool(named) == bool(odd)

    @pytest.mark.parametrize(("quantity", "price"), [(1, "-10.00"), (-1, "10.00")])
    def test_a_line_that_takes_money_off_is_no_product(self, quantity, price):
        """The order's total holds it already."""
        lines, odd = lines_of({"product_id": "off", "quantity": quantity, "price": price})

        assert () == lines
        assert ("lines[0].price: negative, the line is left out; the order's total holds",) == odd

    def test_lists_and_objects_may_stand_for_each_other(self):
        """PHP numbers a list with gaps as an object, and writes an empty object as a list."""
        order = Lenient(
            {"lines": {"3": {"id": 1}, "7": {"id": 2}}, "one": {"id": 3}, "billing": [], "x": "y"}
        )

        assert ["1", "2"] == [line.text("id") for line in order.each("lines")]
        assert ["3"] == [line.text("id") for line in order.each("one")]
        assert "" == order.inner("billing").text("email")
        assert [] == list(order.each("x"))
        assert [
            "lines: an object instead of a list",
            "one: an object instead of a list",
            "x: no list, left out",
        ] == order.odd

    def test_of_many_odd_lines_the_first_are_named(self):
        """What is logged of an order of 500 lines stays readable."""
        lines, odd = lines_of(*[{"product_id": "x", "quantity": "?", "price": "1"}] * 500)

        assert (500, 20) == (len(lines), len(odd))

    def test_a_missing_date_is_named(self):
        """The order counts from its arrival."""
        order = purchase_from_json({**ORDER, "placed_at": None})

        assert (None, ("placed_at: no time, its arrival is taken",)) == (order.placed_at, order.odd)


class TestIds:
    @pytest.mark.parametrize(
        ("written", "read"), [(7, "7"), ("7", "7"), (Decimal("7.0"), "7"), (" a ", "a")]
    )
    def test_an_id_is_text(self, written, read):
        """However JSON wrote the number."""
        assert read == id_of({"id": written}, "id")

    @pytest.mark.parametrize("written", [None, True, [], {}, "", " ", "a\x00"])
    def test_what_is_no_id_is_refused(self, written):
        """Without one an order could not be told from another."""
        with pytest.raises(BadShape):
            id_of({"id": written}, "id")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)  # fmt: skip


class TestWhatever:
    @given(anything, anything, anything)
    def test_any_line_is_kept_or_named(self, product_id, quantity, price):
        """A line that is not there has said why; one that is there fits the store's columns."""
        line = Lenient({"product_id": product_id, "quantity": quantity, "price": price})

        kept = bought_line(line, line.text("product_id"), "", price="price")

        if kept is None:
            assert line.odd
        else:
            assert 0 <= kept.quantity <= 1_000_000
            assert 0 == kept.price * 10_000 % 1
            assert kept.price >= 0
