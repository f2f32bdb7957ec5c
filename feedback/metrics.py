"""Sums up what each arm's shoppers did, in the database itself.

One row a person: their impressions, clicks, thumbs, orders and revenue within the outcome window
after their exposure, and what they bought before it. The rows are written once into a temporary
table; every measure, arm, week and language is a sum over it. Only counts, means, variances and
covariances leave the database.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

import ibis
from tea_tasting.aggr import Aggregates

from feedback import events
from feedback.columns import MICROSECOND, from_micros, to_micros
from feedback.database import Database
from feedback.events import Window
from feedback.outcomes import ANSWERS, judged
from feedback.report_parts import Arm
from feedback.shares import Strata

__all__ = ["COLUMNS", "Facts", "Window", "arm_of", "facts"]

# Per person: bought at all, purchases in any currency, orders and revenue in the report's currency,
# the same revenue with each order cut at the cap, revenue before the exposure, impressions, those
# that were clicked, clicks, thumbs and thumbs up, recommendations shown and clicked, dialogues,
# those handed over and those resolved without a person.
COLUMNS: Final = (
    "buyer", "purchases", "orders", "revenue", "capped", "before", "impressions", "clicked",
    "clicks", "thumbs", "up", "offers", "taken", "dialogues", "handed", "resolved",
)  # fmt: skip
PAIRS: Final = (
    ("revenue", "orders"), ("clicked", "impressions"), ("purchases", "clicks"), ("up", "thumbs"),
    ("taken", "offers"), ("capped", "before"), ("handed", "dialogues"), ("resolved", "dialogues"),
)  # fmt: skip
AMOUNTS: Final = ("revenue", "capped", "before")
SIGNALS: Final = ("impressions", "offers", "clicked", "clicks", "thumbs", "up", "taken")
BEFORE: Final = timedelta(days=90)  # how far back a shopper's earlier orders tell something
CAP_QUANTILE: Final = 0.995  # declared beforehand: no order counts more than this quantile of all
DIMENSIONS: Final = ("week", "locale", "version", "channel")
WEEK_MICROS: Final = 7 * 24 * 3600 * 10**6
MONDAY_MICROS: Final = (
    4 * 24 * 3600 * 10**6
)  # 1970 began on a Thursday; the first Monday was the 5th


class Cell(NamedTuple):
    """Shoppers who have everything in common that figures are told apart by."""

    arm: str
    stratum: int
    trial: int = 0  # the version on trial at the time; 0: none
    week: int = 0  # of the exposure, counted from the first Monday of 1970
    locale: str | None = None
    version: int | None = None
    channel: str | None = None


class Stratum(NamedTuple):
    """An arm's shoppers who were dealt under the same shares."""

    arm: str
    stratum: int


class Facts:
    """The rows of one report, in a temporary table of an open connection."""

    def __init__(
        self, backend: Any, table: Any, cap: float | None, shift: Mapping[str, float]
    ) -> None:
        """Keep them.

        Args:
            backend: the open connection.
            table: one row a person.
            cap: what an order counts at most, in the adjusted revenue; None: no orders yet.
            shift: about the mean of each column of amounts.
        """
        self.backend = backend
        self.table = table
        self.cap = cap
        self.shift = shift

    def cells(self) -> dict[Cell, Aggregates]:
        """Counts, means, variances and covariances of each cell.

        Amounts are centred before they are squared, or large ones would lose their digits.
        """
        values = {name: self.table[name] - self.shift.get(name, 0.0) for name in COLUMNS}
        sums = {f"s_{name}": value.sum() for name, value in values.items()}
        squares = {
            f"p_{left}_{right}": (values[left] * values[right]).sum()
            for left, right in (*((name, name) for name in COLUMNS), *PAIRS)
        }
        rows = self.table.group_by(*Cell._fields).aggregate(count=ibis._.count(), **sums, **squares)
        return {
            Cell(*(row[name] for name in Cell._fields)): _aggregates(row, self.shift)
            for row in rows.to_pyarrow().to_pylist()
        }

    def first_exposure(self) -> int | None:
        """When the first shopper was exposed, in microseconds."""
        first: int | None = self.table.exposed_at.min().to_pyarrow().as_py()
        return first

    def open_windows(self, window: Window) -> int:
        """Shoppers whose outcome window has not ended yet."""
        still = self.table.exposed_at > to_micros(window.until) - window.outcome_micros
        return int(self.table.filter(still).count().to_pyarrow().as_py())


