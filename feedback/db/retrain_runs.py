"""Ledger of retraining runs: one at a time, stage by stage, and whose words each learned from.

A stage is done when the next one is noted, in one statement that also asks whether the run still
stands where its worker thinks it does: two workers, or one that was taken for dead, can not both
go on. Who works on a stage is decided by `Runs.claim`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, delete, select, update

from feedback.db.database import Database
from feedback.db.errors import BadChoice
from feedback.db.tables.columns import MICROSECOND
from feedback.db.tables.runs import JobRun, RetrainRun, SnapshotShopper
from feedback.db.upsert import find, insert_into, take_turns

STAGES: Final = ("collect", "train", "evaluate", "gate", "export", "canary", "decide")
RUN_IN_PROGRESS: Final = "running"
OUTCOMES: Final = ("promoted", "refused", "failed", "rolled_back", "kept")
TURN: Final = 7_240_881  # PostgreSQL's name of the lock under which runs are opened
BATCH: Final = 500


class TrainedOn(NamedTuple):
    """A run whose data held somebody's words, and the version that came of it."""

    run_id: str
    data_hash: str | None
    version: int | None


class Retraining:
    """Opens turns of the loop, and moves them on."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def open(
        self, run_id: str, trigger: str, now: datetime, parent_version: int | None = None
    ) -> RetrainRun:
        """Begin a turn, or return the one that is not finished: only one at a time is open."""
        with self.db.transaction() as session:
            take_turns(session, TURN)
            unfinished = _unfinished(session)
            if unfinished is not None:
                return unfinished
            latest = session.exec(
                select(RetrainRun.started_at).order_by(col(RetrainRun.started_at).desc()).limit(1)
            ).first()
            # The moment is the run's slot in the ledger of jobs: no two have the same.
            started = now if latest is None else max(now, latest + MICROSECOND)
            run = RetrainRun(
                run_id=run_id,
                state=RUN_IN_PROGRESS,
                stage=STAGES[0],
                trigger=trigger,
                parent_version=parent_version,
                started_at=started,
            )
            session.add(run)
            return run

    def unfinished(self) -> RetrainRun | None:
        """The turn that is being worked on, or was when its worker died."""
        with self.db.reading() as session:
            return _unfinished(session)

    def get(self, run_id: str) -> RetrainRun | None:
        """The run of this id."""
        with self.db.reading() as session:
            return find(session, RetrainRun, run_id)

    def advance(self, run: RetrainRun, stage: str, **known: Any) -> bool:
        """Note that the run's stage is done, and what is known by now; the next one is `stage`.

        Returns:
            False: the run stands elsewhere, or is finished; nothing was noted. Stop.
        """
        return self._change(run, stage=stage, doing=None, done=None, **known)

    def stands(self, run: RetrainRun) -> bool:
        """Whether the run still stands where its worker thinks: nobody of its data was erased."""
        now = self.get(run.run_id)
        return now is not None and (now.state, now.stage, now.forgotten) == (
            RUN_IN_PROGRESS, run.stage, run.forgotten,
        )  # fmt: skip

    def note(self, run: RetrainRun, **known: Any) -> bool:
        """Note something within the stage; False as in `advance`."""
        return self._change(run, **known)

    def finish(self, run: RetrainRun, state: str, now: datetime, **known: Any) -> bool:
        """Close the run; a failed one keeps the stage it failed in. False as in `advance`.

        Raises:
            BadChoice: there is no such outcome.
        """
        if state not in OUTCOMES:
            raise BadChoice("outcome of a retrain run", state, OUTCOMES)
        stage = run.stage if state == "failed" else "done"
        closed = {"state": state, "stage": stage, "finished_at": now, "doing": None, "done": None}
        return self._change(run, **closed, **known)

    def record(self, run: RetrainRun) -> None:
        """Write down a run that was made in one go; known already, it stays as it is."""
        with self.db.transaction() as session:
            row = {name: getattr(run, name) for name in RetrainRun.model_fields}
            session.execute(insert_into(session, RetrainRun).values(row).on_conflict_do_nothing())

    def learned_from(self, run: RetrainRun, shoppers: Collection[str]) -> None:
        """Note whose words and choices are in the run's data, in place of what was noted before."""
        rows = [{"run_id": run.run_id, "shopper_id": one} for one in sorted(set(shoppers))]
        with self.db.transaction() as session:
            session.execute(
                delete(SnapshotShopper).where(col(SnapshotShopper.run_id) == run.run_id)
            )
            for start in range(0, len(rows), BATCH):
                insert = insert_into(session, SnapshotShopper)
                session.execute(insert.values(rows[start : start + BATCH]))

    def learned_by(self, shopper_id: str) -> list[TrainedOn]:
        """The runs whose data held a shopper's words or choices, newest first."""
        with self.db.reading() as session:
            return [
                TrainedOn(run.run_id, run.data_hash, run.version)
                for run in _with(session, shopper_id)
            ]

    def promoted_until(self) -> list[datetime]:
        """Up to when each retraining that was promoted had read, oldest first."""
        with self.db.reading() as session:
            moments = session.exec(
                select(RetrainRun.data_until)
                .where(RetrainRun.state == "promoted", col(RetrainRun.data_until).is_not(None))
                .order_by(col(RetrainRun.data_until))
            )
            return [moment for moment in moments if moment is not None]

    def versions(self) -> dict[int, RetrainRun]:
        """The run each version came of."""
        with self.db.reading() as session:
            made = session.exec(
                select(RetrainRun)
                .where(col(RetrainRun.version).is_not(None))
                .order_by(col(RetrainRun.started_at))
            )
            return {run.version: run for run in made if run.version is not None}

    def _change(self, run: RetrainRun, **changes: Any) -> bool:
        with self.db.transaction() as session:
            changed = session.execute(
                update(RetrainRun)
                .where(col(RetrainRun.run_id) == run.run_id)
                .where(col(RetrainRun.state) == RUN_IN_PROGRESS, col(RetrainRun.stage) == run.stage)
                .values(**_plain(changes))
                .returning(col(RetrainRun.run_id))
            ).first()
        if changed is None:
            return False
        for name, value in _plain(changes).items():
            setattr(run, name, value)
        return True


