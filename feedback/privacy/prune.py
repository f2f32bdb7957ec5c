"""Prunes what is no longer needed: deliveries, finished jobs, old rate limits.

What people said and bought is not touched here; how long that is kept is privacy's business.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, tuple_
from sqlmodel import Session, SQLModel, col, delete, select

from feedback.db import (
    Database,
    Forwarder,
    JobRun,
    ModelRequest,
    Presence,
    RateWindows,
    ReceivedDelivery,
)
from feedback.desk import Inbox, Outbox

DELIVERIES_KEPT: Final = timedelta(days=30)  # shops repeat for three days, people for a month
JOBS_KEPT: Final = timedelta(days=180)
FORWARDERS_KEPT: Final = timedelta(days=7)
PRESENCE_KEPT: Final = timedelta(days=1)
BATCH: Final = 5_000  # rows a transaction, so that nobody waits for long


def prune_old_rows(db: Database, now: datetime) -> dict[str, int]:
    """Delete what is old; how many rows of each kind. The newest slot of a job always stays."""
    Inbox(db).prune(now)
    Outbox(db).prune(now)
    RateWindows(db, b"").forget(now)
    newest = select(JobRun.job, func.max(JobRun.slot)).group_by(col(JobRun.job))
    with db.reading() as session:
        kept = session.exec(newest).all()
    old_jobs = [col(JobRun.slot) < now - JOBS_KEPT]
    old_jobs += [(col(JobRun.job) != job) | (col(JobRun.slot) != slot) for job, slot in kept]
    found = {
        "deliveries": _delete(
            db, ReceivedDelivery, [col(ReceivedDelivery.received_at) < now - DELIVERIES_KEPT]
        ),
        "jobs": _delete(db, JobRun, old_jobs),
        "forwarders": _delete(db, Forwarder, [col(Forwarder.seen_at) < now - FORWARDERS_KEPT]),
        "presence": _delete(db, Presence, [col(Presence.seen_at) < now - PRESENCE_KEPT]),
        "model requests": _delete(db, ModelRequest, [col(ModelRequest.asked_at) < now - JOBS_KEPT]),
    }
    if db.is_sqlite:
        with db.transaction() as session:
            session.connection().exec_driver_sql("PRAGMA optimize")
    return found


def _delete(db: Database, table: type[SQLModel], old: list[Any]) -> int:
    total = 0
    while True:
        with db.transaction() as session:
            count = _delete_some(session, table, old)
        total += count
        if count < BATCH:
            return total


def _delete_some(session: Session, table: type[SQLModel], old: list[Any]) -> int:
    key = list(table.__table__.primary_key)  # type: ignore[attr-defined]
    some = session.execute(select(*key).where(*old).limit(BATCH)).all()
    if some:
        session.execute(delete(table).where(tuple_(*key).in_([tuple(row) for row in some])))
    return len(some)
