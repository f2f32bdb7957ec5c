"""Product search: by words, model, price, colour and size; only what is in stock."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Final, NamedTuple
from urllib.parse import quote

from bot.knowledge.indexed_product import IndexedProduct, IndexedVariant
from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_query import read_product_query
from bot.knowledge.product_questions import ProductQuestion, kinds_said, read_product_question
from bot.knowledge.recommendations import Recommendations, blend
from bot.knowledge.search_terms import indexed_words, query_words
from bot.knowledge.source import KnowledgeQuery, ModelQuery
from bot.languages import phrases_in, read_price
from bot.messages import NOWHERE, Card, Place
from feedback.db import Variant
from feedback.dialogues import ProductWish
from feedback.knowledge import Catalogue
from serving.contract import Turn, render_dialogue
from serving.ranker import Recommender

MAX_CARDS: Final = 4
READ_KEPT: Final = 512  # turns read as questions about products
# What is given up first where nothing meets all of a wish.
RELAXED: Final = ("colours", "sizes", "price")


class FoundProducts(NamedTuple):
    """What a search shows, and which filters it could not meet."""

    products: tuple[IndexedProduct, ...]
    cards: tuple[Card, ...]
    unmet: tuple[str, ...] = ()  # of RELAXED


class ProductSearch:
    """The products in memory; what the catalogue's stamp says has changed is read again."""

    def __init__(
        self, catalogue: Catalogue, *, public_url: str, recommender: Recommender | None = None
    ) -> None:
        """Index nothing yet; `public_url` completes addresses the shop gave without a host."""
        self._catalogue = catalogue
        self._recommendations = Recommendations(recommender)
        self._public_url = public_url.rstrip("/")
        self._index = ProductIndex()
        self._count = 0  # products in the catalogue when it was read last
        self._newest: datetime | None = None  # the newest change that was read
        self._reading = threading.Lock()
        self._read = lru_cache(READ_KEPT)(self._read_anew)

    def question(self, text: str, locale: str) -> ProductQuestion:
        """A turn as a question about products; whoever asks, the same turn is read once."""
        index = self.index()  # a newer one may name another product by the same words
        return self._read(text, locale, (id(index), index.version))

    def _read_anew(self, text: str, locale: str, _index: tuple[int, int]) -> ProductQuestion:
        return read_product_question(text, self._index, locale)

    def search(
        self,
        texts: Sequence[str],
        *,
        locale: str,
        limit: int = MAX_CARDS,
        for_model: ModelQuery | None = None,
        place: Place = NOWHERE,
    ) -> tuple[Card, ...]:
        """The best products in stock for what the shopper looks for.

        Args:
            texts: The shopper's turns, newest first. A turn that only narrows ("under 50?") takes
                its words from the one before.
            locale: The language of titles and prices.
            limit: At most so many cards.
            for_model: What the model is asked with; None: words alone decide, as in the holdout.
            place: The page and basket the shopper is on: "in blue?" asks for the page's product,
                "something to go with it" looks near it, and what is in the basket is not shown.
        """
        index = self.index()
        query, *before = (
            read_product_query(text, index.currency, index.coloured_kinds) for text in texts[:2]
        )
        if before and query.narrows and not query_words(query.words, locale):
            query = replace(query, words=before[0].words)
            # The model too is asked as it was when the turn before was said.
            for_model = for_model and for_model._replace(dialogue=_rendered(texts[1]))
        wish = ProductWish(query.words, query.low, query.high, (*query.colours,), (*query.sizes,))
        return self._found(wish, locale, limit, for_model, place).cards

    def recommended(self, query: KnowledgeQuery) -> list[IndexedProduct]:
        """What the model recommends to a turn and is for sale, best first; sure of it or not."""
        index, found = self.index(), self._recommendations.of(query.for_model)
        best = sorted(found, key=lambda id_: -found[id_])
        return [entry for id_ in best if (entry := index.product(id_)) is not None]

    def title_at(self, page: str | None, locale: str) -> str | None:
        """The title, in a language, of the product that a page shows."""
        entry = self.index().at(page)
        return entry.title_in(locale) if entry is not None else None

    def look(
        self,
        wish: ProductWish,
        *,
        locale: str,
        limit: int = MAX_CARDS,
        for_model: ModelQuery | None = None,
        place: Place = NOWHERE,
    ) -> FoundProducts:
        """The same for a wish; where nothing meets all of it, what comes close, and what it lacks.

        The least important filter is given up first; nothing is shown that meets the words alone
        by accident, see `blend`.
        """
        given_up: tuple[str, ...] = ()
        index = self.index()
        words = _searched(wish.words, index, locale)
        # "A present for my dad, who rides every day, under 30": no word names a kind of product.
        vague = wish.narrows and any(map(index.has, words)) and not any(map(index.sells, words))
        # "Anything cheaper": what costs more than what was seen is no answer.
        steps = [step for step in RELAXED if step != "price" or wish.than is None]
        for step in (None, *(["words"] if vague else []), *steps):
            if step is not None:
                relaxed = _without(wish, step)
                if relaxed == wish:
                    continue
                wish, given_up = relaxed, (*given_up, step)
            found = self._found(wish, locale, limit, for_model, place)
            if found.cards:
                return found._replace(unmet=given_up)
        return FoundProducts((), (), given_up)

    def _found(
        self, wish: ProductWish, locale: str, limit: int, for_model: ModelQuery | None, place: Place
    ) -> FoundProducts:
        index = self.index()
        words = _searched(wish.words, index, locale)
        here = index.at(place.page)
        ranked = self._ranked(index, words, for_model)
        if here is not None and not words:
            ranked = _near(index, here, ranked, first=wish.narrows)
        hidden = {*place.basket, *wish.without}
        fitting = (
            (entry, offers)
            for entry in ranked
            if entry.product_id not in hidden and (offers := entry.fitting(wish))
        )
        shown = list(islice(fitting, limit))
        return FoundProducts(
            tuple(entry for entry, _ in shown),
            tuple(self.card(entry, offers, locale) for entry, offers in shown),
        )

    def _ranked(
        self, index: ProductIndex, words: Sequence[str], for_model: ModelQuery | None
    ) -> Iterator[IndexedProduct]:
        """Products that fit the words or that the model recommends; without words, a varied page.

        What the model recommends and is not in the index is withdrawn.
        """
        recommended = self._recommendations.of(for_model)
        known = {
            number: score
            for id_, score in recommended.items()
            if (number := index.place(id_)) is not None
        }
        best: Iterable[int] = blend(index.by_words(words), known)
        seen: set[int] = set()
        for number in best if words else chain(best, index.varied()):
            entry = index.entries[number]
            if entry is not None and number not in seen:
                seen.add(number)
                yield entry

    def card(self, entry: IndexedProduct, offers: Sequence[IndexedVariant], locale: str) -> Card:
        """A product as it is shown, at the prices of these variants."""
        return Card(
            product_id=entry.product_id,
            title=entry.title_in(locale),
            price=price_of(offers, locale),
            image=self._absolute(entry.image) if entry.image else "",
            url=self._absolute(entry.url or f"/products/{quote(entry.product_id)}"),
            in_stock=any(offer.in_stock for offer in offers),
            variant_id=offers[0].variant_id if len(offers) == 1 else "",
        )

    def _absolute(self, address: str) -> str:
        if address.startswith(("http://", "https://")):
            return address
        return f"{self._public_url}/{address.lstrip('/')}"

    def body(self, product_id: str, locale: str) -> str:
        """A product's description, in the shopper's language where it has one there."""
        item = self._catalogue.product(product_id)
        return item.body_in(locale) if item else ""

    def variants(self, product_id: str) -> list[Variant]:
        """A product's variants, as the catalogue has them."""
        item = self._catalogue.product(product_id)
        return list(item.variants) if item else []

    def index(self) -> ProductIndex:
        """The index, with what has changed since; a shopper waits for it only the first time."""
        first = self._newest is None
        if not self._reading.acquire(blocking=first):
            return self._index  # another shopper's question is bringing it up to date
        try:
            count, newest = self._catalogue.stamp()
            if (count, newest) != (self._count, self._newest):
                self._bring_up_to_date(count, newest)
        finally:
            self._reading.release()
        return self._index

    def _bring_up_to_date(self, count: int, newest: datetime | None) -> None:
        rebuild = count < self._count or self._newest is None or self._index.worn
        index = ProductIndex() if rebuild else self._index
        index.put(self._catalogue.changed_products(None if rebuild else self._newest))
        self._index, self._count, self._newest = index, count, newest


