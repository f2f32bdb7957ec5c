"""Parses a product query: words, price, colour and size, in every language we have."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Final, Protocol

from bot.languages import LanguagePack, all_packs
from feedback.db import DECIMALS, read_number
from feedback.languages import LATIN

AROUND: Final = Decimal("0.2")  # "about 50" means 40 to 60

# Behind a colour's own word, as tags have it.
_COLOUR_WORD: Final = re.compile(r"色$| colou?r$")
_NAME_END: Final = re.compile(r"[>/|,，]")

# Codes that are words too (TOP, CUP, TRY) are read in capitals alone, these in any.
SMALL_CODES: Final = (
    "usd eur gbp cny rmb jpy krw inr vnd chf aud cad aed sar kwd bhd omr jod iqd lyd tnd"
)
CODE: Final = (
    rf"(?:(?<![A-Za-z])(?:{SMALL_CODES.replace(' ', '|')}|(?-i:{'|'.join(DECIMALS)}))(?![A-Za-z]))"
)
NUMBER: Final = r"(?:\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,4})?)(?!\d)"
SIGN: Final = r"[$€£¥₩₹₫₺]"
_CODE: Final = re.compile(CODE, re.IGNORECASE)
_SIGN: Final = re.compile(SIGN)
SIZE_CODE: Final = (
    r"(?i:\dXL|X{0,4}[SL]|M|EU|UK|US|OS)"  # after the word: "size xl", no "size pots"
)
LETTER_SIZES: Final = (
    r"(?<![A-Za-z0-9])(XXS|XS|S|M|L|XXL|XL|3XL|xxs|xs|xl|xxl|3xl)(?![A-Za-z0-9'’])"
)

Bounds = tuple[Decimal | None, Decimal | None]


def _between(one: Decimal, other: Decimal) -> Bounds:
    return min(one, other), max(one, other)


def _at_most(price: Decimal) -> Bounds:
    return None, price


def _at_least(price: Decimal) -> Bounds:
    return price, None


def _around(price: Decimal) -> Bounds:
    return price * (1 - AROUND), price * (1 + AROUND)


class _Grammar:
    """The patterns of all languages together: shoppers mix them, as in "80块以下 backpack"."""

    def __init__(self, packs: tuple[LanguagePack, ...]) -> None:
        """Compile what the packs say."""
        self._readers = [
            (re.compile(pack.prices.number), pack.prices.read_number)
            for pack in packs
            if pack.prices.read_number is not None
        ]
        words = [pack.prices.number for pack in packs if pack.prices.number]
        number = "|".join([NUMBER, *words])
        self.number = re.compile(number)
        currencies = [pack.language.entities.currencies for pack in packs]
        after = "|".join([SIGN, CODE, *(each for each in currencies if each)])
        self._amount = rf"((?:{SIGN}|{CODE})?\s*(?:{number})\s*(?:{after})?)\s*"
        self.prices = [(self._priced(way), bounds) for way, bounds in _ways(packs)]
        self.colours = {
            name: re.compile(_either(pack.colours.get(name, "") for pack in packs), re.IGNORECASE)
            for name in dict.fromkeys(name for pack in packs for name in pack.colours)
        }
        sizes = [pack.sizes for pack in packs]
        self.size_names = {word: size for each in sizes for word, size in each.names.items()}
        before, behind = _either(s.before for s in sizes), _either(s.after for s in sizes)
        self.size = re.compile(
            rf"(?:{before})({SIZE_CODE}\b|\d{{1,3}}\b)"
            rf"|(?<![A-Za-z\d])([A-Za-z]{{1,3}}|\d{{2}})\s*(?:{behind})"
            rf"|{LETTER_SIZES}|({_either(s.named for s in sizes)})"
        )

    def size_of(self, said: str) -> str:
        """A size by its short name."""
        return self.size_names.get(said.lower(), said.upper())

    def value_of(self, written: str, currency: str) -> Decimal:
        """A number in digits or in a language's own words."""
        for pattern, read in self._readers:
            if pattern.fullmatch(written):
                return read(written)
        return read_number(written, currency)

    def _priced(self, way: str) -> re.Pattern[str]:
        return re.compile(way.replace("AMOUNT", self._amount), re.IGNORECASE)


def _ways(packs: tuple[LanguagePack, ...]) -> list[tuple[str, Callable[..., Bounds]]]:
    """How prices are said; the first that matches is taken, and gives the two bounds."""
    said = [pack.prices for pack in packs]
    ways: list[tuple[str, Callable[..., Bounds]]] = [
        (_either(each.between for each in said), _between),
        (rf"(?<!\d)AMOUNT(?:-|–|~|{_either(each.to for each in said)})\s*AMOUNT", _between),
    ]
    for before, after, bounds in (
        (_either(p.at_most_before for p in said), _either(p.at_most_after for p in said), _at_most),
        (
            _either(each.at_least_before for each in said),
            _either(each.at_least_after for each in said),
            _at_least,
        ),
        (
            _either(each.about_before for each in said),
            _either(each.about_after for each in said),
            _around,
        ),
    ):
        ways += [(rf"(?:{before})\s*AMOUNT", bounds), (rf"AMOUNT(?:{after})", bounds)]
    return ways


