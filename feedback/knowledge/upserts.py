"""Writes rows over what stands under their key, and tells caches when a table changed."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select as sa_select
from sqlmodel import Session, SQLModel, select

from feedback.db import MICROSECOND, Prepared, insert_into

BATCH: Final = 500  # rows a statement: SQLite takes at most 32,766 values in one


def upsert(
    session: Session, table: type[SQLModel], rows: list[dict[str, Any]], key: tuple[str, ...]
) -> int:
    """Insert `rows` or replace what stands under their key; the last of equal keys holds."""
    newest = {tuple(row[name] for name in key): row for row in rows}
    if rows:
        insert = insert_into(session, table)
        changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
        changed.pop("added_at", None)  # when it came first
        replacing = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
        # Row by row to the driver: 15,000 questions take 0.3 s, as long statements they took 7 s.
        session.connection().execute(replacing, list(newest.values()))
    return len(newest)


def batches(rows: list[Any]) -> Iterator[list[Any]]:
    """The rows, at most `BATCH` at a time."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _updated_at(table: type[SQLModel]) -> ColumnElement[datetime]:
    column: ColumnElement[datetime] = table.metadata.tables[str(table.__tablename__)].c.updated_at
    return column


def _latest(session: Session, table: type[SQLModel]) -> datetime | None:
    latest: datetime | None = session.execute(select(func.max(_updated_at(table)))).scalar_one()
    return latest


@cache
def stamps_of(*tables: type[SQLModel]) -> Prepared:
    """How many rows each table has and when one changed last."""
    parts = [
        part
        for table in tables
        for part in (
            select(func.count()).select_from(table).scalar_subquery(),
            select(func.max(_updated_at(table))).scalar_subquery(),
        )
    ]
    return Prepared(sa_select(*parts))


def later_than_all(session: Session, table: type[SQLModel], now: datetime) -> datetime:
    """`now`, or a little later: two changes within one moment still change the stamp."""
    latest = _latest(session, table)
    return now if latest is None else max(now, latest + MICROSECOND)
