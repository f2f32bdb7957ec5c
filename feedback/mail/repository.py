"""Repository of mail addresses: agreed to in the chat, due, sent, ended."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, delete, or_, select

from feedback.db import (
    Attention,
    Database,
    Dialogue,
    DialogueTurn,
    MailAddress,
    UnknownDialogue,
    find,
)

LEASE: Final = timedelta(minutes=5)  # for one process to send what is due
MOST_ATTEMPTS: Final = 8  # over some four hours; then the address is given up
FIRST_PAUSE: Final = timedelta(minutes=1)  # after a failure; twice as long after each further one
AT_ONCE: Final = 20


class MailWish(NamedTuple):
    """What a shopper agreed to."""

    dialogue_id: str
    address: str
    reply_key: str  # of a new row; one that is there keeps its own
    locale: str
    answers: bool  # from now on
    transcript: bool  # of what was said so far


class DueMail(NamedTuple):
    """A mail to send: the turns of a dialogue past `after`, or all of it."""

    dialogue_id: str
    address: str
    reply_key: str
    locale: str
    transcript: bool
    after: int
    read: int  # up to here the shopper has seen it in the chat


class MailAddresses:
    """Keeps where answers go."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self._db = db

    def agree(self, wish: MailWish, now: datetime) -> None:
        """Send what is said from now on to an address, or the whole dialogue once.

        Raises:
            UnknownDialogue: there is no such dialogue.
        """
        with self._db.transaction() as session:
            if find(session, Dialogue, wish.dialogue_id, lock=True) is None:
                raise UnknownDialogue(wish.dialogue_id)
            row = find(session, MailAddress, wish.dialogue_id)
            if row is None:
                row = MailAddress(
                    dialogue_id=wish.dialogue_id,
                    address=wish.address,
                    reply_key=wish.reply_key,
                    locale=wish.locale,
                    mailed_turn=_newest(session, wish.dialogue_id),
                    due_at=now,
                    agreed_at=now,
                )
                session.add(row)
            row.address, row.attempts, row.due_at, row.agreed_at = wish.address, 0, now, now
            row.answers = row.answers or wish.answers
            row.transcript = row.transcript or wish.transcript

    def take_due(self, now: datetime, unread_for: timedelta) -> list[DueMail]:
        """Mails to send now, each for this caller alone until its lease ends.

        An answer of the staff's is due once it was not read in the chat for `unread_for`.
        """
        answer = (
            select(DialogueTurn.turn_id)
            .where(DialogueTurn.dialogue_id == MailAddress.dialogue_id)
            .where(DialogueTurn.speaker == "staff", col(DialogueTurn.at) <= now - unread_for)
            .where(col(DialogueTurn.turn_id) > MailAddress.mailed_turn)
            .where(col(DialogueTurn.turn_id) > func.coalesce(Attention.shopper_read, 0))
            .correlate(MailAddress, Attention)
            .exists()
        )
        wanted = or_(col(MailAddress.transcript), col(MailAddress.answers) & answer)
        with self._db.transaction() as session:
            found = session.exec(
                select(MailAddress, Attention.shopper_read)
                .outerjoin(Attention, col(Attention.dialogue_id) == MailAddress.dialogue_id)
                .where(col(MailAddress.due_at) <= now, wanted)
                .order_by(col(MailAddress.due_at))
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True, of=MailAddress)
            ).all()
            for row, _ in found:
                row.due_at = now + LEASE
            return [_due(row, read or 0) for row, read in found]

    def sent(self, mail: DueMail, up_to: int, now: datetime) -> None:
        """A mail has left with everything up to a turn."""
        with self._db.transaction() as session:
            row = find(session, MailAddress, mail.dialogue_id, lock=True)
            if row is None:
                return
            row.attempts, row.due_at = 0, now
            row.mailed_turn = max(row.mailed_turn, up_to)
            if mail.transcript:
                row.transcript = False
            if not row.answers:  # nothing more will go there
                session.delete(row)

    def failed(self, mail: DueMail, now: datetime) -> bool:
        """The mail server did not take it; whether the address is given up."""
        with self._db.transaction() as session:
            row = find(session, MailAddress, mail.dialogue_id, lock=True)
            if row is None:
                return False
            row.attempts += 1
            row.due_at = now + FIRST_PAUSE * 2 ** (row.attempts - 1)
            if row.attempts >= MOST_ATTEMPTS:
                session.delete(row)
            return row.attempts >= MOST_ATTEMPTS

    def of_key(self, reply_key: str) -> tuple[str, str] | None:
        """The dialogue and the address behind a reply's address."""
        with self._db.reading() as session:
            found = select(MailAddress.dialogue_id, MailAddress.address)
            return session.exec(found.where(MailAddress.reply_key == reply_key)).first()

    def end(self, reply_key: str) -> str | None:
        """Send nothing more, and forget the address; whose dialogue it was."""
        with self._db.transaction() as session:
            ended = session.execute(
                delete(MailAddress)
                .where(col(MailAddress.reply_key) == reply_key)
                .returning(col(MailAddress.dialogue_id))
            ).first()
            return ended[0] if ended else None


def forget_mail_before(session: Session, before: datetime) -> int:
    """Delete addresses that were agreed to before a moment; how many."""
    gone = session.execute(
        delete(MailAddress)
        .where(col(MailAddress.agreed_at) < before)
        .returning(col(MailAddress.dialogue_id))
    )
    return len(gone.all())


def _due(row: MailAddress, read: int) -> DueMail:
    after = 0 if row.transcript else row.mailed_turn
    return DueMail(
        row.dialogue_id, row.address, row.reply_key, row.locale, row.transcript, after, read
    )


def _newest(session: Session, dialogue_id: str) -> int:
    newest = select(func.max(DialogueTurn.turn_id))
    return session.exec(newest.where(DialogueTurn.dialogue_id == dialogue_id)).one() or 0
