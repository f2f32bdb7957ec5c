"""Numbers of the report as people write them: amounts, shares, changes and their intervals."""

from typing import Final

from feedback.db import number_of
from feedback.experiments import Metric, Uplift

SMALLEST_P: Final = 0.001


def signed(fraction: float | None) -> str:
    """A change in per cent, with its sign.

    >>> signed(0.0512), signed(-0.2), signed(None)
    ('+5.1%', '-20.0%', '?')
    """
    return "?" if fraction is None else f"{fraction:+.1%}"


def shown_value(metric: Metric, value: float | None, currency: str | None) -> str:
    """A metric's value as people write it.

    >>> from feedback.experiments import AOV, CVR
    >>> shown_value(CVR, 0.0312, "USD"), shown_value(AOV, 59.9, "USD")
    ('3.12%', '59.90 USD')
    """
    if value is None:
        return "–"
    if metric.unit == "money":
        return money(value, currency)
    if metric.unit == "seconds":
        return f"{value:,.2f} s"
    return f"{value:.2%}" if metric.unit == "share" else f"{value:,.2f}"


def money(amount: float, currency: str | None, *, sign: bool = False) -> str:
    """An amount as people write it.

    >>> money(1234.5, "USD"), money(1234.5, "JPY"), money(-3, None, sign=True)
    ('1,234.50 USD', '1,234 JPY', '-3.00')
    """
    return f"{number_of(amount, currency, sign=sign)} {currency or ''}".strip()


def probability(value: float | None) -> str:
    """A p-value: what is nearly nothing is not nothing.

    >>> probability(0.04217), probability(0.00002), probability(None)
    ('0.042', '<0.001', '')
    """
    if value is None:
        return ""
    return f"{value:.3f}" if value >= SMALLEST_P else f"<{SMALLEST_P}"


def interval(uplift: Uplift) -> str:
    """An uplift with its interval.

    >>> interval(Uplift(0.12, 0.03, 0.22))
    '+12.0% [+3.0%, +22.0%]'
    """
    return f"{signed(uplift.value)} [{signed(uplift.low)}, {signed(uplift.high)}]"
