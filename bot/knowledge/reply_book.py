"""The reply book as a knowledge source: ranked by the model, filled by its slots."""

import math
from typing import Final

import structlog

from bot.knowledge.reply_book_cache import ReplyBookCache
from bot.knowledge.slots import SlotFiller
from bot.knowledge.source import AskBack, Composed, KnowledgeQuery, NeedsPerson
from serving.contract import STABLE
from serving.ranker import REPLY_BOOK, Candidate, Ranker, RankerUnavailable, Ranking

log = structlog.get_logger()

# How sure a version is taken to be at most: some hundred held-out questions tell no more, and a
# sentence of the product in focus is surer than a general reply to the turn by itself.
OF_ITSELF: Final = 0.975
AS_WRITTEN: Final = 0.999  # how sure a question is that stands in the book word for word
# The same where a product is looked at or spoken of: "is it waterproof" then means that one, and
# the sentence that says so (0.978 and more) goes before what holds of all.
OF_A_PRODUCT: Final = 0.975
NAMED_AT_ONCE: Final = 0.8  # the same of a dialogue's first turn
NAMED_IN_FACT: Final = 0.93  # that a turn which only names a country asks for where it is told


def _put_first(reply_id: str, ranking: Ranking, sure: float) -> Ranking:
    """The ranking led by a reply that is known to be right, as surely as this."""
    others = tuple(each for each in ranking.candidates if each.id != reply_id)
    best = others[0].score if others else 0.0
    first = next(
        (each for each in ranking.candidates if each.id == reply_id), Candidate(reply_id, best)
    )
    if ranking.served_by == "keywords":
        return ranking
    least = best - math.log(1 - sure)
    led = first._replace(score=max(first.score, least))
    return ranking._replace(candidates=(led, *others), confidence=max(ranking.confidence, sure))


class ReplyBookSource:
    """The first source: replies that the staff wrote or approved."""

    name = REPLY_BOOK

    def __init__(
        self, cache: ReplyBookCache, slots: SlotFiller, *, ranker: Ranker, holdout_ranker: Ranker
    ) -> None:
        """`holdout_ranker` ranks for shoppers who are answered without the model."""
        self.cache = cache
        self.slots = slots
        self._ranker = ranker
        self._holdout_ranker = holdout_ranker

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """The model's ranking; in the holdout, and while the model is away, keyword search's."""
        ranker = self._holdout_ranker if query.label is None else self._ranker
        try:
            asked = query.dialogue if query.label is None else query.ranked or query.dialogue
            ranking = ranker.rank(asked, locale=query.locale, label=query.label or STABLE)
        except RankerUnavailable as error:
            log.warning("ranker.away", reason=str(error))
            return Ranking((), 0.0, "keywords")
        ranking = self._still_in_book(ranking)
        ranking = ranking._replace(confidence=min(ranking.confidence, OF_ITSELF))
        known = self.cache.asked_as_written(query.texts[0]) if query.label and query.texts else None
        if known is not None:
            focus = query.focus
            of_product = focus.on_products or (focus.topic is None and query.place.page)
            return _put_first(known, ranking, OF_A_PRODUCT if of_product else AS_WRITTEN)
        told = self._told_by_fact(query, ranking)
        if told is None:
            return ranking
        under_way = query.focus.topic is not None
        return _put_first(told, ranking, NAMED_IN_FACT if under_way else NAMED_AT_ONCE)

    def _told_by_fact(self, query: KnowledgeQuery, ranking: Ranking) -> str | None:
        """The reply to "and to Norway?": the one whose fact names it."""
        if query.label is None or not query.texts:
            return None
        telling = self.cache.with_fact(query.texts[0], query.locale)
        likely = [each.id for each in ranking.candidates if each.id in telling]
        return next(iter([*likely, *telling]), None)

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed | AskBack | NeedsPerson | None:
        """The reply with its slots filled, or what they need."""
        reply = self.cache.reply(id_, query.locale)
        return None if reply is None else self.slots.fill(reply, query)

    def title(self, id_: str, locale: str) -> str:
        """The first question that the staff gave the reply, or how it begins."""
        return self.cache.title(id_, locale)

    def _still_in_book(self, ranking: Ranking) -> Ranking:
        """With the successors of what was superseded, without what the book has no more.

        The confidence was that of the first one.
        """
        named: dict[str, Candidate] = {}
        for each in ranking.candidates:
            standing = self.cache.standing(each.id)
            if self.cache.reply(standing, "en"):
                named.setdefault(standing, each._replace(id=standing))
        kept = tuple(named.values())
        if kept == ranking.candidates:
            return ranking
        first = ranking.candidates[0] if ranking.candidates else None
        if first is not None and self.cache.standing(first.id) in named:
            return ranking._replace(candidates=kept)
        return ranking._replace(candidates=kept, confidence=0.0, among_three=None)
