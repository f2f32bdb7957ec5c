"""Rate limits by sliding window, counted for all processes of a shop together."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlmodel import col, delete

from feedback.db.database import Database
from feedback.db.prepared_statements import Prepared
from feedback.db.tables.columns import MICROSECOND, to_micros
from feedback.db.tables.processes import RateWindow

MINUTE: Final = timedelta(minutes=1)


class RateLimit(NamedTuple):
    """At most so many a minute, of this window, by this one."""

    window: str
    who: str
    most: int


class RateWindows:
    """Counts in the store. A window slides: the minute before counts by what of it is left."""

    def __init__(self, db: Database, key: bytes) -> None:
        """Count in `db`; names are kept as hashes under `key`."""
        self._db = db
        self._key = key

    def hit(self, limits: Sequence[RateLimit], now: datetime) -> tuple[RateLimit, float] | None:
        """Count one more in each; the first that is used up, and the seconds to wait.

        Those after it are counted too: one statement asks for all.
        """
        minute, micros = MINUTE // MICROSECOND, to_micros(now)
        starts = micros - micros % minute
        passed = (micros - starts) / minute
        values: dict[str, int | str] = {"starts": starts, "before": starts - minute}
        names = [self._hidden(limit) for limit in limits]
        for place, (name, limit) in enumerate(zip(names, limits, strict=True)):
            values |= {f"who{place}": name, f"most{place}": limit.most}
        with self._db.statements() as connection:
            rows = _hits(len(limits)).all(connection, values)
        counts = {name: count + before * (1 - passed) for name, count, before in rows}
        for name, limit in zip(names, limits, strict=True):
            if counts.get(name, limit.most + 1) > limit.most:
                return limit, (1 - passed) * MINUTE.total_seconds()
        return None

    def forget(self, now: datetime) -> None:
        """Delete the counts of minutes that no longer count."""
        with self._db.transaction() as session:
            session.execute(delete(RateWindow).where(col(RateWindow.starts) < now - 3 * MINUTE))

    def _hidden(self, limit: RateLimit) -> str:
        said = f"{limit.window}\0{limit.who}".encode()
        return hmac.digest(self._key, said, hashlib.sha256).hex()[:32]


@cache
def _hits(windows: int) -> Prepared:
    """Counts one more for each of so many names; gives this minute's count and the one's before.

    A name that is full has no row.
    """
    given = ", ".join(f"(:who{place}, :starts, 1)" for place in range(windows))
    most = " ".join(f"WHEN :who{place} THEN :most{place}" for place in range(windows))
    return Prepared(
        text(f"""
    INSERT INTO ratewindow (who, starts, count) VALUES {given}
    ON CONFLICT (who, starts) DO UPDATE SET count = ratewindow.count + 1
    WHERE ratewindow.count < CASE ratewindow.who {most} END
    RETURNING who, count, coalesce(
      (SELECT b.count FROM ratewindow b WHERE b.who = ratewindow.who AND b.starts = :before), 0)
    """)  # noqa: S608 - names of values alone are put together
    )
