"""The one view of events on which every measure stands, as Ibis expressions.

- `exposures`, a shopper's first contact: `shopper_id`, `person_id`, `arm`, `stratum`, `trial`,
  `channel`, `exposed_at`.
- `talks`, a dialogue: `number`, `dialogue_id`, `shopper_id`, `person_id`, `arm`, `exposed_at`,
  `started_at`, `last_at`, `state`, `following` (when the shopper began the next one).
- `impressions`, a reply shown: `impression_id`, `number`, `kind`, `locale`, `model_version`,
  `served_by`, `shown_at`, `answer_ms`, `ours`, and its `clicks`, `thumbs`, `up`, or nulls.
- `clicks`, a shopper acting on one: `impression_id`, `clicked_at`.
- `thumbs`, a voter's last word on one: `impression_id`, `up`.
- `sales`, an order that is one: `source`, `order_id`, `shopper_id`, `bridge`, `placed_at`, `ours`,
  `amount`, `returned` (of it, given back);
- `costs`, of a sale all of whose products' costs are known: `source`, `order_id`, `cost`;
  `purchases` are those that were matched to a shopper.

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

from feedback.db import MICROSECOND, MONEY_SCALE, Database, to_micros
from feedback.experiments.assignment import HOLDOUT
from feedback.experiments.share_log import Strata

# Ibis 12 asks pandas 3 for an option that pandas 4 will drop; none of our business.
warnings.filterwarnings("ignore", message="The 'future.infer_string' option")

RATE_SCALE: Final = 10**8
FOREVER: Final = 2**62  # microseconds; the end of a rate that still holds


class Window(NamedTuple):
    """Whose orders count, and how long after their exposure."""

    experiment: str
    since: datetime | None  # exposures from here on; None: from the first
    until: datetime  # exposures, orders and clicks before it
    outcome: timedelta
    zone: str = "UTC"  # whose weeks are counted: the shop's
    bridges: tuple[str, ...] | None = None  # by which orders were found; None: by any

    @property
    def outcome_micros(self) -> int:
        """The outcome window's length."""
        return self.outcome // MICROSECOND


class ShopperRange(NamedTuple):
    """Some of the people, by their identifiers: from `low` on, before `high`; None: no bound."""

    low: str | None = None
    high: str | None = None


EVERYBODY: Final = ShopperRange()


def exposures(backend: Any, window: Window, strata: Strata, part: ShopperRange = EVERYBODY) -> Any:
    """Who was exposed to which arm; `person_id` is where an order of theirs counts."""
    table = backend.table("exposure")
    kept = table.filter(
        table.experiment == window.experiment, table.exposed_at < to_micros(window.until)
    )
    if window.since is not None:
        kept = kept.filter(kept.exposed_at >= to_micros(window.since))
    kept = kept.anti_join(backend.table("uncounted"), "shopper_id")
    person = kept.person_id.coalesce(kept.shopper_id)
    if part.low is not None:
        kept = kept.filter(person >= part.low)
    if part.high is not None:
        kept = kept.filter(person < part.high)
    return kept.select(
        "shopper_id",
        "arm",
        "channel",
        "exposed_at",
        "device",
        "page",
        "source",
        "language",
        "been_before",
        alone=kept.person_id.isnull(),
        person_id=person,
        stratum=_dealt(kept.exposed_at, strata, "stratum"),
        trial=_dealt(kept.exposed_at, strata, "trial"),
    )


def talks(backend: Any, exposed: Any, window: Window) -> Any:
    """The dialogues of the exposed, numbered, and when the shopper came back."""
    table = backend.table("dialogue")
    table = table.filter(table.started_at < to_micros(window.until))
    begun = table.select("dialogue_id", "shopper_id", "started_at", "last_at", "state")
    whose = exposed.select("shopper_id", "person_id", "arm", "exposed_at")
    told = begun.inner_join(whose, "shopper_id")
    order = [told.started_at, told.dialogue_id]
    # Both want one and the same order: a database sorts once.
    return told.mutate(
        number=ibis.row_number().over(order_by=[told.shopper_id, *order]),
        following=told.started_at.lead().over(group_by=told.shopper_id, order_by=order),
    )


def impressions(backend: Any, talks: Any, window: Window, signals: Any) -> Any:
    """What was shown in these dialogues, with its `signals`, and `ours` where it counts.

    It counts for the arm within the outcome window. Keyword search is the holdout's answer; in the
    other arms it stood in for a model that was away, and says nothing about the model.
    """
    shown = backend.table("impression").select(
        "impression_id", "dialogue_id", "kind", "locale", "model_version", "served_by", "shown_at",
        "answer_ms",
    )  # fmt: skip
    within = talks.select("number", "dialogue_id", "arm", "exposed_at")
    within = within.inner_join(shown, "dialogue_id")
    within = within.filter(within.shown_at < to_micros(window.until))
    within = within.left_join(signals, "impression_id").drop("impression_id_right")
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


