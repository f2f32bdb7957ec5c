"""How messages of the outbox travel: in which order, counted with what, and what is closed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from feedback.db import OutboxLane, OutboxMessage, insert_into

MOST_LOOKED_AT: Final = 1_000  # messages that wait; far more only wait while a channel is away


class Waiting(NamedTuple):
    """A message that is not settled, as far as its way depends on it."""

    number: int
    message_key: str
    lane: str
    kind: str
    payload: Mapping[str, Any]
    thread_ts: str | None
    state: str
    due_at: datetime
    lease_until: datetime | None
    made_at: datetime


class Route(NamedTuple):
    """How a message travels.

    Attributes:
        order: Messages of the same order go one after another.
        budget: What it is counted with: of one budget, one message an `interval` may leave, and
            `burst` at once after a silence.
        closed_by: Names that `Outbox.again` may close for a while.
        patience: How much later than others it may leave; words before drawings.
    """

    order: str
    budget: str
    interval: timedelta = timedelta(0)
    burst: int = 1
    closed_by: tuple[str, ...] = ()
    patience: timedelta = timedelta(0)


Router = Callable[[Waiting, timedelta], Route]  # the second: between two messages to one place


def lane_route(message: Waiting, pace: timedelta) -> Route:
    """One message after another to each place, `pace` apart."""
    return Route(message.lane, message.lane, pace, closed_by=(message.lane,))


class Lanes:
    """How far each budget is used up, and what is closed."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        rows = session.exec(select(OutboxLane).where(col(OutboxLane.free_at) > now)).all()
        self._free_at = {row.lane: row.free_at for row in rows}
        self._taken: set[str] = set()

    def take(self, route: Route) -> bool:
        """Count a message; False: it has to wait.

        A budget is kept as the moment at which it would be whole again (GCRA).
        """
        if any(f"closed:{name}" in self._free_at for name in route.closed_by):
            return False
        whole_at = max(self._now, self._free_at.get(route.budget, self._now))
        if whole_at - self._now > (route.burst - 1) * route.interval:
            return False
        self._free_at[route.budget] = whole_at + route.interval
        self._taken.add(route.budget)
        return True

    def save(self) -> None:
        """Write down what was counted."""
        for budget in sorted(self._taken):
            _keep(self._session, budget, self._free_at[budget])


def close_lane(session: Session, name: str, until: datetime) -> None:
    """Nothing whose route is closed by `name` leaves before `until`."""
    _keep(session, f"closed:{name}", until)


def ready(
    session: Session, channel: str, router: Router, now: datetime, pace: timedelta
) -> list[tuple[int, Route]]:
    """The first message of each order, where it is due and nothing of the order is on its way."""
    first: dict[str, tuple[Waiting, Route]] = {}
    for message in _unsettled(session, channel):
        route = router(message, pace)
        if route.order not in first or _on_its_way(message, now):
            first[route.order] = (message, route)
    due = [
        (message, route)
        for message, route in first.values()
        if message.due_at <= now and not _on_its_way(message, now)
    ]
    due.sort(key=lambda one: (one[0].made_at + one[1].patience, one[0].number))
    return [(message.number, route) for message, route in due]


def _unsettled(session: Session, channel: str) -> list[Waiting]:
    """What waits or is on its way, oldest first; of one that is tried again the place stays."""
    rows = session.execute(
        sa_select(*(getattr(OutboxMessage, name) for name in Waiting._fields))
        .where(col(OutboxMessage.channel) == channel)
        .where(col(OutboxMessage.state).in_(("waiting", "sending")))
        .order_by(col(OutboxMessage.number))
        .limit(MOST_LOOKED_AT)
    )
    return [Waiting(*row) for row in rows]


def _on_its_way(message: Waiting, now: datetime) -> bool:
    until = message.lease_until
    return message.state == "sending" and until is not None and until > now


def _keep(session: Session, lane: str, until: datetime) -> None:
    insert = insert_into(session, OutboxLane).values({"lane": lane, "free_at": until})
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["lane"], set_={"free_at": insert.excluded.free_at}
        )
    )
