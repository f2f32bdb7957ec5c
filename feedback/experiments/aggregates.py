"""Sums up what each arm's shoppers did, in the database itself.

One row a person (`per_shopper`): their impressions, clicks, thumbs, orders and revenue within the
outcome window after their exposure, and what they bought before it. Every measure, arm, week and
language is a sum over these rows. Only counts, means, variances and covariances leave the database.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, Final, NamedTuple

import ibis
from tea_tasting.aggr import Aggregates

from feedback.db import Database, from_micros, to_micros, trimmed_amount
from feedback.experiments import event_view
from feedback.experiments.event_view import ShopperRange, Window
from feedback.experiments.matching import matched_orders
from feedback.experiments.metric_registry import COUNTS, FACTS, METRICS, Fact, Metric, covariances
from feedback.experiments.results import Arm
from feedback.experiments.share_log import Strata
from feedback.experiments.shopper_facts import (
    MONDAY_MICROS,
    WEEK_MICROS,
    FactRows,
    order_cap,
    per_shopper,
    shopper_ranges,
)
from feedback.experiments.week_buyers import WeekBuyers, WeekCell, buyers_since_exposure

DIMENSIONS: Final = ("week", "locale", "version", "channel")
MOST_PARTS: Final = 4  # a database has other work, too


class Cell(NamedTuple):
    """Shoppers who have everything in common that figures are told apart by."""

    arm: str
    stratum: int
    trial: int = 0  # the version on trial at the time; 0: none
    week: int = 0  # of the exposure, in the shop's days, counted from the first Monday of 1970
    locale: str | None = None
    version: int | None = None
    channel: str | None = None


class Stratum(NamedTuple):
    """An arm's shoppers who were dealt under the same shares."""

    arm: str
    stratum: int


class Largest(NamedTuple):
    """What the shopper of an arm who spent most did."""

    revenue: float
    capped: float


class SegmentCell(NamedTuple):
    """Shoppers of whom the same was known at their exposure."""

    arm: str
    stratum: int
    locale: str | None
    channel: str | None
    device: str | None
    page: str | None
    source: str | None
    language: str | None
    been_before: str | None


class SegmentSums(NamedTuple):
    """How many there are, how many of them bought, and sums of capped revenue and of before."""

    shoppers: float = 0
    buyers: float = 0
    capped: float = 0.0
    before: float = 0.0
    capped2: float = 0.0
    before2: float = 0.0
    capped_before: float = 0.0
    buyers_before: float = 0.0


class Facts(NamedTuple):
    """What the report needs of everybody exposed; no row of a person leaves the database."""

    cells: Mapping[Cell, Aggregates]
    first_exposure: int | None  # microseconds since 1970
    open_windows: int  # shoppers whose outcome window has not ended yet
    cap: float | None = None  # what a shopper counts at most; None: no orders yet
    largest: Mapping[str, Largest] = {}  # by arm
    matches: Mapping[str, Mapping[str, int]] = {}  # of each arm the orders by bridge
    segments: Mapping[SegmentCell, SegmentSums] = {}
    since_exposure: Mapping[WeekCell, WeekBuyers] = {}


def read_facts(
    db: Database,
    window: Window,
    currency: str,
    strata: Strata,
    *,
    metrics: Sequence[Metric] = METRICS,
    cap: float | None = None,
    at_once: int | None = None,
) -> Facts:
    """The sums over everybody exposed in the window.

    Args:
        db: the store.
        window: whose orders count.
        currency: the one in which revenue is summed; what no rate leads into it counts as a
            purchase only.
        strata: the sets of shares under which people were dealt their arms.
        metrics: what will be computed of the sums.
        cap: what a shopper's revenue counts at most; None: as the orders before say.
        at_once: connections to compute on; None: as many as there are cores, up to `MOST_PARTS`.
    """
    with event_view.open_event_view(db) as backend:
        cap = order_cap(backend, window, currency) if cap is None else cap
        matches = matched_orders(backend, window, currency, strata)
        later = buyers_since_exposure(backend, window, currency, strata)
        parts = shopper_ranges(backend, window, at_once or min(os.cpu_count() or 1, MOST_PARTS))

    def sums(part: ShopperRange) -> Facts:
        with event_view.open_event_view(db) as own:
            return sums_of(per_shopper(own, window, currency, strata, cap, part), window, metrics)

    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(pool.map(sums, parts))
    cells: dict[Cell, Aggregates] = {}
    largest: dict[str, Largest] = {}
    segments: dict[SegmentCell, SegmentSums] = {}
    for each in found:
        for group, sums_ in each.segments.items():
            known = segments.get(group, SegmentSums())
            segments[group] = SegmentSums(*map(sum, zip(known, sums_, strict=True)))
        for arm, one in each.largest.items():
            largest[arm] = Largest(*map(max, largest.get(arm, one), one))
        for cell, aggregates in each.cells.items():
            cells[cell] = cells[cell] + aggregates if cell in cells else aggregates
    return Facts(
        cells,
        min((one.first_exposure for one in found if one.first_exposure is not None), default=None),
        sum(each.open_windows for each in found),
        cap,
        largest,
        matches,
        segments,
        later,
    )


