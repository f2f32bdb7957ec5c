"""Queues the drawing of order actions in Slack: a card for each one a colleague has to approve."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import col, literal, select

from feedback.actions import ActionHistory
from feedback.db import ActionRun, Database, OutboxMessage, find
from feedback.desk.outgoing import Outgoing, put_message


class ActionCards:
    """The cards of order actions."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def run(self, run_id: str) -> ActionRun | None:
        """The action that a card shows."""
        with self.db.reading() as session:
            return find(session, ActionRun, run_id)

    def history(self, run: ActionRun) -> str:
        """What staff should know of who asks."""
        return ActionHistory(self.db).line(run)

    def queue(self, channel: str, now: datetime) -> None:
        """Have each drawn that waits for approval, or waited and has changed since."""
        stale = select(ActionRun).where(
            ActionRun.why != "", col(ActionRun.revision) > col(ActionRun.queued)
        )
        with self.db.reading() as session:
            if session.exec(stale.limit(1)).first() is None:
                return
        with self.db.transaction() as session:
            for run in session.exec(stale.order_by(col(ActionRun.confirmed_at))).all():
                run.queued = run.revision
                put_message(
                    session,
                    Outgoing(
                        key=f"action:{run.run_id}:{run.revision}",
                        lane=channel,
                        kind="action",
                        payload={"run_id": run.run_id},
                        dialogue_id=run.dialogue_id,
                    ),
                    now,
                )

    def queue_reminders(
        self, channel: str, words: Callable[[ActionRun], str], now: datetime
    ) -> None:
        """Say once, below the card, that an action is about to expire."""
        key = literal("action:") + col(ActionRun.run_id) + literal(":reminder")
        told = select(OutboxMessage.number).where(col(OutboxMessage.message_key) == key)
        soon = select(ActionRun).where(
            ActionRun.state == "submitted",
            col(ActionRun.reminded_at).is_not(None),
            col(ActionRun.ts).is_not(None),
            ~told.exists(),
        )
        with self.db.reading() as session:
            if session.exec(soon.limit(1)).first() is None:
                return
        with self.db.transaction() as session:
            for run in session.exec(soon).all():
                reminder = Outgoing(
                    key=f"action:{run.run_id}:reminder",
                    lane=run.channel or channel,
                    kind="words",
                    payload={"text": words(run)},
                    thread_ts=run.ts,
                )
                put_message(session, reminder, now)

    def drawn(self, run_id: str, channel: str, ts: str) -> None:
        """Slack shows it, as the message `ts`."""
        with self.db.transaction() as session:
            run = find(session, ActionRun, run_id, lock=True)
            if run is not None:
                run.channel, run.ts = channel, ts