def grades(backend: Any, window: Window) -> Any:
    """The grades that shoppers gave at the end of dialogues, 1 to 5."""
    table = backend.table("survey")
    return table.filter(table.at < to_micros(window.until)).select("dialogue_id", "grade")


def signals(backend: Any, window: Window) -> Any:
    """Clicks and thumbs by impression, of those that have some."""
    none, one = ibis.literal(0, type="int8"), ibis.literal(1, type="int8")
    order = ("impression_id", "clicks", "thumbs", "up")
    clicked = clicks(backend, window).mutate(clicks=one, thumbs=none, up=none).select(*order)
    rated = thumbs(backend).mutate(clicks=none, thumbs=one).select(*order)
    both = ibis.union(clicked, rated)
    return both.group_by("impression_id").aggregate(
        clicks=both.clicks.sum(), thumbs=both.thumbs.sum(), up=both.up.sum()
    )


def purchases(backend: Any, currency: str, window: Window) -> Any:
    """Sales that were matched to a shopper, by the bridges that count."""
    sold = sales(backend, currency)
    matched = sold.filter(sold.shopper_id.notnull())
    return matched.filter(matched.bridge.isin(window.bridges)) if window.bridges else matched


def sales(backend: Any, currency: str) -> Any:
    """Sales, net of refunds, in `currency` where that is known."""
    orders = backend.table("shop_order")
    orders = orders.filter(orders.sale)
    kept = orders.total - orders.gift_cards - orders.refunded
    net = orders.select(
        "source",
        "order_id",
        "shopper_id",
        "bridge",
        "placed_at",
        "currency",
        net=ibis.greatest(kept, 0).cast("float64") / MONEY_SCALE,
        back=orders.refunded.cast("float64") / MONEY_SCALE,
    )
    rated, factor = _rated(backend, net, currency)
    return rated.select(
        "source",
        "order_id",
        "shopper_id",
        "bridge",
        "placed_at",
        ours=ibis.ifelse(factor.notnull(), 1, 0),
        amount=(rated.net * factor).fill_null(0.0),
        returned=(rated.back * factor).fill_null(0.0),
    )


def costs(backend: Any, sold: Any, currency: str) -> Any:
    """What the shop itself paid for what was sold, of sales of which nothing is unknown.

    A size costs what its product does in the mean: lines name products.
    """
    lines, told = backend.table("orderline"), backend.table("product_cost")
    keys = ("source", "order_id")
    lines = lines.select(*keys, "product_id", "quantity")
    bought = sold.select(*keys, "placed_at").inner_join(lines, keys)
    told = told.select(
        "currency",
        costed_id=told.product_id,
        each=told.cost.cast("float64") / MONEY_SCALE,
    )
    bought = bought.left_join(told, bought.product_id == told.costed_id)
    rated, factor = _rated(backend, bought, currency)
    cost = rated.each * rated.quantity * factor
    summed = rated.mutate(line_cost=cost).group_by(*keys)
    found = summed.aggregate(
        cost=ibis._.line_cost.sum(), unknown=ibis.ifelse(ibis._.line_cost.isnull(), 1, 0).sum()
    )
    return found.filter(found.unknown == 0).drop("unknown")


def _rated(backend: Any, rows: Any, currency: str) -> tuple[Any, Any]:
    """Rows with a `currency` and a `placed_at`, and what leads each into `currency`, or null."""
    rates = _rates(backend, currency)
    rated = rows.left_join(
        rates,
        [
            rows.currency == rates.rate_currency,
            rows.placed_at >= rates.rate_since,
            rows.placed_at < rates.rate_until,
        ],
    )
    return rated, ibis.ifelse(rated.currency == currency, 1.0, rated.rate)


@contextmanager
def open_event_view(db: Database) -> Iterator[Any]:
    """Ibis on the store's database, with room for its temporary tables."""
    url = db.url
    if db.is_sqlite:
        backend = ibis.sqlite.connect(url.database)
        # Temporary tables in a file. They have a cache of their own, of 2 MB by default, and are
        # what is looked up again and again; the store itself is read in the order it was written.
        for pragma in (
            "temp_store=FILE", "cache_size=-8000", "temp.cache_size=-50000", "busy_timeout=30000"
        ):  # fmt: skip
            backend.con.execute(f"PRAGMA {pragma}")
    else:
        backend = ibis.postgres.connect(
            host=url.host or url.query.get("host"),
            port=url.port or 5432,
            user=url.username,
            password=url.password,
            database=url.database,
            **{name: value for name, value in url.query.items() if name != "host"},
        )
        # A session's own: a server's defaults (4 and 8 MB) make a large shop's report sort on disk.
        for setting in ("temp_buffers = '128MB'", "work_mem = '128MB'"):
            backend.raw_sql(f"SET {setting}").close()
    try:
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
