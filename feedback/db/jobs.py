"""Ledger of scheduled jobs, with leases; retraining runs and weekly reports as people read them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import or_
from sqlmodel import col, select, update

from feedback.db.database import Database
from feedback.db.errors import UnknownRun
from feedback.db.tables.columns import EPOCH
from feedback.db.tables.runs import JobRun, RetrainRun, WeeklyReport
from feedback.db.upsert import find, insert_into

MAX_ATTEMPTS: Final = 5  # a slot that five processes died of is broken itself


class Claim(NamedTuple):
    """The right to run one slot of a job; `attempt` fences off the one that had it before."""

    job: str
    slot: datetime
    owner: str
    attempt: int


class Runs:
    """The ledgers: who may run what, and what came of it."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def claim(
        self,
        job: str,
        slot: datetime,
        owner: str,
        lease: timedelta,
        now: datetime,
        *,
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> Claim | None:
        """Take a slot that is free, or whose owner has let its lease run out, or surely is dead.

        Args:
            job: what is to be run.
            slot: when it was due.
            owner: who asks.
            lease: how long it is theirs, unless they say more.
            now: the time.
            is_gone: whether an owner is known to have ended; then nobody waits for the lease.

        Returns:
            None where another has it, it is done, or it has failed too often.
        """
        row = {
            "job": job,
            "slot": slot,
            "owner": owner,
            "lease_until": now + lease,
            "attempt": 1,
            "state": "running",
        }
        with self.db.transaction() as session:
            insert = insert_into(session, JobRun).values(row).on_conflict_do_nothing()
            if session.execute(insert.returning(JobRun.attempt)).first():
                return Claim(job, slot, owner, 1)
            before = session.execute(
                select(JobRun.owner).where(JobRun.job == job, JobRun.slot == slot)
            ).scalar_one()
            free = col(JobRun.lease_until) < now
            if is_gone(before):
                free = or_(free, col(JobRun.owner) == before)
            taken_over = session.execute(
                update(JobRun)
                .where(col(JobRun.job) == job, col(JobRun.slot) == slot)
                .where(col(JobRun.state) == "running", free)
                .where(col(JobRun.attempt) < MAX_ATTEMPTS)
                .values(owner=owner, lease_until=now + lease, attempt=JobRun.attempt + 1)
                .returning(col(JobRun.attempt))
            ).scalar_one_or_none()
        return None if taken_over is None else Claim(job, slot, owner, taken_over)

    def heartbeat(self, claim: Claim, lease: timedelta, now: datetime) -> bool:
        """Extend the lease; False: another has taken the slot over, stop."""
        return self._as_owner(claim, lease_until=now + lease)

    def finish(self, claim: Claim, *, ok: bool, note: str | None = None) -> bool:
        """Close the slot; False: another has taken it over and this result does not count."""
        return self._as_owner(claim, state="done" if ok else "failed", note=note)

    def release(self, claim: Claim) -> bool:
        """Give the slot back undone: the next one to ask has it at once."""
        return self._as_owner(claim, lease_until=EPOCH, attempt=0)

    def is_free(
        self, job: str, slot: datetime, now: datetime, is_gone: Callable[[str], bool]
    ) -> bool:
        """Whether a claim of the slot would be granted, or would find it given up."""
        with self.db.reading() as session:
            row = session.exec(select(JobRun).where(JobRun.job == job, JobRun.slot == slot)).first()
        return row is None or (
            row.state == "running" and (row.lease_until < now or is_gone(row.owner))
        )

    def given_up(self, job: str, slot: datetime, now: datetime) -> bool:
        """Whether so many have died of the slot that nobody may take it again."""
        with self.db.reading() as session:
            dead = (
                select(JobRun.attempt)
                .where(JobRun.job == job, JobRun.slot == slot, JobRun.state == "running")
                .where(col(JobRun.lease_until) < now, col(JobRun.attempt) >= MAX_ATTEMPTS)
            )
            return session.exec(dead).first() is not None

    def slots(self, job: str, since: datetime) -> list[JobRun]:
        """The job's slots from `since` on, oldest first: what a start looks back over."""
        with self.db.reading() as session:
            return list(
                session.exec(
                    select(JobRun)
                    .where(JobRun.job == job, col(JobRun.slot) >= since)
                    .order_by(col(JobRun.slot))
                )
            )

    def latest(self) -> RetrainRun | None:
        """The run started last."""
        runs = self.all(limit=1)
        return runs[0] if runs else None

    def all(self, limit: int = 1_000) -> list[RetrainRun]:
        """Retrain runs, newest first."""
        with self.db.reading() as session:
            newest = (col(RetrainRun.started_at).desc(), col(RetrainRun.run_id).desc())
            return list(session.exec(select(RetrainRun).order_by(*newest).limit(limit)))

    def save_report(self, week: str, report: Mapping[str, Any], now: datetime) -> None:
        """Keep a week's report; computed again, it replaces the earlier one."""
        row = {"week": week, "report": dict(report), "computed_at": now}
        with self.db.transaction() as session:
            insert = insert_into(session, WeeklyReport).values(row)
            session.execute(
                insert.on_conflict_do_update(
                    index_elements=["week"],
                    set_={"report": insert.excluded.report, "computed_at": now},
                )
            )

    def mark_posted(self, week: str, ts: str) -> None:
        """Note that a week's report was posted, under Slack's name of the message.

        Raises:
            UnknownRun: there is no report of that week.
        """
        with self.db.transaction() as session:
            saved = find(session, WeeklyReport, week, lock=True)
            if saved is None:
                raise UnknownRun(week)
            saved.posted_ts = ts

    def report_of(self, week: str) -> WeeklyReport | None:
        """The report of an ISO week such as 2026-W48."""
        with self.db.reading() as session:
            return find(session, WeeklyReport, week)

    def latest_report(self) -> WeeklyReport | None:
        """The newest week's report."""
        reports = self.reports(limit=1)
        return reports[0] if reports else None

    def reports(self, limit: int = 520) -> list[WeeklyReport]:
        """Weekly reports, newest first."""
        with self.db.reading() as session:
            newest = col(WeeklyReport.week).desc()
            return list(session.exec(select(WeeklyReport).order_by(newest).limit(limit)))

    def _as_owner(self, claim: Claim, **changes: Any) -> bool:
        with self.db.transaction() as session:
            changed = session.execute(
                update(JobRun)
                .where(col(JobRun.job) == claim.job, col(JobRun.slot) == claim.slot)
                .where(col(JobRun.owner) == claim.owner, col(JobRun.attempt) == claim.attempt)
                .where(col(JobRun.state) == "running")
                .values(**changes)
                .returning(col(JobRun.job))
            )
            return changed.first() is not None


def week_of(moment: datetime) -> str:
    """The ISO week of a moment, in the moment's own time zone.

    >>> from datetime import UTC
    >>> week_of(datetime(2026, 11, 24, tzinfo=UTC))
    '2026-W48'
    """
    year, week, _ = moment.isocalendar()
    return f"{year}-W{week:02d}"
