"""Audit log: one line for each thing that the staff, a command or a job did.

Lines hold ids and words of ours, never what a shopper or the staff wrote, so that the log may be
kept longer than the dialogues it speaks of.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import col, select

from feedback.db import AuditEntry, Database, insert_into

SUBJECT_CHARS: Final = 200  # ids are shorter; what is longer is not one


class Deed(NamedTuple):
    """Who did what, to what; never what was written."""

    actor: str
    role: str
    action: str
    subject: str = ""
    outcome: str = "done"
    address: str = ""


class Audit:
    """Writes the log and reads it back."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def note(self, deed: Deed, *, key: str, now: datetime) -> bool:
        """Write a line, once a `key`; False: it was written before."""
        row = {
            **deed._asdict(),
            "entry_key": key,
            "at": now,
            "subject": deed.subject[:SUBJECT_CHARS],
            "address": deed.address[:SUBJECT_CHARS],
        }
        with self.db.transaction() as session:
            insert = insert_into(session, AuditEntry).values(row).on_conflict_do_nothing()
            return session.execute(insert.returning(AuditEntry.number)).first() is not None

    def unknown(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` under which there is no line yet."""
        with self.db.reading() as session:
            known = select(AuditEntry.entry_key).where(col(AuditEntry.entry_key).in_(keys))
            found = set(session.exec(known))
        return [key for key in keys if key not in found]

    def newest(self, limit: int = 200, *, action: str | None = None) -> list[AuditEntry]:
        """The newest lines first; `action` is a beginning, such as "desk."."""
        wanted = select(AuditEntry).order_by(col(AuditEntry.number).desc()).limit(limit)
        if action:
            wanted = wanted.where(col(AuditEntry.action).startswith(action, autoescape=True))
        with self.db.reading() as session:
            return list(session.exec(wanted))
