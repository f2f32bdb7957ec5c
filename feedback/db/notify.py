"""LISTEN/NOTIFY between replicas: tells the others which dialogues have something new.

What was written is in the store; this only makes it quick, and whatever is lost on the way (a
killed process, a server that restarts) is found by looking. It is sent after the commit, by a
connection of its own and many at once: inside a transaction NOTIFY makes all commits wait for one
another.
"""

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final
from uuid import uuid4

import psycopg
import structlog
from psycopg import sql
from sqlalchemy.engine import URL

from feedback.db.database import Database
from feedback.db.engines import CONNECT_TIMEOUT_S, KEEPALIVES

CHANNEL: Final = "shopclerk"
MAX_BYTES: Final = 7_000  # PostgreSQL takes a payload of less than 8,000
GATHER_S: Final = 0.02  # what is told within it goes together
LOOK_S: Final = 5.0  # how long a listener waits before it looks whether it shall end
PAUSES_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)  # between attempts to connect again

Connection = psycopg.Connection[tuple[object, ...]]

log = structlog.get_logger()


class Bus:
    """One process's ear and mouth; `tell` and `close` may be called from any thread."""

    def __init__(self, db: Database, heard: Callable[[str], None], missed: Callable[[], None]):
        """`heard` is called with each dialogue that another process wrote to.

        `missed` is called when something may not have been heard: after each connection.
        """
        self._conninfo = _conninfo(db.url)
        self._heard, self._missed = heard, missed
        self._me = uuid4().hex[:12]
        self._told: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._unsent: list[str] | None = None
        self._closing = threading.Event()
        self._connected = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=f"bus-{work.__name__}", daemon=True)
            for work in (self._listen, self._speak)
        ]

    def start(self) -> None:
        """Connect, and go on as long as it takes."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End; what was told just now is still sent."""
        self._closing.set()
        self._told.put(None)
        self._threads[1].join(CONNECT_TIMEOUT_S)

    def tell(self, dialogue_id: str) -> None:
        """Something was written to the dialogue, and committed."""
        self._told.put(dialogue_id)

    @property
    def connected(self) -> bool:
        """Whether what others tell is heard now."""
        return self._connected.is_set()

    def _listen(self) -> None:
        self._stay_connected(self._hear)

    def _hear(self, connection: Connection) -> None:
        """Take what others tell, until the line breaks or the end."""
        try:
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            self._connected.set()
            self._missed()
            while not self._closing.is_set():
                for notice in connection.notifies(timeout=LOOK_S):
                    self._take(notice.payload)
                    if self._closing.is_set():
                        return
                connection.execute("SELECT 1")  # a dead line says nothing by itself
        finally:
            self._connected.clear()

    def _take(self, payload: str) -> None:
        sender, _, dialogues = payload.partition(":")
        if sender == self._me:
            return
        for dialogue_id in dialogues.split(","):
            self._heard(dialogue_id)

    def _speak(self) -> None:
        self._stay_connected(self._tell_others)

    def _tell_others(self, connection: Connection) -> None:
        """Pass on what is told here, until the line breaks or the end."""
        while (batch := self._unsent or self._gathered()) is not None:
            self._unsent = batch  # a line that broke meanwhile breaks here: the next one has it
            for payload in payloads(self._me, batch):
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            self._unsent = None

    def _gathered(self) -> list[str] | None:
        """What was told since the last time; None: it is over."""
        first = self._told.get()
        if first is None:
            return None
        time.sleep(GATHER_S)
        found = {first: None}
        with contextlib.suppress(queue.Empty):
            while (more := self._told.get_nowait()) is not None:
                found[more] = None
            self._told.put(None)  # the end is for the next call
        return list(found)

    def _stay_connected(self, work: Callable[[Connection], None]) -> None:
        """Do `work` on a connection, and on another whenever one breaks, until the end."""
        attempt = 0
        while not self._closing.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    attempt = 0
                    work(connection)
            except psycopg.OperationalError as away:
                log.warning("bus.away", reason=type(away).__name__)
            self._closing.wait(PAUSES_S[min(attempt, len(PAUSES_S) - 1)])
            attempt += 1


def payloads(sender: str, dialogues: list[str]) -> Iterator[str]:
    """The messages that tell of `dialogues`, each as short as PostgreSQL wants it.

    >>> list(payloads("me", ["a", "b"]))
    ['me:a,b']
    """
    part: list[str] = []
    size = len(sender) + 1
    for dialogue_id in dialogues:
        length = len(dialogue_id.encode()) + 1
        if part and size + length > MAX_BYTES:
            yield f"{sender}:{','.join(part)}"
            part, size = [], len(sender) + 1
        part.append(dialogue_id)
        size += length
    if part:
        yield f"{sender}:{','.join(part)}"


def _conninfo(url: URL) -> str:
    plain = url.set(drivername="postgresql")
    options: dict[str, str | int] = {
        "application_name": "shopclerk-bus",
        "connect_timeout": CONNECT_TIMEOUT_S,
        **KEEPALIVES,
    }
    text = plain.render_as_string(hide_password=False)
    return psycopg.conninfo.make_conninfo(text, **options)
