"""Reads an order number and an e-mail out of what shoppers write."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from bot.languages.pack import LanguagePack
from bot.languages.registry import all_packs

# Bounded repeats: an unbounded one before "@" costs quadratic time on a long line of letters.
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
NUMBER = r"([A-Za-z]{0,4}-?\d{3,12})(?![A-Za-z0-9_-])"
# Not a price, not a part of a word, not followed by a unit; Chinese stands close on either side.
BARE_NUMBER = r"(?<![A-Za-z0-9_$€£¥.,-])" + NUMBER + r"(?!\s*(?:[$€£¥]|usd|eur|UNITS|%|[.,]\d))"


class OrderWords(NamedTuple):
    """What a shopper told of an order; None: not told yet."""

    number: str | None = None
    email: str | None = None


def read_order_words(text: str, *, asked: bool = False) -> OrderWords:
    """Read one turn.

    Args:
        text: What the shopper wrote; full-width digits and letters count as plain ones.
        asked: The clerk has asked for the number: a bare one is meant, as it is beside an e-mail.

    >>> read_order_words("where is order 1001, Ann@Example.com?")
    OrderWords(number='1001', email='Ann@Example.com')
    >>> read_order_words("do you have 500 of them?").number is None
    True
    >>> read_order_words("1001", asked=True).number
    '1001'
    """
    plain = unicodedata.normalize("NFKC", text)
    email = EMAIL.search(plain)
    rest = EMAIL.sub(" ", plain)
    named, bare = _numbers(all_packs())
    number = named.search(rest)
    if number is None and (asked or email is not None):
        number = bare.search(rest)
    return OrderWords(number and number.group(1).upper(), email and email.group())


@cache
def _numbers(packs: tuple[LanguagePack, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An order's number behind a word for it, and one that stands alone."""
    words = "|".join([r"#\s*", *(pack.order_number for pack in packs if pack.order_number)])
    units = "|".join(pack.units for pack in packs if pack.units)
    return (
        re.compile(f"(?:{words})" + NUMBER, re.IGNORECASE),
        re.compile(BARE_NUMBER.replace("UNITS", units), re.IGNORECASE),
    )


def join_order_words(said: Iterable[OrderWords]) -> OrderWords:
    """Put turns together, newest first: a corrected number or e-mail replaces the older one."""
    number = email = None
    for words in said:
        number = number or words.number
        email = email or words.email
    return OrderWords(number, email)
