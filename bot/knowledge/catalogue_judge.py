"""Judges what a turn asks of the catalogue: which act, about which products, and how surely.

How sure it is are shares of the turn's words that it understands, on the scale of the model's
calibrated confidence.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from bot.knowledge.indexed_product import IndexedProduct
from bot.knowledge.product_answers import ProductAnswers
from bot.knowledge.product_conditions import products_telling
from bot.knowledge.product_facts import FactSentence, best_sentence
from bot.knowledge.product_focus import (
    known,
    looks_for_another,
    meant,
    narrows,
    pointed_out,
)
from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_meanings import SUITS_AT, Suiting
from bot.knowledge.product_questions import ProductQuestion
from bot.knowledge.product_search import MAX_CARDS, ProductSearch
from bot.knowledge.source import KnowledgeQuery
from bot.languages import pack_in
from feedback.dialogues import Focus

# A name, a pointer or a page, and a question that leaves no word over.
PLAIN: Final = 0.998
# Everything a turn says is understood as a wish; most of it.
WISH: Final = ((0.99, 0.93), (0.6, 0.75))
# "I'm looking for food", where food is sold: surer than a page on feeding.
LOOKED_FOR: Final = 0.97
# A sentence of the description that holds a share of the question's words, half of them or more.
FACT_LEAST, FACT_MORE = 0.55, 0.448
FACT_HALF_LEAST, FACT_HALF_MORE = 0.8, 0.19
# The same, where the model found that the description answers: its own choice goes before.
FACT_READ: Final = 0.89
# Nothing in the description: better than a vague reply, worse than a sure one.
SILENT: Final = 0.72
SUITING_MORE: Final = 2.1  # a step of 0.1 in the cosine
# "Do you sell cacti", where no product has the word: it is said so, where no reply is sure.
NOT_SOLD: Final = 0.72
HALF: Final = 0.5  # of a word counts what stands in a description alone: "a bag for my laptop"
# Words left of a turn that names a product and asks nothing; more, and it is about something else.
NAMED_IN_PASSING, ONLY_IN_PASSING = 3, 1
PARTS_LEFT: Final = 2  # where no spaces part words, so many are left of what says nothing
LEAST: Final = 0.6  # less is no answer, and offered beside replies only a distraction
ASKING_WHICH: Final = 0.8
# What is spoken of was talked about before the last answer: perhaps it is not meant any more.
STALE: Final = 0.85
MOST_COMPARED: Final = 4


class ReadsDescriptions(Protocol):
    """Reads a product's description with the model."""

    def tells(self, entry: IndexedProduct, query: KnowledgeQuery) -> bool | None:
        """Whether it answers a turn; None where nobody could read it."""
        ...

    def suiting(self, question: ProductQuestion, query: KnowledgeQuery) -> Suiting | None:
        """The products that suit what a turn looks for; None where none comes near."""
        ...


Judgement = tuple[float, str, Sequence[str]]


