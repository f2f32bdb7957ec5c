"""Estimates how often another model's replies would be accepted, from what this one showed.

Three estimators, each with a 95 % interval, by shopper: inverse propensity (Horvitz and Thompson
1952), self-normalised (Swaminathan and Joachims, NIPS 2015) and doubly robust (Dudik, Langford and
Li, ICML 2011), the last with a reward model fitted on other shoppers than it is used for. Where the
other model would say what this one never says, nobody knows: `support` says how much of it the log
could have shown. Under `SUPPORT` there is no estimate, and over it every interval is wider by what
is missing, since of that anything from none to all might be accepted. Pure.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from feedback.experiments.confidence_sequence import NORMAL_975

FOLDS: Final = 5  # shoppers whose rewards are predicted from the other four fifths
PULL: Final = 10.0  # answers by which a reply's own rate is drawn to that of all
FEWEST_SHOPPERS: Final = 300  # of 200, inverse propensity's interval held the truth 91 times in 100

SUPPORT: Final = 0.8  # of the other model's answers a log has to have shown, to say anything


class LoggedReply(NamedTuple):
    """A reply that was said."""

    shopper_id: str
    reply_id: str
    propensity: float
    reward: float  # 1.0 accepted, 0.0 not
    wanted: Mapping[str, float]  # the other model's replies, with probabilities; the rest: none


class Estimate(NamedTuple):
    """A share, and the interval that holds the truth in 95 of 100 such logs."""

    value: float
    low: float
    high: float


class OffPolicy(NamedTuple):
    """What would be accepted of the other model's answers, three ways; and what was, of these."""

    answers: int
    shoppers: int
    support: float  # share of the other model's answers that this log could have shown
    effective: float  # answers the log is worth: (sum of weights)² ÷ sum of squares
    ips: Estimate | None  # None: too few shoppers, or too little in common
    snips: Estimate | None
    dr: Estimate | None
    logged: Estimate | None  # the log's own share, over the same answers
    difference: Estimate | None  # dr minus logged, paired: what the gate asks


def estimate(events: Sequence[LoggedReply]) -> OffPolicy:
    """Judge another model by a log; where it would not answer, nothing would be accepted.

    >>> estimate([LoggedReply("anna", "returns", 1.0, 1.0, {"returns": 1.0})]).dr is None
    True
    """
    shoppers = {event.shopper_id for event in events}
    weights = [event.wanted.get(event.reply_id, 0.0) / event.propensity for event in events]
    total, squares = sum(weights), sum(weight**2 for weight in weights)
    wanted = sum(sum(event.wanted.values()) for event in events)
    support = round(min(1.0, total / wanted), 4) if wanted else 0.0
    effective = total**2 / squares if squares else 0.0
    nothing = OffPolicy(
        len(events), len(shoppers), support, round(effective, 1), None, None, None, None, None
    )
    if len(shoppers) < FEWEST_SHOPPERS or not total:
        return nothing
    rewards = [event.reward for event in events]
    of = [event.shopper_id for event in events]
    nothing = nothing._replace(logged=_interval(rewards, of))
    if support < SUPPORT:
        return nothing
    unseen = 1.0 - support
    predicted = _predicted(events)
    ips = [weight * reward for weight, reward in zip(weights, rewards, strict=True)]
    snips = total and sum(ips) / total
    dr = [
        hoped + weight * (reward - told)
        for (hoped, told), weight, reward in zip(predicted, weights, rewards, strict=True)
    ]
    mean = total / len(events)
    residuals = [
        weight * (reward - snips) / mean for weight, reward in zip(weights, rewards, strict=True)
    ]
    return nothing._replace(
        ips=_interval(ips, of, unseen=unseen),
        snips=_interval(residuals, of, around=snips, unseen=unseen),
        dr=_interval(dr, of, unseen=unseen),
        difference=_interval([a - b for a, b in zip(dr, rewards, strict=True)], of, unseen=unseen),
    )


def _predicted(events: Sequence[LoggedReply]) -> list[tuple[float, float]]:
    """For each event the reward hoped for from the other model, and from the reply that was said.

    A reply's reward is its share of accepted answers to other shoppers, drawn to the share of all.
    """
    folds = [_fold(event.shopper_id) for event in events]
    sums: list[defaultdict[str, list[float]]] = [
        defaultdict(lambda: [0.0, 0.0]) for _ in range(FOLDS)
    ]
    everything: list[list[float]] = [[0.0, 0.0] for _ in range(FOLDS)]
    for event, own in zip(events, folds, strict=True):
        for fold in range(FOLDS):
            if fold != own:
                for total in (sums[fold][event.reply_id], everything[fold]):
                    total[0] += event.reward
                    total[1] += 1.0

    def rate(fold: int, reply_id: str) -> float:
        share = everything[fold][0] / max(everything[fold][1], 1.0)
        accepted, shown = sums[fold].get(reply_id, (0.0, 0.0))
        return (accepted + PULL * share) / (shown + PULL)

    return [
        (
            sum(p * rate(fold, act) for act, p in event.wanted.items()),
            rate(fold, event.reply_id),
        )
        for event, fold in zip(events, folds, strict=True)
    ]


def _fold(shopper_id: str) -> int:
    return sha256(shopper_id.encode("utf-8", "ignore")).digest()[0] % FOLDS


def _interval(
    values: Sequence[float],
    of: Sequence[str],
    *,
    around: float | None = None,
    unseen: float = 0.0,
) -> Estimate:
    """The mean of `values` with its interval; a shopper's answers go together.

    With `around` the values are what is left of it, and their mean is taken for 0.
    `unseen` is the share of answers of which nothing is known.
    """
    n = len(values)
    mean = sum(values) / n
    by_shopper: defaultdict[str, float] = defaultdict(float)
    for value, shopper in zip(values, of, strict=True):
        by_shopper[shopper] += value - mean
    groups = len(by_shopper)
    variance = sum(total**2 for total in by_shopper.values()) * groups / max(groups - 1, 1) / n**2
    half = NORMAL_975 * math.sqrt(variance) + unseen
    middle = mean if around is None else around
    return Estimate(*(round(value, 5) for value in (middle, middle - half, middle + half)))
