"""Repository of action runs: the stored yes, the lease under which it is carried out, its end."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from feedback.actions.states import ENDS, TO_SEND, RunMove, run_moved
from feedback.db import ActionRun, ActionStop, Database, find, insert_once
from feedback.dialogues import PlannedCall

LEASE: Final = timedelta(seconds=30)  # longer than the back office is waited for
EXPIRES: Final = timedelta(days=3)  # a colleague has to look at it by then
TOLD_IN_ANSWER: Final = timedelta(minutes=1)  # longer than an answer takes to be kept
STOP: Final = "actions"
UNDO_FOR: Final = timedelta(minutes=10)
UNDO: Final = "-undo"  # behind the id of the run that is taken back


@dataclass(frozen=True)
class StoredYes:
    """The shopper's yes to exactly one summary, and what is to become of it.

    Attributes:
        dialogue_id: Where it was said.
        shopper_id: Who said it.
        customer_id: Whose orders they are, as the shop names them.
        summary_id: The hash of what it was said to.
        summary: The same in words.
        locale: Of the words.
        calls: What the summary told.
        wait_for: Why a colleague has to look at it first; "": nobody has to.
        by_staff: Whether the colleague does it by hand.
        policy: The rule of the shop it was checked with.
        undo: The call that would take it back; None: nothing would.
        history: What the shop tells of their orders, for the staff.
    """

    dialogue_id: str
    shopper_id: str
    summary_id: str
    summary: str
    locale: str
    calls: Sequence[PlannedCall]
    customer_id: str = ""
    wait_for: str = ""
    by_staff: bool = False
    policy: str = ""
    undo: Mapping[str, Any] | None = None
    history: Mapping[str, Any] | None = None


def summary_id(dialogue_id: str, calls: Iterable[PlannedCall], before: int = 0) -> str:
    """The hash that binds a yes to the calls and amounts it was given for.

    `before` is how often the same came to an end before: said again later it is another one.

    >>> one = [PlannedCall("cancel_order", {"order_id": "1"}, {"refund": "5.00"})]
    >>> summary_id("d", one) == summary_id("d", one), summary_id("d", one) == summary_id("e", one)
    (True, False)
    """
    said = [[call.name, dict(call.arguments), dict(call.amounts)] for call in calls]
    whole = json.dumps([dialogue_id, before, said], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


class ActionRuns:
    """The runs of order actions."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def confirm(self, yes: StoredYes, now: datetime) -> list[ActionRun]:
        """Store a yes: a run for each call; the same yes again changes nothing."""
        ids = [f"{yes.summary_id}-{place}" for place in range(len(yes.calls))]
        with self.db.transaction() as session:
            for run_id, call in zip(ids, yes.calls, strict=True):
                row = ActionRun(
                    run_id=run_id,
                    dialogue_id=yes.dialogue_id,
                    shopper_id=yes.shopper_id,
                    customer_id=yes.customer_id,
                    summary_id=yes.summary_id,
                    name=call.name,
                    arguments=dict(call.arguments),
                    amounts=dict(call.amounts),
                    summary=yes.summary,
                    why=yes.wait_for,
                    by_staff=yes.by_staff,
                    policy=yes.policy,
                    undo=dict(yes.undo) if yes.undo else None,
                    history=dict(yes.history) if yes.history else None,
                    locale=yes.locale,
                    state="submitted" if yes.wait_for else "confirmed",
                    confirmed_at=now,
                    due_at=now + EXPIRES if yes.wait_for else now + LEASE,
                )
                insert_once(session, row)
            return [session.get_one(ActionRun, run_id) for run_id in ids]

    def get(self, run_id: str) -> ActionRun | None:
        """The run of this id."""
        with self.db.reading() as session:
            return find(session, ActionRun, run_id)

    def claim(self, run_id: str, owner: str, now: datetime) -> ActionRun | None:
        """Take a run to carry it out; None: another has it, it is over, or all is stopped."""
        with self.db.transaction() as session:
            run = find(session, ActionRun, run_id, lock=True)
            return run if run is not None and _take(session, run, owner, now) else None

    def claim_due(self, owner: str, now: datetime) -> ActionRun | None:
        """Take the run that has waited longest to be carried out."""
        with self.db.transaction() as session:
            due = select(ActionRun).where(
                col(ActionRun.state).in_(TO_SEND), ActionRun.due_at <= now
            )
            for run in session.exec(due.order_by(col(ActionRun.due_at)).limit(1)):
                session.refresh(run, with_for_update=True)
                if _take(session, run, owner, now):
                    return run
        return None

    def finish(
        self,
        run: ActionRun,
        move: RunMove,
        now: datetime,
        *,
        outcome: Mapping[str, Any] | None = None,
        error: str | None = None,
        told: bool = False,
    ) -> ActionRun:
        """End a run whose lease is held.

        `told`: the shopper reads it in this very answer, unless the process dies before it is
        kept: after a minute it is looked for, and said where it is not there.
        """
        with self.db.transaction() as session:
            row = session.get_one(ActionRun, run.run_id, with_for_update=True)
            if row.state in ENDS:  # a slower process that lost its lease comes too late
                return row
            row.state = run_moved(row.state, move)
            row.outcome, row.error = dict(outcome or {}), error
            row.finished_at, row.owner, row.lease_until = now, None, None
            row.due_at = now + TOLD_IN_ANSWER if told else now
            row.revision += 1
            return row

    def postpone(self, run: ActionRun, error: str, due_at: datetime) -> None:
        """No answer came: try again then, with the same key."""
        with self.db.transaction() as session:
            row = session.get_one(ActionRun, run.run_id, with_for_update=True)
            if row.owner == run.owner:
                row.error, row.due_at, row.owner, row.lease_until = error, due_at, None, None

    def hand(self, run: ActionRun, why: str, now: datetime) -> ActionRun:
        """What could not be carried out becomes a colleague's, to be done by hand."""
        with self.db.transaction() as session:
            row = session.get_one(ActionRun, run.run_id, with_for_update=True)
            if row.state in ENDS or row.state == "submitted":
                return row
            row.state = run_moved(row.state, "hand")
            row.why, row.by_staff, row.due_at = why, True, now + EXPIRES
            row.owner, row.lease_until = None, None
            row.revision += 1
            return row

    def untold(self, now: datetime, limit: int = 20) -> list[ActionRun]:
        """Runs that ended and whose shopper may not know it yet, the first ended first."""
        with self.db.reading() as session:
            over = select(ActionRun).where(
                col(ActionRun.state).in_(ENDS),
                col(ActionRun.told_at).is_(None),
                ActionRun.due_at <= now,
            )
            return list(session.exec(over.order_by(col(ActionRun.finished_at)).limit(limit)))

    def told(self, run_id: str, now: datetime) -> None:
        """The shopper knows how it ended."""
        with self.db.transaction() as session:
            session.get_one(ActionRun, run_id).told_at = now

    def undoable(self, dialogue_id: str, now: datetime) -> ActionRun | None:
        """What was done last in a dialogue, while it may be taken back."""
        with self.db.reading() as session:
            done = select(ActionRun).where(
                ActionRun.dialogue_id == dialogue_id,
                ActionRun.state == "done",
                col(ActionRun.finished_at) > now - UNDO_FOR,
            )
            newest = session.exec(done.order_by(col(ActionRun.finished_at).desc())).first()
            return newest if newest is not None and newest.undo else None

    def start_undo(self, run_id: str, summary: str, now: datetime) -> ActionRun | None:
        """A run that takes another one back; the same again is the same run. None: too late."""
        with self.db.transaction() as session:
            run = find(session, ActionRun, run_id, lock=True)
            if run is None or run.state != "done" or not run.undo or run.finished_at is None:
                return None
            undo_id = f"{run_id}{UNDO}"
            known = find(session, ActionRun, undo_id)
            if known is not None or now - run.finished_at > UNDO_FOR:
                return known
            row = ActionRun(
                run_id=undo_id,
                dialogue_id=run.dialogue_id,
                shopper_id=run.shopper_id,
                customer_id=run.customer_id,
                summary_id=run.summary_id,
                name=run.undo["name"],
                arguments=run.undo["arguments"],
                amounts=run.undo.get("amounts", {}),
                summary=summary,
                locale=run.locale,
                state="confirmed",
                confirmed_at=now,
                due_at=now + LEASE,
            )
            insert_once(session, row)
            return session.get_one(ActionRun, undo_id)

    def may_be_undone(self, run: ActionRun, undo: Mapping[str, Any] | None) -> None:
        """Keep the call that would take a run back, as the back office allows it; None: nothing."""
        with self.db.transaction() as session:
            session.get_one(ActionRun, run.run_id).undo = dict(undo) if undo else None

    def alone_since(self, since: datetime) -> int:
        """How many were carried out since then without a colleague's approval."""
        counted = (
            select(func.count())
            .select_from(ActionRun)
            .where(col(ActionRun.confirmed_at) >= since, ActionRun.why == "")
        )
        with self.db.reading() as session:
            return session.exec(counted).one()

    def newest(self, limit: int = 50) -> list[ActionRun]:
        """The newest runs first."""
        with self.db.reading() as session:
            found = select(ActionRun).order_by(col(ActionRun.confirmed_at).desc()).limit(limit)
            return list(session.exec(found))

    def of_order(self, order_id: str) -> list[ActionRun]:
        """What shoppers said yes to about an order, the newest first."""
        named = col(ActionRun.arguments)["order_id"].as_string() == order_id
        with self.db.reading() as session:
            found = select(ActionRun).where(named).order_by(col(ActionRun.confirmed_at).desc())
            return list(session.exec(found))

    def times_over(self, dialogue_id: str, call: PlannedCall) -> int:
        """How often this very call came to an end in a dialogue.

        While one is under way the same wish has the same summary, and its yes is the same yes.
        """
        with self.db.reading() as session:
            ended = select(ActionRun.arguments).where(
                ActionRun.dialogue_id == dialogue_id,
                ActionRun.name == call.name,
                col(ActionRun.state).in_(ENDS),
            )
            return sum(arguments == call.arguments for arguments in session.exec(ended))

    def count_since(self, since: datetime, shopper_id: str | None = None) -> int:
        """How many yeses were stored since then, of one shopper or of all."""
        counted = (
            select(func.count()).select_from(ActionRun).where(col(ActionRun.confirmed_at) >= since)
        )
        if shopper_id is not None:
            counted = counted.where(ActionRun.shopper_id == shopper_id)
        with self.db.reading() as session:
            return session.exec(counted).one()

    def stopped(self) -> ActionStop | None:
        """The emergency stop, while it holds."""
        with self.db.reading() as session:
            return session.get(ActionStop, STOP)


def _take(session: Session, run: ActionRun, owner: str, now: datetime) -> bool:
    leased = run.lease_until is not None and run.lease_until > now and run.owner != owner
    if run.state not in TO_SEND or leased or session.get(ActionStop, STOP) is not None:
        return False
    run.state = run_moved(run.state, "send")
    run.owner, run.lease_until, run.due_at = owner, now + LEASE, now + LEASE
    run.attempts += 1
    session.flush()
    return True