def _searched(text: str, index: ProductIndex, locale: str) -> list[str]:
    """The words that a wish is searched by: all, where each of them is a kind of products.

    "Colour" says not what for, but in a shop of films it is a shelf.
    """
    kinds = kinds_said(text, index)
    every = kinds and len(kinds) == len({*indexed_words(text)})
    return kinds if every else index.corrected(query_words(text, locale))


def price_of(offers: Sequence[IndexedVariant], locale: str) -> str:
    """What a product costs, in words: "from" the least where its variants differ."""
    prices = [offer.price for offer in offers]
    price = read_price(min(prices), offers[0].currency)
    if min(prices) != max(prices):
        price = phrases_in(locale).from_price.format(price=price)
    return price


def _without(wish: ProductWish, name: str) -> ProductWish:
    """A wish with one filter given up."""
    match name:
        case "colours":
            return replace(wish, colours=())
        case "sizes":
            return replace(wish, sizes=())
        case "words":
            return replace(wish, words="")
        case _:
            return replace(wish, low=None, high=None)


def _near(
    index: ProductIndex, here: IndexedProduct, ranked: Iterable[IndexedProduct], *, first: bool
) -> Iterator[IndexedProduct]:
    """What shares the page's category, then the rest; itself only where it is asked about."""
    if first:
        yield here
    alike = [entry for n in index.in_category(here.category) if (entry := index.entries[n])]
    shown = {entry.product_id for entry in alike}
    yield from (entry for entry in alike if entry is not here)
    yield from (entry for entry in ranked if entry.product_id not in shown)


def _rendered(text: str) -> str:
    return render_dialogue([Turn("shopper", text)])
