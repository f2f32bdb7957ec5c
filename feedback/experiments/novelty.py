"""Novelty: whether the clerk's effect lasts, by week since each shopper's exposure.

An effect that is there in the first week alone is the charm of something new.
"""

from collections.abc import Mapping

from feedback.experiments.assignment import CHAMPION, HOLDOUT
from feedback.experiments.confidence_sequence import half_width
from feedback.experiments.plan import MIN_BUYERS
from feedback.experiments.ratio_score import ArmPair, Moments, bounds, ratio
from feedback.experiments.results import SinceExposure, Uplift
from feedback.experiments.week_buyers import WeekBuyers, WeekCell


def since_exposure(found: Mapping[WeekCell, WeekBuyers]) -> tuple[SinceExposure, ...]:
    """The champion's uplift in buyers over the holdout, in each week since the exposure."""
    told = []
    for week in sorted({cell.week for cell in found}):
        strata = {cell.stratum for cell in found if cell.week == week}
        pairs = [
            ArmPair(_moments(found[treatment]), _moments(found[control]))
            for stratum in sorted(strata)
            for treatment in [WeekCell(CHAMPION, stratum, week)]
            for control in [WeekCell(HOLDOUT, stratum, week)]
            if treatment in found and control in found
        ]
        if pairs:
            told.append(SinceExposure(week + 1, *_rates(pairs), bought_uplift(pairs)))
    return tuple(told)


def _moments(each: WeekBuyers) -> Moments:
    return Moments(each.shoppers, each.buyers, each.buyers)


def _rates(pairs: list[ArmPair]) -> tuple[float, float]:
    return tuple(
        sum(getattr(pair, side).total for pair in pairs)
        / sum(getattr(pair, side).shoppers for pair in pairs)
        for side in ("control", "treatment")
    )


def bought_uplift(pairs: list[ArmPair]) -> Uplift:
    """The uplift in buyers with its score interval, valid at every look; too few: without one."""
    value = ratio(pairs)
    fewest = min(sum(getattr(p, side).total for p in pairs) for side in ArmPair._fields)
    uplift = Uplift(value=value - 1 if value else None)
    if fewest < MIN_BUYERS or not value:
        return Uplift(value=uplift.value if fewest else None, reason="too_few_orders")
    shoppers = sum(each.shoppers for pair in pairs for each in pair)
    low, high = bounds(pairs, half_width(1.0, shoppers))
    return Uplift(value=value - 1, low=low - 1, high=high - 1)
