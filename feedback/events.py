"""The one view of events on which every measure stands, as Ibis expressions.

- `exposures`, a shopper's first contact: `shopper_id`, `person_id`, `arm`, `stratum`, `trial`,
  `channel`, `exposed_at`.
- `impressions`, a reply shown: `impression_id`, `dialogue_id`, `shopper_id`, `kind`, `reply_id`,
  `locale`, `model_version`, `served_by`, `shown_at`, `ours`.
- `clicks`, a shopper acting on one: `impression_id`, `clicked_at`.
- `thumbs`, a voter's last word on one: `impression_id`, `up`.
- `purchases`, an order that was not cancelled: `order_id`, `shopper_id`, `placed_at`, `ours`,
  `amount`.

Times are microseconds since 1970. `amount` is net of refunds, in the report's currency: `ours` is 1
where it is known in that currency, directly or by a rate of the day, else 0. Bots, staff and what a
model that was away left to keyword search are not in it. The same expressions run on SQLite,
PostgreSQL and whatever else Ibis reaches, given tables of these names.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import ibis

from feedback.columns import MICROSECOND, MONEY_SCALE, to_micros
from feedback.database import Database
from feedback.experiment import HOLDOUT
from feedback.shares import Strata

RATE_SCALE: Final = 10**8
FOREVER: Final = 2**62  # microseconds; the end of a rate that still holds


class Window(NamedTuple):
    """Whose orders count, and how long after their exposure."""

    experiment: str
    since: datetime | None  # exposures from here on; None: from the first
    until: datetime  # exposures, orders and clicks before it
    outcome: timedelta

    @property
    def outcome_micros(self) -> int:
        """The outcome window's length."""
        return self.outcome // MICROSECOND


def exposures(backend: Any, window: Window, strata: Strata) -> Any:
    """Who was exposed to which arm; `person_id` is where an order of theirs counts."""
    table = backend.table("exposure")
    kept = table.filter(
        table.experiment == window.experiment, table.exposed_at < to_micros(window.until)
    )
    if window.since is not None:
        kept = kept.filter(kept.exposed_at >= to_micros(window.since))
    kept = kept.anti_join(backend.table("uncounted"), "shopper_id")
    return kept.select(
        "shopper_id",
        "arm",
        "channel",
        "exposed_at",
        alone=kept.person_id.isnull(),
        person_id=kept.person_id.coalesce(kept.shopper_id),
        stratum=_dealt(kept.exposed_at, strata, "stratum"),
        trial=_dealt(kept.exposed_at, strata, "trial"),
    )


def impressions(backend: Any, exposed: Any, window: Window, signals: Any = None) -> Any:
    """What was shown to the exposed, `ours` where it counts for their arm.

    It counts within the outcome window. Keyword search is the holdout's answer; in the other arms
    it stood in for a model that was away, and says nothing about the model. With `signals` (by
    `impression_id`) only what has some, and them beside it.
    """
    shown = backend.table("impression").select(
        "impression_id", "dialogue_id", "shopper_id", "kind", "reply_id", "locale",
        "model_version", "served_by", "shown_at",
    )  # fmt: skip
    if signals is not None:
        shown = signals.inner_join(shown, "impression_id")
    within = shown.inner_join(exposed.select("shopper_id", "arm", "exposed_at"), "shopper_id")
    within = within.filter(within.shown_at < to_micros(window.until))
    return within.mutate(
        ours=((within.arm == HOLDOUT) | (within.served_by != "keywords"))
        & (within.shown_at >= within.exposed_at)
        & (within.shown_at < within.exposed_at + window.outcome_micros)
    )


def clicks(backend: Any, window: Window) -> Any:
    """Clicks before the end of the window."""
    table = backend.table("click")
    return table.filter(table.clicked_at < to_micros(window.until)).select(
        "impression_id", "clicked_at"
    )


def thumbs(backend: Any) -> Any:
    """Thumbs, up as 1 and down as 0."""
    table = backend.table("rating")
    return table.select("impression_id", up=ibis.ifelse(table.value == "up", 1, 0))


def both(clicked: Any, rated: Any) -> Any:
    """Clicks and thumbs by impression, one under the other: either may be missing."""
    none = ibis.literal(0, type="int64")
    order = ("impression_id", "clicks", "thumbs", "up")
    return ibis.union(
        clicked.mutate(thumbs=none, up=none).select(*order),
        rated.mutate(clicks=none).select(*order),
    )


def purchases(backend: Any, currency: str) -> Any:
    """Orders that stand, net of refunds, in `currency` where that is known."""
    orders = backend.table("shop_order")
    orders = orders.filter(
        orders.shopper_id.notnull(), orders.cancelled_at.isnull(), orders.status != "cancelled"
    )
    refunds = backend.table("refund")
    refunded = refunds.group_by("order_id", "currency").aggregate(refunded=refunds.amount.sum())
    net = orders.left_join(refunded, ["order_id", "currency"])
    net = net.select(
        "order_id",
        "shopper_id",
        "placed_at",
        "currency",
        net=ibis.greatest(net.total - net.refunded.fill_null(0), 0).cast("float64") / MONEY_SCALE,
    )
    rates = _rates(backend, currency)
    rated = net.left_join(
        rates,
        [
            net.currency == rates.rate_currency,
            net.placed_at >= rates.rate_since,
            net.placed_at < rates.rate_until,
        ],
    )
    factor = ibis.ifelse(rated.currency == currency, 1.0, rated.rate)
    return rated.select(
        "order_id",
        "shopper_id",
        "placed_at",
        ours=ibis.ifelse(factor.notnull(), 1, 0),
        amount=(rated.net * factor).fill_null(0.0),
    )


@contextmanager
def opened(db: Database) -> Iterator[Any]:
    """Ibis on the store's database, with room for its temporary tables."""
    url = db.url
    if db.is_sqlite:
        backend = ibis.sqlite.connect(url.database)
        # Temporary tables in a file, and room for the pages that come again and again.
        for pragma in ("temp_store=FILE", "cache_size=-200000", "busy_timeout=30000"):
            backend.con.execute(f"PRAGMA {pragma}")
    else:
        backend = ibis.postgres.connect(
            host=url.host or url.query.get("host"),
            port=url.port or 5432,
            user=url.username,
            password=url.password,
            database=url.database,
        )
    try:
        with warnings.catch_warnings():
            # Ibis 12 asks pandas 3 for an option that pandas 4 will drop; none of our business.
            warnings.filterwarnings("ignore", message="The 'future.infer_string' option")
            yield backend
    finally:
        backend.disconnect()


def _dealt(exposed_at: Any, strata: Strata, what: str) -> Any:
    """The stratum, or the version on trial, in which somebody was dealt their arm."""
    first, *later = strata.periods
    if not later:
        return ibis.literal(getattr(first, what))
    branches = [
        (exposed_at >= to_micros(period.since), getattr(period, what))
        for period in reversed(later)
        if period.since is not None
    ]
    return ibis.cases(*branches, else_=getattr(first, what))


def _rates(backend: Any, currency: str) -> Any:
    """The dated rates into `currency`, each until the next one."""
    table = backend.table("rate")
    table = table.filter(table.base == currency)
    following = table.since.lead().over(group_by=table.currency, order_by=table.since)
    return table.select(
        rate_currency=table.currency,
        rate_since=table.since,
        rate_until=following.fill_null(FOREVER),
        rate=table.rate.cast("float64") / RATE_SCALE,
    )
