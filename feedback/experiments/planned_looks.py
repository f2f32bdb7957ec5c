"""The looks of an experiment's plan: full weeks that have ended, and the boundary of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from tea_tasting.aggr import Aggregates

from feedback.experiments.aggregates import Cell, week_start
from feedback.experiments.metric_registry import Metric
from feedback.experiments.plan import MIN_BUYERS, ExperimentPlan
from feedback.experiments.ratio_score import ArmPair, pairs_of, score
from feedback.experiments.spending import boundaries
from feedback.experiments.stratification import pooled

WEEK: Final = timedelta(days=7)


class PlannedLook(NamedTuple):
    """A full week's look: the pairs of each measure, and what their scores had to pass."""

    number: int
    pairs: Mapping[Metric, Sequence[ArmPair]]
    buyers: int  # in the arm that has fewer
    boundary: float

    def passed(self) -> dict[Metric, float]:
        """The scores that are past the boundary, once there are buyers enough."""
        found = {metric: float(score(pairs)) for metric, pairs in self.pairs.items()}
        enough = self.buyers >= MIN_BUYERS
        return {
            each: value for each, value in found.items() if enough and abs(value) >= self.boundary
        }


def ended_weeks(first: int, until: datetime, zone: str) -> int:
    """How many full weeks of the shop have ended since the first shopper's began.

    >>> from datetime import UTC
    >>> ended_weeks(2968, datetime(2026, 12, 8, tzinfo=UTC), "UTC")
    2
    """
    number = 0
    while monday_of(first + number + 1, zone) <= until:
        number += 1
    return number


def looks_of(
    cells: Mapping[Cell, Aggregates],
    plan: ExperimentPlan,
    measures: Sequence[Metric],
    ended: int,
) -> list[PlannedLook]:
    """The looks that a plan with an end has had; none of one without."""
    if plan.weeks is None or not cells:
        return []
    first = min(cell.week for cell in cells)
    count = min(ended, plan.weeks)
    so_far = [
        pooled(cells, lambda cell, last=first + number: cell.week <= last)  # type: ignore[misc]
        for number in range(count)
    ]
    buyers = [
        [
            sum(getattr(pair, side).total for pair in pairs_of(arms, "buyers"))
            for side in ArmPair._fields
        ]
        for arms in so_far
    ]
    limits = boundaries(information(plan, [sum(each) for each in buyers]), plan.alpha_each)
    return [
        PlannedLook(
            number,
            {each: pairs_of(arms, each.numerator) for each in measures},
            round(min(each)),
            limit,
        )
        for number, (arms, each, limit) in enumerate(zip(so_far, buyers, limits, strict=True), 1)
    ]


def information(plan: ExperimentPlan, buyers: Sequence[float]) -> tuple[float, ...]:
    """The share of the planned buyers at each look; the last planned look has all of it.

    >>> from feedback.experiments.plan import Traffic
    >>> information(ExperimentPlan(weeks=4), [10, 20, 30, 40])
    (0.25, 0.5, 0.75, 1.0)
    >>> information(ExperimentPlan(weeks=4, traffic=Traffic(100, 0.1)), [12, 24, 30, 36])
    (0.3, 0.6, 0.75, 1.0)
    """
    planned, weeks = plan.planned_buyers, plan.weeks or len(buyers)
    shares = [
        min(1.0, seen / planned if planned else number / weeks)
        for number, seen in enumerate(buyers, start=1)
    ]
    return tuple(1.0 if number >= weeks else share for number, share in enumerate(shares, start=1))


def monday_of(week: int, zone: str) -> datetime:
    """When a week of the shop begins."""
    return datetime.fromisoformat(week_start(week)).replace(tzinfo=ZoneInfo(zone))
