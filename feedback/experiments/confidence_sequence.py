"""The confidence sequence: an interval that holds at every look at once, not at one look only.

Asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021,
arXiv:2103.06476), the normal mixture of its equation 9, tuned by its equation 161. A plain t-test
looked at weekly for twelve weeks cries wolf in 21 % of tests without any effect; this in about 2 %.
"""

import math
from typing import Final

ALPHA: Final = 0.05
POWER: Final = 0.8
TUNED_AT: Final = (
    20_000  # shoppers in both arms at which the interval is tightest, fixed beforehand
)
NORMAL_80: Final = 0.8416212335729143  # the normal distribution's 80 % point
NORMAL_975: Final = 1.959963984540054  # its 97.5 % point
MOST_SHOPPERS: Final = 10**10


def half_width(
    variance: float, shoppers: float, alpha: float = ALPHA, *, tuned_at: float = TUNED_AT
) -> float:
    """Half the interval around an estimate, at this look and every other.

    Args:
        variance: of the estimate, by now.
        shoppers: in both arms together, by now.
        alpha: one minus the coverage over all looks.
        tuned_at: shoppers at which it is tightest.

    >>> round(half_width(1e-4, 20_000) / half_width(4e-4, 20_000), 3)
    0.5
    """
    rho = tuning(tuned_at, alpha)
    spread = shoppers * rho**2 + 1
    mixture = 2 * spread * math.log(math.sqrt(spread) / alpha) / (shoppers * rho) ** 2
    return math.sqrt(variance * shoppers * mixture)


def pvalue(
    estimate: float, variance: float, shoppers: float, *, tuned_at: float = TUNED_AT
) -> float:
    """The smallest alpha at which the interval leaves zero out; it holds at every look, too.

    >>> round(pvalue(half_width(1e-4, 20_000), 1e-4, 20_000), 6)
    0.05
    """
    if not variance:
        return 0.0 if estimate else 1.0
    rho = tuning(tuned_at)
    spread = shoppers * rho**2 + 1
    evidence = estimate**2 * shoppers * rho**2 / (2 * spread * variance)
    return min(1.0, math.exp(math.log(spread) / 2 - evidence))


def tuning(best_at: float, alpha: float = ALPHA) -> float:
    """The parameter rho for which the interval is tightest at `best_at` shoppers."""
    return math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / best_at)


def shoppers_needed(
    variance_of_one: float, effect: float, *, alpha: float = ALPHA, power_point: float = NORMAL_80
) -> int | None:
    """Shoppers in both arms at which an effect is seen with 80 % chance; None: past all counting.

    Args:
        variance_of_one: the estimate's variance times the shoppers in both arms.
        effect: on the scale of the estimate.
        alpha: one minus the coverage over all looks.
        power_point: the normal distribution's point of the power.
    """

    def seen(shoppers: float) -> bool:
        variance = variance_of_one / shoppers
        return half_width(variance, shoppers, alpha) + power_point * math.sqrt(variance) <= effect

    enough = 2
    while not seen(enough):
        enough *= 2
        if enough > MOST_SHOPPERS:
            return None
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        too_few, enough = (too_few, middle) if seen(middle) else (middle, enough)
    return enough