def sums_of(people: FactRows, window: Window, metrics: Sequence[Metric] = METRICS) -> Facts:
    """Counts, means, variances and covariances of each cell, and what else is asked of the rows.

    Amounts are centred before they are squared, or large ones would lose their digits.
    """
    table, shift = people
    pairs = covariances(metrics)
    values = {name: table[name] - shift.get(name, 0.0) for name in FACTS}
    sums = {f"s_{name}": value.sum() for name, value in values.items()}
    squares = {
        f"p_{left}_{right}": (values[left] * values[right]).sum()
        for left, right in (*((name, name) for name in FACTS), *pairs)
    }
    still = table.exposed_at > to_micros(window.until) - window.outcome_micros
    rows = table.group_by(*Cell._fields).aggregate(
        count=ibis._.count(),
        first=table.exposed_at.min(),
        still=ibis.ifelse(still, 1, 0).sum(),
        most_revenue=table.revenue.max(),
        most_capped=table.capped.max(),
        **sums,
        **squares,
    )
    found = rows.to_pyarrow().to_pylist()
    largest: dict[str, Largest] = {}
    for row in found:
        one = Largest(float(row["most_revenue"]), float(row["most_capped"]))
        largest[row["arm"]] = Largest(*map(max, largest.get(row["arm"], one), one))
    return Facts(
        {
            Cell(*(row[name] for name in Cell._fields)): _aggregates(row, shift, pairs)
            for row in found
        },
        min((int(row["first"]) for row in found), default=None),
        sum(int(row["still"]) for row in found),
        largest=largest,
        segments=_segments(table),
    )


def _segments(table: Any) -> dict[SegmentCell, SegmentSums]:
    rows = table.group_by(*SegmentCell._fields).aggregate(
        shoppers=ibis._.count(),
        bought=table.buyers.sum(),
        capped_=table.capped.sum(),
        before_=table.before.sum(),
        capped2=(table.capped * table.capped).sum(),
        before2=(table.before * table.before).sum(),
        capped_before=(table.capped * table.before).sum(),
        buyers_before=(table.buyers * table.before).sum(),
    )
    order = ("shoppers", "bought", "capped_", "before_", *SegmentSums._fields[4:])
    return {
        SegmentCell(*(row[name] for name in SegmentCell._fields)): SegmentSums(
            *(float(row[name]) for name in order)
        )
        for row in rows.to_pyarrow().to_pylist()
    }


def week_start(week: int) -> str:
    """The Monday that a week begins with.

    >>> week_start(2968)
    '2026-11-23'
    """
    return from_micros(week * WEEK_MICROS + MONDAY_MICROS).date().isoformat()


def sums_by(cells: Mapping[Cell, Aggregates], dimension: str) -> dict[tuple[str, str], Arm]:
    """Each arm's sums by week, language (`locale`), model `version` or channel."""
    sums: dict[tuple[str, str], dict[str, float]] = {}
    for cell, each in cells.items():
        value = getattr(cell, dimension)
        if value is None:
            continue
        total = sums.setdefault((cell.arm, str(value)), dict.fromkeys(("shoppers", *FACTS), 0.0))
        total["shoppers"] += each.count()
        for name in FACTS:
            total[name] += each.mean(name) * each.count()
    return {key: _arm(total) for key, total in sums.items()}


def arm_of(aggregates: Aggregates) -> Arm:
    """An arm's sums, from its means."""
    count = aggregates.count()
    return _arm({"shoppers": count} | {str(name): aggregates.mean(name) * count for name in FACTS})


def _arm(sums: Mapping[str, Any]) -> Arm:
    return Arm(
        shoppers=int(sums["shoppers"]),
        revenue=trimmed_amount(Decimal(str(round(sums["revenue"], 4)))),
        **{name: round(sums[name]) for name in COUNTS},
    )


def _aggregates(
    row: Mapping[str, Any], shift: Mapping[str, float], pairs: Sequence[tuple[Fact, Fact]]
) -> Aggregates:
    """From shifted sums: a cell of one shopper has no variance, and is told as 0."""
    count = int(row["count"])
    offset = {name: row[f"s_{name}"] / count for name in FACTS}

    def moment(left: Fact, right: Fact) -> float:
        if count < 2:
            return 0.0
        product = row[f"p_{left}_{right}"] - count * offset[left] * offset[right]
        return float(product / (count - 1))

    return Aggregates(
        count_=count,
        mean_={name: float(shift.get(name, 0.0) + offset[name]) for name in FACTS},
        var_={name: max(0.0, moment(name, name)) for name in FACTS},
        cov_={pair: moment(*pair) for pair in pairs},
    )
