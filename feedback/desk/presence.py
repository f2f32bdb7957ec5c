"""Presence: which colleagues look at a dialogue at the desk, and who of them is writing there.

Kept in the store, so that a page tells it whichever process another colleague's page asks.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Database, Dialogue, Presence, find, insert_once
from feedback.desk.card_lock import Staff

LOOKS: Final = timedelta(seconds=20)  # an open page asks every five
WRITES: Final = timedelta(seconds=6)  # what is typed is told anew every four
NOTED: Final = timedelta(seconds=8)  # a look is written down this often at most


class Colleague(NamedTuple):
    """Somebody who looks at a dialogue just now."""

    name: str
    writes: bool


class Presences(NamedTuple):
    """Notes and tells who is at a dialogue."""

    db: Database

    def looks(self, dialogue_id: str, who: Staff, now: datetime) -> None:
        """A colleague has the dialogue before them."""
        with self.db.reading() as session:
            known = session.get(Presence, (dialogue_id, who.id))
            if known is not None and known.seen_at > now - NOTED:
                return
        self._note(dialogue_id, who, now)

    def writes(self, dialogue_id: str, who: Staff, now: datetime) -> None:
        """A colleague types an answer or a note there."""
        self._note(dialogue_id, who, now, until=now + WRITES)

    def others(self, dialogue_id: str, me: str, now: datetime) -> list[Colleague]:
        """Who looks at it but `me`, by name."""
        with self.db.reading() as session:
            there = _there(session, dialogue_id, now)
        return [
            Colleague(one.name, one.writes_until is not None and one.writes_until > now)
            for one in there
            if one.staff != me
        ]

    def _note(
        self, dialogue_id: str, who: Staff, now: datetime, until: datetime | None = None
    ) -> None:
        with self.db.transaction() as session:
            if find(session, Dialogue, dialogue_id) is None:
                return
            fresh = Presence(dialogue_id=dialogue_id, staff=who.id, name=who.name, seen_at=now)
            insert_once(session, fresh)
            row = session.get_one(Presence, (dialogue_id, who.id))
            row.name, row.seen_at = who.name, now
            row.writes_until = until or row.writes_until


def _there(session: Session, dialogue_id: str, now: datetime) -> Sequence[Presence]:
    theirs = select(Presence).where(Presence.dialogue_id == dialogue_id)
    lately = theirs.where(col(Presence.seen_at) > now - LOOKS)
    return session.exec(lately.order_by(col(Presence.name))).all()
