"""Queues files for Slack: a shopper's into their card's thread, the staff's to the shopper."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, literal, select

from feedback.db import Database, DeskCard, Dialogue, DialogueTurn, OutboxMessage, SharedFile
from feedback.desk.outgoing import Outgoing, put_message

# Sent within it: the outbox knows for two weeks what has gone.
NEW: Final = timedelta(days=7)
KEY: Final = "file:"


class _Place(NamedTuple):
    """A file, and the thread that it goes to."""

    file_id: str
    dialogue_id: str
    lane: str
    thread_ts: str


class FileOutbox:
    """The files that Slack has to be given."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self._db = db

    def queue(self, now: datetime) -> None:
        """Have each file sent once, after the words that it came with."""
        with self._db.reading() as session:
            found = [*_for_cards(session, now), *_for_shoppers(session, now)]
        if not found:
            return
        with self._db.transaction() as session:
            for place in found:
                message = Outgoing(
                    key=f"{KEY}{place.file_id}",
                    lane=place.lane,
                    kind="file",
                    payload={"file_id": place.file_id},
                    thread_ts=place.thread_ts,
                    dialogue_id=place.dialogue_id,
                )
                put_message(session, message, now)


def _for_cards(session: Session, now: datetime) -> list[_Place]:
    """What shoppers sent: it is looked at in the thread of the dialogue's card."""
    wanted = (
        select(SharedFile.file_id, SharedFile.dialogue_id, DeskCard.channel, DeskCard.ts)
        .join(DeskCard, col(DeskCard.dialogue_id) == col(SharedFile.dialogue_id))
        .where(DeskCard.state != "closed", col(DeskCard.ts).is_not(None))
    )
    return [_Place(*row) for row in session.exec(_unsent(wanted, "shopper", now)).all()]


def _for_shoppers(session: Session, now: datetime) -> list[_Place]:
    """What the staff sent to somebody who reads in Slack; the web chat shows it by itself."""
    wanted = (
        select(
            SharedFile.file_id, SharedFile.dialogue_id, Dialogue.slack_channel, Dialogue.thread_ts
        )
        .join(Dialogue, col(Dialogue.dialogue_id) == col(SharedFile.dialogue_id))
        .where(Dialogue.channel == "slack", col(Dialogue.thread_ts).is_not(None))
    )
    return [_Place(*row) for row in session.exec(_unsent(wanted, "staff", now)).all()]


def _unsent(wanted: Any, sender: str, now: datetime) -> Any:
    """Of these files the new ones whose words were said, and which are not on their way."""
    said = (col(DialogueTurn.dialogue_id) == col(SharedFile.dialogue_id)) & (
        col(DialogueTurn.client_id) == col(SharedFile.client_id)
    )
    on_its_way = select(OutboxMessage.number).where(
        col(OutboxMessage.message_key) == literal(KEY) + col(SharedFile.file_id)
    )
    return (
        wanted.join(DialogueTurn, said)
        .where(SharedFile.sender == sender, col(SharedFile.at) > now - NEW)
        .where(~on_its_way.exists())
        .order_by(col(SharedFile.at), col(SharedFile.file_id))
    )
