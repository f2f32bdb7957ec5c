"""Parses a product query: words, price, colour and size, in English and Chinese."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from feedback.db import DECIMALS, read_number

AROUND: Final = Decimal("0.2")  # "about 50" means 40 to 60

# Canonical colour → how it is said. Chinese characters that begin other words say which.
COLOURS: Final = {
    "black": r"\bblack\b|黑(?!五|色星期)",
    "white": r"\bwhite\b|白(?!天)",
    "red": r"\bred\b|红(?!包)",
    "navy": r"\bnavy\b|藏青|海军蓝",
    "blue": r"\bblue\b|(?<!海军)蓝",
    "olive": r"\bolive\b|橄榄",
    "green": r"\bgreen\b|绿",
    "yellow": r"\byellow\b|黄(?!金)",
    "orange": r"\borange\b|橙色|橘色",
    "pink": r"\bpink\b|粉色|粉红",
    "purple": r"\bpurple\b|紫",
    "brown": r"\bbrown\b|棕|褐|咖啡色",
    "beige": r"\bbeige\b|米色",
    "cream": r"\bcream\b|米白|奶油色",
    "grey": r"\bgr[ea]y\b|灰",
    "khaki": r"\bkhaki\b|卡其",
    "gold": r"\bgold\b|金色",
    "silver": r"\bsilver\b|银色",
}
_COLOURS: Final = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in COLOURS.items()}

SIZE_NAMES: Final = {
    "small": "S", "medium": "M", "large": "L", "小码": "S", "中码": "M", "大码": "L",
}  # fmt: skip
SIZE = re.compile(
    r"\bsize\s+(?P<after>[A-Za-z]{1,4}\b|\d{1,3}\b)|(?<![A-Za-z\d])(?P<before>[A-Za-z]{1,3}|\d{2})\s*码"
    r"|\b(?P<letter>XXS|XS|S|M|L|XXL|XL|3XL|xxs|xs|xl|xxl|3xl)\b(?!['’])|(?P<name>小码|中码|大码)"
    r"|\b(?P<word>small|medium|large)\b(?!\s+(?:gift|bag|present))"
)

# Codes that are words too (TOP, CUP, TRY) are read in capitals alone, these in any.
SMALL_CODES: Final = (
    "usd eur gbp cny rmb jpy krw inr vnd chf aud cad aed sar kwd bhd omr jod iqd lyd tnd"
)
CODE: Final = (
    rf"(?:(?<![A-Za-z])(?:{SMALL_CODES.replace(' ', '|')}|(?-i:{'|'.join(DECIMALS)}))(?![A-Za-z]))"
)
NAMES: Final = (
    r"(?:dollars?|bucks|euros?|pounds?|yen|won|dinars?|riy?als?|rupees?)(?![A-Za-z])"
    r"|美元|美金|欧元|英镑|日元|韩元|港币|第纳尔|元|块钱|块|刀"
)
NUMBER: Final = r"(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,4})?)(?!\d)"
HAN_NUMBER: Final = r"[一二两三四五六七八九十百千]{1,7}"
SIGN: Final = r"[$€£¥₩₹₫₺]"
AMOUNT: Final = rf"((?:{SIGN}|{CODE})?\s*(?:{NUMBER}|{HAN_NUMBER})\s*(?:{SIGN}|{CODE}|{NAMES})?)\s*"
_CODE: Final = re.compile(CODE, re.IGNORECASE)
_SIGN: Final = re.compile(SIGN)
_NUMBER: Final = re.compile(f"{NUMBER}|{HAN_NUMBER}")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text.replace("AMOUNT", AMOUNT), re.IGNORECASE)


Bounds = tuple[Decimal | None, Decimal | None]


def _between(one: Decimal, other: Decimal) -> Bounds:
    return min(one, other), max(one, other)


def _at_most(price: Decimal) -> Bounds:
    return None, price


def _at_least(price: Decimal) -> Bounds:
    return price, None


def _around(price: Decimal) -> Bounds:
    return price * (1 - AROUND), price * (1 + AROUND)


BEFORE_MOST = (
    r"(?:\b(?:under|below|less than|up to|at most|max(?:imum)?|within|cheaper than|no more than)\b"
    r"|低于|不超过|不高于|少于|最多|不到)"
)
BEFORE_LEAST = r"(?:\b(?:over|above|more than|at least|from|starting at)\b|超过|高于|至少|不低于)"

# The first that matches is taken; each gives the lower and the upper price.
PRICES: Final[list[tuple[re.Pattern[str], Callable[..., Bounds]]]] = [
    (_pattern(r"\bbetween\s+AMOUNTand\s+AMOUNT"), _between),
    (_pattern(r"(?<!\d)AMOUNT(?:-|–|~|到|至|\bto\b)\s*AMOUNT"), _between),
    (_pattern(BEFORE_MOST + r"\s*AMOUNT"), _at_most),
    (_pattern(r"AMOUNT(?:or less|or under|以下|以内|之内|之下)"), _at_most),
    (_pattern(BEFORE_LEAST + r"\s*AMOUNT"), _at_least),
    (_pattern(r"AMOUNT(?:or more|and up|以上)"), _at_least),
    (_pattern(r"(?:\b(?:around|about|roughly)\b|大概|大约)\s*AMOUNT"), _around),
    (_pattern(r"AMOUNT(?:左右|上下)"), _around),
]

DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
SCALES: Final = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class ProductQuery:
    """What a shopper looks for; `words` is what is left of the text, to be searched for."""

    words: str
    low: Decimal | None = None
    high: Decimal | None = None
    colours: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()

    @property
    def narrows(self) -> bool:
        """Whether the text named a price, a colour or a size."""
        return bool(self.low or self.high or self.colours or self.sizes)


def read_product_query(text: str, currency: str = "USD") -> ProductQuery:
    """Read a shopper's text; prices that name no currency are in the shop's.

    >>> query = read_product_query("a red backpack under $50")
    >>> query.words.split(), query.high, sorted(query.colours)
    (['a', 'backpack'], Decimal('50'), ['red'])
    >>> query = read_product_query("80块以下的M码毛衣")
    >>> query.high, sorted(query.sizes)
    (Decimal('80'), ['M'])
    """
    rest = unicodedata.normalize("NFKC", text)
    low = high = None
    for pattern, bounds in PRICES:
        if match := pattern.search(rest):
            low, high = bounds(*(read_amount(group, currency) for group in match.groups()))
            rest = rest[: match.start()] + " " + rest[match.end() :]
            break
    sizes = set()
    for match in SIZE.finditer(rest):
        said = next(group for group in match.groups() if group)
        sizes.add(SIZE_NAMES.get(said.lower(), said.upper()))
    rest = SIZE.sub(" ", rest)
    colours = colours_in(rest)
    for name in colours:
        rest = _COLOURS[name].sub(" ", rest)
    return ProductQuery(rest, low, high, colours, frozenset(sizes))


def colours_in(text: str) -> frozenset[str]:
    """The colours a text names, by their English names.

    >>> sorted(colours_in("黑色或藏青"))
    ['black', 'navy']
    """
    return frozenset(name for name, pattern in _COLOURS.items() if pattern.search(text))


def sizes_in(value: str) -> frozenset[str]:
    """The sizes an option's value stands for; a range holds all between its ends.

    >>> sorted(sizes_in("EU 36-38")), sorted(sizes_in("Medium"))
    (['36', '37', '38', 'EU'], ['M'])
    """
    words = re.findall(r"[A-Za-z]+|\d+", value)
    sizes = {SIZE_NAMES.get(word.lower(), word.upper()) for word in words}
    for low, high in re.findall(r"\b(\d{2})\s*[-–]\s*(\d{2})\b", value):
        sizes |= {str(size) for size in range(int(low), int(high) + 1)}
    return frozenset(sizes)


def read_amount(text: str, currency: str) -> Decimal:
    """An amount as shoppers say it, in `currency` where they name none.

    >>> [str(read_amount(text, "USD")) for text in ("$1,500", "KWD 1.500", "1.500", "八十块")]
    ['1500', '1.500', '1500', '80']
    """
    said, number = _CODE.search(text), _NUMBER.search(text)
    if said:
        currency = said[0].upper()
    elif _SIGN.search(text):
        currency = ""  # no currency with a sign of its own has thousandths
    written = number[0] if number else "0"
    return read_number(written, currency) if written[0].isascii() else read_han_number(written)


def read_han_number(text: str) -> Decimal:
    """A number in Chinese characters, as prices are said.

    >>> [str(read_han_number(text)) for text in ("八十", "一百五", "两百五十", "十五")]
    ['80', '150', '250', '15']
    """
    total = digit = 0
    scale = 1
    for char in text:
        if char in SCALES:
            scale = SCALES[char]
            total += (digit or 1) * scale
            digit = 0
        else:
            digit = DIGITS[char]
    # 一百五 is a hundred and fifty: a last digit counts tenths of the scale before it.
    return Decimal(total + (digit * scale // 10 if scale >= 100 else digit))
