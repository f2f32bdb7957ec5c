"""Limits on open connections, in all and by address.

A process without a free file can neither take a connection nor open its store. So the newest
connection is let in at the price of the one that has waited longest without asking anything.
"""

import resource
from collections import Counter
from dataclasses import dataclass
from typing import Final, Protocol

KEPT_FREE: Final = 128  # files: the store's (two for each thread), the model's, logs, refusals
MOST_FILES: Final = 65_536  # more than one core answers
LINGERING: Final = 20  # refused connections that may still read their refusal


class HttpConnection(Protocol):
    """What is asked of a connection."""

    counted: str | None  # whom it counts for; None: a trusted proxy, which comes for many

    def make_room(self) -> None:
        """Close at once."""


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections fit."""

    connections: int = 10_000
    per_address: int = 120

    @property
    def streams(self) -> int:
        """Streams stay for minutes: a quarter of the room is kept for those who come and go."""
        return self.connections * 3 // 4


class OpenConnections:
    """The open connections of one process; called from its event loop alone."""

    def __init__(self, room: ConnectionLimits) -> None:
        self._room = room
        self._open: set[HttpConnection] = set()
        self._by_address: Counter[str] = Counter()
        self._waiting: dict[HttpConnection, None] = {}  # in the order they began to wait

    def enter(self, connection: HttpConnection) -> str | None:
        """Let a connection in, waiting; the kind of problem if there is no room for it."""
        counted = connection.counted
        if counted is not None and self._by_address[counted] >= self._room.per_address:
            return "too-many-connections"
        if len(self._open) >= self._room.connections:
            oldest = next(iter(self._waiting), None)
            if oldest is None:
                return "full"
            self.leave(oldest)
            oldest.make_room()
        self._open.add(connection)
        if counted is not None:
            self._by_address[counted] += 1
        self._waiting[connection] = None
        return None

    def leave(self, connection: HttpConnection) -> None:
        """It is closed; a second time changes nothing."""
        self._waiting.pop(connection, None)
        if connection not in self._open:
            return
        self._open.remove(connection)
        if connection.counted is not None:
            self._by_address[connection.counted] -= 1
            if not self._by_address[connection.counted]:
                del self._by_address[connection.counted]

    def asks(self, connection: HttpConnection) -> None:
        """A whole request has come: it will be answered, even when others come meanwhile."""
        self._waiting.pop(connection, None)

    def waits(self, connection: HttpConnection) -> None:
        """It was answered and may ask again."""
        if connection in self._open:
            self._waiting[connection] = None

    def __len__(self) -> int:
        return len(self._open)


def raise_file_limit() -> int:
    """Let this process open as many files as it may; how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return MOST_FILES if soft == resource.RLIM_INFINITY else min(soft, MOST_FILES)


def room_in(files: int, per_address: int) -> ConnectionLimits:
    """The room of a process that may open so many files.

    >>> room_in(1_024, 120).connections, room_in(200, 120).connections
    (896, 100)
    """
    return ConnectionLimits(max(files - KEPT_FREE, files // 2), per_address)
