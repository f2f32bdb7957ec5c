"""Look up, insert and upsert rows, inside a transaction that is already open."""

import hashlib
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, select

from feedback.db.errors import BadChoice

Row = TypeVar("Row", bound=SQLModel)

MAX_KEY_CHARS: Final = 200  # longer keys are kept by their hash: PostgreSQL indexes 2,700 bytes


def check_choice(what: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is not one of `known`.

    Raises:
        BadChoice: it is not.
    """
    if value not in known:
        raise BadChoice(what, value, known)


def short_key(key: str) -> str:
    """`key`, or its hash where it is too long for an index."""
    if len(key) <= MAX_KEY_CHARS:
        return key
    return "sha256:" + hashlib.sha256(key.encode("utf-8", "ignore")).hexdigest()


def insert_into(session: Session | Connection, table: type[SQLModel]) -> Any:
    """An INSERT that knows ON CONFLICT, in the session's dialect.

    Its row count is never trusted (psycopg reports none): ask it for `.returning(...)`.
    """
    bind = session if isinstance(session, Connection) else session.get_bind()
    kind = postgresql if bind.dialect.name == "postgresql" else sqlite
    return kind.insert(table)


def insert_once(session: Session, row: SQLModel) -> bool:
    """Write `row` unless its key is taken; whether it was written."""
    keys = type(row).__table__.primary_key.columns  # type: ignore[attr-defined]
    insert = insert_into(session, type(row)).values(row.model_dump()).on_conflict_do_nothing()
    return session.execute(insert.returning(*keys)).first() is not None


def find(session: Session, table: type[Row], key: str, *, lock: bool = False) -> Row | None:
    """The row under a key that came from outside; what no key can hold finds nothing.

    `lock` makes other transactions wait for this one (on SQLite every writer already does).
    """
    if not key.isprintable():
        return None  # control characters and lone surrogates: PostgreSQL would refuse the query
    found: Row | None = session.exec(_by_key(table, lock), params={"key": key}).first()
    return found


@cache
def _by_key(table: type[Row], lock: bool) -> Any:
    """Built once for each table: building it takes twice as long as running it."""
    (column,) = table.metadata.tables[str(table.__tablename__)].primary_key
    statement = select(table).where(column == bindparam("key"))
    return statement.with_for_update() if lock else statement


def take_turns(session: Session, key: int) -> None:
    """Until this transaction ends, others that ask for `key` wait (on SQLite writers do anyway)."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
