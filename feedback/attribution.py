"""Credits orders to the replies that came before them: attributed, not caused.

Direct: a product clicked in the chat and bought within the direct window. Assisted: any order
within the assisted window of a dialogue. Every direct order is assisted too; the two are never
added. Both are net of refunds, and cancelled orders earn nothing.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Literal, NamedTuple

SMALLEST = Decimal("0.0001")  # the store's unit of money

Kind = Literal["direct", "assisted"]


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
    cancelled: bool = False

    @property
    def net(self) -> Decimal:
        """What the shop keeps of it."""
        return Decimal(0) if self.cancelled else max(Decimal(0), self.total - self.refunded)


class Conversion(NamedTuple):
    """An order credited to an impression, with the part of its money that is credited."""

    order_id: str
    impression_id: str
    kind: Kind
    amount: Decimal
    currency: str


def attribute(
    orders: Iterable[Bought],
    contacts: Mapping[str, Iterable[Contact]],
    *,
    direct_window: timedelta,
    assisted_window: timedelta,
) -> list[Conversion]:
    """Credit each order to its shopper's contacts (`contacts` is by shopper) before it.

    A direct conversion goes to the last click on that product, an assisted one to the last contact.

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
        if order.cancelled or not before:
            continue
        credited += _direct(order, _since(before, order.placed_at - direct_window))
        recent = _since(before, order.placed_at - assisted_window)
        if recent:
            credited.append(_conversion(order, recent[-1].impression_id, "assisted", order.net))
    return credited


def _direct(order: Bought, recent: Sequence[Contact]) -> list[Conversion]:
    last_click = {contact.product_id: contact for contact in recent if contact.product_id}
    earned: defaultdict[str, Decimal] = defaultdict(Decimal)
    for product_id, price in order.products:
        if product_id in last_click:
            earned[last_click[product_id].impression_id] += price
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
    return Conversion(order.order_id, impression_id, kind, amount, order.currency)


def _since(contacts: Sequence[Contact], earliest: datetime) -> Sequence[Contact]:
    return [contact for contact in contacts if contact.at >= earliest]


def _when(contact: Contact) -> datetime:
    return contact.at
