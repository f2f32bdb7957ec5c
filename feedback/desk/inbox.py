"""Inbox of Slack's events: kept before they are acknowledged, worked off exactly once.

One lane (a thread) is worked off one after another, many lanes side by side, by any number of
processes: who takes an event holds it under a lease, and a dead owner's event is taken again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, delete, or_, select, update

from feedback.db import Database, InboxEvent, insert_into, take_turns

MAX_ATTEMPTS: Final = 6  # an event that six attempts died of is broken itself
KEPT: Final = timedelta(days=3)  # Slack repeats an event for some minutes; three days are plenty
LOCK: Final = 447_956  # PostgreSQL: processes take events one after another


class Incoming(NamedTuple):
    """Something Slack told."""

    key: str  # Slack's own name of it, or a digest: the same again is a repeat
    kind: str  # event, action, submission, command
    lane: str
    sort: str  # within its lane the smallest comes first
    body: dict[str, Any]


class Inbox:
    """Takes in, hands out, closes."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def put(self, incoming: Incoming, now: datetime) -> bool:
        """Keep it; False: it was here before."""
        return self.put_all([incoming], now) == 1

    def put_all(self, incoming: Collection[Incoming], now: datetime) -> int:
        """Keep several in one commit; how many were new."""
        rows = [
            {
                **each._asdict(),
                "event_key": each.key,
                "state": "waiting",
                "attempts": 0,
                "due_at": now,
                "received_at": now,
            }
            for each in incoming
        ]
        for row in rows:
            del row["key"]
        with self.db.transaction() as session:
            insert = insert_into(session, InboxEvent).on_conflict_do_nothing()
            kept = insert.returning(InboxEvent.event_key)
            return sum(session.execute(kept.values(row)).first() is not None for row in rows)

    def claim(
        self, owner: str, now: datetime, lease: timedelta, *, most: int = 16
    ) -> list[InboxEvent]:
        """Take the next event of up to `most` lanes in which nobody is at work."""
        with self.db.transaction() as session:
            take_turns(session, LOCK)
            _give_up(session, now)
            busy = select(InboxEvent.lane).where(
                InboxEvent.state == "taken", col(InboxEvent.lease_until) > now
            )
            found = session.exec(
                select(InboxEvent)
                .where(_free(now), col(InboxEvent.due_at) <= now)
                .where(col(InboxEvent.lane).not_in(busy))
                .order_by(col(InboxEvent.sort), col(InboxEvent.received_at))
                .limit(most * 8)
            ).all()
            taken: dict[str, InboxEvent] = {}
            for event in found:
                if event.lane in taken or len(taken) == most:
                    continue
                event.state, event.owner, event.lease_until = "taken", owner, now + lease
                event.attempts += 1
                taken[event.lane] = event
            return list(taken.values())

    def done(self, key: str, owner: str) -> bool:
        """Close an event and forget what it said; False: another has taken it over."""
        return self._settle(key, owner, state="done", body={}, error=None)

    def again(self, key: str, owner: str, due: datetime, error: str | None = None) -> bool:
        """Put it back until `due`."""
        return self._settle(key, owner, state="waiting", due_at=due, error=error)

    def failed(self, key: str, owner: str, error: str) -> bool:
        """Give it up; what it said is forgotten, why it failed is kept."""
        return self._settle(key, owner, state="failed", body={}, error=error)

    def is_due(self, now: datetime) -> bool:
        """Whether something can be worked off; a look that keeps nobody from writing."""
        with self.db.reading() as session:
            due = select(InboxEvent.event_key).where(_free(now), col(InboxEvent.due_at) <= now)
            return session.exec(due.limit(1)).first() is not None

    def counts(self) -> dict[str, int]:
        """How many events are in each state."""
        with self.db.reading() as session:
            states = session.exec(select(InboxEvent.state)).all()
        return {state: states.count(state) for state in set(states)}

    def prune(self, now: datetime) -> None:
        """Forget that old events came."""
        with self.db.transaction() as session:
            session.execute(
                delete(InboxEvent).where(
                    col(InboxEvent.state).in_(("done", "failed")),
                    col(InboxEvent.received_at) < now - KEPT,
                )
            )

    def _settle(self, key: str, owner: str, **changes: Any) -> bool:
        with self.db.transaction() as session:
            changed = session.execute(
                update(InboxEvent)
                .where(col(InboxEvent.event_key) == key, col(InboxEvent.owner) == owner)
                .where(col(InboxEvent.state) == "taken")
                .values(**changes, owner=None, lease_until=None)
                .returning(col(InboxEvent.event_key))
            )
            return changed.first() is not None


def _free(now: datetime) -> Any:
    return or_(
        col(InboxEvent.state) == "waiting",
        (col(InboxEvent.state) == "taken") & (col(InboxEvent.lease_until) <= now),
    )


def _give_up(session: Session, now: datetime) -> None:
    """Events whose owners died again and again."""
    session.execute(
        update(InboxEvent)
        .where(_free(now), col(InboxEvent.attempts) >= MAX_ATTEMPTS)
        .values(state="failed", body={}, error="every attempt ended without an answer")
    )
