"""SQLAlchemy engines for SQLite and PostgreSQL, with the settings that each needs."""

import time
from functools import partial
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_S = 30  # how long a writer waits for another; the longest real transaction takes 0.1 s
CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_S = 30  # the slowest statement of a request takes 0.1 s; jobs lift it
# A server or a line that died without a word is noticed after some 20 s, not after two hours.
KEEPALIVES = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
# The server looks after us likewise: the locks of a bot whose line is gone would else be held for
# two hours, and every message of that dialogue wait for them.
SESSION = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "statement_timeout": f"{STATEMENT_TIMEOUT_S}s",
        "tcp_keepalives_idle": KEEPALIVES["keepalives_idle"],
        "tcp_keepalives_interval": KEEPALIVES["keepalives_interval"],
        "tcp_keepalives_count": KEEPALIVES["keepalives_count"],
        "tcp_user_timeout": KEEPALIVES["tcp_user_timeout"],
    }.items()
)
PING_AFTER_S = 2.0  # of rest
USED = "shopclerk_used"  # of a connection's record: when it came back
READING = "shopclerk_reading"  # the execution option of sessions that only read


def make_engine(url: URL, *, autocommit: bool = False) -> Engine:
    """An engine for `url`, whose connections are not opened yet.

    `autocommit`, on PostgreSQL: its connections never begin a transaction by themselves, and come
    back to the pool as they are. Its errors name no values: they may be people's words, and errors
    are logged.
    """
    if url.get_backend_name() != "sqlite":
        kept: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
        engine = create_engine(
            url.difference_update_query(["options"]),
            pool_size=10,
            max_overflow=15,
            pool_use_lifo=True,  # the one used last knows the statements, and is not cold
            hide_parameters=True,
            **(kept if autocommit else {}),
            connect_args={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "application_name": "shopclerk",
                "options": f"{SESSION} {_options(url)}",
                **KEEPALIVES,
            },
        )
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", partial(_ping_after_a_rest, engine.dialect))
        return engine
    # As many are kept as a bot has threads: one over that is opened and closed for a single use.
    engine = create_engine(
        url,
        pool_size=20,
        max_overflow=25,
        hide_parameters=True,
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _options(url: URL) -> str:
    """What the address itself sets for its sessions, `-csearch_path=shop` for one; it wins."""
    given = url.query.get("options", "")
    return given if isinstance(given, str) else " ".join(given)


def _note_use(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[USED] = time.monotonic()


def _ping_after_a_rest(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """A restarted server costs a ping, not a failed request; under load nobody pings."""
    rested = time.monotonic() - record.info.get(USED, time.monotonic())
    if rested > PING_AFTER_S and not _answers(dialect, connection):
        raise DisconnectionError("the server has gone meanwhile")  # the pool connects again


def _answers(dialect: Dialect, connection: Any) -> bool:
    try:
        return dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        return False


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see below
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # NORMAL may lose the last commits with the power
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # The driver's own transactions begin at the first write: two that read before they write lose
    # each other's changes without an error (tried: 72 of 800 left).
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