def forget_in_training(session: Session, shopper_id: str) -> list[str]:
    """Cut the links to a shopper who is erased; each run counts how many of its data are gone.

    A run that is still being worked on begins again, without them.

    Returns:
        The runs whose data held their words.
    """
    take_turns(session, TURN)
    runs = _with(session, shopper_id)
    for run in runs:
        run.forgotten += 1
        if run.state == RUN_IN_PROGRESS and run.version is None:
            run.stage = STAGES[0]
            # Its worker notices at its next step, and every stage can be taken again.
            session.execute(delete(JobRun).where(col(JobRun.slot) == run.started_at))
    session.execute(delete(SnapshotShopper).where(col(SnapshotShopper.shopper_id) == shopper_id))
    return [run.run_id for run in runs]


def _with(session: Session, shopper_id: str) -> Sequence[RetrainRun]:
    return session.exec(
        select(RetrainRun)
        .join(SnapshotShopper, col(SnapshotShopper.run_id) == col(RetrainRun.run_id))
        .where(SnapshotShopper.shopper_id == shopper_id)
        .order_by(col(RetrainRun.started_at).desc())
    ).all()


def _unfinished(session: Session) -> RetrainRun | None:
    return session.exec(
        select(RetrainRun)
        .where(RetrainRun.state == RUN_IN_PROGRESS)
        .order_by(col(RetrainRun.started_at))
        .limit(1)
    ).first()


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings as plain dictionaries, as a JSON column wants them."""
    return {
        name: dict(value) if isinstance(value, Mapping) else value
        for name, value in changes.items()
    }
