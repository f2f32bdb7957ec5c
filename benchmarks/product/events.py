"""Bulk-loads a store with the events of a large shop.

Ten events a shopper, in shares like a busy chat's: one exposure, six or seven replies shown,
clicks, thumbs, now and then an order and a refund. Identifiers look random, as the real ones do:
sequential ones would make every index of the tables far quicker than it is.
"""

import hashlib
import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import psycopg
from sqlmodel import SQLModel

from feedback.db import (
    MONEY_SCALE,
    Click,
    Database,
    Dialogue,
    Exposure,
    Impression,
    Order,
    OrderLine,
    Rating,
    Refund,
    Shopper,
    to_micros,
)

WEEKS: Final = 12
SHARES: Final = {"holdout": 0.5, "champion": 0.5}
CVR: Final = {"holdout": 0.05, "champion": 0.055}
DAY: Final = 24 * 3600 * 10**6
CHUNK: Final = 20_000  # shoppers written at once
REPLIES: Final = 80
TABLES: Final[tuple[type[SQLModel], ...]] = (
    Shopper, Exposure, Dialogue, Impression, Click, Rating, Order, OrderLine, Refund,
)  # fmt: skip

Rows = dict[type[SQLModel], list[tuple[Any, ...]]]


def fill_events(database: Database, *, shoppers: int, now: datetime, experiment: str) -> int:
    """Write so many shoppers' events over the last twelve weeks; returns how many events."""
    events = 0
    with _bulk(database) as write:
        for rows in _chunks(shoppers, now, experiment):
            events += sum(len(rows[table]) for table in TABLES if table not in _NO_EVENTS)
            for table in TABLES:
                write(table, rows[table])
    return events


_NO_EVENTS: Final = (Shopper, Dialogue, OrderLine)


def _chunks(shoppers: int, now: datetime, experiment: str) -> Iterator[Rows]:
    chance = random.Random(1)
    start = to_micros(now - timedelta(weeks=WEEKS))
    step = WEEKS * 7 * DAY // shoppers
    for first in range(0, shoppers, CHUNK):
        rows: Rows = {table: [] for table in TABLES}
        for number in range(first, min(first + CHUNK, shoppers)):
            _add_shopper(rows, chance, number, start + number * step, experiment)
        yield rows


def _add_shopper(rows: Rows, chance: random.Random, number: int, at: int, experiment: str) -> None:
    name = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()[:22]
    arm = "holdout" if chance.random() < SHARES["holdout"] else "champion"
    locale = "zh" if chance.random() < 0.3 else "en"
    rows[Shopper].append((name, at))
    rows[Exposure].append((experiment, name, arm, "web", at, None))
    dialogue = f"d{name}"
    replies = 4 + number % 6  # 6.5 on average
    handed = chance.random() < 0.15
    last = at + replies * 60_000_000
    rows[Dialogue].append(
        (dialogue, name, "web", locale, arm, None, None, None, None,
         "waiting" if handed else "clerk", "unsure" if handed else None, None, 0, at, last)
    )  # fmt: skip
    for turn in range(replies):
        _add_reply(rows, chance, name, arm, locale, turn, at + turn * 60_000_000, handed)
    if chance.random() < CVR[arm]:
        _add_order(rows, chance, name, number, last + int(chance.random() * 3 * DAY))


def _add_reply(
    rows: Rows, chance: random.Random, name: str, arm: str, locale: str, turn: int, at: int,
    handed: bool,
) -> None:  # fmt: skip
    shown = f"i{turn}{name}"
    reply = f"reply_{chance.randrange(REPLIES):02d}"
    kind = "handover" if handed and turn == 3 else "answer"
    rows[Impression].append(
        (shown, f"d{name}", name, arm, kind, reply if kind == "answer" else None,
         "You can send it back within 30 days, as long as it is unworn.", locale, "[]", "[]",
         f'[{{"reply_id": "{reply}", "score": 0.9}}]', 0.9, 1.0,
         "keywords" if arm == "holdout" else "model", 3, 2.5, at)
    )  # fmt: skip
    if chance.random() < 0.2:
        product = f"product-{chance.randrange(200)}"
        rows[Click].append((f"c{turn}{name}", shown, name, "product", product, at + 1_000_000))
    if chance.random() < 0.1:
        value = "up" if chance.random() < 0.8 else "down"
        rows[Rating].append((shown, name, value, None, None, at + 2_000_000))


def _add_order(rows: Rows, chance: random.Random, name: str, number: int, at: int) -> None:
    order, total = f"o{name}", int(chance.lognormvariate(4, 0.6) * 100) * (MONEY_SCALE // 100)
    refunded = total if chance.random() < 0.05 else 0
    rows[Order].append(
        ("shopify", order, str(number), "web", "", name, "token", None, "paid", True, None, at,
         None, "USD", total, 0, refunded, None, None, at, "{}")
    )  # fmt: skip
    line = ("shopify", order, 0, f"product-{number % 200}", "A thing", 1, total)
    rows[OrderLine].append(line)
    if refunded:
        rows[Refund].append(
            ("shopify", f"r{name}", order, total, "USD", None, "succeeded", at + 2 * DAY)
        )


class _bulk:  # noqa: N801 - used as a function
    """Writes rows past the ORM, with the indexes made afterwards, as a dump is loaded."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def __enter__(self) -> Any:
        self._indexes = [index for table in TABLES for index in _table(table).indexes]
        for index in self._indexes:
            index.drop(self.database.engine, checkfirst=True)
        if self.database.is_sqlite:
            self._sqlite = sqlite3.connect(self.database.url.database or "", isolation_level=None)
            self._sqlite.execute("PRAGMA synchronous=OFF")
            # The keys come in no order: without room for their pages each insert would read the
            # disk.
            self._sqlite.execute("PRAGMA cache_size=-2000000")
            self._sqlite.execute("BEGIN")
            return self._insert
        url = self.database.url.set(drivername="postgresql")
        self._postgres = psycopg.connect(url.render_as_string(hide_password=False))
        return self._copy

    def __exit__(self, *_: object) -> None:
        if self.database.is_sqlite:
            self._sqlite.execute("COMMIT")
            self._sqlite.close()
        else:
            self._postgres.commit()
            self._postgres.close()
        for index in self._indexes:
            index.create(self.database.engine)
        with self.database.transaction() as session:
            session.connection().exec_driver_sql("ANALYZE")

    def _insert(self, table: type[SQLModel], rows: Sequence[tuple[Any, ...]]) -> None:
        columns = _table(table).columns
        names, marks = ", ".join(f'"{c.name}"' for c in columns), ", ".join("?" for _ in columns)
        statement = f'INSERT INTO "{_table(table).name}" ({names}) VALUES ({marks})'
        self._sqlite.executemany(statement, rows)

    def _copy(self, table: type[SQLModel], rows: Sequence[tuple[Any, ...]]) -> None:
        names = ", ".join(f'"{column.name}"' for column in _table(table).columns)
        statement = f'COPY "{_table(table).name}" ({names}) FROM STDIN'
        with self._postgres.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


def _table(model: type[SQLModel]) -> Any:
    return model.__table__  # type: ignore[attr-defined]
