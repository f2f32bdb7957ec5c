"""A product's facts as a knowledge source: a sentence of its description, a variant's value.

A product is found by the words of its name. A variant's price and stock are read off the catalogue
(`product_values`). Which sentence answers is told by the question's other words, and by what the
model makes of both: the weights, and those of the confidence, which is that the
sentence answers or helps, are fitted on ePQA's judged sentences (866 questions of people about
products, development part).
"""

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import structlog

from bot.knowledge.indexed_product import IndexedProduct
from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_query import read_product_query
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.product_values import CUE_WORDS, AskedValue, asked_value, value_in_words
from bot.knowledge.search_terms import query_words
from bot.knowledge.source import Composed, KnowledgeQuery, ProductNote
from bot.languages import phrases_in
from bot.messages import Citation
from feedback.dialogues import Focus
from feedback.knowledge import Block, cut
from serving.client import CircuitBreaker
from serving.ranker import Candidate, RankerUnavailable, Ranking
from serving.stated_values import amounts, asks_amount, fit

NAME: Final = "product_texts"
VALUE: Final = "value"
# A value of the variant that is named; of the only one there is, all words understood or not.
NAMED, ALONE, PERHAPS = 0.999, 0.9985, 0.9
NOTHING: Final = Ranking((), 0.0, "model")
SHARED, NEAR = 2.83, 1.89  # how much a sentence's share of the words and its cosine count
# Of a logistic regression: on the same two, and on a number where one is asked for.
SURE_SHARED, SURE_NEAR, SURE_NUMBER, SURE = 1.25, 3.47, 0.76, -1.7
# From this on a sentence is said: of the questions about three catalogues it was right for half,
# wrong for 6 %; and better than the catalogue's own guess by words, whose scale begins below.
SAID_AT: Final = 0.65
LEAST_SAID: Final = 0.9
MOST_SENTENCES: Final = 32
BULLETS: Final = "•·-–* \t\n"
STEM: Final = 4  # letters in which "washable" and "wash" agree

log = structlog.get_logger()


class SentenceEmbedder(Protocol):
    """Gives texts vectors."""

    def embed(self, texts: Sequence[str], *, label: str) -> Any:
        """The unit vectors [N,D] of `texts`.

        Raises:
            RankerUnavailable: nothing could answer.
        """


class ProductFact(NamedTuple):
    """A sentence of a description, and the probability that it answers or helps."""

    product_id: str
    sentence: int
    probability: float


class ProductTexts:
    """Answers from what the shop writes about a product that a turn names or speaks of."""

    name = NAME

    def __init__(self, products: ProductSearch, reader: SentenceEmbedder) -> None:
        """`reader` is the model, asked for vectors; while it is away, descriptions say nothing."""
        self._products = products
        self._reader = reader
        self._breaker = CircuitBreaker()

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """The sentence that answers best; nothing in the holdout."""
        if query.label is None or not query.texts or not self._breaker.allows():
            return NOTHING
        index = self._products.index()
        words = index.corrected(query_words(query.texts[0], query.locale))
        entry = spoken_of(words, query.focus, index)
        if entry is None:
            return NOTHING
        if (value := self._value(entry, query)) is not None:
            return _only(f"{entry.product_id}#{VALUE}", self._sure_of(value, entry, words, query))
        try:
            fact = self._find(entry, words, query, query.label)
        except RankerUnavailable as error:
            self._breaker.failed()
            log.warning("product_texts.not_read", reason=str(error))
            return NOTHING
        if fact is None or fact.probability < SAID_AT:
            return NOTHING
        sure = LEAST_SAID + (1 - LEAST_SAID) * fact.probability
        return _only(f"{fact.product_id}#{fact.sentence}", sure)

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed | None:
        """The sentence behind the product's name; None where the shop says it no more."""
        product_id, _, number = id_.rpartition("#")
        entry = self._products.index().product(product_id)
        if entry is None:
            return None
        title = entry.title_in(query.locale)
        card = self._products.card(entry, entry.offers or list(entry.variants), query.locale)
        asked = read_product_query(_without(query.texts[0], entry, query.locale))
        note = ProductNote((entry.product_id,), colours=(*asked.colours,), sizes=(*asked.sizes,))
        if number == VALUE:
            value = self._value(entry, query)
            text = value and value_in_words(value, title, query.locale)
            return Composed(text, (card,), note=note) if text else None
        said = described(self._products.body(product_id, query.locale))
        if int(number) >= len(said):
            return None
        sentence = said[int(number)]
        return Composed(
            phrases_in(query.locale).described.format(title=title, sentence=sentence),
            (card,),
            (Citation(NAME, id_, title, card.url, sentence),),
            note,
        )

    def title(self, id_: str, locale: str) -> str:
        """The product's name."""
        entry = self._products.index().product(id_.rpartition("#")[0])
        return "" if entry is None else entry.title_in(locale)

    def products_of(self, id_: str) -> tuple[str, ...]:
        """The product that a candidate speaks of."""
        return (id_.rpartition("#")[0],)

    def _value(self, entry: IndexedProduct, query: KnowledgeQuery) -> AskedValue | None:
        title = entry.title_in(query.locale)
        value = asked_value(query.texts[0], title, self._products.variants(entry.product_id))
        return value if value and value_in_words(value, title, query.locale) else None

    def _sure_of(
        self,
        value: AskedValue,
        entry: IndexedProduct,
        words: Sequence[str],
        query: KnowledgeQuery,
    ) -> float:
        """How sure a value is: "how much is shipping for the mug" asks for another price."""
        if value.by_name:
            return NAMED
        body = self._products.body(entry.product_id, query.locale)
        known = {*entry.words, *query_words(body, query.locale), *CUE_WORDS}
        return ALONE if known.issuperset(words) else PERHAPS

    def _find(
        self, entry: IndexedProduct, words: Sequence[str], query: KnowledgeQuery, label: str
    ) -> ProductFact | None:
        asked = [word for word in dict.fromkeys(words) if word not in entry.words]
        said = described(self._products.body(entry.product_id, query.locale))
        if not asked or not said:
            return None
        without_name = _without(query.texts[0], entry, query.locale)
        vectors = self._reader.embed([without_name, *said], label=label)
        self._breaker.succeeded()
        return best_fact(query.texts[0], asked, entry, said, vectors, locale=query.locale)


