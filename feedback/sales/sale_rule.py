"""Rule that tells which orders are sales: by state and worth. Pure.

Orders that failed, were voided or cancelled, and drafts never count, nor does a state nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal, get_args

SaleFrom = Literal["pending", "paid", "fulfilled"]
FULFILLED: Final = frozenset({"shipped", "delivered"})
PAID: Final = FULFILLED | {"paid", "refunded"}  # a refunded one was paid; what is left is nothing
COUNTED: Final[Mapping[SaleFrom, frozenset[str]]] = {
    "pending": PAID | {"pending"},
    "paid": PAID,
    "fulfilled": FULFILLED,
}


@dataclass(frozen=True)
class SaleRule:
    """From which state on an order is a sale, by the way it is paid."""

    otherwise: SaleFrom = "paid"
    by_payment: Mapping[str, SaleFrom] = field(default_factory=dict)

    def counts(self, state: str, payment: str) -> bool:
        """Whether an order in this state, paid in this way, is a sale.

        >>> SaleRule().counts("pending", "cod")
        False
        >>> SaleRule(by_payment={"cod": "pending"}).counts("pending", "COD")
        True
        >>> SaleRule(by_payment={"cod": "fulfilled"}).counts("paid", "cod")
        False
        """
        return state in COUNTED[self.by_payment.get(payment.strip().lower(), self.otherwise)]

    def is_sale(self, state: str, payment: str, worth: Decimal) -> bool:
        """Whether the order counts; a free trial, worth nothing, does not."""
        return worth > 0 and self.counts(state, payment)


def read_sale_rule(text: str) -> SaleRule:
    """The rule as it is written in the setting.

    >>> read_sale_rule("paid, cod=pending, bank transfer=fulfilled").by_payment["bank transfer"]
    'fulfilled'

    Raises:
        ValueError: the message says how it is written.
    """
    otherwise: SaleFrom = "paid"
    by_payment: dict[str, SaleFrom] = {}
    for part in (part.strip() for part in text.split(",") if part.strip()):
        payment, _, state = part.rpartition("=")
        if state.strip() not in get_args(SaleFrom):
            raise ValueError(
                f"{part!r} names no state; write paid, or paid,cod=pending,bacs=fulfilled"
                " (states: pending, paid, fulfilled)"
            )
        known: SaleFrom = state.strip()  # type: ignore[assignment]
        if payment.strip():
            by_payment[payment.strip().lower()] = known
        else:
            otherwise = known
    return SaleRule(otherwise, by_payment)
