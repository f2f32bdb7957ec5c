"""How a price reads."""

from decimal import Decimal
from typing import Final

from feedback.db import number_of

SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥"}


def read_price(amount: Decimal, currency: str) -> str:
    """The amount with its currency's sign, or its code where the sign would not be known.

    >>> read_price(Decimal("1059.90"), "USD"), read_price(Decimal("12.345"), "KWD")
    ('$1,059.90', 'KWD 12.345')
    """
    number = number_of(amount, currency)
    symbol = SYMBOLS.get(currency)
    return symbol + number if symbol else f"{currency} {number}"
