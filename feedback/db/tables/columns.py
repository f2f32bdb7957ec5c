"""Column types for money, time and text that mean the same on SQLite and PostgreSQL.

Money and time are plain 64-bit integers in the database, so sums and windows are exact and cheap on
every engine (docs/decisions/0004-integers-for-money-and-time.md).
"""

import base64
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from feedback.db.currencies import trimmed_amount

# Constraints with names of their own can be changed by later revisions, on SQLite too.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite counts rows by itself only in an INTEGER key; everywhere else the key has 64 bits.
BigKey: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")

MONEY_SCALE = 10_000  # no currency of ISO 4217 has more than four decimals
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Money(TypeDecorator[Decimal]):
    """An amount as `Decimal`, stored in ten-thousandths; the currency is another column."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        """To ten-thousandths; an amount with more than four decimals is refused, never rounded."""
        if value is None:
            return None
        scaled = Decimal(value) * MONEY_SCALE
        if scaled != int(scaled):
            raise ValueError(f"{value} has more than four decimals; round it before it is stored.")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        """From ten-thousandths, with at least two decimals: 59.90, not 59.9."""
        if value is None:
            return None
        return trimmed_amount(Decimal(value) / MONEY_SCALE)


class Instant(TypeDecorator[datetime]):
    """An aware UTC time, stored in microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:
        """To microseconds; a time without its zone is refused."""
        return None if value is None else to_micros(value)

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:
        """From microseconds, in UTC."""
        return None if value is None else from_micros(value)


class Words(TypeDecorator[str]):
    """Text as people send it, without what a database refuses.

    PostgreSQL refuses NUL characters, both refuse lone surrogates; SQLite would keep a NUL and cut
    the text there in some of its functions.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """To text that every database takes."""
        if value is None:
            return None
        return value.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


class Base64(TypeDecorator[bytes]):
    """Bytes, stored as letters: backups are lines of JSON, the same from every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Any) -> str | None:
        """To letters."""
        return None if value is None else base64.b64encode(value).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Any) -> bytes | None:
        """Back to bytes."""
        return None if value is None else base64.b64decode(value)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970.

    >>> to_micros(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    1000000
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; times are aware, in UTC.")
    return (moment - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The time `micros` microseconds after 1970 began.

    >>> from_micros(1_000_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return EPOCH + micros * MICROSECOND
