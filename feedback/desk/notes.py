"""Internal notes: what colleagues write about a dialogue for each other, never for the shopper."""

from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlmodel import col, select

from feedback.db import Database, InternalNote
from feedback.dialogues import locked_dialogue


class InternalNotes(NamedTuple):
    """The notes on dialogues."""

    db: Database

    def add(self, dialogue_id: str, text: str, author: str, now: datetime) -> None:
        """Keep a note.

        Raises:
            UnknownDialogue: there is no such dialogue.
        """
        with self.db.transaction() as session:
            locked_dialogue(session, dialogue_id)
            session.add(
                InternalNote(
                    note_id=uuid4().hex, dialogue_id=dialogue_id, author=author, text=text, at=now
                )
            )

    def of(self, dialogue_id: str) -> list[InternalNote]:
        """A dialogue's notes, the oldest first."""
        with self.db.reading() as session:
            theirs = select(InternalNote).where(InternalNote.dialogue_id == dialogue_id)
            return list(session.exec(theirs.order_by(col(InternalNote.at))))
