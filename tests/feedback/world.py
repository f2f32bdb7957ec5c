"""Whole shops for statistical tests, written into the store in bulk."""

import random
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from feedback.db.database import Database
from feedback.db.period import Period
from feedback.db.tables.dialogues import Dialogue, Impression
from feedback.db.tables.people import Exposure, Shopper
from feedback.db.tables.sales import Order
from feedback.db.tables.signals import Click
from feedback.experiments.schedule import Experiment
from feedback.knowledge.importers.records import RefundLine
from feedback.report.build import ReportRequest, build_report
from feedback.report.report import Report
from feedback.sales.attribution import AttributionRule
from tests.factories import EXPERIMENT, NOW, days, hours, make_impression, make_orders

SHARES = {"holdout": 0.5, "champion": 0.5}


def insert_rows(database: Database, table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        with database.transaction() as session:
            session.connection().execute(table.__table__.insert(), rows)


def fill_shop(
    database: Database,
    *,
    shoppers: dict[str, int],
    cvr: dict[str, float],
    seed: int = 1,
    weeks: int = 4,
    until: datetime = NOW,
    currency: str = "USD",
) -> None:
    """Shoppers of each arm, exposed evenly; each has one reply, and may click and buy."""
    over = days(7 * weeks)
    rng = random.Random(seed)
    tables: dict[Any, list[dict[str, Any]]] = {
        Shopper: [], Exposure: [], Dialogue: [], Impression: [], Click: [], Order: [],
    }  # fmt: skip
    for arm, number in shoppers.items():
        for count in range(number):
            at = until - over + (over - days(7.1)) * (count / number)
            _add_shopper(tables, rng, f"{arm}-{count}", arm, at, cvr[arm], currency)
    for table, rows in tables.items():
        insert_rows(database, table, rows)


def refund_order(database: Database, order_id: str, amount: str, currency: str = "USD") -> None:
    refund = RefundLine(
        refund_id=f"refund-{order_id}-{amount}",
        order_id=order_id,
        amount=Decimal(amount),
        currency=currency,
        refunded_at=NOW,
    )
    make_orders(database).refund(refund, NOW)


def report_of(database: Database, *, now: datetime = NOW, **changes: Any) -> Report:
    """A report of everything, with what `changes` says of its request, experiment and windows."""

    def taken(names: Iterable[str]) -> dict[str, Any]:
        return {name: changes.pop(name) for name in names if name in changes}

    period = Period(changes.pop("since", None), changes.pop("until", now))
    compared = Period(changes.pop("exposed_since", period.since), period.until)
    experiment = {"name": EXPERIMENT, "shares": SHARES, **taken(Experiment._fields)}
    rule = AttributionRule(**taken(AttributionRule._fields))
    request = ReportRequest(Experiment(**experiment), period, compared, rule, **changes)
    return build_report(database, request, now)


def _add_shopper(
    tables: dict[Any, list[dict[str, Any]]],
    rng: random.Random,
    name: str,
    arm: str,
    at: datetime,
    cvr: float,
    currency: str,
) -> None:
    tables[Shopper].append({"shopper_id": name, "created_at": at})
    tables[Exposure].append(
        {
            "experiment": EXPERIMENT,
            "shopper_id": name,
            "arm": arm,
            "channel": "web",
            "exposed_at": at,
        }
    )
    dialogue = Dialogue(
        dialogue_id=f"d-{name}", shopper_id=name, channel="web", locale="en", arm=arm,
        started_at=at, last_at=at,
    )  # fmt: skip
    tables[Dialogue].append(dialogue.model_dump())
    impression = make_impression(
        impression_id=f"i-{name}", dialogue_id=f"d-{name}", shopper_id=name, arm=arm, shown_at=at,
        served_by="keywords" if arm == "holdout" else "model",
    )  # fmt: skip
    tables[Impression].append(impression.model_dump())
    if rng.random() < 0.2:
        tables[Click].append(
            {
                "click_id": f"c-{name}",
                "impression_id": f"i-{name}",
                "shopper_id": name,
                "kind": "product",
                "target": "mug",
                "clicked_at": at,
            }
        )
    if rng.random() < cvr:
        order = Order(
            order_id=f"o-{name}", number=f"o-{name}", source="orders", shopper_id=name,
            bridge="token", placed_at=at + hours(20), currency=currency,
            total=Decimal(f"{rng.lognormvariate(4, 0.5):.2f}"), updated_at=at,
        )  # fmt: skip
        tables[Order].append(order.model_dump())
