"""Order numbers as shops write them: 1001, #S0358-1, EN-0358-A, 111-2230358-6677889."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from feedback.languages import LANGUAGES, Language

# Letters and digits with a few signs between; what counts among them `looks_like_number` says.
_DASH: Final = "[-\u2013\u2014/_]"
_TOKEN: Final = rf"([A-Za-z0-9]{{1,24}}(?:{_DASH}[A-Za-z0-9]{{1,20}}){{0,4}})(?![A-Za-z0-9_])"
# Not within a word, a price or a decimal; Chinese stands close on either side.
_BARE: Final = re.compile(
    rf"(?<![A-Za-z0-9_$€£¥@])(?<![\d.,][.,/-])(?<!\d[.,])(?=\S{{0,24}}\d){_TOKEN}"
)
_NOT_BEHIND: Final = r"\s*(?:[$€£¥%]|(?:usd|eur|gbp|cny|rmb)\b|[.,]\d)"
# "order 150 mugs" counts things.
_THINGS: Final = re.compile(r"\d{3}\s+(?!was|has|does|this)[a-z]{2,}s\b", re.IGNORECASE)
_MEASURE: Final = re.compile(r"\d+(?:[a-z]|cm|mm|kg|ml|gb|mah|pcs|xl)", re.IGNORECASE)
LEAST_DIGITS: Final = 3
MOST_LETTERS: Final = 8


class _Context(NamedTuple):
    before: re.Pattern[str]  # a word or sign for an order, then the number
    verb: re.Pattern[str]  # in front of that word: it says that something is to be bought
    after: re.Pattern[str]
    units: re.Pattern[str]


def numbers_named(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand next to a word for an order, or behind "#"."""
    context = _context(tuple(LANGUAGES.values()))
    for found in context.before.finditer(text):
        bought = context.verb.search(text[max(0, found.start() - 12) : found.start()])
        counted = (
            bought or context.units.match(text, found.end(1)) or _THINGS.match(text, found.start(1))
        )
        if looks_like_number(found[1]) and not (counted and found[1].isdecimal()):
            yield found.span(1)
    for found in _BARE.finditer(text):
        if looks_like_number(found[1]) and context.after.match(text, found.end(1)):
            yield found.span(1)


def numbers_alone(text: str) -> Iterator[tuple[int, int]]:
    """Where numbers stand that can be an order's, though no word says so: once it is asked for."""
    units = _context(tuple(LANGUAGES.values())).units
    for found in _BARE.finditer(text):
        if looks_like_number(found[1]) and not units.match(text, found.end(1)):
            yield found.span(1)


def looks_like_number(token: str) -> bool:
    """Whether a token has an order number's shape: enough digits, few letters, no measure.

    >>> [looks_like_number(each) for each in ("EN-0358-A", "0358/2", "JL1001", "500ml", "A4")]
    [True, True, True, False, False]
    """
    digits = sum(char.isdecimal() for char in token)
    letters = sum(char.isalpha() for char in token)
    return digits >= LEAST_DIGITS and letters <= MOST_LETTERS and not _MEASURE.fullmatch(token)


def has_own_shape(token: str) -> bool:
    """Whether nothing but an order is numbered so: three parts or more, a year among them or not.

    >>> [has_own_shape(each) for each in ("SO-2026-00358", "EN-0358-A", "0358/2", "MX-500")]
    [True, True, False, False]
    """
    parts = re.split(_DASH, token)
    return len(parts) > 2 and sum(map(str.isdecimal, "".join(parts))) > LEAST_DIGITS


def written(token: str) -> str:
    """The number as shops keep it: capitals, plain hyphens.

    >>> written("en\u20130358\u2013a")
    'EN-0358-A'
    """
    return re.sub("[\u2013\u2014]", "-", token).upper()


@cache
def _context(languages: tuple[Language, ...]) -> _Context:
    words = [language.entities for language in languages]
    before = _any([r"#\s*", *(each.order_before for each in words)])
    return _Context(
        re.compile(rf"(?:{before}){_TOKEN}(?!{_NOT_BEHIND})", re.IGNORECASE),
        re.compile(_any(each.order_verb for each in words), re.IGNORECASE),
        re.compile(_any(each.order_after for each in words), re.IGNORECASE),
        re.compile(rf"{_NOT_BEHIND}|\s*(?:{_any(each.units for each in words)})", re.IGNORECASE),
    )


def _any(patterns: Iterable[str]) -> str:
    return "|".join(pattern for pattern in patterns if pattern) or "(?!)"
