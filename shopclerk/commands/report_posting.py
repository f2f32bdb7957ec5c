"""Posts a report to its Slack channel: a week once, whichever process is first."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Final

from feedback.db import Database, Runs
from feedback.report import Report
from shopclerk.settings import Settings
from shopclerk.wiring import new_id, utc_now

POSTING: Final = "report.post"  # the job in the ledger under which each week is posted once
POST_LEASE: Final = timedelta(minutes=10)


def post_week_once(
    settings: Settings, database: Database, built: Report, week: str, slot: datetime
) -> None:
    """Post to the report channel, where one is named; a week that is out already is not repeated.

    The ledger lets one process at a time post a week. Only one that dies between Slack's taking the
    message and our noting it would leave the week to be posted again.
    """
    if settings.slack_bot_token is None or settings.report_channel is None:
        return
    runs, now = Runs(database), utc_now()
    kept = runs.report_of(week)
    if kept is not None and kept.posted_ts is not None:
        print(f"{week} was posted already; it is kept up to date at the desk.", file=sys.stderr)
        return
    claim = runs.claim(POSTING, slot.astimezone(UTC), new_id(), POST_LEASE, now)
    if claim is None:
        print(f"{week} is being posted by another process.", file=sys.stderr)
        return
    try:
        ts = post_now(settings, database, built, f"report:{week}")
    except Exception:
        runs.heartbeat(claim, timedelta(0), now)  # free at once for anyone who tries again
        raise
    runs.mark_posted(week, ts)
    runs.finish(claim, ok=True)


def post_now(settings: Settings, database: Database, built: Report, key: str) -> str:
    """Post to the report channel, or bring up to date what stands there under `key`; its name."""
    if settings.slack_bot_token is None or settings.report_channel is None:
        return ""
    from bot.channels.slack import ReportPost, post_report, sync_client
    from feedback.desk import read_staff_answers
    from feedback.report import read_unanswered, report_png, report_text
    from shopclerk.wiring.base import answer_targets

    client = sync_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    post = ReportPost(
        text=report_text(built, settings.locale),
        png=report_png(built, settings.locale),
        report=built,
        locale=settings.locale,
        unanswered=read_unanswered(database, built.since, built.until),
        staff=read_staff_answers(database, answer_targets(settings), built.since, built.until),
        key=key,
    )
    return post_report(post, settings.report_channel, client).ts
