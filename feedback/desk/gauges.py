"""Gauges for monitoring: lengths of queues, states of jobs, and who answers.

Every process of a shop reads the same, so that one that was killed leaves no hole in the figures.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from feedback.db import Database, DeskCard, Dialogue, Impression, InboxEvent, JobRun, OutboxMessage
from feedback.dialogues import WAIT_FOR_NOBODY
from feedback.experiments import HOLDOUT

RECENT: Final = timedelta(minutes=10)


class JobGauge(NamedTuple):
    """The newest slot of a scheduled job."""

    job: str
    slot: datetime
    state: str  # running, done, failed
    note: str | None


class Gauges(NamedTuple):
    """The store's state at one moment."""

    outbox: int  # messages that wait for Slack
    outbox_oldest: float  # seconds the oldest of them has waited
    inbox: int  # events of Slack that wait to be worked off
    waiting: int  # dialogues that wait for the staff
    answers: int  # to shoppers of the model's arms, in the last ten minutes
    by_keywords: int  # those of them that keyword search gave, the model being away
    handed_over: int  # those of them that handed the dialogue over
    jobs: tuple[JobGauge, ...]


def read_gauges(db: Database, now: datetime) -> Gauges:
    """Read them; a few milliseconds, each by an index.

    Raises:
        StoreUnreadable: the database does not answer.
    """
    with db.reading() as session:
        waiting_out = col(OutboxMessage.state).in_(("waiting", "sending"))
        outbox, oldest = session.exec(
            select(func.count(), func.min(OutboxMessage.made_at)).where(waiting_out)
        ).one()
        inbox = session.exec(
            select(func.count())
            .select_from(InboxEvent)
            .where(col(InboxEvent.state).in_(("waiting", "taken")))
        ).one()
        waiting = session.exec(
            select(func.count()).select_from(DeskCard).where(DeskCard.state == "open")
        ).one()
        kinds = session.exec(
            select(Impression.kind, Impression.served_by, func.count())
            .join(Dialogue, col(Dialogue.dialogue_id) == col(Impression.dialogue_id))
            .where(col(Impression.shown_at) > now - RECENT, Impression.arm != HOLDOUT)
            .where(col(Dialogue.channel).not_in(WAIT_FOR_NOBODY))
            .group_by(Impression.kind, Impression.served_by)
        ).all()
        newest = select(JobRun.job, func.max(JobRun.slot).label("slot")).group_by(col(JobRun.job))
        last = newest.subquery()
        runs = session.exec(
            select(JobRun).join(last, (last.c.job == JobRun.job) & (last.c.slot == JobRun.slot))
        ).all()
    return Gauges(
        outbox=outbox,
        outbox_oldest=max(0.0, (now - oldest).total_seconds()) if oldest else 0.0,
        inbox=inbox,
        waiting=waiting,
        answers=sum(count for *_, count in kinds),
        by_keywords=sum(count for _, served_by, count in kinds if served_by == "keywords"),
        handed_over=sum(count for kind, _, count in kinds if kind == "handover"),
        jobs=tuple(JobGauge(run.job, run.slot, run.state, run.note) for run in runs),
    )
