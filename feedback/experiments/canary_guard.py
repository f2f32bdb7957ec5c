"""Watches a challenger while it answers some of the shoppers: harm at once, proof in time. Pure.

Two rates are watched, of shoppers who pressed a thumb down and of shoppers who were handed over:
over all of them, and among those who first asked about each topic, since what ruins one topic of
fifty hardly moves the whole. The test may be looked at after every shopper. Harm is shown by an
e-value, the two-sample test of Turner, Ly and Grünwald (2024, "Generic E-variables for exact
sequential k-sample tests"), exact for any number of shoppers: under no difference it passes 80 in
one trial of eighty, however often it is looked at. A topic's has to pass 80 times the number of
topics, so that all topics together are mistaken as seldom as the whole (Bonferroni). That the
challenger is not worse is shown by a confidence sequence (feedback/experiments/
confidence_sequence.py) that leaves a loss of `MARGIN` out.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from feedback.experiments.confidence_sequence import ALPHA, tuning

# 2 measures, each over all and by topic, ÷ 0.05: without harm a trial ends wrongly once in twenty.
HARM: Final = 80.0
MARGIN: Final = 0.03  # of the shoppers, for either measure: less is not worth another month
FEWEST: Final = 100  # challenger's shoppers, before it may be promoted: the sequence is asymptotic
BEST_AT: Final = 2_000  # shoppers at which the confidence sequence is tightest
PRIOR: Final = 0.5  # successes and failures each rate begins with (Jeffreys)
RATES: Final = ("disliked", "handed_over")

Decision = Literal["promote", "roll_back", "keep"]


class DealtShopper(NamedTuple):
    """A shopper who was dealt the champion or the challenger while both were there."""

    at: datetime
    challenger: bool
    disliked: bool  # pressed a thumb down
    handed_over: bool
    accepted: bool = False
    topic: str | None = None  # that the shopper first asked about, by the words alone


class Rate(NamedTuple):
    """How both do on one measure, and what that shows."""

    name: str
    champion: float
    challenger: float
    evidence: float  # of harm: an e-value
    at_most: float | None  # the challenger's rate is higher by no more than this; None: too few
    topic: str | None = None  # among those who asked about it; None: over all


class TrialStanding(NamedTuple):
    """A look at a trial; `decision` None: wait for more."""

    decision: Decision | None
    reason: str
    champions: int
    challengers: int
    rates: tuple[Rate, ...]
    worst: tuple[Rate, ...] = ()  # of each measure the topic with the strongest evidence of harm

    def as_json(self) -> dict[str, Any]:
        """To be stored."""
        told = {name: [one._asdict() for one in getattr(self, name)] for name in ("rates", "worst")}
        return {**self._asdict(), **told}


def look(
    met: Sequence[DealtShopper],
    *,
    since: datetime,
    now: datetime,
    longest: timedelta,
    topics: int = 1,
    fewest: int = FEWEST,
) -> TrialStanding:
    """What is to be done with the challenger.

    Args:
        met: shoppers dealt one of the two since then.
        since: when the trial began.
        now: of the look.
        longest: how long a trial may last; then the champion stays.
        topics: how many the shop has, whether anybody asked about them or not.
        fewest: the challenger's shoppers before it may be promoted.
    """
    ordered = sorted(met, key=lambda one: one[:-1])  # a topic may be None
    champions = sum(not one.challenger for one in ordered)
    challengers = len(ordered) - champions
    rates = tuple(_rate(name, ordered, fewest) for name in RATES)
    worst = worst_topics(ordered, fewest)
    seen = TrialStanding(None, "", champions, challengers, rates, worst)
    counted = f"{challengers} shoppers had it, {champions} the champion"
    harmful = [rate for rate in rates if rate.evidence >= HARM]
    harmful += [rate for rate in worst if rate.evidence >= HARM * max(topics, 1)]
    if harmful:
        return seen._replace(decision="roll_back", reason=f"{_told(harmful[0])}; {counted}")
    if all(rate.at_most is not None and rate.at_most < MARGIN for rate in rates):
        told = ", ".join(_told(rate) for rate in rates)
        return seen._replace(decision="promote", reason=f"not worse: {told}; {counted}")
    if now - since >= longest:
        return seen._replace(
            decision="keep", reason=f"no difference shown in {longest.days} days; {counted}"
        )
    return seen._replace(reason=f"not enough seen yet; {counted}")


def worst_topics(met: Sequence[DealtShopper], fewest: int = FEWEST) -> tuple[Rate, ...]:
    """Of each measure the topic in which most speaks for harm; empty where nobody has a topic."""
    by_topic: defaultdict[str, list[DealtShopper]] = defaultdict(list)
    for one in met:
        if one.topic is not None:
            by_topic[one.topic].append(one)
    found = [
        [_rate(name, by_topic[topic], fewest)._replace(topic=topic) for topic in sorted(by_topic)]
        for name in RATES
    ]
    return tuple(max(rates, key=lambda rate: rate.evidence) for rates in found if rates)


def evidence_of_harm(outcomes: Iterable[tuple[bool, bool]]) -> float:
    """The e-value that the challenger's rate is higher; outcomes are (challenger, happened).

    Shoppers are taken in blocks, each as short as it can be with one of both in it. A block's
    outcomes are as likely under both rates, as they look from the blocks before, as under the one
    rate between them: their ratio is 1 on average where there is no difference, so its product
    seldom grows.

    >>> evidence_of_harm([(False, False), (True, False)] * 200) < 1.1
    True
    >>> evidence_of_harm([(False, False), (True, True)] * 20) > 40
    True
    """
    logged = 0.0
    old, new = _Count(), _Count()
    champions, challengers = _Count(), _Count()  # of the block
    for challenger, happened in outcomes:
        (challengers if challenger else champions).add(happened=happened)
        if not (champions.n and challengers.n):
            continue
        before, now = old.rate, new.rate
        if now > before:  # against a challenger that looks better nothing is staked
            between = (champions.n * before + challengers.n * now) / (champions.n + challengers.n)
            logged += champions.log_likelihood(before) - champions.log_likelihood(between)
            logged += challengers.log_likelihood(now) - challengers.log_likelihood(between)
        old.take(champions)
        new.take(challengers)
        champions, challengers = _Count(), _Count()
    return math.exp(min(logged, 700.0))


class _Count:
    """How often something happened among so many."""

    def __init__(self) -> None:
        self.yes, self.n = 0, 0

    @property
    def rate(self) -> float:
        return (self.yes + PRIOR) / (self.n + 2 * PRIOR)

    def add(self, *, happened: bool) -> None:
        self.yes += happened
        self.n += 1

    def take(self, other: "_Count") -> None:
        self.yes += other.yes
        self.n += other.n

    def log_likelihood(self, rate: float) -> float:
        return self.yes * _log(rate) + (self.n - self.yes) * _log(1 - rate)


def _rate(name: str, met: Sequence[DealtShopper], fewest: int) -> Rate:
    outcomes = [(one.challenger, bool(getattr(one, name))) for one in met]
    old = [happened for challenger, happened in outcomes if not challenger]
    new = [happened for challenger, happened in outcomes if challenger]
    champion, challenger = _share(old), _share(new)
    at_most = None
    if len(new) >= fewest and len(old) >= fewest:
        # With a failure more in each, so that a rate of 0 is no certainty.
        variance = sum(_variance(sum(each), len(each)) for each in (old, new))
        at_most = round(challenger - champion + half_width(variance, len(met)), 5)
    evidence = round(evidence_of_harm(outcomes), 3)
    return Rate(name, round(champion, 5), round(challenger, 5), evidence, at_most)


def _share(happened: Sequence[bool]) -> float:
    return sum(happened) / len(happened) if happened else 0.0


def _variance(yes: int, n: int) -> float:
    share = (yes + 1) / (n + 2)
    return share * (1 - share) / n


def half_width(variance: float, shoppers: int) -> float:
    """Half the interval at this look and every other, one side of it; see `confidence_sequence`."""
    rho = tuning(BEST_AT, 2 * ALPHA)
    spread = shoppers * rho**2 + 1
    mixture = 2 * spread * math.log(math.sqrt(spread) / (2 * ALPHA)) / (shoppers * rho) ** 2
    return math.sqrt(variance * shoppers * mixture)


def _log(value: float) -> float:
    return math.log(max(value, 1e-12))


def _told(rate: Rate) -> str:
    words = {"disliked": "pressed a thumb down", "handed_over": "were handed over"}[rate.name]
    told = f"{100 * rate.challenger:.1f} % {words}, the champion's {100 * rate.champion:.1f} %"
    return f"asked about {rate.topic}: {told}" if rate.topic else told
