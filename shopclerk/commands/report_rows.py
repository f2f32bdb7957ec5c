"""The rows behind the report: an order explained, a line a dialogue, a row a shopper."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from feedback.db import Period
from feedback.sales import dialogues_of, explain_order, explain_text, read_conversions
from shopclerk.commands.report import BEGINNING, attribution_rule, stretch_of
from shopclerk.settings import read_settings
from shopclerk.wiring import (
    EXPERIMENT,
    configured_shares,
    open_database,
    running_plan,
    utc_now,
)


def explain(number: str) -> tuple[dict[str, Any], str]:
    """Why an order counts as it does: as an object, and in words."""
    settings = read_settings()
    database = open_database(settings)
    try:
        found = explain_order(
            database,
            number,
            experiment=EXPERIMENT,
            now=utc_now(),
            outcome_window=settings.outcome_window,
            rule=attribution_rule(settings),
        )
    finally:
        database.close()
    return found, explain_text(found, settings.time_zone)


def outcomes(*, since: date | None, until: date | None) -> Iterator[str]:
    """One line of CSV a dialogue, the header first."""
    from feedback.experiments import outcomes_csv, read_outcomes

    settings = read_settings()
    now, zone = utc_now(), ZoneInfo(settings.time_zone)
    period = stretch_of(since, until, now, zone)
    database = open_database(settings)
    try:
        with database.reading() as session:
            # An order may follow a dialogue of the period after its end.
            sold = read_conversions(
                session,
                Period(period.since, min(now, period.until + settings.assisted_window)),
                **attribution_rule(settings)._asdict(),
            )
            dialogue_of = dialogues_of(session, (each.impression_id for each in sold))
        yield from outcomes_csv(read_outcomes(database, period, sold, dialogue_of))
    finally:
        database.close()


def shoppers(path: Path) -> int:
    """Write a row for everybody of the running plan to `path`; how many there are."""
    from feedback.experiments import ShareLog, Window, export_shoppers, strata_of
    from feedback.report import main_currency

    settings = read_settings()
    now = utc_now()
    database = open_database(settings)
    try:
        running = running_plan(database)
        window = Window(
            EXPERIMENT,
            running.since if running else None,
            now,
            settings.outcome_window,
            settings.time_zone,
        )
        shares = configured_shares(settings, database)
        strata = strata_of(ShareLog(database, EXPERIMENT).changes(), shares)
        with database.reading() as session:
            currency, _ = main_currency(session, Period(BEGINNING, now))
        cap = running.plan.cap if running else None
        return export_shoppers(database, window, currency or "", strata, path, cap=cap)
    finally:
        database.close()
