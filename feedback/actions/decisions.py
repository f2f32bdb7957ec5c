"""Decisions of the staff on order actions: approve, decline, change, done by hand, stop all."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import col, or_, select

from feedback.actions.runs import EXPIRES, STOP
from feedback.actions.states import ENDS, RunMove, RunMoveNotAllowed, run_moved
from feedback.db import ActionRun, ActionStop, Database, find, insert_once

REMIND_BEFORE: Final = timedelta(days=1)  # it expires: whoever waits for it is waited for


class ActionDecisions:
    """What colleagues decide; of two who press at once the first counts."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def decide(
        self, run_id: str, move: RunMove, by: str, now: datetime, words: str = ""
    ) -> ActionRun | None:
        """Approve, decline, or say that it is done by hand. None: unknown.

        Raises:
            RunMoveNotAllowed: it was decided before, or is not to be decided so.
        """
        with self.db.transaction() as session:
            run = find(session, ActionRun, run_id, lock=True)
            if run is None:
                return None
            if move in ("approve", "fulfil") and run.by_staff != (move == "fulfil"):
                raise RunMoveNotAllowed(run.state, move)
            _decided(run, move, by, now, words)
            return run

    def offer(
        self, run_id: str, arguments: Mapping[str, Any], by: str, now: datetime, words: str = ""
    ) -> ActionRun | None:
        """Approve with a change: the shopper is asked for a yes to it. None: unknown.

        Raises:
            RunMoveNotAllowed: it was decided before.
        """
        with self.db.transaction() as session:
            run = find(session, ActionRun, run_id, lock=True)
            if run is None:
                return None
            _decided(run, "offer", by, now, words)
            run.before = {
                "arguments": run.arguments, "amounts": run.amounts, "summary": run.summary
            }  # fmt: skip
            run.arguments, run.told_at, run.due_at = dict(arguments), None, now + EXPIRES
            return run

    def offer_told(
        self, run_id: str, amounts: Mapping[str, Any], summary: str, now: datetime
    ) -> None:
        """The shopper has read what the change comes to."""
        with self.db.transaction() as session:
            run = session.get_one(ActionRun, run_id, with_for_update=True)
            run.amounts, run.summary, run.told_at = dict(amounts), summary, now
            run.revision += 1

    def untold_offers(self) -> list[ActionRun]:
        """Changes that shoppers have not been asked about yet."""
        with self.db.reading() as session:
            open_ = select(ActionRun).where(
                ActionRun.state == "offered", col(ActionRun.told_at).is_(None)
            )
            return list(session.exec(open_.order_by(col(ActionRun.decided_at))))

    def open_offer(self, dialogue_id: str) -> ActionRun | None:
        """The change that this dialogue's shopper was asked about last."""
        with self.db.reading() as session:
            asked = select(ActionRun).where(
                ActionRun.dialogue_id == dialogue_id,
                ActionRun.state == "offered",
                col(ActionRun.told_at).is_not(None),
            )
            return session.exec(asked.order_by(col(ActionRun.told_at).desc()).limit(1)).first()

    def answer_offer(self, run_id: str, *, yes: bool, now: datetime) -> ActionRun | None:
        """The shopper's word on a colleague's change; None: it is not open any more."""
        with self.db.transaction() as session:
            run = find(session, ActionRun, run_id, lock=True)
            if run is None or run.state != "offered":
                return None
            run.state = run_moved(run.state, "accept" if yes else "drop")
            run.confirmed_at, run.due_at, run.told_at = now, now, None if yes else now
            run.finished_at = None if yes else now
            run.revision += 1
            return run

    def expire(self, now: datetime) -> int:
        """End what nobody looked at in time; how many."""
        with self.db.transaction() as session:
            late = select(ActionRun).where(
                col(ActionRun.state).in_(("submitted", "offered")), ActionRun.due_at <= now
            )
            found = session.exec(late).all()
            for run in found:
                run.state, run.finished_at = run_moved(run.state, "expire"), now
                run.told_at, run.due_at = None, now
                run.revision += 1
            return len(found)

    def remind(self, now: datetime) -> list[ActionRun]:
        """What is about to expire and nobody was reminded of; from now on they are."""
        with self.db.transaction() as session:
            soon = select(ActionRun).where(
                ActionRun.state == "submitted",
                col(ActionRun.reminded_at).is_(None),
                ActionRun.due_at <= now + REMIND_BEFORE,
            )
            found = list(session.exec(soon.order_by(col(ActionRun.due_at))))
            for run in found:
                run.reminded_at = now
                run.revision += 1
            return found

    def waiting(self) -> list[ActionRun]:
        """What waits for a colleague, the oldest first; and what failed in the last days."""
        with self.db.reading() as session:
            found = select(ActionRun).where(
                or_(ActionRun.state == "submitted", ActionRun.state == "failed")
            )
            return list(session.exec(found.order_by(col(ActionRun.confirmed_at))))

    def stop(self, by: str, now: datetime) -> None:
        """The emergency stop: from now on nothing is carried out."""
        with self.db.transaction() as session:
            insert_once(session, ActionStop(name=STOP, stopped_by=by, stopped_at=now))

    def resume(self) -> None:
        """End the emergency stop; what was said yes to is carried out now."""
        with self.db.transaction() as session:
            if (row := session.get(ActionStop, STOP)) is not None:
                session.delete(row)


def _decided(run: ActionRun, move: RunMove, by: str, now: datetime, words: str) -> None:
    run.state = run_moved(run.state, move)
    run.decided_by, run.decided_at, run.decision = by, now, words.strip() or None
    run.due_at = now
    run.finished_at = now if run.state in ENDS else None
    run.revision += 1
