"""Repository of mailboxes: how far each is read, and whose turn it is to look."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session

from feedback.db import Database, ReadMailbox, find
from feedback.mail.repository import FIRST_PAUSE

EVERY: Final = timedelta(minutes=1)
LEASE: Final = timedelta(minutes=10)  # for one process to read what came
MOST_TRIES: Final = 5  # of one mail, over a quarter of an hour: the others wait behind it
LONGEST_PAUSE: Final = timedelta(hours=1)  # while the server is away


class MailPlace(NamedTuple):
    """A place in a mailbox: the server's numbering, and the newest mail that was looked at."""

    validity: int
    uid: int


class MailboxPlaces:
    """Keeps how far mailboxes are read, whichever process reads them."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self._db = db

    def take(self, mailbox: str, now: datetime) -> MailPlace | None:
        """Where to go on reading, for this caller alone; None: it is not due."""
        with self._db.reading() as session:
            row = find(session, ReadMailbox, mailbox)
            if row is not None and row.due_at > now:
                return None
        with self._db.transaction() as session:
            row = find(session, ReadMailbox, mailbox, lock=True)
            if row is None:
                row = ReadMailbox(mailbox=mailbox, due_at=now)
                session.add(row)
            if row.due_at > now:
                return None
            row.due_at = now + LEASE
            return MailPlace(row.validity, row.uid)

    def read(self, mailbox: str, place: MailPlace) -> None:
        """Everything up to here was looked at."""
        with self._db.transaction() as session:
            row = _row(session, mailbox)
            row.validity, row.uid = place
            row.stuck_at = row.failures = 0

    def done(self, mailbox: str, now: datetime) -> None:
        """All that is there was read; look again in a minute."""
        with self._db.transaction() as session:
            row = _row(session, mailbox)
            row.failures, row.due_at = 0, now + EVERY

    def failed(self, mailbox: str, now: datetime, at: MailPlace | None = None) -> bool:
        """The mail at a place could not be taken, or the server was away: later and later.

        Returns:
            Whether the mail is given up, which failed again and again.
        """
        with self._db.transaction() as session:
            row = _row(session, mailbox)
            stuck_at = at.uid if at else 0
            row.failures = row.failures + 1 if row.stuck_at == stuck_at else 1
            row.stuck_at = stuck_at
            row.due_at = now + min(FIRST_PAUSE * 2 ** min(row.failures - 1, 9), LONGEST_PAUSE)
            if at is None or row.failures < MOST_TRIES:
                return False
            row.validity, row.uid = at
            row.stuck_at = row.failures = 0
            return True


def _row(session: Session, mailbox: str) -> ReadMailbox:
    row = find(session, ReadMailbox, mailbox, lock=True)
    if row is None:  # somebody emptied the store meanwhile
        raise LookupError(mailbox)
    return row
