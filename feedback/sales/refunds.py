"""Refunds: each transaction once, the furthest it got; their sum in the order's currency. Pure."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from feedback.db import REFUND_STAGES, Order, Refund, rounded
from feedback.knowledge import RefundLine


class Amount(NamedTuple):
    """So much of a currency."""

    value: Decimal
    currency: str


def is_news(known: Refund, line: RefundLine) -> bool:
    """Whether a report tells of a later stage, or of the same one with more money.

    A failure is the last: a bank may send back what had succeeded.
    """
    return _rank(line) > _rank(known)


def _rank(refund: Refund | RefundLine) -> tuple[int, Decimal, Decimal, str]:
    return (
        REFUND_STAGES.index(refund.status),
        refund.amount,
        refund.order_amount or Decimal(0),
        refund.currency.upper(),
    )


def given_back(order: Order, refunds: Iterable[Refund]) -> Decimal:
    """What succeeded, in the order's currency; an order that says it is refunded is so wholly."""
    if order.status == "refunded":
        return order.total
    return sum((_worth(order, each) for each in refunds if each.status == "succeeded"), Decimal(0))


def told(order: Order, refunds: Iterable[Refund]) -> tuple[Amount, ...]:
    """What the shopper got back, in the currencies they got it in."""
    sums: Counter[str] = Counter()
    for each in refunds:
        if each.status == "succeeded" and each.amount:
            sums[each.currency] += each.amount  # type: ignore[assignment]
    if not sums and order.status == "refunded":
        return (paid(order),)
    return tuple(Amount(Decimal(value), currency) for currency, value in sorted(sums.items()))


def paid(order: Order) -> Amount:
    """The total in the shopper's own currency."""
    if order.paid_total is not None and order.paid_currency is not None:
        return Amount(order.paid_total, order.paid_currency)
    return Amount(order.total, order.currency)


def _worth(order: Order, refund: Refund) -> Decimal:
    if refund.currency == order.currency:
        return refund.amount
    if refund.order_amount is not None:
        return refund.order_amount
    if refund.currency == order.paid_currency and order.paid_total:
        return rounded(refund.amount * order.total / order.paid_total, order.currency)
    # Nothing says what it was worth: better a sale too few than money that was given back.
    return order.total
