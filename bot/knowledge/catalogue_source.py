"""The catalogue as a knowledge source: products named, spoken of, looked for; stock and facts.

Its candidates stand beside the replies and are weighed with them, so that a product that a turn
names is answered whatever the reply book's model makes of the turn. How sure it is are shares of
the turn's words that it understands, on the scale of the model's calibrated confidence.
"""

from collections.abc import Callable, Collection, Sequence

from bot.knowledge.catalogue_confidence import LEAST
from bot.knowledge.catalogue_judge import CatalogueJudge, ReadsDescriptions, act_asked
from bot.knowledge.product_answers import NAME, ProductAnswers
from bot.knowledge.product_focus import (
    kept_to_it,
    known,
    with_what_was_asked,
)
from bot.knowledge.product_mentions import ProductMentions
from bot.knowledge.product_questions import ProductQuestion
from bot.knowledge.product_search import ProductSearch
from bot.knowledge.source import AskBack, Composed, KnowledgeQuery, NeedsPerson
from bot.languages import phrases_in
from serving.ranker import Candidate, Ranking


class CatalogueSource:
    """Answers about products from the index in memory; of a description it reads one sentence."""

    name = NAME

    def __init__(
        self,
        products: ProductSearch,
        best_sellers: Callable[[], Sequence[str]] = tuple,
        descriptions: ReadsDescriptions | None = None,
    ) -> None:
        """`products` holds the index; `best_sellers` gives what is bought most, by id.

        `descriptions` are read by the model; without it, or while it is away, words decide which
        sentence answers.
        """
        self._products = products
        self._answers = ProductAnswers(products)
        self._judge = CatalogueJudge(products, self._answers, best_sellers, descriptions)

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """What it could say to the turn; nothing in the holdout, where words of replies decide."""
        if query.label is None or not query.texts:
            return Ranking((), 0.0, "model")
        sure, act, ids = self._judge.judge(self._question(query), query)
        if not act or sure < LEAST:
            return Ranking((), 0.0, "model")
        candidate = Candidate(f"{act}:{','.join(ids)}", 0.0, NAME)
        return Ranking((candidate,), sure, "model")

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed | AskBack | NeedsPerson | None:
        """The words, with cards; None where the product is not for sale any more."""
        act, _, ids = id_.partition(":")
        if act == "wish":
            return self._answers.looked_for(self._answers.wish(query), query)
        index = self._products.index()
        question = self._question(query)
        entries = known(ids.split(","), index)
        if not entries:
            return None
        if act == "silent":
            return self._answers.silent(entries[0], query.locale)
        if act == "which":
            act = act_asked(question)
            act = "fact" if act == "show" and question.asks else act
            return self._answers.which(entries, act, query.locale)
        if act == "suits":
            return self._answers.suiting(entries, query)
        if act == "popular":
            return self._answers.popular(entries, query.locale)
        if act == "compare":
            return self._answers.compared(entries, question, query.locale)
        question = with_what_was_asked(question.of(entries[0]), entries[0], query.focus)
        return self._answers.about(entries[0], act, question, query.locale)

    def products_of(self, id_: str) -> tuple[str, ...]:
        """The products that a candidate speaks of; of a search none is known before."""
        ids = id_.partition(":")[2]
        return tuple(ids.split(",")) if ids else ()

    def named_in(self, query: KnowledgeQuery) -> str | None:
        """The product that a turn names, whatever it asks; None where it names none, or several."""
        question = self._question(query)
        named = () if question.loosely else question.named
        called = named or (question.only if question.definite else ())
        return called[0].product_id if len(called) == 1 else None

    def mentions(self, known: Callable[[], Collection[str]]) -> ProductMentions:
        """Finds products named in a text in words that are not `known`."""
        return ProductMentions(self._products.index, known)

    def title(self, id_: str, locale: str) -> str:
        """The product's name; of a search what it is."""
        act, _, ids = id_.partition(":")
        entry = self._products.index().product(ids.split(",")[0])
        if entry is None or act in ("wish", "which", "popular", "suits"):
            return phrases_in(locale).products_title
        return entry.title_in(locale)

    def _question(self, query: KnowledgeQuery) -> ProductQuestion:
        question = self._products.question(query.texts[0], query.locale)
        return kept_to_it(question, query.focus, self._products.index(), query.place)
