"""Places and amounts in a question against those in a sentence of a page.

What is said of Australia answers nobody in Austria, of a table of rates by order value the row
answers that holds the value asked about, and "how many" wants a number. A rule is another matter:
who asks "after 20 days" is told the rule of 14 days.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

PLACES: Final = Path(__file__).with_name("places.txt")
ELSEWHERE: Final = 0.05  # how well a sentence on other countries than the one asked about fits
OUTSIDE: Final = 0.2  # a row for other amounts
UNTOLD: Final = 0.3  # a sentence without a number, where one is asked for
ROW: Final = " | "

# Whoever says one of these speaks of more countries than are named.
ANYWHERE: Final = re.compile(
    r"\b(?:worldwide|international(?:ly)?|abroad|overseas|anywhere|everywhere|global(?:ly)?"
    r"|(?:all|any|every|other|most|these|following) (?:other )?countr(?:y|ies)"
    r"|europe(?:an)?|e\.?u\.?"
    r"|rest of the world|outside|except|asia|africa|america[ns]? countries)\b"
    r"|全球|全世界|世界各地|海外|国外|國外|国际|國際|其他国家|欧洲|歐洲|欧盟|亚洲|以外|除外",
    re.IGNORECASE,
)
MONEY, SHARE, WEIGHT, LENGTH, TIME, COUNT = "money", "share", "weight", "length", "time", ""
_UNITS: Final = {
    MONEY: r"usd|eur|gbp|cny|rmb|dollars?|euros?|pounds?|bucks|元|块|圆|美元|欧元",
    SHARE: r"%|percent|per cent",
    WEIGHT: r"kg|kgs|kilos?|kilograms?|g|grams?|lbs?|oz|公斤|千克|克|斤",
    LENGTH: r"mm|cm|m|inch(?:es)?|ft|feet|厘米|毫米|米|英寸",
    TIME: r"seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?"
    r"|秒|分钟|小时|天|日|周|星期|个月|年",
}
_NUMBER: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SIGN: Final = r"[$€£¥￥]"
_ANY_UNIT: Final = "|".join(_UNITS.values())
AMOUNT: Final = re.compile(
    rf"(?<![A-Za-z0-9_.,])(?P<sign>{_SIGN})?\s?(?P<number>{_NUMBER})"
    rf"(?:\s?(?P<unit>(?:{_ANY_UNIT})(?![a-z])|{_SIGN}))?",
    re.IGNORECASE,
)
_TO: Final = r"\s*(?:[-–—~～]|to|至|到)\s*"
_BELOW: Final = r"(?:up to|under|below|less than|within|at most|不超过|低于|少于)\s*"
_ABOVE: Final = r"(?:over|above|more than|from|at least|starting at|超过|高于|满|大于)\s*"
_QUANTITY: Final = rf"{_SIGN}?\s?(?:{_NUMBER})\s?(?:{_ANY_UNIT})?"
RANGE: Final = re.compile(
    rf"(?P<low>{_QUANTITY}){_TO}(?P<high>{_QUANTITY})"
    rf"|{_BELOW}(?P<most>{_QUANTITY})|(?P<most2>{_QUANTITY})\s*(?:or less|and under|以下|以内)"
    rf"|{_ABOVE}(?P<least>{_QUANTITY})"
    rf"|(?P<least2>{_QUANTITY})\s*(?:\+|or more|and (?:more|over|up)|以上)",
    re.IGNORECASE,
)


HOW_MANY: Final = re.compile(
    r"\bhow (?:much|many|long|soon|late|early|big|large|small|tall|wide|deep|heavy|thick|old|fast"
    r"|hot|cold|far|often)\b|\bwhat(?:'?s| is| are)?(?: the)? (?:price|cost|rate|fee|size|weight"
    r"|temp\w*|time|hour|percentage|age|capacity|dimensions)\b"
    r"|\b(?:price|cost|volts?|watts?|amps?|percentage) (?:of|for)\b"
    r"|多少|几(?:天|个|点|年|次|件|元|日|小时|周|折|块)|多(?:久|长|大|高|重|远|宽|深|厚)",
    re.IGNORECASE,
)
# Numbers, and what is said in the place of one.
TOLD: Final = re.compile(
    r"(?<![A-Za-z])\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen"
    r"|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand|half|once|twice|daily|weekly"
    r"|monthly|yearly|annual(?:ly)?|free|none|no (?:fee|charge|cost|limit|minimum|maximum)\w*"
    r"|unlimited|any (?:number|amount|time)|as (?:many|much|long)|lifetime|forever|permanent\w*"
    r"|immediate\w*|instant\w*|(?:same|next) (?:business |working )?(?:day|morning)"
    r"|an? (?:hour|day|week|month|year)|midnight|noon|small|medium|large|knee|size[sd]?"
    r"|depends?|var(?:y|ies))\b|[一二三四五六七八九十两半百千][个天日周月年元点次件小分折成]"
    r"|免费|不限|无限|终身|立即|当天|次日|永久",
    re.IGNORECASE,
)
US: Final = re.compile(r"\bUS\b(?!\s*(?:\$|dollars?))")  # "us" is we


class NumberOf(NamedTuple):
    """A number of something."""

    number: float
    of: str  # MONEY, SHARE, …; COUNT where no unit is said


def fit(question: str, sentence: str, above: str = "") -> float:
    """How well the places and amounts of a sentence fit those of a question, 0 to 1.

    >>> fit("do you ship to Austria", "We do not ship to Australia.")
    0.05
    >>> fit("do you ship to Austria", "We ship to all European countries, Norway too.")
    1.0
    >>> fit("shipping for a 150 dollar order", "Up to $100 | $16", "Order value | Price")
    0.2
    >>> fit("can I return it after 20 days", "You may return it within 14 days.")
    1.0
    >>> fit("how many days do I have", "You may return it.")
    0.3

    Args:
        question: the shopper's.
        sentence: of a page; a table's row has " | " between its cells.
        above: the headings above it, and a list's lead-in or a table's header.
    """
    worth = 1.0
    asked = places_in(question)
    if asked:
        said = places_in(sentence) or places_in(above)
        if said and not asked & said and not ANYWHERE.search(sentence):
            worth *= ELSEWHERE
    if asks_amount(question) and not TOLD.search(sentence):
        worth *= UNTOLD
    if ROW in sentence and any(_outside(each, sentence.split(ROW)) for each in amounts(question)):
        worth *= OUTSIDE
    return worth


def places_in(text: str) -> frozenset[str]:
    """The countries a text names, or has a city of, by their codes.

    >>> sorted(places_in("Is a parcel to Lyon dearer than one to the UK?"))
    ['fr', 'gb']
    """
    codes, pattern = _places()
    found = {codes[match[0].casefold()] for match in pattern.finditer(text)}
    return frozenset(found | {"us"} if US.search(text) else found)


def asks_amount(question: str) -> bool:
    """Whether a question wants a number.

    >>> [asks_amount(question) for question in ("how long is it", "保修多久", "is it long")]
    [True, True, False]
    """
    return HOW_MANY.search(question) is not None


def amounts(text: str) -> Iterator[NumberOf]:
    """The amounts a text names.

    >>> [tuple(each) for each in amounts("2 mugs for $1,250.50, within 14 days")]
    [(2.0, ''), (1250.5, 'money'), (14.0, 'time')]
    """
    return (_amount(match) for match in AMOUNT.finditer(text))


def _outside(asked: NumberOf, cells: Iterable[str]) -> bool:
    """Whether a row has a range for such an amount, and it lies outside."""
    for cell in cells:
        for match in RANGE.finditer(cell):
            low, high = _bounds(match)
            of = (low or high or asked).of
            if of in (asked.of, COUNT) or asked.of == COUNT:
                below = low is not None and asked.number < low.number
                above = high is not None and asked.number > high.number
                return below or above
    return False


def _bounds(match: re.Match[str]) -> tuple[NumberOf | None, NumberOf | None]:
    low = _first(match["low"] or match["least"] or match["least2"])
    high = _first(match["high"] or match["most"] or match["most2"])
    if low is not None and high is not None and low.of == COUNT:
        low = low._replace(of=high.of)
    return low, high


def _first(text: str | None) -> NumberOf | None:
    return next(amounts(text), None) if text else None


def _amount(match: re.Match[str]) -> NumberOf:
    number = float(match["number"].replace(",", ""))
    unit = (match["unit"] or "").lower()
    if match["sign"] or re.fullmatch(_SIGN, unit):
        return NumberOf(number, MONEY)
    of = next((of for of, units in _UNITS.items() if re.fullmatch(units, unit)), COUNT)
    return NumberOf(number, of)


@cache
def _places() -> tuple[dict[str, str], re.Pattern[str]]:
    codes: dict[str, str] = {}
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        code, _, names = line.partition(" ")
        codes |= {name.casefold(): code for name in names.split(", ")}
    longest_first = sorted(codes, key=len, reverse=True)
    spaced = "|".join(re.escape(name) for name in longest_first if name[0] < "\u2e80")
    others = "|".join(re.escape(name) for name in longest_first if name[0] >= "\u2e80")
    return codes, re.compile(rf"(?<!\w)(?:{spaced})(?!\w)|{others}", re.IGNORECASE)
