"""Regression adjustment: the deciding measures with less noise, by what was known at the exposure.

Shoppers are compared within cells of the same device, first page, source, language and whether they
were here before, and within each arm what they bought before the exposure is allowed for by a slope
of its own: the fully interacted regression of Lin (2013), which is CUPED and post-stratification in
one. Cells that are small are merged. Where the adjusted variance is not the smaller one the plain
comparison stands, so that nothing is lost by it. It stands beside the verdict and never decides:
whether an earlier order is matched may depend on the arm.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from feedback.experiments.aggregates import SegmentCell, SegmentSums
from feedback.experiments.assignment import CHAMPION, HOLDOUT
from feedback.experiments.confidence_sequence import half_width
from feedback.experiments.metric_registry import CAPPED, CVR, Metric
from feedback.experiments.plan import MIN_BUYERS
from feedback.experiments.results import Adjusted

SMALLEST: Final = 30  # shoppers of each arm in a cell; with fewer its variance is a guess
Key = tuple[object, ...]


class CellMoments(NamedTuple):
    """Sums of a measure `y` and of what was bought before, `x`, over an arm's part of a cell."""

    n: float = 0.0
    y: float = 0.0
    x: float = 0.0
    yy: float = 0.0
    xx: float = 0.0
    xy: float = 0.0

    def and_also(self, other: "CellMoments") -> "CellMoments":
        """Both together."""
        return CellMoments(*(one + two for one, two in zip(self, other, strict=True)))

    def spread(self, left: float, right: float, product: float) -> float:
        """The centred sum of a product."""
        return product - left * right / self.n


Cells = Mapping[Key, Mapping[str, CellMoments]]


def adjusted_measures(known: Mapping[SegmentCell, SegmentSums]) -> tuple[Adjusted, ...]:
    """Both measures that decide, adjusted; none while too few bought."""
    buyers = {
        arm: sum(each.buyers for cell, each in known.items() if cell.arm == arm)
        for arm in (HOLDOUT, CHAMPION)
    }
    if min(buyers.values()) < MIN_BUYERS:
        return ()
    sums: dict[Metric, Callable[[SegmentSums], CellMoments]] = {
        CVR: lambda each: CellMoments(
            each.shoppers, each.buyers, each.before, each.buyers, each.before2, each.buyers_before
        ),
        CAPPED: lambda each: CellMoments(
            each.shoppers, each.capped, each.before, each.capped2, each.before2, each.capped_before
        ),
    }
    return tuple(
        found
        for metric, of in sums.items()
        if (found := adjusted(metric.name, _cells(known, of))) is not None
    )


def adjusted(measure: str, cells: Cells) -> Adjusted | None:
    """The uplift of one measure within cells, or without them where that is no less sure.

    >>> plain = CellMoments(1000, 100, 0, 100, 0, 0), CellMoments(1000, 120, 0, 120, 0, 0)
    >>> found = adjusted("cvr", {(0,): {"holdout": plain[0], "champion": plain[1]}})
    >>> round(found.value, 3), found.gain
    (0.2, 0.0)
    """
    strata: dict[Key, dict[str, CellMoments]] = {}
    for key, arms in cells.items():
        _merge(strata.setdefault(key[:1], {}), arms)
    plain, within = (_ratio(each) for each in (strata, _merged(cells)))
    if plain is None or within is None:
        return None
    better = within if within.variance < plain.variance else plain
    shoppers = sum(each.n for arms in cells.values() for each in arms.values())
    half = half_width(better.variance, shoppers)
    low, high = (math.expm1(better.estimate + side * half) for side in (-1, 1))
    gain = 1 - better.variance / plain.variance
    return Adjusted(measure, math.expm1(better.estimate), low, high, gain)


class LogRatio(NamedTuple):
    """The logarithm of the ratio of both arms' adjusted means, and its variance."""

    estimate: float
    variance: float


def _ratio(cells: Cells) -> LogRatio | None:
    both = {key: arms for key, arms in cells.items() if _has_both(arms)}
    whole = sum(each.n for arms in both.values() for each in arms.values())
    means: dict[str, tuple[float, float]] = {}
    for arm in (HOLDOUT, CHAMPION):
        slope = _slope([arms[arm] for arms in both.values()])
        mean = variance = 0.0
        for arms in both.values():
            own, all_ = arms[arm], arms[HOLDOUT].and_also(arms[CHAMPION])
            weight = all_.n / whole
            mean += weight * (own.y / own.n - slope * (own.x / own.n - all_.x / all_.n))
            left = (
                own.spread(own.y, own.y, own.yy)
                - 2 * slope * own.spread(own.x, own.y, own.xy)
                + slope**2 * own.spread(own.x, own.x, own.xx)
            )
            variance += weight**2 * max(0.0, left) / (own.n - 1) / own.n
        means[arm] = mean, variance
    (control, spread0), (treatment, spread1) = means[HOLDOUT], means[CHAMPION]
    if control <= 0 or treatment <= 0:
        return None
    variance = spread0 / control**2 + spread1 / treatment**2
    return LogRatio(math.log(treatment / control), variance) if variance > 0 else None


def _slope(parts: Iterable[CellMoments]) -> float:
    """Of what is bought on what was bought before, within cells; 0 where nobody bought before."""
    parts = list(parts)
    over = sum(each.spread(each.x, each.y, each.xy) for each in parts)
    under = sum(each.spread(each.x, each.x, each.xx) for each in parts)
    return over / under if under > 0 else 0.0


def _cells(
    known: Mapping[SegmentCell, SegmentSums], of: Callable[[SegmentSums], CellMoments]
) -> dict[Key, dict[str, CellMoments]]:
    """By stratum first: shoppers dealt under other shares are never compared."""
    found: dict[Key, dict[str, CellMoments]] = {}
    for cell, each in known.items():
        if cell.arm in (HOLDOUT, CHAMPION):
            traits = (cell.device, cell.page, cell.source, cell.language, cell.been_before)
            _merge(found.setdefault((cell.stratum, *traits), {}), {cell.arm: of(each)})
    return found


def _merged(cells: Cells) -> dict[Key, dict[str, CellMoments]]:
    """The cells, the small ones merged by device, and what is small then by stratum."""
    kept: dict[Key, dict[str, CellMoments]] = {}
    rest: Mapping[Key, Mapping[str, CellMoments]] = cells
    for length in (2, 1):
        small: dict[Key, dict[str, CellMoments]] = {}
        for key, arms in rest.items():
            if _is_large(arms):
                _merge(kept.setdefault(key, {}), arms)
            else:
                _merge(small.setdefault(key[:length], {}), arms)
        rest = small
    for key, arms in rest.items():
        home = key if _is_large(arms) else _largest_of(kept, key[0]) or key
        _merge(kept.setdefault(home, {}), arms)
    return kept


def _largest_of(cells: Cells, stratum: object) -> Key | None:
    ours = [key for key in cells if key[0] == stratum]
    return max(ours, key=lambda key: sum(e.n for e in cells[key].values()), default=None)


def _merge(into: dict[str, CellMoments], arms: Mapping[str, CellMoments]) -> None:
    for arm, each in arms.items():
        into[arm] = into[arm].and_also(each) if arm in into else each


def _is_large(arms: Mapping[str, CellMoments]) -> bool:
    return len(arms) == 2 and min(each.n for each in arms.values()) >= SMALLEST


def _has_both(arms: Mapping[str, CellMoments]) -> bool:
    return len(arms) == 2 and min(each.n for each in arms.values()) > 1
