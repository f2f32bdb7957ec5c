"""Read marks and typing: how far each side has read a dialogue, and whether the staff write.

Kept in the store, so that a shopper's stream tells it whichever process a colleague works in.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from feedback.db import Attention, Database, Dialogue, DialogueTurn, find, insert_once

TYPING: Final = timedelta(seconds=6)  # what is typed is told anew every few seconds


class ReadMarks(NamedTuple):
    """How far each side has read, as numbers of turns, and until when the staff type."""

    shopper: int = 0
    staff: int = 0
    typing_until: datetime | None = None

    def typing(self, now: datetime) -> bool:
        """Whether a colleague types."""
        return self.typing_until is not None and self.typing_until > now


class Attentions(NamedTuple):
    """Notes and tells who pays attention to a dialogue."""

    db: Database

    def of(self, dialogue_id: str) -> ReadMarks:
        """What is known of a dialogue."""
        with self.db.reading() as session:
            row = find(session, Attention, dialogue_id)
        if row is None:
            return ReadMarks()
        return ReadMarks(row.shopper_read, row.staff_read, row.typing_until)

    def shopper_read(self, dialogue_id: str, turn_id: int) -> None:
        """The shopper has seen everything up to a turn; no mark goes back, or past the end."""
        with self.db.transaction() as session:
            if (row := _row(session, dialogue_id)) is not None:
                read = min(turn_id, _newest(session, dialogue_id))
                row.shopper_read = max(row.shopper_read, read)

    def staff_type(self, dialogue_id: str, now: datetime) -> None:
        """A colleague types an answer, so has read what there is."""
        with self.db.transaction() as session:
            if (row := _row(session, dialogue_id)) is not None:
                row.staff_read = _newest(session, dialogue_id)
                row.typing_until = now + TYPING


def _row(session: Session, dialogue_id: str) -> Attention | None:
    if find(session, Dialogue, dialogue_id, lock=True) is None:
        return None
    insert_once(session, Attention(dialogue_id=dialogue_id))
    return session.get_one(Attention, dialogue_id)


def _newest(session: Session, dialogue_id: str) -> int:
    numbers: Any = select(func.max(col(DialogueTurn.turn_id)))
    return session.exec(numbers.where(DialogueTurn.dialogue_id == dialogue_id)).one() or 0
