"""Computes and draws the report of a made-up shop with many shoppers, and takes the time."""

import random
import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from feedback.chart import report_png
from feedback.database import Database
from feedback.models import Click, Dialogue, Exposure, Impression, Order, Shopper
from feedback.report import build_report
from shopclerk.bench.figures import machine, tell, timed
from shopclerk.wiring import EXPERIMENT, utc_now

WEEKS: Final = 8
SHARES: Final = {"holdout": 0.1, "champion": 0.9}
CLICKING, BUYING = 0.2, 0.03  # shares of the shoppers

Rows = dict[Any, list[dict[str, Any]]]


def bench_report(*, shoppers: int) -> dict[str, Any]:
    """Seconds, in a fresh SQLite store."""
    busy, now = machine(), utc_now()
    with tempfile.TemporaryDirectory(prefix="bench-report-") as folder:
        database = Database(f"sqlite:///{folder}/shopclerk.db")
        database.migrate()
        tell(f"writing {shoppers} shoppers …")
        _fill(database, shoppers, now)
        built: list[Any] = []

        def compute() -> None:
            built.append(build_report(database, experiment=EXPERIMENT, shares=SHARES, now=now))

        tell("computing and drawing the report …")
        first = timed(compute)  # the statistics' own libraries are loaded meanwhile
        computing = timed(compute)
        drawing = timed(lambda: report_png(built[0]))
        database.close()
    return {
        **busy,
        "shoppers": shoppers,
        "first_compute_seconds": round(first, 3),
        "compute_seconds": round(computing, 3),
        "draw_seconds": round(drawing, 3),
        "seconds": round(computing + drawing, 3),
    }


def _fill(database: Database, shoppers: int, now: datetime) -> None:
    chance = random.Random(1)  # noqa: S311 - shoppers, not secrets
    tables: Rows = {t: [] for t in (Shopper, Exposure, Dialogue, Impression, Click, Order)}
    for number in range(shoppers):
        ago = timedelta(weeks=WEEKS) * (1.0 - number / shoppers)
        _add_shopper(tables, chance, str(number), now - ago)
    with database.transaction() as session:
        for table, rows in tables.items():
            if rows:
                session.connection().execute(table.__table__.insert(), rows)


def _add_shopper(tables: Rows, chance: random.Random, name: str, at: datetime) -> None:
    """A shopper, exposed to an arm and answered once; some click, some buy."""
    arm = "holdout" if chance.random() < SHARES["holdout"] else "champion"
    person: dict[str, Any] = {"shopper_id": name, "arm": arm}
    tables[Shopper].append({"shopper_id": name, "created_at": at})
    tables[Exposure].append(
        {**person, "experiment": EXPERIMENT, "channel": "web", "exposed_at": at}
    )
    dialogue = Dialogue(
        **person, dialogue_id=name, channel="web", locale="en", started_at=at, last_at=at
    )
    tables[Dialogue].append(dialogue.model_dump())
    impression = Impression(
        **person,
        impression_id=name,
        dialogue_id=name,
        kind="answer",
        reply_id="returns",
        text="Send it back within 30 days.",
        locale="en",
        confidence=0.9,
        served_by="keywords" if arm == "holdout" else "model",
        shown_at=at,
    )
    tables[Impression].append(impression.model_dump())
    if chance.random() < CLICKING:
        click = Click(
            click_id=name, impression_id=name, shopper_id=name, kind="product", target="kettle",
            clicked_at=at,
        )  # fmt: skip
        tables[Click].append(click.model_dump())
    if chance.random() < BUYING:
        total = Decimal(f"{chance.lognormvariate(4, 0.5):.2f}")
        order = Order(
            order_id=name, number=name, source="orders", shopper_id=name, bridge="token",
            placed_at=at + timedelta(hours=20), currency="USD", total=total, updated_at=at,
        )  # fmt: skip
        tables[Order].append(order.model_dump())
