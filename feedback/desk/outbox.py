"""Transactional outbox: a message is written with the decision to send it, and sent later.

Each channel sends its own messages, and says by a `Route` how each travels: which messages go one
after another, which are counted together, which go first. One is claimed under a lease. An attempt
that ended without an answer leaves it `unsure`: the next attempt looks first whether it is there
already.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select as sa_select, update as sa_update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, delete, select, update

from feedback.db import (
    Database,
    Dialogue,
    DialogueTurn,
    Impression,
    OutboxLane,
    OutboxMessage,
    Prepared,
    Rating,
    Review,
    find,
    take_turns,
)
from feedback.desk.outbox_routes import Lanes, Router, close_lane, lane_route, ready

STAFF_CHANNEL: Final = "slack"  # where the staff's cards and sheets go
KEPT: Final = timedelta(days=14)
SAID: Final = ("answer", "words", "staff_turn", "shopper_turn", "file")  # to a shopper, or by one
LOCK: Final = 447_957  # PostgreSQL: processes take messages one after another


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


class OutboxBacklog(NamedTuple):
    """How full the outbox is."""

    messages: int
    oldest: datetime | None
    error: str | None  # the newest reason why one of them was not taken


class Claimed(NamedTuple):
    """A message to send now."""

    number: int
    key: str
    lane: str
    thread_ts: str | None
    dialogue_id: str | None
    kind: str
    payload: dict[str, Any]
    attempts: int  # this one included
    unsure: bool  # an earlier attempt may have arrived: look first
    made_at: datetime


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
    """Drop what `message` says anew: the same kind in the same place, not tried yet."""
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


class Outbox:
    """Hands out what is to be sent, and closes it."""

    def __init__(
        self, db: Database, channel: str = STAFF_CHANNEL, router: Router = lane_route
    ) -> None:
        """Work on `db`; what is claimed is the `channel`'s, and travels by `router`."""
        self.db = db
        self._channel = channel
        self._router = router

    def put(
        self,
        *,
        key: str,
        lane: str,
        kind: str,
        now: datetime,
        overtakes: bool = False,
        **options: Any,
    ) -> bool:
        """`put_message` in a transaction of its own; `overtakes`: see `drop_overtaken`."""
        with self.db.transaction() as session:
            message = Outgoing(key, lane, kind, channel=self._channel, **options)
            if overtakes:
                drop_overtaken(session, message)
            return put_message(session, message, now)

    def claim(self, owner: str, now: datetime, lease: timedelta, pace: timedelta) -> list[Claimed]:
        """Take every message that may leave now; `pace` is between two to the same place.

        `unsure` of what is returned says whether an earlier attempt may have arrived. What the
        clerk said is withheld where a person has the dialogue now: they never talk over each other.
        """
        with self.db.transaction() as session:
            take_turns(session, LOCK)
            lanes = Lanes(session, now)
            claimed = []
            for number, route in ready(session, self._channel, self._router, now, pace):
                message = session.get_one(OutboxMessage, number)
                if _talks_over(session, message):
                    _withhold(session, message)
                    continue
                if not lanes.take(route):
                    continue
                claimed.append(_claimed(message))
                message.state, message.owner, message.lease_until = "sending", owner, now + lease
                message.attempts += 1
                message.unsure = True  # until an answer tells otherwise
            lanes.save()
            return claimed

    def sent(self, number: int, owner: str, ts: str | None, now: datetime) -> bool:
        """The channel has it, under the name `ts`."""
        return self._settle(
            number, owner, state="sent", ts=ts, sent_at=now, payload={}, unsure=False, error=None
        )

    def again(
        self,
        number: int,
        owner: str,
        due: datetime,
        error: str,
        *,
        arrived: bool | None,
        closes: str | None = None,
    ) -> bool:
        """Try again at `due`, and nothing else of its order before.

        `arrived` False: the channel surely has not got it; None: nobody knows. `closes`: a name of
        routes' `closed_by`; what travels by it waits until then too.
        """
        with self.db.transaction() as session:
            message = session.get(OutboxMessage, number)
            if message is not None and closes is not None:
                close_lane(session, closes, due)
        return self._settle(
            number, owner, state="waiting", due_at=due, error=error, unsure=arrived is None
        )

    def failed(self, number: int, owner: str, error: str) -> bool:
        """The channel will never take it."""
        return self._settle(number, owner, state="failed", error=error, payload={})

    def is_due(self, now: datetime, pace: timedelta = timedelta(0)) -> bool:
        """Whether something can be sent; a look that keeps nobody from writing."""
        with self.db.reading() as session:
            due = ready(session, self._channel, self._router, now, pace)
            if not due:
                return False
            lanes = Lanes(session, now)
            return any(lanes.take(route) for _, route in due)

    def waiting(self) -> OutboxBacklog:
        """How many messages wait, since when, and what stood in their way."""
        with self.db.reading() as session:
            rows = session.exec(
                select(OutboxMessage)
                .where(col(OutboxMessage.state).in_(("waiting", "sending")))
                .order_by(col(OutboxMessage.number))
            ).all()
        errors = [row.error for row in rows if row.error]
        return OutboxBacklog(
            len(rows), rows[0].made_at if rows else None, errors[-1] if errors else None
        )

    def prune(self, now: datetime) -> None:
        """Forget old messages; what was said is in the dialogues."""
        with self.db.transaction() as session:
            session.execute(
                delete(OutboxMessage).where(
                    col(OutboxMessage.state).in_(("sent", "failed", "withheld")),
                    col(OutboxMessage.made_at) < now - KEPT,
                )
            )
            # A lane may be named after somebody's address.
            session.execute(delete(OutboxLane).where(col(OutboxLane.free_at) < now - KEPT))

    def _settle(self, number: int, owner: str, **changes: Any) -> bool:
        with self.db.transaction() as session:
            changed = session.execute(
                update(OutboxMessage)
                .where(col(OutboxMessage.number) == number, col(OutboxMessage.owner) == owner)
                .where(col(OutboxMessage.state) == "sending")
                .values(**changes, owner=None, lease_until=None)
                .returning(col(OutboxMessage.number))
            )
            return changed.first() is not None


def _claimed(message: OutboxMessage) -> Claimed:
    return Claimed(
        message.number or 0,
        message.message_key,
        message.lane,
        message.thread_ts,
        message.dialogue_id,
        message.kind,
        message.payload,
        message.attempts + 1,
        message.unsure,
        message.made_at,
    )


def _talks_over(session: Session, message: OutboxMessage) -> bool:
    if message.speaker != "clerk" or message.dialogue_id is None or message.unsure:
        return False  # what may have arrived is looked up, not taken back
    dialogue = find(session, Dialogue, message.dialogue_id, lock=True)
    return dialogue is not None and dialogue.state == "staff"


def _withhold(session: Session, message: OutboxMessage) -> None:
    """What was never shown is no impression, and was never said."""
    impression_id = str(message.payload.get("impression_id") or "")
    message.state, message.payload = "withheld", {}
    session.flush()
    judged = any(
        session.exec(select(table).where(table.impression_id == impression_id)).first()
        for table in (Review, Rating)
    )
    shown = session.get(Impression, impression_id)
    if shown is None or judged:
        return
    session.execute(delete(DialogueTurn).where(col(DialogueTurn.impression_id) == impression_id))
    session.delete(shown)
