"""Takes fields out of a JSON object, or says which one is wrong and how."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from feedback.db import MONEY_SCALE, decimals
from feedback.knowledge.importers.records import BadShape
from feedback.languages import LANGUAGES

# Digits and their marks, with a currency's sign or letters before or behind them.
AMOUNT = re.compile(
    r"(?:[A-Za-z]{1,3}|\W{1,3})?\s*(-?\d[\d.,'\u2019\s]*)\s*(?:[A-Za-z]{1,3}|\W{1,3})?"
)
# What 64 bits hold in ten-thousandths is 9e14; a total near that is a mistake, not a purchase.
MAX_AMOUNT = Decimal("100000000000")
MAX_QUANTITY = 1_000_000


def required(fields: Mapping[str, Any], key: str) -> Any:
    """The value under `key`, which has to be there; it may be null."""
    if key not in fields:
        raise BadShape(f'the key "{key}" is missing')
    return fields[key]


def text_of(fields: Mapping[str, Any], key: str) -> str:
    """A string with something in it."""
    return checked_text(required(fields, key), key)


def checked_text(value: Any, key: str) -> str:
    """`value`, if it is a string that any database can keep and anybody can read."""
    if not isinstance(value, str):
        raise BadShape(f'"{key}" has to be a string, not {type(value).__name__}')
    if not value.strip():
        raise BadShape(f'"{key}" is empty')
    if "\x00" in value:
        raise BadShape(f'"{key}" holds a NUL character')
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadShape(f'"{key}" holds half a character (a lone surrogate)')
    return value


def text_or_none(fields: Mapping[str, Any], key: str) -> str | None:
    """A string with something in it, or None where the key is missing or null."""
    value = fields.get(key)
    return None if value is None else checked_text(value, key)


def loose_text(value: object) -> str:
    """What may be missing or of any type, as text that any database keeps: NULs are dropped.

    >>> loose_text(None), loose_text(5), loose_text("a\\x00b")
    ('', '5', 'ab')
    """
    text = "" if value is None or value is False else str(value)
    return "".join(char for char in text if char != "\x00" and not "\ud800" <= char <= "\udfff")


def identifier(fields: Mapping[str, Any], key: str) -> str:
    """A string, or a whole number written as one: shops send both."""
    value = required(fields, key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text_of(fields, key)


def locale_of(fields: Mapping[str, Any]) -> str:
    """The language, "en" where none is named; of `zh-CN` or `en_GB` the first part."""
    named = text_or_none(fields, "locale") or "en"
    return re.split(r"[-_]", named.strip().lower())[0]


def check_spoken(locale: str) -> None:
    """Check that the clerk speaks a language.

    Raises:
        BadShape: it does not.
    """
    if locale not in LANGUAGES:
        raise BadShape(f'"locale" is {locale!r:.20}; the clerk speaks {" and ".join(LANGUAGES)}')


def list_of(fields: Mapping[str, Any], key: str) -> list[Any]:
    """A list with something in it."""
    value = required(fields, key)
    if not isinstance(value, list):
        raise BadShape(f'"{key}" has to be a list, not {type(value).__name__}')
    if not value:
        raise BadShape(f'"{key}" is empty')
    return value


def list_or_nothing(fields: Mapping[str, Any], key: str) -> list[Any]:
    """A list, which may be empty, missing or null."""
    value = fields.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadShape(f'"{key}" has to be a list, not {type(value).__name__}')
    return value


def object_of(value: Any, what: str) -> dict[str, Any]:
    """`value`, if it is a JSON object."""
    if not isinstance(value, dict):
        raise BadShape(f"{what} has to be an object, not {type(value).__name__}")
    return value


def whole(fields: Mapping[str, Any], key: str) -> int:
    """A whole number."""
    value = required(fields, key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadShape(f'"{key}" has to be a whole number, not {value!r:.40}')
    return value


def money(value: Any, key: str) -> Decimal:
    """An amount from what a file or a webhook holds.

    >>> money("59.90", "total")
    Decimal('59.90')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise BadShape(f'"{key}" has to be an amount, not {type(value).__name__}')
    try:
        amount = Decimal(value)
    except InvalidOperation as wrong:
        raise BadShape(f'"{key}" is no amount: {value!r:.40}') from wrong
    if not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT:
        raise BadShape(f'"{key}" has to be between 0 and {MAX_AMOUNT}, not {value!r:.40}')
    if amount * MONEY_SCALE % 1:
        raise BadShape(f'"{key}" has more than four decimals: {value!r:.40}')
    return amount


def written_money(written: str, key: str, currency: str) -> Decimal:
    """An amount as people write it in a table: with its currency, commas, blanks, apostrophes.

    The last mark parts the cents. A lone comma before three digits parts thousandths only where
    the currency has them; a lone point is what exports write, and parts the cents always.

    >>> [str(written_money(each, "Price", "EUR")) for each in ("1.234,50 €", "1,234.50", "12,5")]
    ['1234.50', '1234.50', '12.5']
    >>> str(written_money("1,500", "Price", "KWD")), str(written_money("CHF 1'500", "Price", "CHF"))
    ('1.500', '1500')

    Raises:
        BadShape: it is no amount.
    """
    found = AMOUNT.fullmatch(written.strip())
    digits = re.sub(r"[\s'\u2019]", "", found[1]) if found else written
    cents = max(2, decimals(currency))
    if re.search(rf",\d{{1,{cents}}}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    return money(digits.replace(",", ""), key)


def currency_of(fields: Mapping[str, Any], key: str = "currency") -> str:
    """A currency's three letters, in capitals."""
    code = text_of(fields, key).strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise BadShape(f'"{key}" has to be three letters such as USD, not {code!r:.40}')
    return code
