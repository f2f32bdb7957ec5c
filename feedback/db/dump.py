"""Dump and restore of the whole store as lines of JSON: what a backup is made of.

The tables are read as the database describes them, not as this program does: a table that is added
later is in the next backup by itself. The lines are the same for SQLite and PostgreSQL, so that
what was dumped from one can be loaded into the other. A table's digest does not depend on the order
of its rows, which collations change from one database to the next.
"""

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from feedback.db.database import Database
from feedback.db.errors import FeedbackError
from feedback.db.migrate import alembic_config, revisions, without_references

VERSION_TABLE: Final = "alembic_version"
ROWS: Final = 5_000  # read or written at once: some 10 MB
LOCK_SECONDS: Final = 10  # how long a restore waits for processes that still use the tables


class NotEmpty(FeedbackError):
    """There is something where a backup should be loaded."""

    def __init__(self, where: str, rows: int) -> None:
        """Say how much would be lost."""
        super().__init__(
            f"the store {where} holds {rows:,} rows already; name an empty one"
            " (SHOPCLERK_DATABASE_URL), or lose them: --replace"
        )


class NotAsDumped(FeedbackError):
    """What was loaded is not what was dumped."""

    def __init__(self, table: str, expected: "TableDigest", found: "TableDigest") -> None:
        """Name the table and both figures."""
        super().__init__(
            f"table {table} came back with {found.rows:,} rows ({found.sha256[:12]}…) instead of"
            f" {expected.rows:,} ({expected.sha256[:12]}…); nothing was changed."
        )


class UnknownRevision(FeedbackError):
    """The backup is newer than this program."""

    def __init__(self, revision: str) -> None:
        """Name the revision."""
        super().__init__(
            f"the backup's tables are of revision {revision}, which this version of shopclerk does"
            " not know; install the version that made it, or a newer one."
        )


class TableDigest(NamedTuple):
    """How many rows a table has, and the sum of their lines' SHA-256, whatever their order."""

    rows: int
    sha256: str


class CountedLines:
    """Lines on their way: counted and digested as they pass."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Pass on `lines`."""
        self._lines = lines
        self._rows, self._sum = 0, 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self._rows += 1
            self._sum += int.from_bytes(hashlib.sha256(line).digest())
            yield line

    @property
    def digest(self) -> TableDigest:
        """Of what has passed so far."""
        return TableDigest(self._rows, (self._sum % 2**256).to_bytes(32).hex())


class StoreSnapshot:
    """The store at one moment, while others go on writing."""

    def __init__(self, connection: sa.Connection) -> None:
        """Look at the tables through an open transaction."""
        self._connection = connection
        self._tables = _described(connection)

    @property
    def revision(self) -> str:
        """The form of the tables."""
        found = self._connection.execute(sa.text("SELECT version_num FROM alembic_version"))
        return str(found.scalar_one())

    @property
    def tables(self) -> list[str]:
        """Their names; a table stands after those it refers to."""
        return [table.name for table in self._tables]

    def lines(self, name: str) -> Iterator[bytes]:
        """The rows of a table: first the names of its columns, then a list of values each."""
        table = next(each for each in self._tables if each.name == name)
        yield _line([column.name for column in table.columns])
        yield from _rows(self._connection, table)


@contextmanager
def store_snapshot(db: Database) -> Iterator[StoreSnapshot]:
    """The store as it is now; nobody is kept from writing meanwhile.

    Raises:
        StoreUnreadable: the database does not answer.
    """
    with db.long_transaction(reading=True) as connection, connection.begin():
        yield StoreSnapshot(connection)


def load_snapshot(
    db: Database,
    revision: str,
    tables: Iterable[tuple[str, Iterable[bytes], TableDigest]],
    *,
    replace: bool = False,
) -> int:
    """Put dumped tables into `db`, compare them with their digests, migrate; how many rows.

    All in one transaction: after a failure everything is as it was.

    Raises:
        NotEmpty: there are rows already, and `replace` was not said.
        NotAsDumped: a table did not come back as it was.
        UnknownRevision: the dump is of a newer program.
        StoreUnreadable: the database does not answer.
    """
    if revision not in revisions():
        raise UnknownRevision(revision)
    db.make_folder()
    # Rows may come before those they refer to; that is checked at the end.
    with db.long_transaction() as connection, without_references(connection), connection.begin():
        _make_room(connection, db.where, replace=replace)
        return _load(connection, revision, tables)