def spoken_of(words: Sequence[str], focus: Focus, index: ProductIndex) -> IndexedProduct | None:
    """The product that a turn names, by its rarest words; else the one spoken of before."""
    weights = sorted(index.by_words(words).items(), key=lambda each: -each[1])[:2]
    if weights and (len(weights) == 1 or weights[0][1] > weights[1][1]):
        entry = index.entries[weights[0][0]]
        if entry is not None and entry.words.intersection(words):
            return entry
    return index.product(focus.product_id) if focus.on_products else None


def best_fact(
    question: str,
    asked: Sequence[str],
    entry: IndexedProduct,
    said: Sequence[str],
    vectors: Any,
    *,
    locale: str,
) -> ProductFact:
    """The sentence that answers best.

    Args:
        question: what the shopper wrote.
        asked: its words that are not the product's name.
        entry: the product.
        said: its description's sentences.
        vectors: unit vectors [1+S,D] of the question without the name, then of the sentences.
        locale: the language.
    """
    shared = np.array([_share(asked, query_words(text, locale)) for text in said])
    near = vectors[1:] @ vectors[0]
    fits = np.array([fit(question, text) for text in said])
    best = int(np.argmax(SHARED * shared + NEAR * near + np.log(fits)))
    score = SURE_SHARED * float(shared[best]) + SURE_NEAR * float(near[best]) + SURE
    if asks_amount(question) and any(amounts(said[best])):
        score += SURE_NUMBER
    return ProductFact(entry.product_id, best, float(fits[best]) / (1 + math.exp(-score)))


def described(body: str) -> list[str]:
    """A description's sentences; a list's items are sentences of their own.

    >>> described("A canvas tote. Care:\\n• Machine wash; line dry\\n• No bleach")
    ['A canvas tote.', 'Care:', 'Machine wash; line dry', 'No bleach']
    """
    lines = (line.strip(BULLETS) for line in body.splitlines())
    blocks = [Block("text", line) for line in lines if line]
    return [text for each in cut(blocks) for text in each.sentences][:MOST_SENTENCES]


def _only(id_: str, sure: float) -> Ranking:
    return Ranking((Candidate(id_, 0.0, NAME),), sure, "model")


def _share(asked: Sequence[str], said: Sequence[str]) -> float:
    """What share of the words a sentence holds, by their beginnings."""
    held = set(said) | {word[:STEM] for word in said if word.isascii() and len(word) >= STEM}
    return sum(
        word in held or (word.isascii() and len(word) >= STEM and word[:STEM] in held)
        for word in asked
    ) / len(asked)


def _without(text: str, entry: IndexedProduct, locale: str) -> str:
    """A question without the words of a product's name."""
    left = [
        word for word in text.split() if not entry.words.intersection(query_words(word, locale))
    ]
    return " ".join(left) or text
