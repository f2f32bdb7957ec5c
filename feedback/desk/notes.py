"""Internal notes: what colleagues write about a dialogue for each other, never for the shopper.

One list, wherever they are written: a note of the desk's stands in the thread of the dialogue's
card, a note of the thread's stands at the desk.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

from sqlmodel import Session, col, delete, select

from feedback.db import Database, DeskCard, InternalNote, find
from feedback.desk.outgoing import Outgoing, put_message
from feedback.dialogues import locked_dialogue


class InternalNotes(NamedTuple):
    """The notes on dialogues."""

    db: Database

    def add(
        self, dialogue_id: str, text: str, author: str, now: datetime, *, note_id: str | None = None
    ) -> bool:
        """Keep a note, and show it in the thread of the dialogue's newest card.

        Args:
            dialogue_id: What it is about.
            text: What it says.
            author: Who wrote it.
            now: The time.
            note_id: Names it where it came from a channel: the same again is kept once.

        Returns:
            False: it was kept before.

        Raises:
            UnknownDialogue: there is no such dialogue.
        """
        with self.db.transaction() as session:
            locked_dialogue(session, dialogue_id)
            if note_id is not None and find(session, InternalNote, note_id) is not None:
                return False
            note = InternalNote(
                note_id=note_id or uuid4().hex,
                dialogue_id=dialogue_id,
                author=author,
                text=text,
                at=now,
            )
            session.add(note)
            # Locked, so that whoever posts the card meanwhile finds the note, or we their thread.
            card = session.exec(
                select(DeskCard)
                .where(DeskCard.dialogue_id == dialogue_id)
                .order_by(col(DeskCard.opened_at).desc())
                .limit(1)
                .with_for_update()
            ).first()
            if card is not None:
                _post(session, card, note, now)
            return True

    def change(self, note_id: str, text: str | None) -> bool:
        """A note says `text` now; None: it was taken back. False: there is no such note."""
        with self.db.transaction() as session:
            note = find(session, InternalNote, note_id, lock=True)
            if note is None:
                return False
            if text is None:
                session.execute(delete(InternalNote).where(col(InternalNote.note_id) == note_id))
            else:
                note.text = text
            return True

    def find(self, note_id: str) -> InternalNote | None:
        """A note; None: it was taken back, or forgotten with its shopper."""
        with self.db.reading() as session:
            return find(session, InternalNote, note_id)

    def of(self, dialogue_id: str) -> list[InternalNote]:
        """A dialogue's notes, the oldest first."""
        with self.db.reading() as session:
            return _notes(session, dialogue_id)


def post_notes(session: Session, card: DeskCard, now: datetime) -> None:
    """Show a dialogue's notes in the thread of its card, which has just begun."""
    for note in _notes(session, card.dialogue_id):
        _post(session, card, note, now)


def thread_note_id(channel: str, thread_ts: str, ts: str) -> str:
    """Names a note by its message in a card's thread."""
    return f"{channel}:{thread_ts}:{ts}"


def _post(session: Session, card: DeskCard, note: InternalNote, now: datetime) -> None:
    """Once a thread; not where it was written, nor where the card is shown nowhere yet."""
    if card.channel is None or card.ts is None:
        return
    if note.note_id.startswith(f"{card.channel}:{card.ts}:"):
        return
    message = Outgoing(
        key=f"note:{note.note_id}:{card.ts}",
        lane=card.channel,
        thread_ts=card.ts,
        kind="internal_note",
        payload={"note_id": note.note_id},
        dialogue_id=card.dialogue_id,
    )
    put_message(session, message, now)


def _notes(session: Session, dialogue_id: str) -> list[InternalNote]:
    theirs = select(InternalNote).where(InternalNote.dialogue_id == dialogue_id)
    return list(session.exec(theirs.order_by(col(InternalNote.at))))
