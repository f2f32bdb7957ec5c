"""Reminders of cards whose time runs out: in the card's thread, then once to the channel."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from feedback.db import Database, DeskCard
from feedback.desk.outgoing import Outgoing, put_message
from feedback.desk.targets import AnswerTargets, standing, wait_began

ReminderKind = Literal[
    "half_time",  # in the thread: half of the time to answer is over
    "overdue",  # to the channel: all of it is
    "snooze_over",  # in the thread
]


class Reminders:
    """Queues what is due to be said of cards that wait."""

    def __init__(self, db: Database, targets: AnswerTargets) -> None:
        """Work on `db`; what is due is so by `targets`."""
        self._db = db
        self._targets = targets

    def queue(self, channel: str, now: datetime) -> None:
        """Have said, once a wait, what is due; in the transaction that notes it on the card."""
        with self._db.reading() as session:
            if not any(due_reminder(card, now, self._targets) for card in _cards(session)):
                return
        with self._db.transaction() as session:
            for card in _cards(session, lock=True):
                if kind := due_reminder(card, now, self._targets):
                    self._say(session, card, kind, channel, now)

    def _say(
        self, session: Session, card: DeskCard, kind: ReminderKind, channel: str, now: datetime
    ) -> None:
        since = standing(card, now, self._targets).since
        match kind:
            case "half_time":
                card.reminded_at = now
            case "overdue":
                card.escalated_at = now
            case "snooze_over":
                end_snooze(card)
        card.revision += 1
        put_message(
            session,
            Outgoing(
                key=f"reminder:{card.card_id}:{kind}:{since.timestamp()}",
                lane=channel,
                kind="reminder",
                payload={"card_id": card.card_id, "reminder": kind},
                thread_ts=None if kind == "overdue" else card.ts,
                dialogue_id=card.dialogue_id,
            ),
            now,
        )


def due_reminder(card: DeskCard, now: datetime, targets: AnswerTargets) -> ReminderKind | None:
    """What is due to be said of a card, and was not said yet; None before Slack shows it."""
    if card.ts is None:
        return None
    turn = standing(card, now, targets)
    if card.snoozed_until is not None and not turn.snoozed:
        return "snooze_over"
    if turn.waits_for != "staff" or turn.snoozed:
        return None
    if turn.overdue:
        return "overdue" if card.escalated_at is None else None
    half = turn.remind is not None and turn.remind <= now
    return "half_time" if half and card.reminded_at is None else None


def end_snooze(card: DeskCard) -> None:
    """The card is in its lists again; what waits there waits from the snooze's end on."""
    if card.waiting_since is not None:
        card.waiting_since = wait_began(card.waiting_since, card.snoozed_until)
    card.snoozed_until = None


def _cards(session: Session, *, lock: bool = False) -> list[DeskCard]:
    wanted = select(DeskCard).where(DeskCard.state != "closed").order_by(col(DeskCard.opened_at))
    return list(session.exec(wanted.with_for_update() if lock else wanted))
