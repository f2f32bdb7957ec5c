"""`shopclerk simulate`, and the demo shop's made-up history: the real store, the real report."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from feedback.db import Database, Period
from feedback.experiments import Experiment
from feedback.knowledge import Catalogue, ReplyBook
from feedback.report import Report, ReportRequest, build_report
from shopclerk.demo_shop import put_demo_shop
from shopclerk.settings import Settings
from shopclerk.simulation.shop_history import simulate
from shopclerk.simulation.shop_world import PlantedHistory, Ware, World, needs_of
from shopclerk.wiring import EXPERIMENT, utc_now

DEMO_SHOPPERS, DEMO_WEEKS, DEMO_UPLIFT = 12_000, 12, 0.25


def simulated_report(*, shoppers: int, weeks: int, uplift: float, seed: int) -> Report:
    """A shop of its own, made up and reported; nothing of it stays."""
    now = utc_now()
    with tempfile.TemporaryDirectory(prefix="shopclerk-simulate-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'shopclerk.db'}")
        database.migrate()
        try:
            put_demo_shop(database, now=now, currency="USD")
            world = world_of(database)
            planted = PlantedHistory(EXPERIMENT, shoppers, weeks, uplift, now, seed)
            simulate(database, world, planted, progress=_tell)
            whole, experiment = Period(None, now), Experiment(EXPERIMENT, world.shares)
            return build_report(database, ReportRequest(experiment, whole, whole), now)
        finally:
            database.close()


def put_demo_history(settings: Settings, database: Database, *, seed: int = 1) -> bool:
    """Give a store without any dialogue twelve weeks of made-up history, reports included.

    Returns:
        Whether it did: a store in which somebody has talked is left alone.
    """
    from shopclerk.commands.report import has_history, keep_weeks

    if has_history(database):
        return False
    now, zone = utc_now(), ZoneInfo(settings.time_zone)
    planted = PlantedHistory(
        EXPERIMENT, DEMO_SHOPPERS, DEMO_WEEKS, DEMO_UPLIFT, _monday(now, zone), seed
    )
    simulate(database, world_of(database), planted, progress=_tell)
    keep_weeks(settings, database, now)
    return True


def world_of(database: Database) -> World:
    """Needs and wares of the shop in the store."""
    book = ReplyBook(database)
    replies = {(reply.reply_id, reply.locale): reply.text for reply in book.replies()}
    asked = (
        (each.question, each.reply_id, each.locale) for each in book.questions() if not each.history
    )
    wares, currency = [], "USD"
    for item in Catalogue(database).products():
        if item.variants:
            first = item.variants[0]
            wares.append(Ware(item.product.product_id, item.product.title, first.price))
            currency = first.currency
    return World(needs_of(replies, asked), tuple(wares), currency)


def _monday(now: datetime, zone: ZoneInfo) -> datetime:
    """The Monday of this week, where the last full week ended."""
    from shopclerk.commands.report import last_full_week

    return last_full_week(now, zone)[1].astimezone(UTC)


def _tell(written: int) -> None:
    print(f"{written} shoppers …", file=sys.stderr, flush=True)
