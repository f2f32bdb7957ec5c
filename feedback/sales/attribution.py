"""Attribution: credits orders to the replies before them. Attributed, not caused.

Direct: a product clicked in the chat and bought within the direct window. Assisted: any order
within the assisted window of a dialogue. Every direct order is assisted too; the two are never
added. Both are net of refunds, and orders that are no sales earn nothing. Credit goes to the last
touch; the first touch and an even split (linear) are options, for those who want to see what hangs
on the choice.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Literal, NamedTuple

SMALLEST = Decimal("0.0001")  # the store's unit of money

Kind = Literal["direct", "assisted"]
Touch = Literal["last", "first", "linear"]


class AttributionRule(NamedTuple):
    """How orders are credited: the two windows, and which of several touches is credited."""

    direct_window: timedelta = timedelta(hours=24)  # from a click on a product to its purchase
    assisted_window: timedelta = timedelta(days=7)  # from a dialogue to an order
    touch: Touch = "last"


class Contact(NamedTuple):
    """A moment at which a shopper had a reply: it was shown, or a product in it was clicked."""

    impression_id: str
    at: datetime
    product_id: str | None = None  # of a click on a product


class Bought(NamedTuple):
    """An order: what it came to, what was given back, and what each product of it cost."""

    order_id: str
    shopper_id: str
    placed_at: datetime
    currency: str
    total: Decimal
    refunded: Decimal
    products: tuple[tuple[str, Decimal], ...]  # product, and price times quantity
    sale: bool = True
    source: str = ""

    @property
    def net(self) -> Decimal:
        """What the shop keeps of it."""
        return max(Decimal(0), self.total - self.refunded) if self.sale else Decimal(0)


class Conversion(NamedTuple):
    """An order credited to an impression, with the part of its money that is credited."""

    order_id: str
    impression_id: str
    kind: Kind
    amount: Decimal
    currency: str
    source: str = ""


def attribute(
    orders: Iterable[Bought],
    contacts: Mapping[str, Iterable[Contact]],
    *,
    direct_window: timedelta,
    assisted_window: timedelta,
    touch: Touch = "last",
) -> list[Conversion]:
    """Credit each order to its shopper's contacts (`contacts` is by shopper) before it.

    A direct conversion goes to the last click on that product, an assisted one to the last contact;
    to the first of each in its window, or to all of them in equal parts, by `touch`.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    >>> mug = Bought("1001", "anna", noon, "USD", Decimal(20), Decimal(5), (("mug", Decimal(16)),))
    >>> click = Contact("i1", noon - timedelta(hours=1), "mug")
    >>> for credited in attribute([mug], {"anna": [click]},
    ...         direct_window=timedelta(hours=24), assisted_window=timedelta(days=7)):
    ...     print(credited.kind, credited.impression_id, credited.amount)
    direct i1 12.0000
    assisted i1 15
    """
    history = {shopper: sorted(seen, key=_when) for shopper, seen in contacts.items()}
    credited: list[Conversion] = []
    for order in orders:
        seen = history.get(order.shopper_id, [])
        before = seen[: bisect_right(seen, order.placed_at, key=_when)]
        if not order.sale or not before:
            continue
        credited += _direct(order, _since(before, order.placed_at - direct_window), touch)
        recent = _since(before, order.placed_at - assisted_window)
        credited += [
            _conversion(order, each, "assisted", amount)
            for each, amount in _split(order.net, _touched(recent, touch))
        ]
    return credited


def _touched(contacts: Sequence[Contact], touch: Touch) -> list[str]:
    """The impressions that are credited: one, or with `linear` each of them once."""
    impressions = list(dict.fromkeys(contact.impression_id for contact in contacts))
    if touch == "linear" or not contacts:
        return impressions
    return [contacts[0 if touch == "first" else -1].impression_id]


def _split(amount: Decimal, impressions: Sequence[str]) -> list[tuple[str, Decimal]]:
    """Equal parts that add up to the amount: what does not divide goes to the last."""
    if len(impressions) < 2:
        return [(each, amount) for each in impressions]
    part = (amount / len(impressions)).quantize(SMALLEST, ROUND_DOWN)
    rest = amount - part * (len(impressions) - 1)
    return [(each, part) for each in impressions[:-1]] + [(impressions[-1], rest)]


def _direct(order: Bought, recent: Sequence[Contact], touch: Touch) -> list[Conversion]:
    earned: defaultdict[str, Decimal] = defaultdict(Decimal)
    for product_id, price in order.products:
        clicks = [contact for contact in recent if contact.product_id == product_id]
        for impression_id, part in _split(price, _touched(clicks, touch)):
            earned[impression_id] += part
    # Discounts make the lines cost more than the order, delivery makes them cost less.
    whole = max(order.total, sum((price for _, price in order.products), Decimal(0)))
    return [
        _conversion(order, impression_id, "direct", _part(order.net, price, whole))
        for impression_id, price in earned.items()
    ]


def _part(net: Decimal, price: Decimal, whole: Decimal) -> Decimal:
    if not whole:
        return Decimal(0)
    return (net * price / whole).quantize(SMALLEST, ROUND_DOWN)


def _conversion(order: Bought, impression_id: str, kind: Kind, amount: Decimal) -> Conversion:
    return Conversion(order.order_id, impression_id, kind, amount, order.currency, order.source)


def _since(contacts: Sequence[Contact], earliest: datetime) -> Sequence[Contact]:
    return [contact for contact in contacts if contact.at >= earliest]


def _when(contact: Contact) -> datetime:
    return contact.at
