"""Prepared statements for the message path: compiled once, then run by the driver itself.

SQLAlchemy takes 25 µs around a statement that SQLite runs in 5. The statement is written with it
all the same, and so are its types: what goes in and what comes out is what `Connection.execute`
would take and give. On PostgreSQL several of them share a round trip, see `in_few_trips`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Dialect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Change = Callable[[Any], Any]
Row = tuple[Any, ...]


class Sent:
    """A statement on its way; `Prepared.send` makes it."""

    def __init__(self, take: Callable[[], list[Row]]) -> None:
        self._take = take
        self._rows: list[Row] | None = None

    def rows(self) -> list[Row]:
        """Every row, waited for where it is not here yet; none of a statement that has none.

        Raises:
            DBAPIError: as `Connection.execute` does, for this one or one that was sent before.
        """
        if self._rows is None:
            self._rows = self._take()
        return self._rows


class _Compiled(NamedTuple):
    """A statement as one database wants it."""

    sql: str
    order: Sequence[str] | None  # of its values; None: they go by name
    fixed: dict[str, Any]  # values that the statement brings itself
    going_in: list[tuple[str, Change]]
    has_rows: bool


class Prepared:
    """A statement, for either database; safe to use from many threads."""

    def __init__(self, statement: Any, *inserted: str) -> None:
        """`inserted`: of an INSERT, the columns that are given."""
        self.statement = statement
        self._inserted = list(inserted) or None
        self._compiled: dict[str, _Compiled] = {}
        self._coming_out: dict[str, list[tuple[int, Change]]] = {}

    def first(self, connection: Connection, values: Mapping[str, Any]) -> Row | None:
        """The first row; None where there is none."""
        rows = self.all(connection, values)
        return rows[0] if rows else None

    def all(self, connection: Connection, values: Mapping[str, Any]) -> list[Row]:
        """Every row; none of a statement that has none.

        Raises:
            DBAPIError: as `Connection.execute` does.
        """
        return self.send(connection, values).rows()

    def send(self, connection: Connection, values: Mapping[str, Any]) -> Sent:
        """Run it; `in_few_trips` nobody waits for it before its rows are asked for.

        Raises:
            DBAPIError: as `Connection.execute` does.
        """
        if _is_watched(connection):
            result = connection.execute(self.statement, dict(values))
            rows = [tuple(row) for row in result] if result.returns_rows else []
            return Sent(lambda: rows)
        how = self._for(connection.dialect)
        given = {**how.fixed, **values}
        for name, change in how.going_in:
            given[name] = change(given[name])
        arguments: Any = given if how.order is None else [given[name] for name in how.order]
        with _as_sqlalchemy_says(connection, how.sql):
            cursor = _driver(connection).execute(how.sql, arguments)
        sent = Sent(lambda: self._taken(connection, cursor, how) if how.has_rows else [])
        if connection.dialect.name == "sqlite":
            sent.rows()  # one that is not read to its end holds up the commit
        return sent

    def _taken(self, connection: Connection, cursor: Any, how: _Compiled) -> list[Row]:
        with _as_sqlalchemy_says(connection, how.sql):
            rows: list[Row] = cursor.fetchall()
        changes = self._changes(connection.dialect, cursor.description) if rows else ()
        return [_changed(row, changes) for row in rows] if changes else rows

    def _for(self, dialect: Dialect) -> _Compiled:
        found = self._compiled.get(dialect.name)
        if found is None:
            found = self._compiled[dialect.name] = self._compile(dialect)
        return found

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self.statement.compile(dialect=dialect, column_keys=self._inserted)
        assert isinstance(compiled, SQLCompiler)
        ways_in = [
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect))
            for name, bind in compiled.binds.items()
        ]
        brought = {name: value for name, value in compiled.params.items() if value is not None}
        return _Compiled(
            str(compiled),
            compiled.positiontup,
            dict.fromkeys(compiled.binds) | brought,
            [(name, change) for name, change in ways_in if change is not None],
            has_rows=not compiled.isinsert | compiled.isupdate | compiled.isdelete
            or bool(compiled.effective_returning),
        )

    def _changes(
        self, dialect: Dialect, description: Sequence[Sequence[Any]]
    ) -> list[tuple[int, Change]]:
        """What the types make of the columns of a row; `description` is the driver's."""
        found = self._coming_out.get(dialect.name)
        if found is None:
            columns = getattr(self.statement, "exported_columns", ())
            ways = [
                column.type.dialect_impl(dialect).result_processor(dialect, told[1])
                for column, told in zip(columns, description, strict=False)
            ]
            found = [(place, change) for place, change in enumerate(ways) if change is not None]
            self._coming_out[dialect.name] = found
        return found


_BEGIN, _COMMIT = Prepared(text("BEGIN")), Prepared(text("COMMIT"))
# For a row that another process holds: then each of a group waits for itself.
_WAIT_SHORTLY: Final = Prepared(text("SET LOCAL lock_timeout = '200ms'"))


@contextmanager
def in_few_trips(connection: Connection) -> Iterator[None]:
    """A transaction whose statements travel together: waited for where rows are asked for.

    That is libpq's pipeline mode. Of a busy bot each round trip takes 0.14 ms of processor time,
    most of it for the changes of hands between threads around the wait. For PostgreSQL, on a
    connection in AUTOCOMMIT, and for statements of `Prepared` alone; a row that another transaction
    holds is waited for no longer than 200 ms.

    Raises:
        DBAPIError: as `Connection.execute`; nothing was written then, or it is not known.
    """
    try:
        with _piped(connection):
            _BEGIN.send(connection, {})
            _WAIT_SHORTLY.send(connection, {})
            yield
            _COMMIT.send(connection, {})
    except BaseException:
        if not connection.invalidated:
            with _as_sqlalchemy_says(connection, "ROLLBACK"):
                _driver(connection).rollback()
        raise


@contextmanager
def _piped(connection: Connection) -> Iterator[None]:
    if _is_watched(connection):
        yield
        return
    with _as_sqlalchemy_says(connection, "(several)"), _driver(connection).pipeline():
        yield


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _is_watched(connection: Connection) -> bool:
    """Whether somebody makes spans of statements: then SQLAlchemy runs them, one by one."""
    return bool(connection.dispatch.before_cursor_execute)


def _changed(row: Sequence[Any], changes: Sequence[tuple[int, Change]]) -> tuple[Any, ...]:
    values = list(row)
    for place, change in changes:
        values[place] = change(values[place])
    return tuple(values)


@contextmanager
def _as_sqlalchemy_says(connection: Connection, sql: str) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's, the connection given up where its line is gone."""
    dialect = connection.dialect
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        is_gone = dialect.is_disconnect(error, connection.connection, None)
        named = DBAPIError.instance(
            sql,
            None,  # values may be people's words, and this may be logged
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=is_gone,
            dialect=dialect,
        )
        if is_gone:
            connection.invalidate(error)
        raise named from error
