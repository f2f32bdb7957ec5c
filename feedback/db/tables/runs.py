"""The tables of runs: retrainings, trials, scheduled jobs and their reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Words


class RetrainRun(SQLModel, table=True):
    """One turn of retraining: which data, which parent, which scores, who decided.

    Who works on it holds a lease on its stage in `jobrun`; see `feedback.db.retrain_runs`.
    """

    run_id: str = Field(primary_key=True)
    state: str = Field(index=True)  # running, promoted, refused, failed, rolled_back, kept
    stage: str  # collect, train, evaluate, gate, export, canary, decide, done
    trigger: str  # schedule, a person's name, first model, reply book, drift, …
    parent_version: int | None = None
    version: int | None = None
    examples: int = 0
    data_hash: str | None = None
    data_from: datetime | None = Field(default=None, sa_type=Instant)  # the oldest example
    data_until: datetime | None = Field(default=None, sa_type=Instant)  # when it was read
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # examples by signal, …
    code_version: str | None = None
    config: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    seed: int | None = None
    scores: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    decision: str | None = None  # promote, roll_back, keep: made, and perhaps not yet done
    trial_since: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = Field(default=None, sa_type=Words)
    doing: str | None = None  # what it is busy with, for people
    done: float | None = None  # how much of it, 0 to 1
    forgotten: int = 0  # shoppers of its data who were erased since
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


class Trial(SQLModel, table=True):
    """A challenger before shoppers: what was expected of it, what was seen, what became of it."""

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    champion: int
    state: str = "running"  # running, waiting (for a person), promoted, rolled_back, kept
    since: datetime = Field(sa_type=Instant)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=Words)  # "guard", or a person's name
    reason: str | None = Field(default=None, sa_type=Words)
    predicted: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # off-policy estimates
    seen: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # the guard's last look


class SnapshotShopper(SQLModel, table=True):
    """A shopper whose words or choices were in a run's data: whom erasing has to find there."""

    run_id: str = Field(primary_key=True, foreign_key="retrainrun.run_id", ondelete="CASCADE")
    shopper_id: str = Field(primary_key=True, index=True)


class JobRun(SQLModel, table=True):
    """A slot of a scheduled job, owned by one process at a time through a lease."""

    job: str = Field(primary_key=True)
    slot: datetime = Field(primary_key=True, sa_type=Instant)
    owner: str
    lease_until: datetime = Field(sa_type=Instant)
    attempt: int = 1
    state: str = "running"  # running, done, failed
    note: str | None = Field(default=None, sa_type=Words)


class WeeklyReport(SQLModel, table=True):
    """The report of one week, as it was computed last."""

    week: str = Field(primary_key=True)  # ISO week: 2026-W48
    report: dict[str, Any] = Field(sa_type=JSON)
    computed_at: datetime = Field(sa_type=Instant)
    posted_ts: str | None = None  # Slack's name of the message
