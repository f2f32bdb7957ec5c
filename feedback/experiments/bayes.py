"""A Bayesian reading beside the verdict: how likely it is that more buy with the clerk.

The logarithm of the ratio of buyers has a normal prior around no effect: two of three effects that
shops see lie within ±10 %. It is read at the newest look and decides nothing; with a prior that
says before anything is seen that most effects are small, looking often does little harm.
"""

import math
from statistics import NormalDist
from typing import Final

from feedback.experiments.confidence_sequence import NORMAL_975
from feedback.experiments.results import Belief, Uplift

PRIOR: Final = 0.10  # of the logarithm of the ratio, around nothing


def belief(uplift: Uplift) -> Belief | None:
    """What to believe of a measure whose interval of a single look is known; None: it is not.

    >>> belief(Uplift(value=0.10, fixed_low=0.0, fixed_high=0.21))
    Belief(better=0.961, value=0.08, low=-0.009, high=0.177)
    """
    if uplift.value is None or uplift.fixed_low is None or uplift.fixed_high is None:
        return None
    estimate = math.log1p(uplift.value)
    spread = (math.log1p(uplift.fixed_high) - math.log1p(uplift.fixed_low)) / 2 / NORMAL_975
    if spread <= 0:
        return None
    weight = PRIOR**2 / (PRIOR**2 + spread**2)
    after = NormalDist(weight * estimate, math.sqrt(weight) * spread)
    low, high = (math.expm1(after.mean + side * NORMAL_975 * after.stdev) for side in (-1, 1))
    return Belief(
        round(1 - after.cdf(0.0), 3),
        round(math.expm1(after.mean), 3),
        round(low, 3),
        round(high, 3),
    )
