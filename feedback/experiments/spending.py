"""Group-sequential boundaries of O'Brien and Fleming by alpha spending (Lan and DeMets 1983).

A test that is looked at `k` times on the way to a planned end spends its alpha little by little,
next to nothing at first and most at the end, so that looking on the way costs hardly any power. How
much is spent by a look depends on the information then: the share of the planned buyers that have
come. The boundaries are found by integrating the path of the score over the looks (Armitage,
McPherson and Rowe 1969).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

POINTS: Final = 401  # of the score at which its density is kept: boundaries are exact to 0.001
NEVER: Final = 12.0  # no look ever passes it


def alpha_spent(information: float, alpha: float) -> float:
    """What O'Brien and Fleming's test has spent of `alpha` at that share of the information.

    >>> [round(alpha_spent(share, 0.05), 5) for share in (0.25, 0.5, 1.0)]
    [1e-05, 0.00305, 0.05]
    """
    if information >= 1:
        return alpha
    return float(4 * norm.sf(norm.isf(alpha / 4) / information**0.5)) if information > 0 else 0.0


@lru_cache(maxsize=64)
def boundaries(information: Sequence[float], alpha: float) -> tuple[float, ...]:
    """The score each look has to pass; `information` is a growing tuple that ends at 1 at most.

    >>> [round(each, 2) for each in boundaries((0.2, 0.4, 0.6, 0.8, 1.0), 0.05)]
    [4.88, 3.36, 2.68, 2.29, 2.03]
    """
    found: list[float] = []
    path, before, spent = None, 0.0, 0.0
    for share in information:
        now = alpha_spent(share, alpha)
        if share <= before or now - spent < 1e-12:
            found.append(NEVER)
            continue
        edge = _edge(path, before, share, now - spent)
        found.append(edge)
        path, before, spent = _continued(path, before, share, edge), share, now
    return tuple(found)


def _edge(path: Any, before: float, share: float, chance: float) -> float:
    """The score that is passed now for the first time with `chance`."""
    if path is None:
        return float(norm.isf(chance / 2))
    values, weights = path
    step, scale = (share - before) ** 0.5, share**0.5

    def passed(edge: float) -> float:
        over = norm.sf((edge * scale - values) / step)
        under = norm.cdf((-edge * scale - values) / step)
        return float((weights * (over + under)).sum()) - chance

    return float(brentq(passed, 0.1, NEVER, xtol=1e-5)) if passed(NEVER) < 0 else NEVER


def _continued(path: Any, before: float, share: float, edge: float) -> Any:
    """Where the score's path (times the root of its information) is, of those still within."""
    values = np.linspace(-edge, edge, POINTS) * share**0.5
    width = values[1] - values[0]
    if path is None:
        return values, norm.pdf(values, scale=share**0.5) * width
    known, weights = path
    step = (share - before) ** 0.5
    moved = norm.pdf(values[:, None], loc=known[None, :], scale=step) @ weights
    return values, moved * width
