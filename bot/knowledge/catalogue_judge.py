"""Judges what a turn asks of the catalogue: which act, about which products, and how surely.

How sure it is, by the shares of the turn's words that it understands: `catalogue_confidence`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, Protocol

from bot.knowledge.catalogue_confidence import (
    ASKING_WHICH,
    LEAST,
    LOOKED_FOR,
    NOT_SOLD,
    PLAIN,
    SILENT,
    STALE,
    WISH,
    sure_of_fact,
    sure_of_suiting,
)
from bot.knowledge.indexed_product import IndexedProduct
from bot.knowledge.product_answers import ProductAnswers
from bot.knowledge.product_conditions import products_telling
from bot.knowledge.product_facts import best_sentence
from bot.knowledge.product_focus import (
    known,
    looks_for_another,
    meant,
    narrows,
    pointed_out,
)
from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_meanings import Suiting
from bot.knowledge.product_questions import ProductQuestion
from bot.knowledge.product_search import MAX_CARDS, ProductSearch
from bot.knowledge.source import KnowledgeQuery
from bot.languages import pack_in

HALF: Final = 0.5  # of a word counts what stands in a description alone: "a bag for my laptop"
# Words left of a turn that names a product and asks nothing; more, and it is about something else.
NAMED_IN_PASSING, ONLY_IN_PASSING = 3, 1
PARTS_LEFT: Final = 2  # where no spaces part words, so many are left of what says nothing
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
NOTHING: Final[Judgement] = (0.0, "", ())


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
        judged = self._of_the_named(question, query, targets)
        judged = judged or self._of_the_spoken_of(question, query, targets)
        judged = judged or self._of_the_shown(question, query)
        return judged or self._of_a_wish(question, query)

    def _of_the_named(
        self, question: ProductQuestion, query: KnowledgeQuery, targets: Sequence[IndexedProduct]
    ) -> Judgement | None:
        """Best sellers, what serves a product that is named, and several named at once."""
        ids = [entry.product_id for entry in targets]
        sold_best = question.popular and not question.named
        if sold_best and (sold := self._sold_best(question, self._products.index())):
            return WISH[0][1], "popular", sold
        if question.named and question.conditioned and not (question.asks or question.definite):
            # "Something to carry my FM2 in": what is named is what it is for.
            suiting = self._suiting(question, query)
            others = [id_ for id_ in suiting.product_ids if id_ not in ids] if suiting else []
            if suiting is not None and others:
                return sure_of_suiting(suiting), "suits", others
        if len(question.named) < 2:
            return None
        if question.serves:
            return NOTHING
        return (PLAIN if question.is_bare else 0.9), "compare", ids[:MOST_COMPARED]

    def _of_the_spoken_of(
        self, question: ProductQuestion, query: KnowledgeQuery, targets: Sequence[IndexedProduct]
    ) -> Judgement | None:
        """The last wish narrowed, or something asked of the product that is meant."""
        leads_on = narrows(question, query.focus, self._products.index(), query.place)
        if leads_on and not self._of_one(question, targets):
            return (PLAIN if len(question.rest) < 2 else SILENT), "wish", ()
        if targets and self._spoken_of(targets[0], question, query):
            return self._about(targets[0], question.of(targets[0]), query)
        return None

    def _of_the_shown(self, question: ProductQuestion, query: KnowledgeQuery) -> Judgement | None:
        """Something asked of several products shown: told of each, or asked which is meant."""
        focus = query.focus
        if len(focus.shown) < 2 or not focus.on_products:
            return None
        shown = focus.shown[:MOST_COMPARED]
        if _asks_one(question):
            if question.cue == "price" and question.is_bare and not question.points:
                return PLAIN, "compare", shown
            return ASKING_WHICH, "which", focus.shown
        if question.which and question.facts.told:
            return PLAIN, "compare", shown
        if not _asks_of_each(question):
            return None
        of_them = question.of_it or question.points
        if self._answers.any_tells(known(shown, self._products.index()), question, query.locale):
            return (PLAIN if of_them else ASKING_WHICH), "compare", shown
        return (ASKING_WHICH, "which", shown) if of_them else None

    def _of_a_wish(self, question: ProductQuestion, query: KnowledgeQuery) -> Judgement:
        """Something looked for by its words, its purpose or what its description tells."""
        focus, index = query.focus, self._products.index()
        if question.serves and not question.wanted:
            return NOTHING
        # Beside a price or a colour few words that the catalogue knows are wish enough.
        told = len(question.rest) <= NAMED_IN_PASSING and all(map(index.has, question.rest))
        if question.wanted and question.filters.narrows and told:
            return max(self._share(question), WISH[1][1]), "wish", ()
        suiting = None if question.serves else self._suiting(question, query)
        if suiting is not None and question.conditioned:
            return sure_of_suiting(suiting), "suits", suiting.product_ids
        if question.goes_on and focus.topic is not None and not focus.on_products:
            return (LEAST, "wish", ()) if question.sold else NOTHING
        if question.sold and (share := self._share(question)) >= LEAST:
            explicit = question.wanted and set(question.rest) == set(question.sold)
            return max(share, LOOKED_FOR) if explicit else share, "wish", ()
        if suiting is not None:
            return sure_of_suiting(suiting), "suits", suiting.product_ids
        if telling := products_telling(question, query, self._products):
            return SILENT, "compare", telling
        if question.sells and question.rest and not any(map(index.has, question.rest)):
            return NOT_SOLD, "wish", ()
        return NOTHING

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
            return NOTHING
        if question.is_bare and question.which and len(target.variants) > 1:
            return PLAIN * trust, "colours", ids
        if question.is_bare and question.of_it and act == "show":
            return SILENT * trust, "silent", ids
        if question.is_bare and act == "show" and question.asks_for_a_deed:
            return WISH[1][1] * trust, act, ids
        if question.is_bare:
            return (PLAIN * trust, act, ids) if question.is_about_products else NOTHING
        # "Pages of the notebook": a fact is asked for without a question.
        asks = question.asks or bool(question.named and question.facts.told and not question.wanted)
        body = self._products.body(target.product_id, query.locale) if asks else ""
        fact = best_sentence(question.rest, body, query.locale, question.facts)
        if fact is not None and self._tells(target, query):
            sure = sure_of_fact(fact, read=self._descriptions is not None)
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
        return NOTHING

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


def _asks_one(question: ProductQuestion) -> bool:
    """Whether something is asked of one product: "how much is it", 多少钱."""
    return question.cue in ("price", "stock", "sizes", "colours") and (
        question.points or question.is_bare
    )


def _asks_of_each(question: ProductQuestion) -> bool:
    """Whether a fact is asked for that several products may tell: "is it quiet"."""
    asks = question.asks and (question.of_it or not question.sold)
    of_them = question.cue is None and not question.wanted and not question.serves
    return asks and of_them and not question.is_bare


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
