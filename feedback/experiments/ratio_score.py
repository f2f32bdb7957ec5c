"""Score interval for a ratio of means per shopper, whose level holds in small and skewed arms.

Under a ratio `rho` the treatment's shoppers buy `rho` times as often for the same baskets. The
variance is estimated from both arms together under that very ratio (as Miettinen and Nurminen 1985
do for shares), so an arm of a tenth that has seen no large basket yet does not think itself sure.
Delta-method intervals of the logarithm, each arm with its own variance, decided falsely in up to
32 % of years where baskets are heavy-tailed; these in at most 5 % (benchmarks/uplift_methods.py).
Everything here is plain arithmetic, so it takes numbers and NumPy arrays alike.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from tea_tasting.aggr import Aggregates

from feedback.experiments.assignment import CHAMPION, HOLDOUT
from feedback.experiments.metric_registry import Fact
from feedback.experiments.stratification import Arms

WIDEST: Final = 1e4  # a ratio past it, or under its inverse, is told as no bound
STEPS: Final = 60  # halvings of the logarithm of a bound: to 1e-17 of it
TINY: Final = 1e-300


class Moments(NamedTuple):
    """The sums of one value over the shoppers of an arm."""

    shoppers: Any
    total: Any
    squares: Any

    def without(self, value: float) -> "Moments":
        """The arm as it would be had one shopper of that value not come."""
        return Moments(self.shoppers - 1, self.total - value, self.squares - value**2)


class ArmPair(NamedTuple):
    """Treatment and control of shoppers dealt under the same shares."""

    treatment: Moments
    control: Moments

    @property
    def weight(self) -> Any:
        """The precision of the pair's difference, up to a factor (Mantel and Haenszel)."""
        both = self.treatment.shoppers + self.control.shoppers
        return self.treatment.shoppers * self.control.shoppers / both


def score(pairs: Sequence[ArmPair], rho: Any = 1.0) -> Any:
    """How many standard errors the treatment's mean is over `rho` times the control's.

    >>> arms = ArmPair(Moments(1000, 120, 120), Moments(1000, 100, 100))
    >>> round(score([arms]), 3), round(score([arms], 1.2), 3)
    (1.429, 0.0)
    """
    difference, variance = 0.0, 0.0
    for pair in pairs:
        (n1, sum1, squares1), (n0, sum0, squares0) = pair
        expected = rho * n1 + n0  # shoppers, each counted as the control's buyers they are worth
        mean, square = (sum1 + sum0) / expected, (squares1 + squares0) / expected
        spread = square * (1 / (rho * n1) + 1 / n0) - mean**2 * (1 / n1 + 1 / n0)
        difference = difference + pair.weight * (sum1 / n1 / rho - sum0 / n0)
        variance = variance + pair.weight**2 * spread
    return difference / (variance + TINY) ** 0.5


def ratio(pairs: Sequence[ArmPair]) -> float | None:
    """The ratio at which the score is 0; None: the control had nothing."""
    over = sum(pair.weight * pair.treatment.total / pair.treatment.shoppers for pair in pairs)
    under = sum(pair.weight * pair.control.total / pair.control.shoppers for pair in pairs)
    return float(over / under) if under else None


def bounds(pairs: Sequence[ArmPair], limit: float) -> tuple[float, float]:
    """The ratios whose score is within `limit`: the lowest and the highest.

    >>> low, high = bounds([ArmPair(Moments(1000, 120, 120), Moments(1000, 100, 100))], 1.96)
    >>> round(low, 3), round(high, 3)
    (0.935, 1.541)
    """
    middle = ratio(pairs) or 1.0
    return _crossing(pairs, middle, 1 / WIDEST, limit), _crossing(pairs, middle, WIDEST, -limit)


def pairs_of(
    arms: Arms, fact: Fact, control: str = HOLDOUT, treatment: str = CHAMPION
) -> list[ArmPair]:
    """Both arms' sums of a fact, stratum by stratum, of the strata that have shoppers in both."""
    found: dict[int, dict[str, Moments]] = {}
    for stratum, each in sorted(arms.items()):
        found.setdefault(stratum.stratum, {})[stratum.arm] = _moments(each, fact)
    return [
        ArmPair(both[treatment], both[control])
        for both in found.values()
        if treatment in both and control in both
    ]


def _moments(aggregates: Aggregates, fact: Fact) -> Moments:
    count, mean = aggregates.count(), float(aggregates.mean(fact))
    return Moments(count, count * mean, aggregates.var(fact) * (count - 1) + count * mean**2)


def _crossing(pairs: Sequence[ArmPair], inside: float, outside: float, limit: float) -> float:
    """Where the score passes `limit` on the way from a ratio within to one without."""
    if abs(score(pairs, outside)) < abs(limit):
        return outside
    for _ in range(STEPS):
        middle = (inside * outside) ** 0.5
        if abs(score(pairs, middle)) < abs(limit):
            inside = middle
        else:
            outside = middle
    return float(inside)
