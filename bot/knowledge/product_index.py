"""Inverted index of the catalogue in memory, kept up to date product by product.

A shop of 100,000 products that sells one of them changes one entry, not the index. Entries are
small (no descriptions, no rows of the database), and a word's products stand in packed arrays.
"""

import math
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import count
from typing import Final, NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

from bot.knowledge.indexed_product import IndexedProduct, entry_of, weights_of
from bot.knowledge.product_names import NameHit, NameIndex
from bot.knowledge.product_query import coloured_kinds
from bot.knowledge.search_terms import name_words, unspaced_runs
from feedback.knowledge import CatalogueItem

# In a large catalogue a word that one product in four has tells little and costs much.
LARGE: Final = 5_000
COMMON: Final = 0.25


class _Posting(NamedTuple):
    numbers: "array[int]"
    weights: "array[float]"


class ProductIndex:
    """Products by their words. Readers may go on while one thread puts products in."""

    def __init__(self) -> None:
        self.entries: list[IndexedProduct | None] = []  # None: replaced, withdrawn or out of stock
        self._words: dict[str, _Posting] = {}
        self._by_category: dict[str, list[int]] = {}  # by category
        self._places: dict[str, int] = {}  # product → entry
        self._pages: dict[str, int] = {}  # path (and number) of a product's page → entry
        self._names = NameIndex()
        self._kinds: set[str] = set()
        self.coloured_kinds: set[str] = set()  # of categories and tags: "green tea"
        self.version = 0  # another number after each change

    def put(self, items: Iterable[CatalogueItem]) -> None:
        """Put products in, each over what was known of it."""
        for item in items:
            old = self._places.pop(item.product.product_id, None)
            if old is not None:
                self.entries[old] = None
            entry = entry_of(item)
            if entry is not None:
                self._add(entry, weights_of(item))
                self.coloured_kinds |= coloured_kinds([entry.category, *item.product.tags])
            self.version += 1

    @property
    def currency(self) -> str:
        """The shop's currency, as one of its offers names it; "" while there is none."""
        priced = (entry.variants for entry in self.entries if entry and entry.variants)
        return next((variants[0].currency for variants in priced), "")

    @property
    def worn(self) -> bool:
        """Whether more than half of it is gone, so that building it again pays."""
        return len(self.entries) > LARGE and len(self._places) < len(self.entries) / 2

    def at(self, page: str | None) -> IndexedProduct | None:
        """The product whose page this is."""
        number = self._pages.get(page_key(page)) if page else None
        return None if number is None else self.entries[number]

    def place(self, product_id: str) -> int | None:
        """The number of a product's entry; None where it is withdrawn."""
        return self._places.get(product_id)

    def product(self, product_id: str | None) -> IndexedProduct | None:
        """A product by its id; None where it is withdrawn."""
        number = self._places.get(product_id) if product_id else None
        return None if number is None else self.entries[number]

    def named(
        self, words: Sequence[str], text: str = "", *, definite: Collection[str] = ()
    ) -> list[tuple[IndexedProduct, NameHit]]:
        """The products that a question's words name, or that stand in its text, surest first.

        `definite`: the words behind "the": in "the heron" one rare word of a title is enough.
        """
        alive = partial(_alive, self.entries)
        hits = self._names.in_run(text, alive) or self._names.find(words, alive, definite=definite)
        return [(entry, hit) for hit in hits if (entry := self.entries[hit.number]) is not None]

    def only(self, words: Sequence[str]) -> IndexedProduct | None:
        """The one product of a kind, as its category or tags have it; None: there are several."""
        found = [set(posting.numbers) for word in words if (posting := self._words.get(word))]
        if not words or len(found) < len(words):
            return None
        called = [
            entry
            for number in set.intersection(*found)
            if (entry := self.entries[number]) and entry.kinds.issuperset(words)
        ]
        return called[0] if len(called) == 1 else None

    def corrected(self, words: Iterable[str]) -> list[str]:
        """Words as the catalogue spells them, typing errors of titles put right."""
        return [word if word in self._words else self._names.corrected(word) for word in words]

    def has(self, word: str) -> bool:
        """Whether a word stands anywhere in the catalogue."""
        return word in self._words

    def sells(self, word: str) -> bool:
        """Whether a word names a kind of product: a category, a tag, what a title ends in."""
        return word in self._kinds

    def by_words(self, words: Sequence[str]) -> dict[int, float]:
        """The weight of the words that entries share with a query, rare words counting more."""
        total = len(self._places)
        found = [posting for word in words if (posting := self._words.get(word))]
        if total > LARGE:
            telling = [one for one in found if len(one.numbers) < COMMON * total]
            found = telling or found[:1]
        scores: dict[int, float] = defaultdict(float)
        for numbers, weights in found:
            rarity = math.log(1 + total / len(numbers))
            for number, weight in zip(numbers, weights, strict=False):
                scores[number] += rarity * weight
        return {number: score for number, score in scores.items() if self.entries[number]}

    def have_all(self, words: Sequence[str]) -> bool:
        """Whether any product has all of these words."""
        found = [set(posting.numbers) for word in words if (posting := self._words.get(word))]
        return len(found) == len(words) and any(
            self.entries[number] for number in set.intersection(*found)
        )

    def varied(self) -> Iterator[int]:
        """Every entry, one of each category first: for a query without words."""
        for depth in count():
            deep = [one for one in list(self._by_category.values()) if depth < len(one)]
            if not deep:
                return
            yield from (one[depth] for one in deep)

    def in_category(self, category: str) -> list[int]:
        """Everything of a category."""
        return self._by_category.get(category, [])

    def _add(self, entry: IndexedProduct, weights: dict[str, float]) -> None:
        number = len(self.entries)
        self.entries.append(entry)
        for word, weight in weights.items():
            posting = self._words.get(word)
            if posting is None:
                posting = self._words[word] = _Posting(array("I"), array("f"))
            posting.weights.append(weight)
            posting.numbers.append(number)
        self._by_category.setdefault(entry.category, []).append(number)
        self._places[entry.product_id] = number
        self._kinds.update(entry.kinds)
        titles = (entry.title, *entry.titles.values())
        self._names.add(
            number,
            [words for title in titles if (words := name_words(title))],
            {run for title in titles for run in unspaced_runs(title)},
        )
        self._pages[page_key(entry.url or f"/products/{quote(entry.product_id)}")] = number


def _alive(entries: Sequence[IndexedProduct | None], number: int) -> bool:
    return entries[number] is not None


def page_key(address: str) -> str:
    """What tells one product's page from another's: the path, and WordPress's number.

    >>> page_key("https://shop.example/products/mug?utm=x#top"), page_key("/?p=93&x=1")
    ('/products/mug', '/?p=93')
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # not an address: no product stands there
        return address
    number = parse_qs(parts.query).get("p", [""])[0]
    return (parts.path.rstrip("/") or "/") + (f"?p={number}" if number.isdecimal() else "")
