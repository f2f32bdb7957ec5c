"""Sums up what each arm's shoppers did, in the database itself, as Ibis expressions.

One row a shopper: their impressions, clicks, orders and revenue within the outcome window after
their exposure. Only counts, means, variances and covariances leave the database, one row an arm.
"""

import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

import ibis
from tea_tasting.aggr import Aggregates, read_aggregates

from feedback.columns import MICROSECOND, MONEY_SCALE, to_micros
from feedback.database import Database
from feedback.experiment import HOLDOUT
from feedback.report_parts import Arm

# Per shopper: bought at all, purchases in any currency, orders and revenue in the report's
# currency, impressions, impressions that were clicked, and clicks.
COLUMNS: Final = (
    "buyer", "purchases", "orders", "revenue", "impressions", "clicked", "clicks",
)  # fmt: skip
PAIRS: Final = (("revenue", "orders"), ("clicked", "impressions"), ("purchases", "clicks"))


class Window(NamedTuple):
    """Whose orders count, and how long after their exposure."""

    experiment: str
    since: datetime | None  # exposures from here on; None: from the first
    until: datetime  # exposures, orders and clicks before it
    outcome: timedelta


def arm_aggregates(db: Database, window: Window, currency: str) -> dict[str, Aggregates]:
    """Counts, means and (co)variances over the shoppers of each arm.

    Args:
        db: the store.
        window: whose orders count.
        currency: the one in which revenue is summed; other currencies count as purchases only.
    """
    with warnings.catch_warnings(), _opened(db) as backend:
        # Ibis 12 asks pandas 3 for an option that pandas 4 will drop; it is none of our business.
        warnings.filterwarnings("ignore", message="The 'future.infer_string' option")
        rows = per_shopper(backend, window, currency)
        found: Mapping[Any, Aggregates] = read_aggregates(
            rows, "arm", has_count=True, mean_cols=COLUMNS, var_cols=COLUMNS, cov_cols=PAIRS
        )
        return {str(arm): aggregates for arm, aggregates in found.items()}


def per_shopper(backend: Any, window: Window, currency: str) -> Any:
    """The expression of one row a shopper, with `arm` and `COLUMNS`, none of them null."""
    exposed = _exposed(backend, window)
    outcome = window.outcome // MICROSECOND
    until = to_micros(window.until)
    sold = _sales(backend, exposed, outcome, until, currency)
    shown = _shown(backend, exposed, outcome, until)
    rows = exposed.left_join(sold, "shopper_id").drop("shopper_id_right")
    rows = rows.left_join(shown, "shopper_id")
    counted = {name: rows[name].fill_null(0).cast("float64") for name in COLUMNS}
    return rows.select("arm", **counted)


def arm_of(aggregates: Aggregates) -> Arm:
    """An arm's sums, from its means."""
    count = aggregates.count()
    sums = {name: round(aggregates.mean(name) * count) for name in COLUMNS if name != "revenue"}
    return Arm(
        shoppers=count,
        buyers=sums["buyer"],
        orders=sums["orders"],
        revenue=Decimal(str(round(aggregates.mean("revenue") * count, 4))).quantize(
            Decimal("0.01")
        ),
        impressions=sums["impressions"],
        clicks=sums["clicks"],
    )


def _exposed(backend: Any, window: Window) -> Any:
    exposures = backend.table("exposure")
    kept = exposures.filter(
        exposures.experiment == window.experiment, exposures.exposed_at < to_micros(window.until)
    )
    if window.since is not None:
        kept = kept.filter(kept.exposed_at >= to_micros(window.since))
    return kept.select("shopper_id", "arm", "exposed_at")


def _sales(backend: Any, exposed: Any, outcome: int, until: int, currency: str) -> Any:
    orders = backend.table("shop_order")
    orders = orders.filter(orders.cancelled_at.isnull(), orders.status != "cancelled")
    refunds = backend.table("refund")
    refunded = refunds.group_by("order_id", "currency").aggregate(refunded=refunds.amount.sum())
    net = orders.left_join(refunded, ["order_id", "currency"])
    net = net.select(
        "shopper_id",
        "placed_at",
        "currency",
        net=ibis.greatest(net.total - net.refunded.fill_null(0), 0).cast("float64") / MONEY_SCALE,
    )
    within = exposed.inner_join(net, "shopper_id")
    within = within.filter(
        within.placed_at >= within.exposed_at,
        within.placed_at < within.exposed_at + outcome,
        within.placed_at < until,
    )
    ours = ibis.ifelse(within.currency == currency, 1, 0)
    return within.group_by("shopper_id").aggregate(
        buyer=within.count() * 0 + 1,
        purchases=within.count(),
        orders=ours.sum(),
        revenue=(ours * within.net).sum(),
    )


def _shown(backend: Any, exposed: Any, outcome: int, until: int) -> Any:
    clicks = backend.table("click")
    clicks = clicks.filter(clicks.clicked_at < until)
    clicked = clicks.group_by("impression_id").aggregate(clicks=clicks.count())
    impressions = backend.table("impression").select(
        "impression_id", "shopper_id", "served_by", "shown_at"
    )
    within = exposed.inner_join(impressions, "shopper_id")
    # Keyword search is the holdout's answer; in the other arms it stood in for a model that was
    # away, and says nothing about the model.
    ours = (within.arm == HOLDOUT) | (within.served_by != "keywords")
    within = within.filter(
        ours,
        within.shown_at >= within.exposed_at,
        within.shown_at < within.exposed_at + outcome,
        within.shown_at < until,
    ).left_join(clicked, "impression_id")
    return within.group_by("shopper_id").aggregate(
        impressions=within.count(),
        clicked=within.clicks.count(),  # of those that have any
        clicks=within.clicks.fill_null(0).sum(),
    )


@contextmanager
def _opened(db: Database) -> Any:
    url = db.url
    if db.is_sqlite:
        backend = ibis.sqlite.connect(url.database)
    else:
        backend = ibis.postgres.connect(
            host=url.host or url.query.get("host"),
            port=url.port or 5432,
            user=url.username,
            password=url.password,
            database=url.database,
        )
    try:
        yield backend
    finally:
        backend.disconnect()
