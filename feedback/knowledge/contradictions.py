"""Contradictions between pages, kept until the pages agree or the staff let both stand."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from feedback.db import Contradiction, Database, FeedbackError, find, insert_once
from feedback.knowledge.conflicting_rules import ConflictingRules, find_conflicts, prevailing
from feedback.knowledge.passages import KnownPassage, Passages


class UnknownContradiction(FeedbackError):
    """There is no such contradiction any more."""

    def __init__(self, contradiction_id: str) -> None:
        """Name the id, cut short."""
        super().__init__(f"No contradiction is called {contradiction_id!r:.60}; see the list.")


class OpenContradiction(NamedTuple):
    """A contradiction as the desk shows it; `holds` is the passage that is said, if one wins."""

    contradiction_id: str
    one: KnownPassage
    said: str
    other: KnownPassage
    said_by_other: str
    holds: KnownPassage | None


class Contradictions:
    """Keeps what contradicts itself."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self._db = db
        self._passages = Passages(db)

    def look(self, now: datetime) -> int:
        """Look through all passages anew; how many contradictions there are."""
        found = {_id_of(one): one for one in find_conflicts(self._passages.changed_since(None))}
        with self._db.transaction() as session:
            for known in session.exec(select(Contradiction)).all():
                if known.contradiction_id not in found and known.dismissed_by is None:
                    session.delete(known)
            for id_, one in found.items():
                _put(session, id_, one, now)
        return len(found)

    def open(self) -> list[OpenContradiction]:
        """Those between passages that may be said, which nobody dismissed."""
        with self._db.reading() as session:
            waiting = select(Contradiction).where(col(Contradiction.dismissed_by).is_(None))
            rows = session.exec(waiting.order_by(col(Contradiction.updated_at).desc())).all()
        ids = [id_ for row in rows for id_ in (row.passage_id, row.other_id)]
        known = {one.passage_id: one for one in self._passages.known(ids) if one.active}
        return [
            OpenContradiction(
                row.contradiction_id, one, row.said, other, row.said_by_other,
                prevailing(one, other),
            )
            for row in rows
            if (one := known.get(row.passage_id)) and (other := known.get(row.other_id))
        ]  # fmt: skip

    def overruled(self) -> dict[str, str]:
        """Passages that another one wins over, with the one that does."""
        return {
            lost.passage_id: each.holds.passage_id
            for each in self.open()
            for lost in (each.one, each.other)
            if each.holds is not None and each.holds.passage_id != lost.passage_id
        }

    def dismiss(self, contradiction_id: str, *, staff: str, now: datetime) -> None:
        """Let both stand: they are no contradiction.

        Raises:
            UnknownContradiction: there is none.
        """
        with self._db.transaction() as session:
            known = find(session, Contradiction, contradiction_id, lock=True)
            if known is None:
                raise UnknownContradiction(contradiction_id)
            known.dismissed_by, known.updated_at = staff, now


def _id_of(found: ConflictingRules) -> str:
    """The same sentences of the same pages are the same contradiction, whichever comes first."""
    sides = ((found.one.page_id, found.said), (found.other.page_id, found.said_by_other))
    said = "\x1f".join(part for side in sorted(sides) for part in side)
    return hashlib.sha256(said.encode("utf-8", "ignore")).hexdigest()[:24]


def _put(session: Session, id_: str, found: ConflictingRules, now: datetime) -> None:
    """Keep it; one that is known keeps the staff's word, and names the passages of now."""
    one, other = found.one.passage_id, found.other.passage_id
    fresh = Contradiction(
        contradiction_id=id_, passage_id=one, said=found.said, other_id=other,
        said_by_other=found.said_by_other, updated_at=now,
    )  # fmt: skip
    if not insert_once(session, fresh):
        known = session.get_one(Contradiction, id_)
        if (known.passage_id, known.other_id) != (one, other):
            known.passage_id, known.other_id, known.updated_at = one, other, now
            known.said, known.said_by_other = found.said, found.said_by_other