class CatalogueJudge:
    """Reads a question about products against what was spoken of and what is sold."""

    def __init__(
        self,
        products: ProductSearch,
        answers: ProductAnswers,
        best_sellers: Callable[[], Sequence[str]],
        descriptions: ReadsDescriptions | None,
    ) -> None:
        """As for the source that it judges for."""
        self._products = products
        self._answers = answers
        self._best_sellers = best_sellers
        self._descriptions = descriptions

    def judge(self, question: ProductQuestion, query: KnowledgeQuery) -> Judgement:
        """How sure it is, of what, about which products; "" for nothing."""
        focus, index = query.focus, self._products.index()
        of_it = question.cue in ("price", "stock", "sizes", "colours") or question.facts.told
        if question.loosely and not focus.on_products and not of_it:
            question = replace(question, named=())
        targets = meant(question, focus, index, query.place)
        ids = [entry.product_id for entry in targets]
        if question.popular and not question.named and (sold := self._sold_best(question, index)):
            return WISH[0][1], "popular", sold
        if question.named and question.conditioned and not (question.asks or question.definite):
            # "Something to carry my FM2 in": what is named is what it is for.
            suiting = self._suiting(question, query)
            others = (
                [] if suiting is None else [id_ for id_ in suiting.product_ids if id_ not in ids]
            )
            if suiting is not None and others:
                return _sure_of_suiting(suiting), "suits", others
        if len(question.named) > 1 and question.serves:
            return 0.0, "", ()
        if len(question.named) > 1:
            return (PLAIN if question.is_bare else 0.9), "compare", ids[:MOST_COMPARED]
        leads_on = narrows(question, focus, index, query.place)
        if leads_on and not self._of_one(question, targets):
            return (PLAIN if len(question.rest) < 2 else SILENT), "wish", ()
        if targets and self._spoken_of(targets[0], question, query):
            return self._about(targets[0], question.of(targets[0]), query)
        if _asks_one(question) and len(focus.shown) > 1 and focus.on_products:
            if question.cue == "price" and question.is_bare and not question.points:
                return PLAIN, "compare", focus.shown[:MOST_COMPARED]
            return ASKING_WHICH, "which", focus.shown
        if question.which and question.facts.told and len(focus.shown) > 1 and focus.on_products:
            return PLAIN, "compare", focus.shown[:MOST_COMPARED]
        if self._asks_of_each(question, focus):
            shown = focus.shown[:MOST_COMPARED]
            of_them = question.of_it or question.points
            if self._answers.any_tells(known(shown, index), question, query.locale):
                return (PLAIN if of_them else ASKING_WHICH), "compare", shown
            if of_them:
                return ASKING_WHICH, "which", shown
        if question.serves and not question.wanted:
            return 0.0, "", ()
        # Beside a price or a colour few words that the catalogue knows are wish enough.
        told = len(question.rest) <= NAMED_IN_PASSING and all(map(index.has, question.rest))
        if question.wanted and question.filters.narrows and told:
            return max(self._share(question), WISH[1][1]), "wish", ()
        suiting = None if question.serves else self._suiting(question, query)
        if suiting is not None and question.conditioned:
            return _sure_of_suiting(suiting), "suits", suiting.product_ids
        if question.goes_on and focus.topic is not None and not focus.on_products:
            return (LEAST, "wish", ()) if question.sold else (0.0, "", ())
        if question.sold and (share := self._share(question)) >= LEAST:
            explicit = question.wanted and set(question.rest) == set(question.sold)
            return max(share, LOOKED_FOR) if explicit else share, "wish", ()
        if suiting is not None:
            return _sure_of_suiting(suiting), "suits", suiting.product_ids
        if telling := products_telling(question, query, self._products):
            return SILENT, "compare", telling
        if question.sells and question.rest and not any(map(index.has, question.rest)):
            return NOT_SOLD, "wish", ()
        return 0.0, "", ()

    def _suiting(self, question: ProductQuestion, query: KnowledgeQuery) -> Suiting | None:
        """What suits the turn by its meaning; None without a model."""
        return None if self._descriptions is None else self._descriptions.suiting(question, query)

    def _sold_best(self, question: ProductQuestion, index: ProductIndex) -> list[str]:
        """What is bought most of what a turn asks for, and in stock."""
        return [
            entry.product_id
            for entry in known(self._best_sellers(), index)
            if entry.fitting(question.filters) and _has(entry, question.sold)
        ][:MAX_CARDS]

    def _about(
        self, target: IndexedProduct, question: ProductQuestion, query: KnowledgeQuery
    ) -> Judgement:
        fresh = bool(question.named) or query.focus.on_products or query.focus.topic is None
        trust = 1.0 if fresh or question.cue in ("stock", "sizes", "colours") else STALE
        ids = (target.product_id,)
        act = act_asked(question)
        if question.serves and question.cue in (None, "price") and not question.filters.narrows:
            return 0.0, "", ()
        if question.is_bare and question.which and len(target.variants) > 1:
            return PLAIN * trust, "colours", ids
        if question.is_bare and question.of_it and act == "show":
            return SILENT * trust, "silent", ids
        if question.is_bare and act == "show" and question.asks_for_a_deed:
            return WISH[1][1] * trust, act, ids
        if question.is_bare:
            return (PLAIN * trust, act, ids) if question.is_about_products else (0.0, "", ())
        # "Pages of the notebook": a fact is asked for without a question.
        asks = question.asks or bool(question.named and question.facts.told and not question.wanted)
        body = self._products.body(target.product_id, query.locale) if asks else ""
        fact = best_sentence(question.rest, body, query.locale, question.facts)
        if fact is not None and self._tells(target, query):
            sure = _sure_of(fact) if self._descriptions is None else min(_sure_of(fact), FACT_READ)
            return sure * trust, "fact", ids
        # "Is it see-through in white" asks for no stock: the colour only stands beside a fact.
        most = 0 if pack_in(query.locale).language.spaced else PARTS_LEFT
        of_stock = question.cue is not None or not asks or len(question.rest) <= most
        if act != "show" and of_stock:
            return (PLAIN - 0.15 * len(question.rest)) * trust, act, ids
        if not asks:
            # "For runners", of what was shown one: all its words are that one's.
            if question.rest and target.words.union(target.kinds).issuperset(question.rest):
                return PLAIN * trust, act, ids
            most = NAMED_IN_PASSING if question.named else ONLY_IN_PASSING
            called = question.named or _only_one(question, target)
            return (WISH[1][1] if called and len(question.rest) <= most else 0.0), act, ids
        called = question.named and not question.by_one_word
        called = called or (question.definite and _only_one(question, target))
        if called or self._points(question, query):
            return SILENT * trust, "silent", ids
        return 0.0, "", ()

    def _tells(self, target: IndexedProduct, query: KnowledgeQuery) -> bool:
        """Whether the description answers, for all that a look at its words alone can tell."""
        told = None if self._descriptions is None else self._descriptions.tells(target, query)
        return told is not False

    def _points(self, question: ProductQuestion, query: KnowledgeQuery) -> bool:
        """Whether a turn says "it"; languages without spaces leave that out."""
        spaced = pack_in(query.locale).language.spaced
        return question.points or (query.focus.on_products and not spaced)

    def _spoken_of(
        self, target: IndexedProduct, question: ProductQuestion, query: KnowledgeQuery
    ) -> bool:
        """Whether a turn speaks of the product that `meant` gives at all."""
        if question.extreme is not None and len(query.focus.shown) > 1:
            return True
        if looks_for_another(question, target, query.locale):
            return False
        if question.named or question.ordinal is not None or _only_one(question, target):
            return not question.wanted or bool(question.named)
        if pointed_out(question, known(query.focus.shown, self._products.index())) is target:
            return not question.wanted
        if question.sold and (question.wanted or not _has(target, question.sold)):
            asked = question.asks and not question.wanted and question.cue is None
            return asked and (question.points or question.definite)
        if query.focus.on_products or (query.focus.topic is None and query.place.page):
            return True
        asks = question.cue is not None or question.filters.narrows or bool(question.facts.told)
        return question.points and asks

    def _of_one(self, question: ProductQuestion, targets: Sequence[IndexedProduct]) -> bool:
        """Whether a colour or a size is asked of the one product spoken of: "in blue?"."""
        filters = question.filters
        price = filters.low or filters.high or question.cue in ("cheaper", "dearer", "others")
        return len(targets) == 1 and not price

    def _asks_of_each(self, question: ProductQuestion, focus: Focus) -> bool:
        """Whether a fact is asked for where several products were shown: "is it quiet"."""
        if not focus.on_products or len(focus.shown) < 2:
            return False
        asks = question.asks and (question.of_it or not question.sold)
        of_them = question.cue is None and not question.wanted and not question.serves
        return asks and of_them and not question.is_bare

    def _share(self, question: ProductQuestion) -> float:
        """How sure a wish is, by the share of words that say what is looked for."""
        if not question.rest:
            return WISH[0][1]
        index = self._products.index()
        known = sum(word not in question.sold and index.has(word) for word in question.rest)
        share = (len(question.sold) + HALF * known) / len(question.rest)
        # "Water bottle": what is sold stands last.
        named_last = len(question.rest) == 2 and question.rest[-1] in question.sold
        found = next((sure for least, sure in WISH if share >= least), 0.0)
        return max(found, WISH[1][1]) if named_last else found