def _make_room(connection: sa.Connection, where: str, *, replace: bool) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
    there = _described(connection)
    rows = sum(
        connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        for table in there
    )
    if rows and not replace:
        raise NotEmpty(where, rows)
    for table in reversed(there):
        table.drop(connection)
    connection.execute(sa.text(f"DROP TABLE IF EXISTS {VERSION_TABLE}"))


def _load(
    connection: sa.Connection,
    revision: str,
    tables: Iterable[tuple[str, Iterable[bytes], TableDigest]],
) -> int:
    from alembic import command  # noqa: PLC0415 - it costs 0.2 s, and a bot 11 MB

    config = alembic_config(connection)
    command.upgrade(config, revision)
    described = {table.name: table for table in _described(connection)}
    total = 0
    for name, lines, expected in tables:
        table = described[name]
        _insert(connection, table, iter(lines))
        back = CountedLines(_rows(connection, table))
        for _ in back:
            pass
        if back.digest != expected:
            raise NotAsDumped(name, expected, back.digest)
        _count_on(connection, table)
        total += expected.rows
    if connection.dialect.name == "sqlite":
        orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if orphan is not None:
            raise FeedbackError(
                f"a row of {orphan[0]} refers to one of {orphan[2]} that is not there"
            )
    command.upgrade(config, "head")
    return total


def _described(connection: sa.Connection) -> list[sa.Table]:
    """The tables, after those they refer to; a partition's rows are its parent's."""
    metadata = sa.MetaData()
    partitions: set[str] = set()
    if connection.dialect.name == "postgresql":
        found = connection.execute(sa.text("SELECT relname FROM pg_class WHERE relispartition"))
        partitions = set(found.scalars())
    names = set(sa.inspect(connection).get_table_names()) - partitions - {VERSION_TABLE}
    metadata.reflect(connection, only=sorted(names))
    return [table for table in metadata.sorted_tables if table.name in names]


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    columns = [sa.cast(column, sa.Text) if _is_json(column) else column for column in table.columns]
    found = connection.execute(sa.select(*columns), execution_options={"yield_per": ROWS})
    return (_line(list(row)) for row in found)


def _insert(connection: sa.Connection, table: sa.Table, lines: Iterator[bytes]) -> None:
    names = json.loads(next(lines))
    columns = [table.columns[name] for name in names]
    for batch in _batches(lines, ROWS):
        rows = [json.loads(line) for line in batch]
        if connection.dialect.name == "postgresql":
            _copy(connection, table, columns, rows)
        else:
            marks = ", ".join("?" * len(columns))
            quoted = ", ".join(f'"{name}"' for name in names)
            connection.exec_driver_sql(
                f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})',  # noqa: S608 - our names
                [tuple(row) for row in rows],
            )


def _copy(
    connection: sa.Connection, table: sa.Table, columns: Sequence[Any], rows: list[list[Any]]
) -> None:
    quoted = ", ".join(f'"{column.name}"' for column in columns)
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copied:
            for row in rows:
                copied.write_row(row)
    finally:
        cursor.close()


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """PostgreSQL numbers new rows by a sequence, which knows nothing of rows that were copied."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        name = connection.execute(
            sa.text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": f'"{table.name}"', "column": column.name},
        ).scalar()
        if name:
            newest = connection.execute(sa.select(sa.func.max(column))).scalar()
            connection.execute(
                sa.text("SELECT setval(:name, :value, :used)"),
                {"name": name, "value": newest or 1, "used": newest is not None},
            )


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.JSON | postgresql.JSON | postgresql.JSONB)


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _batches(lines: Iterator[bytes], size: int) -> Iterator[list[bytes]]:
    while batch := list(itertools.islice(lines, size)):
        yield batch
