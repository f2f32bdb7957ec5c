"""Incremental revenue: what the clerk, and each new model, has added since the start.

The clerk against the holdout, each model against the one before it, over the shoppers who were
dealt between the two at the same time. Amounts are the difference of revenue per shopper times the
shoppers who had the clerk (or the new model); the intervals are confidence sequences, valid at
every look.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tea_tasting.aggr import Aggregates

from feedback.experiments.aggregates import Cell, week_start
from feedback.experiments.assignment import CHALLENGER, CHAMPION, HOLDOUT
from feedback.experiments.confidence_sequence import half_width
from feedback.experiments.metric_registry import Fact
from feedback.experiments.plan import MIN_BUYERS
from feedback.experiments.results import AddedRevenue, IncrementalRevenue, RevenueWeek
from feedback.experiments.stratification import Arms, compared, pooled

CENT: Final = 100


def added_revenue(cells: Mapping[Cell, Aggregates]) -> IncrementalRevenue:
    """What all cells say: the clerk's line, its path by week, and a line for each model."""
    weeks = sorted({cell.week for cell in cells})
    path = []
    for week in weeks:
        line = _added("clerk", pooled(cells, lambda cell: cell.week <= week), HOLDOUT, CHAMPION)  # noqa: B023
        path.append(RevenueWeek(week_start(week), line.amount, line.low, line.high))
    trials = sorted({cell.trial for cell in cells if cell.trial})
    return IncrementalRevenue(
        clerk=_added("clerk", pooled(cells, lambda _: True), HOLDOUT, CHAMPION),
        models=tuple(
            _added(
                str(trial),
                pooled(cells, lambda cell: cell.trial == trial),  # noqa: B023
                CHAMPION,
                CHALLENGER,
            )
            for trial in trials
        ),
        weeks=tuple(path),
    )


def avoided_hand_overs(cells: Mapping[Cell, Aggregates]) -> AddedRevenue:
    """How many dialogues fewer were handed over than had all been answered like the holdout."""
    arms = pooled(cells, lambda _: True)
    more = _added("hand_overs", arms, HOLDOUT, CHAMPION, "handed", "handed")
    amount, low, high = (
        None if each is None else -each for each in (more.amount, more.high, more.low)
    )
    return replace(more, amount=amount, low=low, high=high)


def _added(
    name: str, arms: Arms, before: str, after: str, fact: Fact = "revenue", events: Fact = "buyers"
) -> AddedRevenue:
    both = compared(arms, before, after)
    control, treatment = both.get(before), both.get(after)
    if control is None or treatment is None:
        return AddedRevenue(
            name=name, shoppers=treatment.count() if treatment else 0, reason="no_control"
        )
    count = treatment.count()
    difference = treatment.mean(fact) - control.mean(fact)
    amount = _cents(count * difference)
    fewest = min(each.mean(events) * each.count() for each in (control, treatment))
    if round(fewest) < MIN_BUYERS:
        return AddedRevenue(name=name, shoppers=count, amount=amount, reason="too_few_orders")
    variance = sum(each.var(fact) / each.count() for each in (control, treatment))
    half = half_width(variance, count + control.count())
    return AddedRevenue(
        name=name,
        shoppers=count,
        amount=amount,
        low=_cents(count * (difference - half)),
        high=_cents(count * (difference + half)),
    )


def _cents(amount: float) -> float:
    return math.floor(amount * CENT + 0.5) / CENT