def _sure_of_suiting(suiting: Suiting) -> float:
    """From a vague reply's measure up to that of a wish whose words are all understood."""
    return min(WISH[0][1], SILENT + SUITING_MORE * (suiting.near - SUITS_AT))


def _sure_of(fact: FactSentence) -> float:
    if fact.share < 0.5:
        return FACT_LEAST + FACT_MORE * fact.share
    return FACT_HALF_LEAST + FACT_HALF_MORE * fact.share


def _asks_one(question: ProductQuestion) -> bool:
    """Whether something is asked of one product: "how much is it", 多少钱."""
    return question.cue in ("price", "stock", "sizes", "colours") and (
        question.points or question.is_bare
    )


def _has(target: IndexedProduct, words: Sequence[str]) -> bool:
    return target.words.union(target.kinds).issuperset(words)


def _only_one(question: ProductQuestion, target: IndexedProduct) -> bool:
    """Whether a kind of product is said of which there is this one: "the blanket"."""
    return target in question.only


def act_asked(question: ProductQuestion) -> str:
    """What is asked of a product: its price, its stock, …; "show" where nothing is."""
    if question.cue in ("price", "sizes", "colours", "stock"):
        return question.cue
    if question.filters.colours or question.filters.sizes:
        return "stock"
    return "stock" if question.named and question.numbers else "show"