@contextmanager
def facts(db: Database, window: Window, currency: str, strata: Strata) -> Iterator[Facts]:
    """The rows of everybody exposed in the window.

    Args:
        db: the store.
        window: whose orders count.
        currency: the one in which revenue is summed; what no rate leads into it counts as a
        purchase
            only.
        strata: the sets of shares under which people were dealt their arms.
    """
    with events.opened(db) as backend:
        cap = order_cap(backend, window, currency)
        yield per_shopper(backend, window, currency, strata, cap)


def order_cap(backend: Any, window: Window, currency: str) -> float | None:
    """What an order counts at most in the adjusted revenue: a quantile of all, in both arms
    alike."""
    bought = events.purchases(backend, currency)
    bought = bought.filter(bought.ours == 1, bought.placed_at < to_micros(window.until))
    count = int(bought.count().to_pyarrow().as_py())
    if not count:
        return None
    place = min(count - 1, int(count * CAP_QUANTILE))
    row = bought.order_by("amount").select("amount").limit(1, offset=place)
    return float(row.to_pyarrow().to_pylist()[0]["amount"])


def per_shopper(
    backend: Any, window: Window, currency: str, strata: Strata, cap: float | None
) -> Facts:
    """One row a person, with `arm`, `stratum` and `COLUMNS`, none of them null.

    Each step is a temporary table of its own: in one piece the query would be deeper than SQLite
    reads (100 levels), and PostgreSQL would guess the sizes on the way.
    """
    exposed = _kept(backend, "exposed", events.exposures(backend, window, strata), "shopper_id")
    sold = _kept(backend, "sold", _sold(events.purchases(backend, currency), exposed, window, cap))
    talks = _kept(backend, "talks", events.talks(backend, exposed, window), "number")
    signals = _kept(backend, "signals", events.signals(backend, window), "impression_id")
    shown = _kept(backend, "shown", _shown(backend, talks, signals, window), "number")
    talked = _talked(talks, shown, window)
    rows = exposed.filter(exposed.alone).drop("alone", "shopper_id")
    for name, part in (("sold", sold), ("talked", talked)):
        kept = part if name == "sold" else _kept(backend, name, part)
        backend.raw_sql(f'CREATE INDEX "by_{name}" ON "report_{name}" ("person_id")')
        rows = rows.left_join(kept, "person_id").drop("person_id_right")
    counted = {name: rows[name].fill_null(0).cast("float64") for name in COLUMNS}
    told = rows.select(
        "arm",
        "stratum",
        "trial",
        "exposed_at",
        "channel",
        "locale",
        "version",
        week=((rows.exposed_at - MONDAY_MICROS) / WEEK_MICROS).floor().cast("int64"),
        **counted,
    )
    return Facts(backend, _kept(backend, "facts", told), cap, _shift(exposed, sold))


def _shift(exposed: Any, sold: Any) -> dict[str, float]:
    """About the mean of each column of amounts."""
    people = int(exposed.count().to_pyarrow().as_py())
    sums = sold.aggregate(**{name: sold[name].sum() for name in AMOUNTS}).to_pyarrow().to_pylist()
    return {name: float(sums[0][name] or 0) / people for name in AMOUNTS} if people else {}


def _kept(backend: Any, name: str, rows: Any, key: str | None = None) -> Any:
    """The rows in a temporary table, found by `key`."""
    name = f"report_{name}"
    table = backend.create_table(name, obj=rows, temp=True)
    if key:
        backend.raw_sql(f'CREATE INDEX "{name}_{key}" ON "{name}" ("{key}")')
        backend.raw_sql(f'ANALYZE "{name}"')
    return table


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
        total = sums.setdefault((cell.arm, str(value)), dict.fromkeys(("shoppers", *COLUMNS), 0.0))
        total["shoppers"] += each.count()
        for name in COLUMNS:
            total[name] += each.mean(name) * each.count()
    return {key: _arm(total) for key, total in sums.items()}


def arm_of(aggregates: Aggregates) -> Arm:
    """An arm's sums, from its means."""
    count = aggregates.count()
    sums = {name: aggregates.mean(name) * count for name in COLUMNS}
    return _arm({"shoppers": count, **sums})


