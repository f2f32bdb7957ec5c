"""Transactional outbox: a message is written with the decision to send it, and sent later.

Each channel sends its own messages, and says by a `Route` how each travels: which messages go one
after another, which are counted together, which go first. One is claimed under a lease. An attempt
that ended without an answer leaves it `unsure`: the next attempt looks first whether it is there
already.
"""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, delete, select, update

from feedback.db import (
    Database,
    Dialogue,
    DialogueTurn,
    Impression,
    OutboxLane,
    OutboxMessage,
    Rating,
    Review,
    find,
    take_turns,
)
from feedback.desk.outbox_routes import Lanes, Router, close_lane, lane_route, ready
from feedback.desk.outgoing import STAFF_CHANNEL, Outgoing, drop_overtaken, put_message

KEPT: Final = timedelta(days=14)
LOCK: Final = 447_957  # PostgreSQL: processes take messages one after another


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
