"""`shopclerk report`: one computation, drawn four ways, kept and posted when asked."""

import html
import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedback.database import Database
from feedback.report import Report, build_report
from feedback.runs import Runs, week_of
from shopclerk.settings import Settings, read_settings
from shopclerk.wiring import EXPERIMENT, configured_shares, open_database, utc_now

WEEK = timedelta(days=7)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def report(
    *, since: date | None, until: date | None, last_week: bool, kind: str, post: bool
) -> bytes:
    """The report of the days from `since` up to `until` (default: all so far), drawn as `kind`."""
    settings = read_settings()
    now, zone = utc_now(), ZoneInfo(settings.time_zone)
    start, end = (
        last_full_week(now, zone) if last_week else (_midnight(since, zone), _midnight(until, zone))
    )
    database = open_database(settings)
    try:
        built = build_report(
            database,
            experiment=EXPERIMENT,
            shares=configured_shares(settings),
            now=now,
            since=start,
            until=end,
            # A week is told of, but the arms are compared on everything they have shown so far.
            exposed_since=BEGINNING if last_week else None,
            direct_window=settings.direct_window,
            assisted_window=settings.assisted_window,
            outcome_window=settings.outcome_window,
        )
        if post:
            week = week_of((start or now).astimezone(zone))
            _keep_and_post(settings, database, built, week, now, since=start)
    finally:
        database.close()
    return draw(built, kind, settings.locale)


def last_full_week(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Monday to Monday, in the shop's time zone, of the week that ended last.

    >>> monday, end = last_full_week(datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("UTC"))
    >>> monday.date().isoformat(), end.date().isoformat()
    ('2026-11-16', '2026-11-23')
    """
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday - WEEK, time(), zone), datetime.combine(monday, time(), zone)


def draw(built: Report, kind: str, locale: str) -> bytes:
    """The report as text, JSON, HTML or PNG."""
    if kind == "json":
        return (json.dumps(built.to_json(), ensure_ascii=False) + "\n").encode()
    if kind == "png":
        from feedback.chart import report_png

        return report_png(built)
    text = built.text(locale)
    if kind == "html":
        return _page(text, locale).encode()
    return (text.rstrip() + "\n").encode()


def _keep_and_post(
    settings: Settings,
    database: Database,
    built: Report,
    week: str,
    now: datetime,
    *,
    since: datetime | None,
) -> None:
    """Kept first, for the desk; then posted, once, where a channel is named."""
    runs = Runs(database)
    runs.save_report(week, built.to_json(), now)
    if settings.slack_bot_token is None or settings.report_channel is None:
        return
    from bot.slack.report import post_report, sync_client
    from feedback.chart import report_png
    from feedback.unanswered import unanswered

    client = sync_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    text = built.text(settings.locale)
    kept = runs.report_of(week)
    posted = post_report(
        text,
        report_png(built),
        settings.report_channel,
        client,
        report=built,
        locale=settings.locale,
        unanswered=unanswered(database, since, built.until),
        key=f"report:{week}",
        posted_ts=kept.posted_ts if kept else None,
    )
    runs.mark_posted(week, posted.ts)


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)


def _page(text: str, locale: str) -> str:
    title, _, rest = text.strip().partition("\n")
    return (
        f'<!doctype html>\n<html lang="{locale}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        "<style>body{max-width:46rem;margin:2rem auto;padding:0 1rem;font:16px/1.5 sans-serif}"
        "pre{overflow-x:auto;font:14px/1.5 monospace}</style>\n"
        f"<h1>{html.escape(title)}</h1>\n<pre>{html.escape(rest.strip())}</pre>\n</html>\n"
    )
