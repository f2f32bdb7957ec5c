"""`shopclerk report`: one computation, drawn four ways, kept and posted when asked."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from feedback.db import Database, Period, Runs, week_of
from feedback.dialogues import VISITORS, leave_out
from feedback.experiments import ANYTIME, METRICS, Experiment, PlanLog, own_metric
from feedback.report import (
    CostModel,
    Report,
    ReportRequest,
    build_report,
    first_exposure,
    sales_stamp,
)
from feedback.sales import (
    AttributionRule,
)
from shopclerk.commands.plan import note_outcome
from shopclerk.commands.report_posting import post_now, post_week_once
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import (
    EXPERIMENT,
    configured_shares,
    holdout_plan,
    midnight,
    open_database,
    running_plan,
    topic_vectors,
    utc_now,
)

WEEK: Final = timedelta(days=7)
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)
LOOK_BACK: Final = 26  # weeks in which a missing or changed report is still computed

log = structlog.get_logger()


class EmptyStretch(ValueError):
    """Nothing can have happened between the days that were named."""


def report(
    *, since: date | None, until: date | None, last_week: bool, kind: str, post: bool
) -> bytes:
    """The report of the days from `since` up to `until` (default: all so far), drawn as `kind`.

    With `last_week` and `post`, as the schedule calls it, weeks that were missed are computed too,
    and weeks whose sales have changed since are computed again.
    """
    settings = read_settings()
    now, zone = utc_now(), ZoneInfo(settings.time_zone)
    database = open_database(settings)
    try:
        fresh = dict(_kept_weeks(settings, database, now)) if last_week and post else {}
        if last_week:
            start, end = last_full_week(now, zone)
            built = fresh.get(week_of(start)) or week_report(settings, database, start, end, now)
        else:
            asked = stretch_of(since, until, now, zone)
            built = _built(settings, database, now, asked, asked)
        if post and last_week:
            told_from = built.since or now
            week = week_of(told_from.astimezone(zone))
            Runs(database).save_report(week, built.to_json(), now)
            note_outcome(database, built, now)
            post_week_once(settings, database, built, week, told_from)
        elif post:  # of other days: the week keeps its place, at the desk and in the channel
            post_now(settings, database, built, f"report:{_days_of(built, zone)}")
    finally:
        database.close()
    return draw(built, kind, settings.locale)


def keep_weeks(settings: Settings, database: Database, now: datetime) -> list[str]:
    """Compute every full week that has no report yet, or whose sales have changed since.

    Returns:
        The weeks computed, the oldest first.
    """
    return [week for week, _ in _kept_weeks(settings, database, now)]


def _kept_weeks(
    settings: Settings, database: Database, now: datetime
) -> Iterator[tuple[str, Report]]:
    runs, zone = Runs(database), ZoneInfo(settings.time_zone)
    known = {each.week: each.report for each in runs.reports()}
    for start, end in _weeks_so_far(database, now, zone):
        week = week_of(start)
        with database.reading() as session:
            stamp = sales_stamp(session, Period(start, end))
        if week in known and known[week].get("stamp", stamp) == stamp:
            continue
        built = week_report(settings, database, start, end, now)
        runs.save_report(week, built.to_json(), now)
        log.info("report.kept", week=week, reopened=week in known)
        yield week, built


def week_report(
    settings: Settings, database: Database, start: datetime, end: datetime, now: datetime
) -> Report:
    """A week is told of, but the arms are compared on everything they have shown until its end."""
    return _built(settings, database, now, Period(start, end), Period(BEGINNING, end))


def stretch_of(since: date | None, until: date | None, now: datetime, zone: ZoneInfo) -> Period:
    """From the beginning of `since` up to that of `until`, both days of the shop; None: no bound.

    Raises:
        EmptyStretch: there is nothing between them.
    """
    if since is not None and until is not None and since >= until:
        raise EmptyStretch(
            f"--since {since} is not before --until {until}; --until names the day after the last"
        )
    if since is not None and midnight(since, zone) > now:
        today = now.astimezone(zone).date()
        raise EmptyStretch(f"--since {since} is still to come: it is {today} in {zone.key}")
    return Period(midnight(since, zone) if since else None, midnight(until, zone) if until else now)


def exclude(shoppers: Sequence[str], reason: str) -> int:
    """Leave shoppers out of every figure; returns how many were counted until now."""
    database = open_database(read_settings())
    try:
        return leave_out(database, shoppers, reason, utc_now())
    finally:
        database.close()


def last_full_week(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Monday to Monday, in the shop's time zone, of the week that ended last.

    >>> monday, end = last_full_week(datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("UTC"))
    >>> monday.date().isoformat(), end.date().isoformat()
    ('2026-11-16', '2026-11-23')
    """
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday - WEEK, time(), zone), datetime.combine(monday, time(), zone)


def has_history(database: Database) -> bool:
    """Whether anybody was exposed yet."""
    with database.reading() as session:
        return first_exposure(session) is not None


def draw(built: Report, kind: str, locale: str) -> bytes:
    """The report as text, JSON, HTML or PNG."""
    if kind == "json":
        return (json.dumps(built.to_json(), ensure_ascii=False) + "\n").encode()
    if kind == "png":
        from feedback.report import report_png

        return report_png(built, locale)
    if kind == "html":
        from feedback.report import report_page

        return report_page(built, locale).encode()
    from feedback.report import report_text

    return (report_text(built, locale).rstrip() + "\n").encode()


def attribution_rule(settings: Settings) -> AttributionRule:
    """How the settings want orders to be credited."""
    return AttributionRule(settings.direct_window, settings.assisted_window, settings.attribution)


def _built(
    settings: Settings, database: Database, now: datetime, period: Period, compared: Period
) -> Report:
    running = running_plan(database)
    experiment = Experiment(
        EXPERIMENT,
        configured_shares(settings, database),
        outcome_window=settings.outcome_window,
        planned_end=holdout_plan(settings, running).ends,
        same_answers=settings.same_answers,
        plan=running.plan if running else ANYTIME,
    )
    since = running.since if running else None
    if since is not None and (compared.since is None or compared.since < since):
        compared = Period(since, compared.until)  # whom an earlier plan dealt is not compared again
    request = ReportRequest(
        experiment,
        period,
        compared,
        metrics=(*METRICS, *map(own_metric, settings.metrics)),
        costs=CostModel(
            settings.staff_minutes,
            settings.staff_hour_cost,
            settings.monthly_cost,
            settings.margin,
        ),
        visitors=PlanLog(database, VISITORS).newest(),
        attribution=attribution_rule(settings),
        embed=topic_vectors(settings),
        zone=settings.time_zone,
    )
    return build_report(database, request, now)


def _weeks_so_far(
    database: Database, now: datetime, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    """The full weeks since the first contact, at most half a year, the oldest first.

    Weeks are counted in days of the shop's calendar: across a change of the clocks one has 167 or
    169 hours.
    """
    with database.reading() as session:
        first = first_exposure(session)
    monday = last_full_week(now, zone)[0].date()
    for back in reversed(range(LOOK_BACK)):
        start = monday - back * WEEK
        begin, end = (datetime.combine(day, time(), zone) for day in (start, start + WEEK))
        if first is not None and first < end:
            yield begin, end


def _days_of(built: Report, zone: ZoneInfo) -> str:
    """The days a report tells of, as it is named: "2026-11-03 to 2026-11-20"."""
    since = f"{built.since.astimezone(zone):%Y-%m-%d}" if built.since else "the beginning"
    return f"{since} to {built.until.astimezone(zone):%Y-%m-%d}"
