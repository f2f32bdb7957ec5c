"""Patterns of entities: e-mail, URL, price, postcode, date, telephone, street, in all languages."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from feedback.languages import LANGUAGES, Language

Span = tuple[int, int]

# Bounded repeats: an unbounded one before "@" costs quadratic time on a long line of letters.
_LETTERS: Final = "A-Za-z0-9\u00c0-\u024f\u0370-\u052f"
EMAIL: Final = re.compile(
    rf"(?<![{_LETTERS}._%+-])[{_LETTERS}_][{_LETTERS}._%+'-]{{0,63}}@"
    rf"[{_LETTERS}-]{{1,63}}(?:\.[{_LETTERS}-]{{1,63}}){{1,8}}"
)
URL: Final = re.compile(r"(?:https?://|www\.)[\x21-\x7e]{1,2000}(?<![.,;:!?)'\"])", re.IGNORECASE)
_SIGN: Final = "[$€£¥₩₹₫₺]"
_AMOUNT: Final = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_CODE: Final = "(?:usd|eur|gbp|cny|rmb|jpy|krw|inr|vnd|chf|aud|cad|hkd|twd)(?![a-z])"
_CODES: Final = (
    # Britain, Canada, the Netherlands; a state of the USA and its ZIP code.
    r"(?<![A-Za-z0-9])(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d"
    r"|\d{4} [A-Z]{2}|[A-Z]{2} \d{5}(?:-\d{4})?)(?![A-Za-z0-9])"
)
_STREET_NAME: Final = r"\s+(?:[A-Za-z'.\u00c0-\u024f-]{1,20}\s+){0,4}?"
_STREET_FIRST: Final = (
    r"(?:[\w-]{2,20}(?:stra(?:ss|ß)e|str\.|weg|straat|gatan)|\brue [\w ]{2,30})\s+"
)
PHONE: Final = re.compile(
    r"(?<![\w-])(?:\(\d{3}\)\s?|\d{3}[-.\s])\d{3}[-.\s]\d{4}(?![\w-])|(?<!\d)1[3-9]\d{9}(?!\d)"
)


class Patterns(NamedTuple):
    """What words of the languages are part of."""

    phone: re.Pattern[str]
    price: re.Pattern[str]
    postcode: re.Pattern[str]
    date: re.Pattern[str]
    street: re.Pattern[str]


def patterns() -> Patterns:
    """The patterns of all languages together: shoppers mix them."""
    return _patterns(tuple(LANGUAGES.values()))


@cache
def _patterns(languages: tuple[Language, ...]) -> Patterns:
    words = [language.entities for language in languages]
    currencies = _any(each.currencies for each in words)
    months = _any(each.months for each in words)
    day = r"\d{1,2}(?:st|nd|rd|th|\.)?"
    return Patterns(
        phone=_compiled(rf"(?:{_any(e.phone for e in words)})(\+?\d(?:[\s().-]{{0,2}}\d){{6,13}})"),
        price=_compiled(
            rf"(?<![\w.,-])((?:{_SIGN}\s?(?:{_AMOUNT})(?!\d)|{_CODE}\s?(?:{_AMOUNT})(?!\d)"
            rf"|(?:{_AMOUNT})\s?(?:{_SIGN}|{_CODE}|{currencies})))"
        ),
        postcode=_compiled(
            rf"(?:{_any(each.postcode for each in words)})"
            r"([A-Z0-9]{3,7}(?:[ -][A-Z0-9]{3,4})?)\b"
            rf"|(?-i:({_CODES}))"
        ),
        date=_compiled(
            r"(?<![\w/-])((?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:[0-2]?\d|3[01])(?![\w/-])"
            r"|(?:[0-2]?\d|3[01])[/.](?:[0-2]?\d|3[01])[/.](?:(?:19|20)\d\d|\d\d)(?![\w/-])"
            rf"|{day}\s+(?:of\s+)?(?:{months})\b(?:,?\s+(?:19|20)\d\d)?"
            rf"|\b(?:{months})\.?\s+{day}(?:,?\s+(?:19|20)\d\d)?(?!\w))"
            r"|((?:(?:19|20)?\d\d年)?\d{1,2}月\d{1,2}[日号號]?)"
        ),
        street=_compiled(
            rf"(?<![\w-])(\d{{1,6}}[a-z]?){_STREET_NAME}(?:{_any(e.street_after for e in words)})"
            rf"|(?:{_any(each.street_before for each in words)}|{_STREET_FIRST})(\d{{1,6}}[a-z]?)\b"
        ),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _any(patterns: Iterable[str]) -> str:
    return "|".join(pattern for pattern in patterns if pattern) or "(?!)"
