"""Reads the money of Shopify's payloads: what an order comes to, and its refunds. Pure.

`current_total_price` is what the shopper owes after edits and refunds; with the payload's own
refunds added again it is what they owe before refunds, which are kept by themselves, one row a
transaction. Transactions are in the currency the shopper paid in; a `…_set` tells both.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from feedback.db import rounded
from feedback.knowledge import AT_ARRIVAL, BadShape, Lenient, RefundLine, id_of, sum_of

SOURCE: Final = "shopify"
STAGES: Final = {"success": "succeeded", "pending": "pending", "awaiting_response": "pending"}
ZERO: Final = Decimal(0)


class ShopperCurrency(NamedTuple):
    """What one unit of the shopper's currency is worth in the shop's."""

    currency: str
    worth: Decimal
    ours: str  # the shop's currency

    def ours_of(self, theirs: Decimal) -> Decimal:
        """An amount of the shopper's in the shop's currency."""
        return rounded(theirs * self.worth, self.ours)

    def theirs_of(self, ours: Decimal) -> Decimal:
        """An amount of the shop's in the shopper's currency."""
        return rounded(ours / self.worth, self.currency)


class MoneyPair(NamedTuple):
    """An amount in the shop's currency and in the shopper's."""

    ours: Decimal
    theirs: Decimal
    our_currency: str
    their_currency: str


def read_refunds(payload: Mapping[str, Any], *, currency: str) -> list[RefundLine]:
    """A refund's transactions; `currency` stands in where one names none.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    refund, refund_id = Lenient(payload), id_of(payload, "id")
    moved = [one for one in refund.each("transactions") if one.fields.get("kind") == "refund"]
    rate, alone = _rate_of_refund(refund), _by_lines(refund) if len(moved) == 1 else None
    return [
        RefundLine(
            refund_id=f"{refund_id}/{one.text('id') or place}",
            order_id=id_of(payload, "order_id"),
            amount=sum_of(one, "amount"),
            currency=one.text("currency").upper() or currency,
            refunded_at=refund.first_moment("created_at", "processed_at") or AT_ARRIVAL,
            status=STAGES.get(one.text("status"), "failed"),
            order_amount=_worth(one, rate) or alone,
            source=SOURCE,
        )
        for place, one in enumerate(moved)
    ]


def refunds_of(order: Lenient, currency: str) -> list[tuple[str, list[RefundLine]]]:
    """The refunds that an order lists, each with its id; one that can not be read is named."""
    found = []
    for place, refund in enumerate(order.each("refunds")):
        payload = {"order_id": order.fields.get("id"), **refund.fields}
        try:
            found.append((id_of(payload, "id"), read_refunds(payload, currency=currency)))
        except BadShape as wrong:
            order.note(f"refunds[{place}]", f"left out: {wrong}")
    return found


def owed(order: Lenient, currency: str) -> Decimal:
    """What the shopper owes for the order as it is now, before refunds; so far as it is paid.

    >>> owed(Lenient({"total_price": "90.00", "current_total_price": "30.00"}), "USD")
    Decimal('30.00')
    """
    current = order.amount("current_total_price")
    if current is None or current < 0:
        total = sum_of(order, "total_price")
    else:
        total = current + _refunded(order, currency)
    if order.text("financial_status") == "partially_paid":
        total = max(ZERO, total - (order.amount("total_outstanding") or ZERO))
    return total


def gift_cards(order: Lenient, total: Decimal) -> Decimal:
    """What buys gift cards: it is a sale when a card is spent, not when it is sold."""
    cards = (line for line in order.each("line_items") if line.flag("gift_card"))
    sold = sum((pieces(card) * (card.amount("price") or ZERO) for card in cards), ZERO)
    return max(ZERO, min(sold, total))


def pieces(line: Lenient) -> Decimal:
    """How many of a line are still part of the order; an edit or a return takes some away."""
    key = "quantity" if line.fields.get("current_quantity") is None else "current_quantity"
    number = line.number(key)
    return Decimal(1) if number is None else number


def rate_of(told: Iterable[Lenient]) -> ShopperCurrency | None:
    """The shopper's currency, by amounts told in both; None where it is the shop's own.

    >>> usd = {"amount": "50", "currency_code": "USD"}
    >>> both = {"shop_money": usd, "presentment_money": {"amount": "40", "currency_code": "EUR"}}
    >>> rate_of([Lenient(both)])
    ShopperCurrency(currency='EUR', worth=Decimal('1.25'), ours='USD')
    """
    pairs = [both for one in told if (both := _both(one)) is not None]
    theirs = sum((abs(both.theirs) for both in pairs), ZERO)
    if not theirs or pairs[0].our_currency == pairs[0].their_currency:
        return None
    ours = sum((abs(both.ours) for both in pairs), ZERO)
    return ShopperCurrency(pairs[0].their_currency, ours / theirs, pairs[0].our_currency)


def _both(told: Lenient) -> MoneyPair | None:
    ours, theirs = told.inner("shop_money"), told.inner("presentment_money")
    our_amount, their_amount = ours.amount("amount"), theirs.amount("amount")
    if our_amount is None or their_amount is None:
        return None
    codes = (ours.text("currency_code").upper(), theirs.text("currency_code").upper())
    return MoneyPair(our_amount, their_amount, *codes)


def _worth(transaction: Lenient, rate: ShopperCurrency | None) -> Decimal | None:
    """A transaction in the shop's currency, where the payload says it."""
    told = _both(transaction.inner("amount_set"))
    if told is not None:
        return told.ours
    amount = transaction.amount("amount")
    if rate is None or amount is None or transaction.text("currency").upper() != rate.currency:
        return None
    return rate.ours_of(amount)


def _rate_of_refund(refund: Lenient) -> ShopperCurrency | None:
    parts = [*refund.each("refund_line_items"), *refund.each("order_adjustments")]
    names = ("subtotal_set", "total_tax_set", "amount_set")
    return rate_of(part.inner(name) for part in parts for name in names)


def _by_lines(refund: Lenient) -> Decimal | None:
    """What a refund's lines come to: they are in the shop's currency."""
    lines = list(refund.each("refund_line_items"))
    return (
        sum((line.amount(key) or ZERO for line in lines for key in ("subtotal", "total_tax")), ZERO)
        or None
    )


def _refunded(order: Lenient, currency: str) -> Decimal:
    """What the order's own refunds give back, pending ones too: they are taken off already."""
    rate, total = rate_of([order.inner("total_price_set")]), ZERO
    for line in (line for _, lines in refunds_of(order, currency) for line in lines):
        if line.status == "failed":
            continue
        if line.currency == currency:
            total += line.amount
        elif line.order_amount is not None:
            total += line.order_amount
        elif rate is not None and line.currency == rate.currency:
            total += rate.ours_of(line.amount)
    return total
