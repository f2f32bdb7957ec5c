"""The database: connections and transactions, the same on SQLite and PostgreSQL.

Nothing connects before the first transaction. Everything is synchronous; edges that are not call it
through a thread pool.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool
from sqlmodel import Session

from feedback.db.engines import BUSY_TIMEOUT_S, READING, make_engine
from feedback.db.error_mapping import RESTORE, as_unreadable
from feedback.db.errors import StoreDamaged, StoreFailing, StoreUnreadable
from feedback.db.group_commit import GroupCommit
from feedback.db.migrate import upgrade_to_head
from feedback.db.prepared_statements import in_few_trips

T = TypeVar("T")

THOROUGH_BYTES = 256 * 1024  # a message and its answer write some 40 kB
PROBE = text(
    "INSERT INTO write_probe (probe_id, filling) VALUES (1, :filling)"
    " ON CONFLICT (probe_id) DO UPDATE SET filling = excluded.filling"
)


class Database:
    """One database, with its connections; five ways in.

    `transaction` and `reading` give a session: use them. `statements` and `group_commit` are for
    what every message waits for, `long_transaction` is for copies of the whole.
    """

    def __init__(self, url: str) -> None:
        """Prepare connections to `url`: `sqlite:///path`, or `postgresql://user:password@host/name`.

        Raises:
            StoreUnreadable: `url` is not an address of either.
        """
        self.url = parsed_url(url)
        self.where = place_of(self.url)
        self.engine = make_engine(self.url)
        self.failing: StoreFailing | None = None  # what the last write that failed so met
        self._turn = threading.Lock()
        self._reading = self.engine.execution_options(**{READING: True})
        # On PostgreSQL: for what travels in as few round trips as can be.
        self._brief = self.engine if self.is_sqlite else make_engine(self.url, autocommit=True)
        self._group = GroupCommit(
            self._alone if self.is_sqlite else self._in_few_trips, self._alone
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of our own."""
        return self.engine.dialect.name == "sqlite"

    @property
    def engines(self) -> set[Engine]:
        """All that open connections."""
        return {self.engine, self._brief}

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back when anything is raised.

        Raises:
            StoreUnreadable: the database does not answer.
        """
        with (
            self._taking_turns(),
            self._naming_failures(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads; on SQLite it never waits for writers.

        Raises:
            StoreUnreadable: the database does not answer.
        """
        with self._naming_failures(), Session(self._reading, expire_on_commit=False) as session:
            yield session

    def statements(self, *, reading: bool = False) -> AbstractContextManager[Connection]:
        """Statements without the object mapper, each its own transaction on PostgreSQL.

        `reading`: they only read; on SQLite they never wait for writers.

        Raises:
            StoreUnreadable: the database does not answer.
        """
        if not self.is_sqlite:
            return self._connected()
        return self._begin(self._reading, reading=True) if reading else self._alone()

    def group_commit(self, work: Callable[[Connection], Callable[[], T]]) -> T:
        """What `work`'s writes gave, committed with what other threads write at the same moment.

        `work` sends its statements (`feedback.db.prepared_statements`) and returns how to read
        what they gave, which is called after the commit. It may be run twice, the first time
        without effect; see `feedback.db.group_commit`.

        Raises:
            StoreUnreadable: the database does not answer.
        """
        return self._group(work)

    @contextmanager
    def long_transaction(self, *, reading: bool = False) -> Iterator[Connection]:
        """A connection for what is larger than a use case: as long as it takes, one transaction.

        `reading`: all its statements see one moment, and nobody waits for it.

        Raises:
            StoreUnreadable: the database does not answer.
        """
        engine = self._reading if reading else self.engine
        if reading and not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with self._naming_failures(), engine.connect() as connection:
            if not self.is_sqlite:
                connection.detach()  # its settings are not for the next one
                with connection.begin():
                    connection.execute(text("SET statement_timeout = 0"))
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest form; several processes may do so at once.

        Raises:
            StoreUnreadable: the database does not answer, or is newer than this program.
        """
        with self._naming_failures():
            self.make_folder()
            with self.engine.connect() as connection:
                upgrade_to_head(connection, self.where)

    def check_writable(self, *, thoroughly: bool = False) -> None:
        """Commit a small row; `thoroughly`: one that is larger than whatever a message writes.

        Raises:
            StoreUnreadable: it can not be written.
        """
        if thoroughly:
            self._probe(secrets.token_hex(THOROUGH_BYTES // 2))
        self._probe("")

    def check_whole(self) -> None:
        """Read SQLite's file for damaged pages: some seconds for each gigabyte.

        Raises:
            StoreDamaged: there are some.
        """
        if not self.is_sqlite:
            return
        with self.statements(reading=True) as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise StoreDamaged(
                self.where, f"the file is damaged ({found.splitlines()[-1]})", RESTORE
            )

    def forgive(self, failing: StoreFailing | None) -> None:
        """Forget a failure that is over; one that came meanwhile stays."""
        if self.failing is failing:
            self.failing = None

    def pool_in_use(self) -> int:
        """How many connections are at work."""
        pools = [engine.pool for engine in self.engines]
        return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))

    def close(self) -> None:
        """Close all connections; a later transaction opens new ones."""
        for engine in self.engines:
            engine.dispose()

    def make_folder(self) -> None:
        """Make the folder of SQLite's file.

        Raises:
            StoreUnreadable: it can not be made.
        """
        if not self.is_sqlite or not self.url.database:
            return
        folder = Path(self.url.database).parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as refused:
            reason = refused.strerror or str(refused)
            raise StoreUnreadable(
                self.where, f"the folder {folder} can not be made ({reason})", "Name another place."
            ) from refused

    def _probe(self, filling: str) -> None:
        with self.statements() as connection:
            connection.execute(PROBE, {"filling": filling})

    def _alone(self) -> AbstractContextManager[Connection]:
        return self._begin(self.engine)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self._naming_failures(), self._brief.connect() as connection:
            yield connection

    @contextmanager
    def _in_few_trips(self) -> Iterator[Connection]:
        with self._connected() as connection, in_few_trips(connection):
            yield connection

    @contextmanager
    def _begin(self, engine: Engine, *, reading: bool = False) -> Iterator[Connection]:
        turn = nullcontext() if reading else self._taking_turns()
        with turn, self._naming_failures(), engine.begin() as connection:
            yield connection

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        """One writer of this process at a time, on SQLite.

        By itself it lets write the one that happens to ask in the right moment: under load one in a
        hundred waited for over 3 s.
        """
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_TIMEOUT_S):
            raise StoreUnreadable(self.where, "another write goes on", "Try again in a moment.")
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def _naming_failures(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as busy:
            raise StoreUnreadable(
                self.where, "all its connections are busy", "Try again in a moment."
            ) from busy
        except DBAPIError as failure:
            if unreadable := as_unreadable(failure, self.where, is_sqlite=self.is_sqlite):
                if isinstance(unreadable, StoreFailing):
                    self.failing = unreadable
                raise unreadable from failure
            raise


def parsed_url(url: str) -> URL:
    """`url` with the driver we use.

    Raises:
        StoreUnreadable: it is not an address of SQLite or PostgreSQL.
    """
    remedy = "Write sqlite:///path/to/shopclerk.db or postgresql://user:password@host/name."
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as wrong:
        # The address is not repeated: what can not be parsed can not be freed of its password.
        raise StoreUnreadable("named by the setting", "it is not an address", remedy) from wrong
    kind = parsed.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    raise StoreUnreadable(
        place_of(parsed), "it is neither a file of SQLite nor a PostgreSQL", remedy
    )


def place_of(url: URL) -> str:
    """The path or host of `url`, never its user's password.

    >>> place_of(make_url("postgresql://clerk:secret@db:5433/shop"))
    'postgresql://db:5433/shop'
    """
    if url.get_backend_name() == "sqlite":
        return url.database or ":memory:"
    socket = url.query.get("host", "")
    host = url.host or (socket if isinstance(socket, str) else ",".join(socket))
    return f"{url.get_backend_name()}://{host}{f':{url.port}' if url.port else ''}/{url.database}"