def _arm(sums: Mapping[str, Any]) -> Arm:
    whole = {name: round(sums[name]) for name in COLUMNS}
    return Arm(
        shoppers=int(sums["shoppers"]),
        buyers=whole["buyer"],
        orders=whole["orders"],
        purchases=whole["purchases"],
        revenue=Decimal(str(round(sums["revenue"], 4))).quantize(Decimal("0.01")),
        impressions=whole["impressions"],
        clicked=whole["clicked"],
        clicks=whole["clicks"],
        thumbs=whole["thumbs"],
        up=whole["up"],
        offers=whole["offers"],
        taken=whole["taken"],
        dialogues=whole["dialogues"],
        handed=whole["handed"],
        resolved=whole["resolved"],
    )


def _aggregates(row: Mapping[str, Any], shift: Mapping[str, float]) -> Aggregates:
    """From shifted sums: a cell of one shopper has no variance, and is told as 0."""
    count = int(row["count"])
    offset = {name: row[f"s_{name}"] / count for name in COLUMNS}

    def moment(left: str, right: str) -> float:
        if count < 2:
            return 0.0
        product = row[f"p_{left}_{right}"] - count * offset[left] * offset[right]
        return float(product / (count - 1))

    return Aggregates(
        count_=count,
        mean_={name: float(shift.get(name, 0.0) + offset[name]) for name in COLUMNS},
        var_={name: max(0.0, moment(name, name)) for name in COLUMNS},
        cov_={pair: moment(*pair) for pair in PAIRS},
    )


def _sold(bought: Any, exposed: Any, window: Window, cap: float | None) -> Any:
    whose = exposed.select("shopper_id", "person_id", "exposed_at")
    all_ = whose.inner_join(bought, "shopper_id")
    all_ = all_.filter(
        all_.placed_at < to_micros(window.until),
        all_.placed_at < all_.exposed_at + window.outcome_micros,
        all_.placed_at >= all_.exposed_at - BEFORE // MICROSECOND,
    )
    after = ibis.ifelse(all_.placed_at >= all_.exposed_at, 1, 0)
    amount = all_.amount
    capped = amount if cap is None else ibis.least(amount, cap)
    return all_.group_by("person_id").aggregate(
        buyer=after.max(),
        purchases=after.sum(),
        orders=(after * all_.ours).sum(),
        revenue=(after * amount).sum(),
        capped=(after * capped).sum(),
        before=((1 - after) * capped).sum(),
    )


def _shown(backend: Any, talks: Any, signals: Any, window: Window) -> Any:
    """One row a dialogue in which something was shown: all of it, and what counts for the arm."""
    shown = events.impressions(backend, talks, window, signals)
    ours, products = ibis.ifelse(shown.ours, 1, 0), ibis.ifelse(shown.kind == "products", 1, 0)
    acted = ours * ibis.ifelse(shown.clicks.fill_null(0) > 0, 1, 0)
    return shown.group_by("number").aggregate(
        impressions=ours.sum(),
        offers=(ours * products).sum(),
        clicked=acted.sum(),
        clicks=(ours * shown.clicks).sum(),
        thumbs=(ours * shown.thumbs).sum(),
        up=(ours * shown.up).sum(),
        taken=(acted * products).sum(),
        thumbs_up=shown.up.sum(),
        thumbs_down=(shown.thumbs - shown.up).sum(),
        locale=shown.locale.min(),
        version=shown.model_version.min(),
        answered=ibis.ifelse(shown.kind.isin(ANSWERS), 1, 0).max(),
        shown_handed=ibis.ifelse(shown.kind == "handover", 1, 0).max(),
    )


def _talked(talks: Any, shown: Any, window: Window) -> Any:
    """What each person was shown and did, and what became of their dialogues."""
    told = judged(talks.left_join(shown, "number").drop("number_right"), window.until)
    begun = ibis.ifelse(
        (told.started_at >= told.exposed_at)
        & (told.started_at < told.exposed_at + window.outcome_micros),
        1,
        0,
    )
    solved = ibis.ifelse(told.resolved.isin(["confirmed", "durable"]), 1, 0)
    sums = {name: told[name].fill_null(0).sum() for name in SIGNALS}
    return told.group_by("person_id").aggregate(
        locale=told.locale.min(),
        version=told.version.min(),
        dialogues=begun.sum(),
        handed=(begun * told.handed).sum(),
        resolved=(begun * solved).sum(),
        **sums,
    )
