"""Amounts and times that sentences state, each in one unit, and the cases they are stated for."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

HOURS: Final = {
    "hour": 1.0, "hr": 1.0, "day": 24.0, "week": 168.0, "month": 730.0, "year": 8_760.0,
    "小时": 1.0, "天": 24.0, "日": 24.0, "周": 168.0, "星期": 168.0, "个月": 730.0, "年": 8_760.0,
    "小時": 1.0, "週": 168.0, "個月": 730.0,
}  # fmt: skip
CURRENCIES: Final = {
    "$": "USD", "usd": "USD", "dollar": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "¥": "CNY", "￥": "CNY", "元": "CNY", "rmb": "CNY",
}  # fmt: skip
_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "sixty": 60, "ninety": 90,
}  # fmt: skip
_DIGITS: Final = {digit: place for place, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_ONE: Final = rf"\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(_WORDS)})\b|[一二三四五六七八九十两]{{1,3}}"
_KIND: Final = r"(?:(?:business|working|calendar)\s+|个?工作)?"
_TIME: Final = rf"(?P<time>hours?|hrs?|days?|weeks?|months?|years?|{'|'.join(list(HOURS)[6:])})"
_MONEY: Final = r"(?P<money>[€$£¥￥元]|(?:usd|eur|gbp|rmb|dollars?|euros?|pounds?)\b)"
STATED: Final = re.compile(
    rf"(?P<sign>[$€£¥￥])?\s?(?P<low>{_ONE})(?:\s*(?:[-–—~～]|to|至|到)\s*(?P<high>{_ONE}))?"
    rf"[\s-]?{_KIND}(?:{_TIME}(?![a-z])|{_MONEY}|(?P<share>%|percent\b|per cent\b))?",
    re.IGNORECASE,
)
# What says for which case a rule holds: with another one beside it, it is another rule.
CASES: Final = re.compile(
    r"\b(?:express|standard|economy|priority|overnight|next[- ]day|same[- ]day|international\w*"
    r"|domestic\w*|abroad|overseas|sale|clearance|discounted|final|gifts?|faulty|defective|damaged"
    r"|broken|members?|students?|wholesale|personali[sz]ed|custom\w*|weekdays?|weekends?"
    r"|saturdays?|sundays?|holidays?|christmas|batter(?:y|ies)|first|minimum|maximum|monthly"
    r"|yearly|annual\w*|repair\w*|cancel\w*|expir\w+|in store|pre-?orders?)\b"
    r"|加急|特快|标准|普通|国际|国内|海外|大陆|港澳|台湾|特价|清仓|会员|学生|质量|破损|定制|周末"
    r"|节假日|维修|取消|电池|首次|预售",
    re.IGNORECASE,
)
_NAMES: Final = re.compile(r"(?<=[a-z,;:] )[A-Z]\w+")  # within a sentence: places, products


class Stated(NamedTuple):
    """A number of something, in one unit: hours, a currency, or a share."""

    of: str
    value: float


def stated_in(text: str) -> frozenset[Stated]:
    """What a sentence states.

    >>> sorted(stated_in("Within 2 weeks, for $5.50 or 10 %."))
    [Stated(of='USD', value=5.5), Stated(of='hours', value=336.0), Stated(of='share', value=10.0)]
    >>> sorted(stated_in("3–5个工作日送达")) == sorted(stated_in("three to five business days"))
    True
    """
    return frozenset(each for match in STATED.finditer(text) for each in _of(match))


def without_stated(text: str) -> str:
    """The rest of a sentence: what the numbers are of.

    >>> without_stated("Send it back within 14 days.")
    'Send it back within .'
    """
    return STATED.sub(" ", text)


def cases_in(text: str) -> frozenset[str]:
    """The cases that a text speaks of, and the names in it.

    >>> sorted(cases_in("Express delivery to Norway"))
    ['Norway', 'expre']
    """
    cases = {match[0].casefold()[:5] for match in CASES.finditer(text)}
    return frozenset(cases | set(_NAMES.findall(text)))


def _of(match: re.Match[str]) -> Iterator[Stated]:
    of, scale = _unit(match)
    for written in (match["low"], match["high"]):
        if of and written:
            yield Stated(of, _number(written) * scale)


def _unit(match: re.Match[str]) -> tuple[str, float]:
    if match["time"]:
        unit = match["time"].lower()
        return "hours", HOURS.get(unit) or HOURS[unit.removesuffix("s")]
    if match["share"]:
        return "share", 1.0
    money = (match["sign"] or match["money"] or "").lower()
    return CURRENCIES.get(money) or CURRENCIES.get(money.removesuffix("s"), ""), 1.0


def _number(written: str) -> float:
    """A number in digits, in an English word, or in Chinese up to 99.

    >>> _number("1,250.5"), _number("Thirty"), _number("十五"), _number("三十")
    (1250.5, 30.0, 15.0, 30.0)
    """
    if written[0].isdigit():
        return float(written.replace(",", "").rstrip("."))
    if (known := _WORDS.get(written.casefold())) is not None:
        return float(known)
    tens, ten, ones = written.rpartition("十")
    units = _DIGITS.get(ones[-1:], 0)
    return float((_DIGITS.get(tens[-1:], 1) * 10 if ten else 0) + units)
