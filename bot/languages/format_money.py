"""How a price reads."""

from decimal import Decimal
from typing import Final

SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥"}
WITHOUT_CENTS: Final = {"JPY", "KRW", "VND", "CLP", "ISK"}


def read_price(amount: Decimal, currency: str) -> str:
    """The amount with its currency's sign, or its code where the sign would not be known.

    >>> read_price(Decimal("1059.90"), "USD"), read_price(Decimal(80), "SEK")
    ('$1,059.90', 'SEK 80.00')
    """
    number = f"{amount:,.0f}" if currency in WITHOUT_CENTS else f"{amount:,.2f}"
    symbol = SYMBOLS.get(currency)
    return symbol + number if symbol else f"{currency} {number}"
