"""Semantic product search: what suits a purpose that no product's name holds.

"Something to keep the rain off" shares no word with an umbrella, and a Chinese question none with
an English catalogue. The model recommends a few products; the vectors of their names and sentences
decide whether any of them is what is looked for.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

import structlog

from bot.knowledge.indexed_product import IndexedProduct
from bot.knowledge.product_facts import described
from bot.knowledge.product_questions import ProductQuestion
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.source import KnowledgeQuery
from serving.client import CircuitBreaker
from serving.contract import STABLE
from serving.ranker import RankerUnavailable

MOST_READ: Final = 6  # products
MOST_SENTENCES: Final = 6  # of each
MOST_SHOWN: Final = 3
# The cosine from which a product suits. In two shops made up for this, 9 of 12 purposes that their
# products serve reach it with the right one first or close to it, and 2 of 13 things not sold.
SUITS_AT: Final = 0.62
CLOSE: Final = 0.06  # to the best: it may be the one that is meant as well

log = structlog.get_logger()


class SentenceEmbedder(Protocol):
    """Gives texts vectors."""

    def embed(self, texts: Sequence[str], *, label: str) -> Any:
        """The unit vectors [N,D] of `texts`.

        Raises:
            RankerUnavailable: nothing could answer.
        """


class Suiting(NamedTuple):
    """Products that suit, best first, and how near the best one comes."""

    product_ids: tuple[str, ...]
    near: float


class ProductMeanings:
    """Finds what suits a purpose; while the model is away, nothing."""

    def __init__(self, products: ProductSearch, reader: SentenceEmbedder) -> None:
        """`products` recommends and has the descriptions; `reader` gives vectors."""
        self._products = products
        self._reader = reader
        self._breaker = CircuitBreaker()

    def suiting(self, question: ProductQuestion, query: KnowledgeQuery) -> Suiting | None:
        """What suits a turn that looks for something; None where nothing comes near."""
        if not question.seeks or query.label is None or not self._breaker.allows():
            return None
        entries = [
            entry for entry in self._products.recommended(query) if entry.fitting(question.filters)
        ][:MOST_READ]
        if not entries:
            return None
        try:
            near = self._near(query.texts[0], entries, query)
        except RankerUnavailable as error:
            self._breaker.failed()
            log.warning("product_meanings.not_read", reason=str(error))
            return None
        self._breaker.succeeded()
        best = max(near.values())
        if best < SUITS_AT:
            return None
        ranked = sorted(near, key=lambda id_: -near[id_])
        close = [id_ for id_ in ranked if near[id_] >= max(SUITS_AT, best - CLOSE)]
        return Suiting(tuple(close[:MOST_SHOWN]), best)

    def _near(
        self, text: str, entries: Sequence[IndexedProduct], query: KnowledgeQuery
    ) -> dict[str, float]:
        """How near the nearest of each product's sentences comes, by its id."""
        said = [(entry.product_id, each) for entry in entries for each in self._texts(entry, query)]
        texts = [text, *(each for _, each in said)]
        vectors = self._reader.embed(texts, label=query.label or STABLE)
        near: dict[str, float] = {}
        for (id_, _), vector in zip(said, vectors[1:], strict=True):
            near[id_] = max(near.get(id_, 0.0), float(vectors[0] @ vector))
        return near

    def _texts(self, entry: IndexedProduct, query: KnowledgeQuery) -> list[str]:
        title = entry.title_in(query.locale)
        body = self._products.body(entry.product_id, query.locale)
        return [title, f"{title}. {entry.category}", *described(body)[:MOST_SENTENCES]]
