"""Product recommendations of the model, weighed against what a search by words finds."""

import math
from collections.abc import Mapping
from typing import Final

import structlog

from bot.knowledge.source import ModelQuery
from serving import contract
from serving.client import CircuitBreaker
from serving.ranker import LabelUnknown, RankerUnavailable, Recommendation, Recommender

# Tried on 45 wishes the demo shop can meet and 15 it can not, with a sentence encoder's vectors:
# by words alone 23 got a right card first and 28 got one at all; weighed so, 28 and 35. With 1.0 it
# is 25 and 36, with 3.0 28 and 34.
WEIGHT: Final = 1.5  # of the model's word against the search's
# Eight times likelier than the average product: so 4 of the 15 got cards, as by words alone; at six
# times 6, at four and a half 10.
SURE: Final = math.log(8)
FULL: Final = 3.0  # 20 times; surer than that is as sure as can be
# A hit with less than half the best one's score shares a word with the query by accident.
NEAR_BEST: Final = 0.5

log = structlog.get_logger()


class Recommendations:
    """Asks the model; while it is away there are none, and words alone decide."""

    def __init__(
        self, recommender: Recommender | None, breaker: CircuitBreaker | None = None
    ) -> None:
        """`breaker` keeps shoppers from waiting for a server that is gone."""
        self._recommender = recommender
        self._breaker = breaker or CircuitBreaker()

    def of(self, query: ModelQuery | None) -> dict[str, float]:
        """How much better than the average each product fits, by its id; see `Recommendation`."""
        if query is None or self._recommender is None or not self._breaker.allows():
            return {}
        try:
            found = _ask(self._recommender, query)
        except RankerUnavailable as error:
            self._breaker.failed()
            log.warning("recommender.unavailable", reason=str(error), label=query.label)
            return {}
        self._breaker.succeeded()
        return {each.product_id: each.score for each in found}


def blend(by_words: Mapping[int, float], recommended: Mapping[int, float]) -> list[int]:
    """What was found, best first: the search's score, at most 1, and the model's times its weight.

    The model alone brings a product in only where it is sure.

    >>> blend({1: 4.0, 2: 3.0, 3: 1.0}, {})
    [1, 2]
    >>> blend({1: 4.0, 2: 3.0}, {2: 1.2, 7: 2.5, 8: 1.0})
    [2, 7, 1]
    >>> blend({1: 4.0, 2: 4.0}, {1: 3.0})
    [1, 2]
    """
    most = max(by_words.values(), default=1.0)
    scores = {number: score / most for number, score in by_words.items()}
    for number, score in recommended.items():
        if number in scores or score >= SURE:
            fits = min(max(score / FULL, 0.0), 1.0)
            scores[number] = scores.get(number, 0.0) + WEIGHT * fits
    best = sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))
    # What the words fit best stays whatever the model prefers: filters come after this.
    least = NEAR_BEST * most
    return [
        number
        for number, _ in best
        if by_words.get(number, 0.0) >= least or recommended.get(number, 0.0) >= SURE
    ]


def _ask(recommender: Recommender, query: ModelQuery) -> list[Recommendation]:
    try:
        return recommender.recommend(query.dialogue, label=query.label)
    except LabelUnknown:
        if query.label == contract.STABLE:
            raise
        # The trial has just ended: the champion answers the challenger's shoppers.
        return recommender.recommend(query.dialogue, label=contract.STABLE)
