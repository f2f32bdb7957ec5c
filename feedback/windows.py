"""How often somebody asked within a minute, counted for all processes of a shop together."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlmodel import col, delete

from feedback.columns import MICROSECOND, to_micros
from feedback.database import Database
from feedback.machine_tables import RateWindow
from feedback.prepared import Prepared, in_one_trip

MINUTE: Final = timedelta(minutes=1)

# The count of this minute, unless it is full already, and of the one before.
_HIT: Final = Prepared(
    text("""
    INSERT INTO ratewindow (who, starts, count) VALUES (:who, :starts, 1)
    ON CONFLICT (who, starts) DO UPDATE SET count = ratewindow.count + 1
    WHERE ratewindow.count < :most
    RETURNING count,
      coalesce((SELECT b.count FROM ratewindow b WHERE b.who = :who AND b.starts = :before), 0)
    """)
)


class Limit(NamedTuple):
    """At most so many a minute, of this window, by this one."""

    window: str
    who: str
    most: int


class Windows:
    """Counts in the store. A window slides: the minute before counts by what of it is left."""

    def __init__(self, db: Database, key: bytes) -> None:
        """Count in `db`; names are kept as hashes under `key`."""
        self._db = db
        self._key = key

    def hit(self, limits: Sequence[Limit], now: datetime) -> tuple[Limit, float] | None:
        """Count one more in each; the first that is used up, and the seconds to wait.

        Those after it are counted too: all are asked in one round trip.
        """
        minute, micros = MINUTE // MICROSECOND, to_micros(now)
        starts = micros - micros % minute
        passed = (micros - starts) / minute
        when = {"starts": starts, "before": starts - minute}
        with self._db.trip_by_trip() as connection, in_one_trip(connection):
            hits = [
                _HIT.send(connection, {**when, "who": self._hidden(limit), "most": limit.most})
                for limit in limits
            ]
        for limit, hit in zip(limits, hits, strict=True):
            counted = hit.rows()
            if not counted or counted[0][0] + counted[0][1] * (1 - passed) > limit.most:
                return limit, (1 - passed) * MINUTE.total_seconds()
        return None

    def forget(self, now: datetime) -> None:
        """Delete the counts of minutes that no longer count."""
        with self._db.transaction() as session:
            session.execute(delete(RateWindow).where(col(RateWindow.starts) < now - 3 * MINUTE))

    def _hidden(self, limit: Limit) -> str:
        said = f"{limit.window}\0{limit.who}".encode()
        return hmac.digest(self._key, said, hashlib.sha256).hex()[:32]
