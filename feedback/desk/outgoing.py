"""Outgoing messages: written to the outbox in the transaction that decides to send them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select as sa_select, update as sa_update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, delete, select

from feedback.db import OutboxMessage, Prepared

STAFF_CHANNEL: Final = "slack"  # where the staff's cards and sheets go
SAID: Final = ("answer", "words", "staff_turn", "shopper_turn", "file")  # to a shopper, or by one

_GIVEN = (
    *("message_key", "channel", "lane", "kind", "payload", "thread_ts", "dialogue_id", "speaker"),
    *("state", "unsure", "attempts", "due_at", "made_at"),
)
_OUTBOX = SQLModel.metadata.tables[str(OutboxMessage.__tablename__)]
_PUT = {
    kind.dialect.name: Prepared(
        kind.insert(_OUTBOX).on_conflict_do_nothing().returning(_OUTBOX.c.number), *_GIVEN
    )
    for kind in (sqlite, postgresql)
}


class Outgoing(NamedTuple):
    """A message to send; `key` names it: the same again is sent once."""

    key: str
    lane: str  # where it goes: one after another there
    kind: str  # how it is drawn when it is sent
    payload: Mapping[str, Any] = {}
    thread_ts: str | None = None
    dialogue_id: str | None = None
    speaker: str | None = None  # "clerk": withheld while a person has the dialogue
    channel: str = STAFF_CHANNEL


def put_message(session: Session | Connection, message: Outgoing, now: datetime) -> bool:
    """Write a message to send, once a key; False: it was written before."""
    told = message._asdict()
    key = told.pop("key")
    row = {
        **told,
        "message_key": key,
        "payload": dict(message.payload),
        "state": "waiting",
        "unsure": False,
        "attempts": 0,
        "due_at": now,
        "made_at": now,
    }
    if isinstance(session, Session):
        session.flush()
        session = session.connection()
    return _PUT[session.dialect.name].first(session, row) is not None


def drop_overtaken(session: Session, message: Outgoing) -> None:
    """Drop what `message` says again: the same kind in the same place, not tried yet."""
    session.execute(
        delete(OutboxMessage).where(
            col(OutboxMessage.channel) == message.channel,
            col(OutboxMessage.lane) == message.lane,
            col(OutboxMessage.kind) == message.kind,
            col(OutboxMessage.thread_ts) == message.thread_ts,
            col(OutboxMessage.state) == "waiting",
            col(OutboxMessage.attempts) == 0,
        )
    )


def join_waiting(connection: Connection, message: Outgoing, listed: str) -> bool:
    """Add to the list `listed` of a message of this kind that waits for the same place, untried.

    Returns:
        False: there is none.
    """
    found = connection.execute(
        sa_select(_OUTBOX.c.number, _OUTBOX.c.payload)
        .where(_OUTBOX.c.channel == message.channel, _OUTBOX.c.lane == message.lane)
        .where(_OUTBOX.c.thread_ts == message.thread_ts, _OUTBOX.c.kind == message.kind)
        .where(_OUTBOX.c.state == "waiting", _OUTBOX.c.attempts == 0)
        .order_by(_OUTBOX.c.number.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if found is None or listed not in found.payload:
        return False
    joined = [*found.payload[listed], *message.payload[listed]]
    payload = {**found.payload, listed: joined}
    connection.execute(
        sa_update(_OUTBOX).where(_OUTBOX.c.number == found.number).values(payload=payload)
    )
    return True


def last_failure(session: Session, dialogue_id: str, since: datetime) -> str | None:
    """Why the newest message of a dialogue that was given up was refused; None: nothing was."""
    return session.exec(
        select(OutboxMessage.error)
        .where(OutboxMessage.dialogue_id == dialogue_id, OutboxMessage.state == "failed")
        .where(col(OutboxMessage.kind).in_(SAID), col(OutboxMessage.made_at) >= since)
        .order_by(col(OutboxMessage.number).desc())
    ).first()
