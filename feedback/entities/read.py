"""The reader of entities: typed spans of a text, each read once, and typed placeholders for them.

What is surest is read first and takes its place: no number within an address of the web is an
order's. Training, serving and the bot read by this one reader.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple, get_args

import phonenumbers

from feedback.entities.normalise import normalised
from feedback.entities.order_numbers import (
    has_own_shape,
    looks_like_number,
    numbers_alone,
    numbers_named,
    written,
)
from feedback.entities.patterns import EMAIL, PHONE, URL, Span, patterns
from feedback.entities.product_names import FindsProducts
from feedback.languages import LANGUAGES, Language, simplified

EntityKind = Literal["email", "order", "phone", "url", "price", "postcode", "date", "product"]
KINDS: Final[frozenset[EntityKind]] = frozenset(get_args(EntityKind))
# Of a person; what else is read may be needed to find products by.
PERSONAL: Final[frozenset[EntityKind]] = frozenset({"email", "order", "phone", "url", "postcode"})

TAKEN: Final = "\x00"  # stands where something was read: no letter, no digit, no space
KEPT: Final = 2_048  # texts read
FEWEST_DIGITS_ALONE: Final = 4  # of an order's number that nobody asked for


class Entity(NamedTuple):
    """A value in a text: what it is, where it stands, and how it is kept."""

    kind: EntityKind
    start: int
    end: int
    value: str  # an order's number in capitals, a product's id, else as written


class Reading(NamedTuple):
    """A text, normalised, and the entities in it in order."""

    text: str
    entities: tuple[Entity, ...]

    def first(self, kind: EntityKind) -> str | None:
        """The first value of a kind."""
        return next((each.value for each in self.entities if each.kind == kind), None)

    def with_placeholders(self, kinds: Iterable[EntityKind] = KINDS) -> str:
        """The text with `[email]`, `[order]`, … in the place of values."""
        hidden, text = set(kinds), self.text
        for each in reversed(self.entities):
            if each.kind in hidden:
                text = f"{text[: each.start]}[{each.kind}]{text[each.end :]}"
        return text

    def without(self, kinds: Iterable[EntityKind] = PERSONAL) -> str:
        """The text without such values."""
        hidden, text = set(kinds), self.text
        for each in reversed(self.entities):
            if each.kind in hidden:
                text = f"{text[: each.start]} {text[each.end :]}"
        return " ".join(text.split())


def masked(
    text: str, kinds: Iterable[EntityKind] = KINDS, products: FindsProducts | None = None
) -> str:
    """A text as a ranker reads it: typed placeholders in the place of values.

    >>> masked("Order EN-0358-A, Ann@Example.com, was $40")
    'Order [order], [email], was [price]'
    """
    return read_entities(text, products=products).with_placeholders(kinds)


def read_entities(
    text: str, *, asked: bool = False, products: FindsProducts | None = None
) -> Reading:
    """Read a text once.

    Args:
        text: As it was written; it is normalised here, Traditional Chinese to Simplified.
        asked: The shopper was asked for an order's number: a number alone is one.
        products: Finds the catalogue's products; None: names of products are not read.
    """
    if products is None:
        return _without_products(text, asked, tuple(LANGUAGES.values()))
    return _read(text, asked, products)


@lru_cache(KEPT)
def _without_products(text: str, asked: bool, languages: tuple[Language, ...]) -> Reading:
    """A message is read by half a dozen parts of an answer, and by the next answers again."""
    del languages  # by whose patterns it was read
    return _read(text, asked, None)


def _read(text: str, asked: bool, products: FindsProducts | None) -> Reading:
    text = simplified(normalised(text))
    taken = _Taken(text)
    taken.take("url", _spans(URL))
    taken.take("email", _spans(EMAIL))
    if products is not None:
        for name in list(products.find(taken.left)):
            taken.put("product", (name.start, name.end), name.product_id)
    if any(char.isdecimal() for char in text):
        _take_numbers(taken, asked)
    return Reading(text, tuple(sorted(taken.entities, key=lambda each: each.start)))


def _take_numbers(taken: "_Taken", asked: bool) -> None:
    """What is written with digits: most messages have none."""
    said, text = patterns(), taken.text
    taken.take("order", numbers_named, written)
    taken.take("phone", _international)
    taken.take("phone", _spans(said.phone))
    taken.take("phone", _spans(PHONE))
    taken.take("price", _spans(said.price))
    taken.take("postcode", _spans(said.postcode))
    taken.take("date", _spans(said.date))
    taken.take(None, _spans(said.street))
    alone = asked or bool(EMAIL.search(text))
    taken.take("order", lambda left: _orders_alone(left, text, alone, asked), written)


class _Taken:
    """What was read so far; `left` is the text without it, every place where it was."""

    def __init__(self, text: str) -> None:
        self.text = self.left = text
        self.entities: list[Entity] = []

    def take(
        self,
        kind: EntityKind | None,
        spans_in: Callable[[str], Iterable[Span]],
        kept: Callable[[str], str] = str,
    ) -> None:
        """Read one kind in what is left; None is nothing but in the way of others."""
        for span in list(spans_in(self.left)):
            self.put(kind, span, kept(self.text[slice(*span)]))

    def put(self, kind: EntityKind | None, span: Span, value: str) -> None:
        start, end = span
        if TAKEN in self.left[start:end]:
            return
        self.left = self.left[:start] + TAKEN * (end - start) + self.left[end:]
        if kind is not None:
            self.entities.append(Entity(kind, start, end, value))


def _spans(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    """Where a pattern stands: its first group that matched, else the whole of it."""

    def spans(text: str) -> Iterator[Span]:
        return (found.span(found.lastindex or 0) for found in pattern.finditer(text))

    return spans


def _orders_alone(left: str, text: str, alone: bool, asked: bool) -> Iterator[Span]:
    """Numbers that nothing names: all once asked for, else beside an e-mail, by shape, or alone."""
    for start, end in numbers_alone(left):
        token = left[start:end]
        if asked or has_own_shape(token) or token == text.strip(" .!?#"):
            sure = asked or sum(map(str.isdecimal, token)) >= FEWEST_DIGITS_ALONE
        else:
            sure = alone and sum(map(str.isdecimal, token)) >= FEWEST_DIGITS_ALONE
        if sure and looks_like_number(token):
            yield start, end


def _international(text: str) -> Iterator[Span]:
    if "+" in text:
        for found in phonenumbers.PhoneNumberMatcher(text, None):
            yield found.start, found.end
