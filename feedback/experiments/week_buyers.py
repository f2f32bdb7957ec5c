"""Buyers by week since their exposure, counted in the database.

The outcome window does not count here: of everybody who was exposed long enough ago it is told who
bought in their first, second, third and fourth week.
"""

from typing import Any, Final, NamedTuple

import ibis

from feedback.db import to_micros
from feedback.experiments import event_view
from feedback.experiments.event_view import Window
from feedback.experiments.share_log import Strata

WEEKS: Final = 4
WEEK_MICROS: Final = 7 * 24 * 3600 * 10**6


class WeekCell(NamedTuple):
    """Shoppers of an arm, in a week since their exposure; 0 is the first."""

    arm: str
    stratum: int
    week: int


class WeekBuyers(NamedTuple):
    """How many were exposed long enough ago, and how many of them bought in that week."""

    shoppers: int
    buyers: int


def buyers_since_exposure(
    backend: Any, window: Window, currency: str, strata: Strata
) -> dict[WeekCell, WeekBuyers]:
    """Of each arm and stratum, by week since the exposure."""
    whole = event_view.exposures(backend, window, strata)
    people = whole.filter(whole.alone)
    until = to_micros(window.until)
    counts = people.group_by("arm", "stratum").aggregate(
        **{
            f"week{week}": ibis.ifelse(
                people.exposed_at + (week + 1) * WEEK_MICROS <= until, 1, 0
            ).sum()
            for week in range(WEEKS)
        }
    )
    sold = event_view.purchases(backend, currency, window)
    both = whole.inner_join(sold, "shopper_id")
    both = both.filter(both.placed_at >= both.exposed_at, both.placed_at < until)
    week = ((both.placed_at - both.exposed_at) / WEEK_MICROS).floor().cast("int64")
    both = both.mutate(week=week)
    both = both.filter(both.week < WEEKS, both.exposed_at + (both.week + 1) * WEEK_MICROS <= until)
    bought = both.group_by("arm", "stratum", "week").aggregate(buyers=both.person_id.nunique())
    buyers = {
        WeekCell(row["arm"], row["stratum"], int(row["week"])): int(row["buyers"])
        for row in bought.to_pyarrow().to_pylist()
    }
    return {
        cell: WeekBuyers(int(row[f"week{week}"]), buyers.get(cell, 0))
        for row in counts.to_pyarrow().to_pylist()
        for week in range(WEEKS)
        if row[f"week{week}"]
        for cell in [WeekCell(row["arm"], row["stratum"], week)]
    }
