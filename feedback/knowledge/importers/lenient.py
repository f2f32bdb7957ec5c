"""Lenient reading of a shop's JSON: a field of the wrong type is named and left out, not refused.

A shop that is refused sends again and then stops: WooCommerce switches a webhook off after five
refusals. So an order is kept for its id, total and currency, whatever else in it is odd.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from feedback.db import MONEY_SCALE, trimmed_amount
from feedback.knowledge.importers.fields import (
    MAX_AMOUNT,
    MAX_QUANTITY,
    checked_text,
    loose_text,
    required,
)
from feedback.knowledge.importers.records import BadShape, BoughtLine

SMALLEST: Final = 1 / Decimal(MONEY_SCALE)  # what a column of money holds
# For news without a time of their own: the store takes the moment of their arrival where a shop's
# clock runs ahead of its own.
AT_ARRIVAL: Final = datetime(9999, 12, 31, tzinfo=UTC)
MAX_ODD: Final = 20  # named of one order; 500 odd lines say no more than 20
TRUE: Final = frozenset({"true", "1", "yes", "on"})
FALSE: Final = frozenset({"false", "0", "no", "off", ""})


class Lenient:
    """The fields of a JSON object; `odd` names those that could not be read as they came.

    Names only, no values: they are logged, and a value may be personal.
    """

    def __init__(
        self, fields: Mapping[str, Any], odd: list[str] | None = None, where: str = ""
    ) -> None:
        self.fields = fields
        self.odd: list[str] = [] if odd is None else odd
        self._where = where

    def note(self, key: str, reason: str) -> None:
        """Name a field and what was odd about it."""
        entry = f"{self._path(key)}: {reason}"
        if len(self.odd) < MAX_ODD and entry not in self.odd:
            self.odd.append(entry)

    def text(self, key: str) -> str:
        """Text, or a number as text; "" where there is none.

        >>> order = Lenient({"name": 7, "title": {"en": "Mug"}})
        >>> order.text("name"), order.text("title"), order.text("sku"), order.odd
        ('7', '', '', ['title: no text, left out'])
        """
        value = self.fields.get(key)
        if isinstance(value, dict | list) or value is True:
            self.note(key, "no text, left out")
            return ""
        return loose_text(value)

    def first_text(self, *keys: str) -> str:
        """The first of these that is not empty, nor zero: what shops write for no id."""
        return next((text for key in keys if (text := self.text(key)) not in ("", "0")), "")

    def flag(self, key: str) -> bool:
        """True or false, as itself or in words; false where it is neither.

        >>> Lenient({"test": "true"}).flag("test"), Lenient({"test": None}).flag("test")
        (True, False)
        """
        value = self.fields.get(key)
        if isinstance(value, bool) or value is None:
            return bool(value)
        written = str(value).strip().lower()
        if written not in TRUE | FALSE:
            self.note(key, "neither true nor false, read as false")
        return written in TRUE

    def inner(self, key: str) -> "Lenient":
        """An object inside; an empty one where there is none.

        A list stands for its first object: PHP writes an empty object as an empty list.
        """
        value = self.fields.get(key)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            self.note(key, "a list, its first object is read")
            value = value[0]
        elif value and not isinstance(value, dict):
            self.note(key, "no object, left out")
        return Lenient(value if isinstance(value, dict) else {}, self.odd, self._path(key))

    def each(self, key: str) -> "Iterator[Lenient]":
        """The objects of a list; what is none of them is left out.

        An object of objects is a list: PHP numbers a list with gaps so. Any other object is read as
        a list of one.

        >>> order = Lenient({"lines": {"0": {"id": 1}, "2": {"id": 2}}})
        >>> [line.text("id") for line in order.each("lines")], order.odd
        (['1', '2'], ['lines: an object instead of a list'])
        """
        found = self.fields.get(key)
        if isinstance(found, dict):
            self.note(key, "an object instead of a list")
            inside = list(found.values())
            found = inside if all(isinstance(one, dict) for one in inside) else [found]
        elif found and not isinstance(found, list):
            self.note(key, "no list, left out")
        for place, one in enumerate(found if isinstance(found, list) else []):
            if isinstance(one, dict):
                yield Lenient(one, self.odd, f"{self._path(key)}[{place}]")
            else:
                self.note(f"{key}[{place}]", "no object, left out")

    def number(self, key: str) -> Decimal | None:
        """A number, also one written as text; None where there is none."""
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value)) if isinstance(value, str | int | float | Decimal) else None
        except InvalidOperation:
            number = None
        if number is None or isinstance(value, bool) or not number.is_finite():
            self.note(key, "no number, left out")
            return None
        if abs(number) > MAX_AMOUNT:
            self.note(key, "too large, left out")
            return None
        return number

    def amount(self, key: str) -> Decimal | None:
        """An amount of money of either sign, to four decimals.

        >>> line = Lenient({"price": "16.666667"})
        >>> line.amount("price"), line.odd
        (Decimal('16.6667'), ['price: more than four decimals, rounded'])
        """
        number = self.number(key)
        if number is None:
            return None
        rounded = number.quantize(SMALLEST)
        if rounded == number:
            return number
        self.note(key, "more than four decimals, rounded")
        return rounded

    def moment(self, key: str) -> datetime | None:
        """A time, in UTC where it names no zone; None where there is none.

        WooCommerce's names that end in `_gmt` say the zone; elsewhere a missing one is named.

        >>> Lenient({"at": "2026-01-31T12:00:00"}).moment("at").isoformat()
        '2026-01-31T12:00:00+00:00'
        """
        value = self.fields.get(key)
        if value is None or value == "":
            return None
        try:
            read = datetime.fromisoformat(value if isinstance(value, str) else "")
            if read.tzinfo is not None:
                return read.astimezone(UTC)
        except (ValueError, OverflowError):  # the calendar ends at both sides
            self.note(key, "no time, left out")
            return None
        if not key.endswith("_gmt"):
            self.note(key, "no time zone, UTC is taken")
        return read.replace(tzinfo=UTC)

    def first_moment(self, *keys: str) -> datetime | None:
        """The first of these times; that it is missing is named where all are."""
        found = next(filter(None, map(self.moment, keys)), None)
        if found is None:
            self.note(keys[0], "no time, its arrival is taken")
        return found

    def _path(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key


def id_of(fields: Mapping[str, Any], key: str) -> str:
    """An id as text, from text or a whole number, also one that JSON wrote with decimals.

    Raises:
        BadShape: there is none.
    """
    value = required(fields, key)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise BadShape(f'"{key}" has to be a string or a number, not {type(value).__name__}')
    if isinstance(value, Decimal):
        value = f"{value.normalize():f}"
    return checked_text(str(value).strip(), key)


def sum_of(order: Lenient, key: str) -> Decimal:
    """What an order comes to; without it there is no order.

    Raises:
        BadShape: it is no amount, or a negative one.
    """
    total = order.amount(key)
    if total is None or total < 0:
        found = required(order.fields, key)
        raise BadShape(f'"{key}" has to be an amount from 0 to {MAX_AMOUNT}, not {found!r:.40}')
    return total


def bought_line(
    line: Lenient, product_id: str, title: str, *, price: str = "", total: str = ""
) -> BoughtLine | None:
    """A line of an order as whole pieces at a price; None for one that takes money off.

    `price` names the field with one piece's price, `total` the one with all pieces'. What is sold
    by weight or length counts as one piece.
    """
    quantity, money = line.number("quantity"), line.amount(price or total) or Decimal(0)
    if quantity is None:
        line.note("quantity", "missing, counted as one piece")
        quantity = Decimal(1)
    if quantity < 0 or money < 0:
        line.note(price or total, "negative, the line is left out; the order's total holds")
        return None
    whole = quantity % 1 == 0 and quantity <= MAX_QUANTITY
    if not whole:
        line.note("quantity", "not a number of pieces, the line counts as one")
        money = money * quantity if price else money
        quantity = Decimal(1)
    elif total and quantity:
        money /= quantity
    if money > MAX_AMOUNT:
        line.note(price or total, "too large, left out")
        return None
    return BoughtLine(
        product_id=product_id or "unknown",
        quantity=int(quantity),
        price=trimmed_amount(money.quantize(SMALLEST)),
        title=title,
        sku=line.text("sku"),
    )
