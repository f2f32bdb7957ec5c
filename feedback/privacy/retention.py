"""Retention: how long each kind of data is kept, and the nightly removal of what is older.

What is counted stays: an impression keeps its arm and reply, an order its sum. What was said, and
who said it, goes.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import Session, SQLModel, col, delete, select, update

from feedback.db import (
    ActionRun,
    AnswerPart,
    Attention,
    AuditEntry,
    Database,
    DeskCard,
    Dialogue,
    DialogueTurn,
    FailedGuess,
    Identity,
    Impression,
    InternalNote,
    MailAddress,
    Order,
    Presence,
    SharedFile,
    StockNotice,
    Survey,
    Words,
)
from feedback.desk import Accounts
from feedback.files import forget_files_before, forget_unsent
from feedback.mail import forget_mail_before
from feedback.signals import SIGNALS, Signal, signal_tables

LOOKUPS: Final = timedelta(days=30)  # failed guesses count for a day; a month shows an attack
BATCH: Final = 200  # dialogues a transaction: shoppers wait at most some milliseconds for it


class Keep(NamedTuple):
    """How long each kind is kept."""

    dialogues: timedelta = timedelta(days=400)  # a year's season, and a month to learn from it
    files: timedelta = timedelta(days=90)  # pictures and documents sent in dialogues
    mail: timedelta = timedelta(days=30)  # addresses to which answers go
    identities: timedelta = timedelta(days=400)  # e-mails' hashes, carts, tracking numbers
    audit: timedelta = timedelta(days=730)


def forget_old(
    db: Database, now: datetime, keep: Keep, signals: Iterable[Signal] = SIGNALS
) -> dict[str, int]:
    """Forget what is older than it may be kept; how many rows of each kind.

    The words that stand in the tables of `signals` go with their dialogues.

    >>> Keep().dialogues.days
    400
    """
    counts = {"dialogues": 0}
    tables = tuple(signal_tables(signals).values())
    while done := _quieten(db, now - keep.dialogues, tables):
        counts["dialogues"] += done
    with db.transaction() as session:
        counts["files"] = forget_files_before(session, now - keep.files)
        counts["files"] += forget_unsent(session, now)
        counts["mail addresses"] = forget_mail_before(session, now - keep.mail)
        counts["identities"] = _delete(session, Identity, Identity.seen_at, now - keep.identities)
        counts["orders"] = _unname_orders(session, now - keep.identities)
        counts["lookups"] = _delete(session, FailedGuess, FailedGuess.failed_at, now - LOOKUPS)
        counts["audit"] = _delete(session, AuditEntry, AuditEntry.at, now - keep.audit)
    counts["logins"] = Accounts(db).prune(now)
    return counts


def _quieten(db: Database, before: datetime, tables_of_signals: Iterable[type[SQLModel]]) -> int:
    """Forget the words of one batch of old dialogues; 0: none are left."""
    with db.transaction() as session:
        spoken = select(DialogueTurn.dialogue_id).where(
            col(DialogueTurn.dialogue_id) == col(Dialogue.dialogue_id)
        )
        old = list(
            session.exec(
                select(Dialogue.dialogue_id)
                .where(col(Dialogue.last_at) < before, spoken.exists())
                .limit(BATCH)
            )
        )
        shown = select(Impression.impression_id).where(col(Impression.dialogue_id).in_(old))
        of_dialogues = (SharedFile, MailAddress, Attention, DialogueTurn, DeskCard, ActionRun)
        for table in (*of_dialogues, StockNotice, InternalNote, Presence):
            session.execute(delete(table).where(col(table.dialogue_id).in_(old)))
        for signal in tables_of_signals:
            _empty_words(session, signal, {"impression_id": shown, "dialogue_id": old})
        session.execute(
            update(Impression)
            .where(col(Impression.dialogue_id).in_(old))
            .values(text="", choices=[], products=[], details={})
        )
        parts = update(AnswerPart).where(col(AnswerPart.impression_id).in_(shown))
        session.execute(parts.values(asked=None, products=[]))
        session.execute(update(Survey).where(col(Survey.dialogue_id).in_(old)).values(comment=None))
        session.execute(
            update(Dialogue).where(col(Dialogue.dialogue_id).in_(old)).values(page=None, memory={})
        )
        return len(old)


def _empty_words(session: Session, table: type[SQLModel], old: Mapping[str, Any]) -> None:
    """Empty what people wrote in the rows of a signal that name one of these."""
    columns = table.__table__.columns  # type: ignore[attr-defined]
    words = [one.name for one in columns if isinstance(one.type, Words) and one.nullable]
    for name in old.keys() & {one.name for one in columns} if words else ():
        naming = columns[name].in_(old[name])
        session.execute(update(table).where(naming).values(dict.fromkeys(words)))


def _unname_orders(session: Session, before: datetime) -> int:
    named = col(Order.email_hash).is_not(None) | col(Order.tracking).is_not(None)
    changed = session.execute(
        update(Order)
        .where(col(Order.placed_at) < before, named)
        .values(email_hash=None, tracking=None)
        .returning(col(Order.order_id))
    )
    return len(changed.all())


def _delete(session: Session, table: type[SQLModel], at: Any, before: datetime) -> int:
    keys = table.__table__.primary_key.columns  # type: ignore[attr-defined]
    return len(session.execute(delete(table).where(col(at) < before).returning(*keys)).all())
