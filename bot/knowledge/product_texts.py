"""A product's facts as a knowledge source: a sentence of its description, a variant's value.

A product is found by the words of its name. A variant's price and stock are read off the catalogue
(`product_values`); which sentence answers, and whether one does, `product_reading` tells.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from bot.knowledge.indexed_product import IndexedProduct
from bot.knowledge.product_facts import described, facts_asked
from bot.knowledge.product_focus import kept_to_it
from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_meanings import ProductMeanings, SentenceEmbedder, Suiting
from bot.knowledge.product_query import read_product_query
from bot.knowledge.product_questions import ProductQuestion
from bot.knowledge.product_reading import SAID_AT, ProductFact, best_fact, clues_of
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.product_values import CUE_WORDS, AskedValue, asked_value, value_in_words
from bot.knowledge.search_terms import query_words
from bot.knowledge.source import Composed, KnowledgeQuery, ProductNote
from bot.languages import phrases_in
from bot.messages import Citation
from feedback.dialogues import Focus
from feedback.languages import script_of
from serving.client import CircuitBreaker
from serving.contract import STABLE
from serving.ranker import Candidate, RankerUnavailable, Ranking

NAME: Final = "product_texts"
VALUE: Final = "value"
# A value of the variant that is named; of the only one there is, all words understood or not.
NAMED, ALONE, PERHAPS = 0.999, 0.9985, 0.9
NOTHING: Final = Ranking((), 0.0, "model")
# Surer than a general reply to the turn by itself (0.975), and than a guess by words (0.89).
LEAST_SAID: Final = 0.96
LEAST_OF_SERVICE: Final = 0.9  # "can I send it back": what the shop does stands in the book

log = structlog.get_logger()


class ProductTexts:
    """Answers from what the shop writes about a product that a turn names or speaks of."""

    name = NAME

    def __init__(self, products: ProductSearch, reader: SentenceEmbedder) -> None:
        """`reader` is the model, asked for vectors; while it is away, descriptions say nothing."""
        self._products = products
        self._reader = reader
        self._meanings = ProductMeanings(products, reader)
        self._breaker = CircuitBreaker()

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """The sentence that answers best; nothing in the holdout."""
        if query.label is None or not query.texts or not self._breaker.allows():
            return NOTHING
        index = self._products.index()
        words = index.corrected(query_words(query.texts[0], query.locale))
        entry = self._spoken_of(words, query)
        if entry is None:
            return NOTHING
        if (value := self._value(entry, query)) is not None:
            return _only(f"{entry.product_id}#{VALUE}", self._sure_of(value, entry, words, query))
        fact = self._read(entry, query)
        if fact is None or fact.probability < SAID_AT:
            return NOTHING
        question = self._products.question(query.texts[0], query.locale)
        least = LEAST_OF_SERVICE if question.serves else LEAST_SAID
        sure = least + (1 - least) * fact.probability
        return _only(f"{entry.product_id}#{fact.sentence}", sure)

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

    def tells(self, entry: IndexedProduct, query: KnowledgeQuery) -> bool | None:
        """Whether a product's description answers a turn; None where nobody could read it."""
        if query.label is None or not self._breaker.allows():
            return None
        fact = self._read(entry, query)
        return None if fact is None else fact.probability >= SAID_AT

    def suiting(self, question: ProductQuestion, query: KnowledgeQuery) -> Suiting | None:
        """The products that suit what a turn looks for; None where none comes near."""
        return self._meanings.suiting(question, query)

    def _read(self, entry: IndexedProduct, query: KnowledgeQuery) -> ProductFact | None:
        try:
            return self._find(entry, query)
        except RankerUnavailable as error:
            self._breaker.failed()
            log.warning("product_texts.not_read", reason=str(error))
            return None

    def _spoken_of(self, words: Sequence[str], query: KnowledgeQuery) -> IndexedProduct | None:
        """The product that a turn names, by its name or rarest words; else spoken of, or looked at.

        What is looked at is asked about where a turn points ("how big is it"), or asks, of what no
        other topic was talked of, for a fact that descriptions tell.
        """
        index = self._products.index()
        question = self._products.question(query.texts[0], query.locale)
        question = kept_to_it(question, query.focus, index, query.place)
        if question.of_it and query.focus.on_products:
            return index.product(query.focus.product_id)
        if len(question.named) == 1:
            return question.named[0]
        if (found := spoken_of(words, query.focus, index)) is not None or question.serves:
            return found
        asks = question.points or (question.facts.told and query.focus.topic is None)
        return index.at(query.place.page) if asks else None

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

    def _find(self, entry: IndexedProduct, query: KnowledgeQuery) -> ProductFact | None:
        question = query.texts[0]
        words = self._products.index().corrected(query_words(question, query.locale))
        asked = unnamed(words, entry)
        said = described(self._products.body(entry.product_id, query.locale))
        without_name = _without(question, entry, query.locale)
        facts = facts_asked(without_name)
        if not said or not (asked or facts.told):
            return None
        vectors = self._reader.embed([without_name, *said], label=query.label or STABLE)
        self._breaker.succeeded()
        clues = [
            clues_of(question, asked, facts, text, float(vectors[0] @ vector), query.locale)
            for text, vector in zip(said, vectors[1:], strict=True)
        ]
        return best_fact(question, clues, said)


def spoken_of(words: Sequence[str], focus: Focus, index: ProductIndex) -> IndexedProduct | None:
    """The product that a turn names, by its rarest words; else the one spoken of before."""
    weights = sorted(index.by_words(words).items(), key=lambda each: -each[1])[:2]
    if weights and (len(weights) == 1 or weights[0][1] > weights[1][1]):
        entry = index.entries[weights[0][0]]
        if entry is not None and entry.words.intersection(words):
            return entry
    return index.product(focus.product_id) if focus.on_products else None


def unnamed(words: Sequence[str], entry: IndexedProduct) -> list[str]:
    """The words of a question that do not name the product.

    Two letters of a script without spaces that stand apart in the name, as it is shortened, do.
    """
    letters = set("".join((entry.title, *entry.titles.values())))
    return [
        word
        for word in dict.fromkeys(words)
        if word not in entry.words and not (script_of(word) and letters.issuperset(word))
    ]


def _only(id_: str, sure: float) -> Ranking:
    return Ranking((Candidate(id_, 0.0, NAME),), sure, "model")


def _without(text: str, entry: IndexedProduct, locale: str) -> str:
    """A question without the words of a product's name."""
    left = [
        word for word in text.split() if not entry.words.intersection(query_words(word, locale))
    ]
    return " ".join(left) or text
