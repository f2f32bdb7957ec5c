"""The reply book as a knowledge source: ranked by the model, filled by its slots."""

import structlog

from bot.knowledge.reply_book_cache import ReplyBookCache
from bot.knowledge.slots import SlotFiller
from bot.knowledge.source import AskBack, Composed, KnowledgeQuery, NeedsPerson
from serving.contract import STABLE
from serving.ranker import REPLY_BOOK, Ranker, RankerUnavailable, Ranking

log = structlog.get_logger()


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
            ranking = ranker.rank(query.dialogue, locale=query.locale, label=query.label or STABLE)
        except RankerUnavailable as error:
            log.warning("ranker.away", reason=str(error))
            return Ranking((), 0.0, "keywords")
        return self._still_in_book(ranking)

    def compose(self, id_: str, query: KnowledgeQuery) -> Composed | AskBack | NeedsPerson | None:
        """The reply with its slots filled, or what they need."""
        reply = self.cache.reply(id_, query.locale)
        return None if reply is None else self.slots.fill(reply, query)

    def title(self, id_: str, locale: str) -> str:
        """The first question that the staff gave the reply, or how it begins."""
        return self.cache.title(id_, locale)

    def _still_in_book(self, ranking: Ranking) -> Ranking:
        """Without replies the book has no more; the confidence was that of the first one."""
        kept = tuple(each for each in ranking.candidates if self.cache.reply(each.id, "en"))
        if len(kept) == len(ranking.candidates):
            return ranking
        first_is_kept = kept[:1] == ranking.candidates[:1]
        return ranking._replace(
            candidates=kept, confidence=ranking.confidence if first_is_kept else 0.0
        )
