"""Weighs the candidates of all knowledge sources against each other."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from bot.knowledge.source import (
    AskBack,
    Composed,
    KnowledgeQuery,
    KnowledgeSource,
    NamesProducts,
    NeedsPerson,
    SpeaksOfProducts,
)
from feedback.entities import FindsProducts
from serving.ranker import Candidate, Ranking

# Keyword search does not know how sure it is: only what is likelier right than wrong goes before.
EVEN: Final = 0.5
ANSWER_AT: Final = 0.7  # from here on a source that measures nothing of its own answers
LEAST: Final = 1e-9  # the logarithm of 0 is no number


class Knowledge:
    """All that can answer in one shop, asked as one."""

    def __init__(self, reply_book: KnowledgeSource, *others: KnowledgeSource) -> None:
        """The reply book wins ties."""
        self._reply_book = reply_book
        self._others = {source.name: source for source in others}
        self._all = (reply_book, *others)

    def rank(self, query: KnowledgeQuery) -> Ranking:
        """The candidates of all sources, best first, with what the reply book says of the turn."""
        rankings = [source.rank(query) for source in self._all]
        return weigh(rankings)._replace(acts=rankings[0].acts, actions=rankings[0].actions)

    def compose(
        self, candidate: Candidate, query: KnowledgeQuery
    ) -> Composed | AskBack | NeedsPerson | None:
        """What a candidate says; None where it is not there any more."""
        return self._source(candidate).compose(candidate.id, query)

    def title(self, candidate: Candidate, locale: str) -> str:
        """What a button for a candidate says."""
        return self._source(candidate).title(candidate.id, locale)

    def products_of(self, candidate: Candidate) -> tuple[str, ...]:
        """The products that a candidate speaks of."""
        source = self._source(candidate)
        return source.products_of(candidate.id) if isinstance(source, SpeaksOfProducts) else ()

    def product_named_in(self, query: KnowledgeQuery) -> str | None:
        """The one product that a turn names in passing: "how much is delivery of the lamp"."""
        speaking = (each for each in self._all if isinstance(each, NamesProducts))
        return next((one for each in speaking if (one := each.named_in(query))), None)

    def mentions(self, known: Callable[[], Collection[str]]) -> FindsProducts | None:
        """Finds products named in a text in words that are not `known`; None: nothing is sold."""
        speaking = (each for each in self._all if isinstance(each, NamesProducts))
        return next((each.mentions(known) for each in speaking), None)

    def named(self, key: str) -> Candidate:
        """The candidate of a `key`, as a button or a pending question keeps it."""
        source, _, id_ = key.partition(":")
        return Candidate(id_, 0.0, source) if source in self._others else Candidate(key, 0.0)

    def _source(self, candidate: Candidate) -> KnowledgeSource:
        return self._others.get(candidate.source, self._reply_book)


def weigh(rankings: Sequence[Ranking]) -> Ranking:
    """One ranking of several sources' candidates; a score is then the logarithm of a probability.

    >>> replies = (Candidate("return_policy", 7.0), Candidate("return_how", 5.0))
    >>> book = Ranking(replies, 0.4, "model")
    >>> pages = Ranking((Candidate("returns#2", 0.0, "pages"),), 0.8, "model")
    >>> [(each.key, round(each.score, 1)) for each in weigh([book, pages]).candidates]
    [('pages:returns#2', -0.2), ('return_policy', -0.9), ('return_how', -2.9)]
    """
    found = [ranking for ranking in rankings if ranking.candidates]
    if len(found) < 2:
        return found[0] if found else rankings[0]
    calibrated = [ranking for ranking in found if ranking.served_by == "model"]
    by_words = next((ranking for ranking in found if ranking.served_by == "keywords"), None)
    surest = max(calibrated, key=_how_sure, default=None)
    if surest is None or (by_words is not None and surest.confidence < EVEN):
        return by_words or found[0]
    return surest._replace(candidates=_led(surest.candidates[0], _by_probability(calibrated)))


def _led(first: Candidate, weighed: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """With the surest source's best in front: by its own measure it may be less probable."""
    best = next(each for each in weighed if each.key == first.key)
    others = tuple(each for each in weighed if each is not best)
    return best._replace(score=max(each.score for each in weighed)), *others


def _how_sure(ranking: Ranking) -> tuple[bool, float]:
    """Each by its own measure first: a version may answer from 0.8 on, the catalogue from 0.7."""
    answer_at = ANSWER_AT if ranking.answer_at is None else ranking.answer_at
    return ranking.confidence >= answer_at, ranking.confidence


def _by_probability(rankings: Iterable[Ranking]) -> tuple[Candidate, ...]:
    weighed = []
    for ranking in rankings:
        shift = math.log(max(ranking.confidence, LEAST)) - ranking.candidates[0].score
        weighed += [each._replace(score=each.score + shift) for each in ranking.candidates]
    return tuple(sorted(weighed, key=lambda each: -each.score))
