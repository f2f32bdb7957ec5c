"""Bulk-loads a store with the events of a large shop.

Ten events a shopper, in shares like a busy chat's: one exposure, six or seven replies shown,
clicks, thumbs, now and then an order and a refund. Identifiers look random, as the real ones do:
sequential ones would make every index of the tables far quicker than it is.
"""

import hashlib
import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

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
SECOND: Final = 10**6  # times are kept in microseconds
MINUTE: Final = 60 * SECOND
DAY: Final = 24 * 60 * MINUTE
CHUNK: Final = 20_000  # shoppers written at once
REPLIES: Final = 80
TABLES: Final[tuple[type[SQLModel], ...]] = (
    Shopper, Exposure, Dialogue, Impression, Click, Rating, Order, OrderLine, Refund,
)  # fmt: skip


class Rows(dict[type[SQLModel], list[tuple[Any, ...]]]):
    """The rows of each table, their values in the order of its columns."""

    def __init__(self) -> None:
        super().__init__({table: [] for table in TABLES})

    def add(self, table: type[SQLModel], **values: Any) -> None:
        """Add a row; a column that is not named gets its default."""
        self[table].append(tuple((_defaults(table) | values).values()))


class Talk(NamedTuple):
    """A dialogue to be filled with replies."""

    shopper_id: str
    arm: str
    locale: str
    handed: bool  # to a person, with the fourth reply


@cache
def _defaults(table: type[SQLModel]) -> dict[str, Any]:
    """What each column holds where nothing is said, as the database keeps it."""
    fields = table.model_fields
    found = {
        column.name: fields[column.name].get_default(call_default_factory=True, validated_data={})
        for column in _table(table).columns
    }
    return {
        name: json.dumps(value) if isinstance(value, list | dict) else value
        for name, value in found.items()
    }


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
        rows = Rows()
        for number in range(first, min(first + CHUNK, shoppers)):
            _add_shopper(rows, chance, number, start + number * step, experiment)
        yield rows


def _add_shopper(rows: Rows, chance: random.Random, number: int, at: int, experiment: str) -> None:
    name = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()[:22]
    arm = "holdout" if chance.random() < SHARES["holdout"] else "champion"
    locale = "zh" if chance.random() < 0.3 else "en"
    rows.add(Shopper, shopper_id=name, created_at=at)
    rows.add(
        Exposure, experiment=experiment, shopper_id=name, arm=arm, channel="web", exposed_at=at
    )
    replies = 4 + number % 6  # 6.5 on average
    handed = chance.random() < 0.15
    last = at + replies * MINUTE
    talk = Talk(name, arm, locale, handed)
    rows.add(
        Dialogue, dialogue_id=f"d{name}", shopper_id=name, channel="web", locale=locale, arm=arm,
        state="waiting" if handed else "clerk", handover_reason="unsure" if handed else None,
        started_at=at, last_at=last,
    )  # fmt: skip
    for turn in range(replies):
        _add_reply(rows, chance, talk, turn, at + turn * MINUTE)
    if chance.random() < CVR[arm]:
        _add_order(rows, chance, name, number, last + int(chance.random() * 3 * DAY))


def _add_reply(rows: Rows, chance: random.Random, talk: Talk, turn: int, at: int) -> None:
    name = talk.shopper_id
    shown = f"i{turn}{name}"
    reply = f"reply_{chance.randrange(REPLIES):02d}"
    handed = talk.handed and turn == 3
    rows.add(
        Impression, impression_id=shown, dialogue_id=f"d{name}", shopper_id=name,
        arm=talk.arm, locale=talk.locale, kind="handover" if handed else "answer",
        reply_id=None if handed else reply,
        text="You can send it back within 30 days, as long as it is unworn.",
        candidates=f'[{{"reply_id": "{reply}", "score": 0.9}}]', confidence=0.9,
        served_by="keywords" if talk.arm == "holdout" else "model", model_version=3,
        rank_ms=2.5, shown_at=at,
    )  # fmt: skip
    if chance.random() < 0.2:
        rows.add(
            Click, click_id=f"c{turn}{name}", impression_id=shown, shopper_id=name, kind="product",
            target=f"product-{chance.randrange(200)}", clicked_at=at + SECOND,
        )  # fmt: skip
    if chance.random() < 0.1:
        value = "up" if chance.random() < 0.8 else "down"
        rows.add(Rating, impression_id=shown, voter=name, value=value, rated_at=at + 2 * SECOND)


def _add_order(rows: Rows, chance: random.Random, name: str, number: int, at: int) -> None:
    order, total = f"o{name}", int(chance.lognormvariate(4, 0.6) * 100) * (MONEY_SCALE // 100)
    refunded = total if chance.random() < 0.05 else 0
    rows.add(
        Order, source="shopify", order_id=order, number=str(number), checkout="web",
        shopper_id=name, bridge="token", placed_at=at, updated_at=at, currency="USD", total=total,
        gift_cards=0, refunded=refunded,
    )  # fmt: skip
    rows.add(
        OrderLine, source="shopify", order_id=order, position=0,
        product_id=f"product-{number % 200}", title="A thing", quantity=1, price=total,
    )  # fmt: skip
    if refunded:
        rows.add(
            Refund, source="shopify", refund_id=f"r{name}", order_id=order, amount=total,
            currency="USD", refunded_at=at + 2 * DAY,
        )  # fmt: skip


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