_NEVER: Final = "(?!)"


def _either(patterns: Iterable[str]) -> str:
    """Any of the patterns that there are; where there is none, what never matches."""
    return "|".join(pattern for pattern in patterns if pattern) or _NEVER


_grammar = cache(_Grammar)


class ProductFilters(Protocol):
    """A price, colours, sizes: what narrows a search."""

    @property
    def low(self) -> Decimal | None:
        """The least price."""

    @property
    def high(self) -> Decimal | None:
        """The highest price."""

    @property
    def colours(self) -> Collection[str]:
        """Any of them; none: every colour."""

    @property
    def sizes(self) -> Collection[str]:
        """Any of them; none: every size."""


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


def read_product_query(
    text: str, currency: str = "USD", kinds: Collection[str] = ()
) -> ProductQuery:
    """Read a shopper's text; prices that name no currency are in the shop's.

    `kinds` are names of kinds of products that hold a colour: green tea need not be green.

    >>> query = read_product_query("a red backpack under $50")
    >>> query.words.split(), query.high, sorted(query.colours)
    (['a', 'backpack'], Decimal('50'), ['red'])
    >>> query = read_product_query("80块以下的M码毛衣")
    >>> query.high, sorted(query.sizes)
    (Decimal('80'), ['M'])
    >>> read_product_query("any green tea?", kinds=["green tea"]).colours
    frozenset()
    """
    grammar = _grammar(all_packs())
    rest = unicodedata.normalize("NFKC", text)
    low = high = None
    for pattern, bounds in grammar.prices:
        if match := pattern.search(rest):
            amounts = (group for group in match.groups() if group is not None)
            low, high = bounds(*(read_amount(amount, currency) for amount in amounts))
            rest = rest[: match.start()] + " " + rest[match.end() :]
            break
    sizes = set()
    for match in grammar.size.finditer(rest):
        sizes.add(grammar.size_of(next(group for group in match.groups() if group)))
    rest = grammar.size.sub(" ", rest)
    colours = colours_in(_without_kinds(rest, kinds))
    for name in colours:
        rest = grammar.colours[name].sub(" ", rest)
    return ProductQuery(rest, low, high, colours, frozenset(sizes))


def colours_in(text: str) -> frozenset[str]:
    """The colours a text names, by their English names.

    >>> sorted(colours_in("黑色或藏青"))
    ['black', 'navy']
    """
    colours = _grammar(all_packs()).colours
    return frozenset(name for name, pattern in colours.items() if pattern.search(text))


def coloured_kinds(names: Iterable[str]) -> set[str]:
    """The names of categories and tags that hold a colour and are none themselves.

    What ends in a colour is one ("light blue", 深红色), unless it joins two.

    >>> sorted(coloured_kinds(["Tea > Green tea", "black", "茶叶 > 红茶", "Black and white"]))
    ['black and white', 'green tea', '红茶']
    >>> coloured_kinds(["navy blue", "Light blue", "红色", "深蓝", "橙色", "黑白色"])
    set()
    """
    parts = {part.strip().casefold() for name in names for part in _NAME_END.split(name)}
    return {part for part in parts if colours_in(part) and not _is_colour(part)}


def _is_colour(name: str) -> bool:
    """Whether a name ends in a colour and joins no two: "black and white" is a kind."""
    patterns = _grammar(all_packs()).colours.values()
    spans = sorted(match.span() for each in patterns for match in each.finditer(name))
    joins = any(any(map(str.isalnum, name[end:start])) for (_, end), (start, _) in pairwise(spans))
    ends = {len(name), len(_COLOUR_WORD.sub("", name))}
    return not joins and any(end in ends for _, end in spans)


def _without_kinds(text: str, kinds: Collection[str]) -> str:
    said = text.casefold()
    for kind in kinds:
        said = said.replace(kind, " ")
    return said


def sizes_in(value: str) -> frozenset[str]:
    """The sizes an option's value stands for; a range holds all between its ends.

    >>> sorted(sizes_in("EU 36-38")), sorted(sizes_in("Medium"))
    (['36', '37', '38', 'EU'], ['M'])
    """
    grammar = _grammar(all_packs())
    sizes = {grammar.size_of(word) for word in re.findall(rf"[{LATIN}]+|\d+", value.lower())}
    for low, high in re.findall(r"\b(\d{2})\s*[-–]\s*(\d{2})\b", value):
        sizes |= {str(size) for size in range(int(low), int(high) + 1)}
    return frozenset(sizes)


def is_size(option: str) -> bool:
    """Whether a product's option of this name holds sizes."""
    name = option.lower()
    return any(word in name for pack in all_packs() for word in pack.sizes.option)


def read_amount(text: str, currency: str) -> Decimal:
    """An amount as shoppers say it, in `currency` where they name none.

    >>> [str(read_amount(text, "USD")) for text in ("$1,500", "KWD 1.500", "1.500", "八十块")]
    ['1500', '1.500', '1500', '80']
    """
    grammar = _grammar(all_packs())
    said, number = _CODE.search(text), grammar.number.search(text)
    if said:
        currency = said[0].upper()
    elif _SIGN.search(text):
        currency = ""  # no currency with a sign of its own has thousandths
    return grammar.value_of(number[0] if number else "0", currency)
