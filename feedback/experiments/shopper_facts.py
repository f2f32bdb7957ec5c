"""One row a person: what they were shown, did and bought, in the database itself.

The rows lie in temporary tables of an open connection; what is summed over them is `metrics`'. Each
step is a table of its own: in one piece the query would be deeper than SQLite reads (100 levels),
and PostgreSQL would guess the sizes on the way.

People can be told apart into parts, each with a connection of its own: sums over parts add up to
the sums over all, and a database uses one core a connection.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final, NamedTuple

import ibis

from feedback.db import MICROSECOND, shop_clock_micros, to_micros
from feedback.experiments import event_view
from feedback.experiments.dialogue_outcomes import ANSWERS, judged
from feedback.experiments.event_view import EVERYBODY, ShopperRange, Window
from feedback.experiments.metric_registry import AMOUNTS, FACTS, Fact
from feedback.experiments.share_log import Strata

TRAITS: Final = ("device", "page", "source", "language", "been_before")
SIGNALS: Final[tuple[Fact, ...]] = (
    "impressions", "offers", "clicked", "clicks", "thumbs", "up", "taken", "timed", "waited",
)  # fmt: skip
BEFORE: Final = timedelta(days=90)  # how far back a shopper's earlier orders tell something
CAP_QUANTILE: Final = 0.99  # of the orders before the experiment: no shopper counts more
CAP_ORDERS: Final = 100  # with fewer before it, of its first hundred
FAR: Final = 2**62  # microseconds; nobody was exposed yet
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)  # before any shop of ours
WEEK_MICROS: Final = 7 * 24 * 3600 * 10**6
MONDAY_MICROS: Final = (
    4 * 24 * 3600 * 10**6
)  # 1970 began on a Thursday; the first Monday was the 5th
BEST: Final = 5
BAD_GRADE: Final = 2  # and one below: a complaint
SMALLEST: Final = 0.0001  # an amount that is stored: no order divides by nothing
PEOPLE_A_PART: Final = 50_000  # fewer take a second: not worth a second connection


class FactRows(NamedTuple):
    """The rows of one part, in a temporary table."""

    table: Any  # one row a person, with `arm`, `stratum` and `FACTS`, none of them null
    shift: dict[str, float]  # about the mean of each column of amounts


def shopper_ranges(backend: Any, window: Window, most: int) -> list[ShopperRange]:
    """At most `most` parts of about as many people each."""
    table = backend.table("exposure")
    ids = table.filter(table.experiment == window.experiment).select("shopper_id")
    people = int(ids.count().to_pyarrow().as_py())
    count = min(most, 1 + people // PEOPLE_A_PART)
    ordered = ids.order_by("shopper_id")
    borders = [
        ordered.limit(1, offset=people * number // count).to_pyarrow().to_pylist()[0]["shopper_id"]
        for number in range(1, count)
    ]
    return [ShopperRange(*each) for each in pairwise([None, *borders, None])]


def order_cap(backend: Any, window: Window, currency: str) -> float | None:
    """What a shopper's revenue counts at most: a quantile of the orders before the experiment.

    Of a shop without such a history it is one of its first hundred orders, in whichever arm, so
    that it stands fast long before anything is decided. None: no orders yet.
    """
    sold = event_view.sales(backend, currency)
    sold = sold.filter(sold.ours == 1, sold.placed_at < to_micros(window.until))
    exposure = backend.table("exposure")
    met = exposure.filter(exposure.experiment == window.experiment).order_by("exposed_at")
    first = met.select("exposed_at").limit(1).to_pyarrow().to_pylist()
    before = sold.filter(sold.placed_at < (first[0]["exposed_at"] if first else FAR))
    count = int(before.count().to_pyarrow().as_py())
    if count < CAP_ORDERS:
        before = sold.order_by(["placed_at", "order_id"]).limit(CAP_ORDERS)
        count = int(before.count().to_pyarrow().as_py())
    if not count:
        return None
    place = int((count - 1) * CAP_QUANTILE)  # of a hundred the second largest
    row = before.order_by("amount").select("amount").limit(1, offset=place)
    return float(row.to_pyarrow().to_pylist()[0]["amount"])


def per_shopper(
    backend: Any,
    window: Window,
    currency: str,
    strata: Strata,
    cap: float | None,
    part: ShopperRange = EVERYBODY,
) -> FactRows:
    """The rows of everybody in `part` who was exposed in the window."""
    whom = event_view.exposures(backend, window, strata, part)
    exposed = _kept(backend, "exposed", whom, "shopper_id")
    bought = event_view.purchases(backend, currency, window)
    cost = event_view.costs(backend, bought, currency)
    cost = _kept(backend, "costs", cost, "source", "order_id")
    sold = _kept(backend, "sold", _sold(bought, cost, exposed, window, cap), "person_id")
    talks = _kept(backend, "talks", event_view.talks(backend, exposed, window), "number")
    grades = event_view.grades(backend, window)
    signals = event_view.signals(backend, window)
    signals = _kept(backend, "signals", signals, *signals.columns)
    shown = _kept(backend, "shown", _shown(backend, talks, signals, window), "number")
    talked = _kept(backend, "talked", _talked(talks, shown, grades, window), "person_id")
    rows = exposed.filter(exposed.alone).drop("alone", "shopper_id")
    for table in (sold, talked):
        rows = rows.left_join(table, "person_id").drop("person_id_right")
    counted = {name: rows[name].fill_null(0).cast("float64") for name in FACTS}
    told = rows.select(
        "arm",
        "stratum",
        "trial",
        "exposed_at",
        "channel",
        "locale",
        "version",
        *TRAITS,
        week=((_on_the_wall(rows.exposed_at, window) - MONDAY_MICROS) / WEEK_MICROS)
        .floor()
        .cast("int64"),
        **counted,
    )
    return FactRows(_kept(backend, "people", told), _shift(exposed, sold))


def _on_the_wall(exposed_at: Any, window: Window) -> Any:
    return shop_clock_micros(exposed_at, window.zone, window.since or BEGINNING, window.until)


def _shift(exposed: Any, sold: Any) -> dict[str, float]:
    """About the mean of each column of amounts."""
    people = int(exposed.count().to_pyarrow().as_py())
    sums = sold.aggregate(**{name: sold[name].sum() for name in AMOUNTS}).to_pyarrow().to_pylist()
    return {name: float(sums[0][name] or 0) / people for name in AMOUNTS} if people else {}


def _kept(backend: Any, name: str, rows: Any, *key: str) -> Any:
    """The rows in a temporary table; on SQLite, which joins by nothing else, with an index."""
    name = f"report_{name}"
    table = backend.create_table(name, obj=rows, temp=True)
    if key and backend.name == "sqlite":
        columns = ", ".join(f'"{column}"' for column in key)
        backend.raw_sql(f'CREATE INDEX "{name}_key" ON "{name}" ({columns})')
    if key:
        backend.raw_sql(f'ANALYZE "{name}"')
    return table


def _sold(bought: Any, cost: Any, exposed: Any, window: Window, cap: float | None) -> Any:
    whose = exposed.select("shopper_id", "person_id", "exposed_at")
    all_ = whose.inner_join(bought, "shopper_id")
    all_ = all_.left_join(cost, ["source", "order_id"]).drop("source_right", "order_id_right")
    all_ = all_.filter(
        all_.placed_at < to_micros(window.until),
        all_.placed_at < all_.exposed_at + window.outcome_micros,
        all_.placed_at >= all_.exposed_at - BEFORE // MICROSECOND,
    )
    after = ibis.ifelse(all_.placed_at >= all_.exposed_at, 1, 0)
    amount = all_.amount
    # A shopper is cut, not an order: eighty orders of one reseller say what one of them says.
    known = after * all_.ours * ibis.ifelse(all_.cost.notnull(), 1, 0)
    # What was sent back costs nothing: of an order half returned, half the cost.
    kept = amount / ibis.greatest(amount + all_.returned, SMALLEST)
    profit = amount - all_.cost.fill_null(0.0) * kept
    spent, earlier = (after * amount).sum(), ((1 - after) * amount).sum()
    return all_.group_by("person_id").aggregate(
        buyers=after.max(),
        purchases=after.sum(),
        orders=(after * all_.ours).sum(),
        revenue=spent,
        capped=spent if cap is None else ibis.least(spent, cap),
        refunded=(after * all_.returned).sum(),
        gross=(after * (amount + all_.returned)).sum(),
        costed_orders=known.sum(),
        costed=(known * amount).sum(),
        profit=(known * profit).sum(),
        before=earlier if cap is None else ibis.least(earlier, cap),
    )


def _shown(backend: Any, talks: Any, signals: Any, window: Window) -> Any:
    """One row a dialogue in which something was shown: all of it, and what counts for the arm."""
    shown = event_view.impressions(backend, talks, window, signals)
    ours, products = ibis.ifelse(shown.ours, 1, 0), ibis.ifelse(shown.kind == "products", 1, 0)
    timed = ours * ibis.ifelse(shown.answer_ms.notnull(), 1, 0)
    acted = ours * ibis.ifelse(shown.clicks.fill_null(0) > 0, 1, 0)
    return shown.group_by("number").aggregate(
        impressions=ours.sum(),
        offers=(ours * products).sum(),
        clicked=acted.sum(),
        clicks=(ours * shown.clicks).sum(),
        thumbs=(ours * shown.thumbs).sum(),
        up=(ours * shown.up).sum(),
        taken=(acted * products).sum(),
        timed=timed.sum(),
        waited=(timed * shown.answer_ms.fill_null(0.0) / 1000).sum(),
        thumbs_up=shown.up.sum(),
        thumbs_down=(shown.thumbs - shown.up).sum(),
        locale=shown.locale.min(),
        version=shown.model_version.min(),
        answered=ibis.ifelse(shown.kind.isin(ANSWERS), 1, 0).max(),
        shown_handed=ibis.ifelse(shown.kind == "handover", 1, 0).max(),
    )


def _talked(talks: Any, shown: Any, grades: Any, window: Window) -> Any:
    """What each person was shown and did, and what became of their dialogues."""
    rows = talks.left_join(shown, "number").drop("number_right")
    rows = rows.left_join(grades, "dialogue_id").drop("dialogue_id_right")
    told = judged(rows, window.until)
    begun = ibis.ifelse(
        (told.started_at >= told.exposed_at)
        & (told.started_at < told.exposed_at + window.outcome_micros),
        1,
        0,
    )
    solved = ibis.ifelse(told.resolved.isin(["confirmed", "durable"]), 1, 0)
    bad = (told.thumbs_down > 0) | (told.grade.fill_null(BEST) <= BAD_GRADE)
    complained = ibis.ifelse(bad, 1, 0)
    sums = {name: told[name].fill_null(0).sum() for name in SIGNALS}
    return told.group_by("person_id").aggregate(
        locale=told.locale.min(),
        version=told.version.min(),
        dialogues=begun.sum(),
        handed=(begun * told.handed).sum(),
        resolved=(begun * solved).sum(),
        complaints=(begun * complained).sum(),
        **sums,
    )
