"""Evaluation measures: accuracy, recall, calibration error, coverage, AUROC, MRR; pure arithmetic.

A question no reply fits counts in every measure of confidence: answered, it is answered wrongly.
"""

from typing import Any, Final, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]

BINS: Final = 15
WANTED_PRECISION: Final = 0.95
DRAWS: Final = 200


class EvaluatedAnswers(NamedTuple):
    """What came of N questions."""

    rank: Array  # int [N], place of the right reply among those shown, 0 first; -1: not among them
    confidence: Array  # float [N]
    is_null: Array  # bool [N], no reply fits

    @property
    def right(self) -> Array:
        """Whether the first reply is right: bool [N]."""
        first: Array = (self.rank == 0) & ~self.is_null
        return first


def question_measures(answered: EvaluatedAnswers) -> dict[str, float | None]:
    """Top-1 and recall over questions that have a reply; the rest over all of them."""
    rank = answered.rank[~answered.is_null]
    return {
        "top1": _mean(rank == 0),
        "recall_at_5": _mean((rank >= 0) & (rank < 5)),
        "ece": expected_calibration_error(answered.confidence, answered.right),
        "coverage_at_95": coverage_at(WANTED_PRECISION, answered.confidence, answered.right),
        "handover_auroc": auroc(answered.confidence, ~answered.is_null),
    }


def ranking_measures(rank: Array) -> dict[str, float]:
    """Recall at 1, 5 and 10, and the mean of 1 ÷ place; `rank` [N] counts from 0.

    >>> ranking_measures(np.array([0, 1, 7, 30]))["recall_at_5"]
    0.5
    """
    return {
        "recall_at_1": _mean(rank < 1),
        "recall_at_5": _mean(rank < 5),
        "recall_at_10": _mean(rank < 10),
        "mrr": _mean(1.0 / (rank + 1.0)),
    }


def expected_calibration_error(confidence: Array, right: Array) -> float:
    """Mean distance of confidence and share of right answers, in 15 bins of equal width.

    Guo et al., On Calibration of Modern Neural Networks, ICML 2017, equation 3.

    >>> expected_calibration_error(np.array([0.9, 0.9]), np.array([True, False]))
    0.4
    """
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(place, weights=confidence - right, minlength=BINS)
    return round(float(np.abs(gaps).sum() / max(len(confidence), 1)), 6)


def calibration_error_by_chance(confidence: Array, *, seed: int = 1) -> float:
    """The calibration error to be expected of confidences that are exactly right.

    Spread over all confidences, 0.087 of 200 answers and 0.038 of 1,000: a measured error says
    something by what it has over this.

    >>> of_few, of_many = (calibration_error_by_chance(np.full(n, 0.5)) for n in (100, 10_000))
    >>> round(of_few, 2), round(of_many, 3)
    (0.04, 0.004)
    """
    chance = np.random.default_rng(seed)
    errors = [
        expected_calibration_error(confidence, chance.random(len(confidence)) < confidence)
        for _ in range(DRAWS)
    ]
    return round(float(np.mean(errors)), 6)


def coverage_at(precision: float, confidence: Array, right: Array) -> float:
    """The largest share of questions that can be answered, surest first, with so many right.

    >>> coverage_at(0.95, np.array([0.9, 0.8, 0.7]), np.array([True, True, False]))
    0.666667
    """
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    precise = np.cumsum(right[order]) / answered >= precision
    # A threshold cannot part equally sure questions: a place counts only where confidence changes.
    sorted_confidence = confidence[order]
    edge = np.append(sorted_confidence[:-1] != sorted_confidence[1:], True)[: len(order)]
    places = answered[precise & edge]
    return round(float(places.max()) / len(order), 6) if len(places) else 0.0


def threshold_at(precision: float, confidence: Array, right: Array) -> float | None:
    """The lowest confidence from which on answers are right often enough; None: there is none.

    >>> threshold_at(0.95, np.array([0.9, 0.8, 0.7]), np.array([True, True, False]))
    0.8
    """
    covered = round(coverage_at(precision, confidence, right) * len(confidence))
    return float(np.sort(confidence)[::-1][covered - 1]) if covered else None


def auroc(score: Array, positive: Array) -> float | None:
    """The chance that a positive scores over a negative, ties half; None without both.

    >>> auroc(np.array([0.9, 0.4, 0.4]), np.array([True, True, False]))
    0.75
    """
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return None
    ascending = np.sort(score)
    below, upto = (np.searchsorted(ascending, score, side=s) for s in ("left", "right"))
    ranks = (below + upto + 1) / 2
    pairs = ranks[positive].sum() - positives * (positives + 1) / 2
    return round(float(pairs / (positives * negatives)), 6)


def _mean(values: Array) -> float:
    return round(float(np.mean(values)), 6) if len(values) else 0.0
