"""Untrusted senders of X-Forwarded-For, kept so that `check` can name a missing proxy.

Only private addresses are kept, which are the shop's own machines; a public one may be a person's.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final, NamedTuple

from sqlmodel import col, select

from feedback.db.database import Database
from feedback.db.tables.processes import Forwarder
from feedback.db.upsert import insert_into

NOTED_EVERY: Final = timedelta(minutes=5)
NOTED_MOST: Final = 200  # addresses a process: a proxy's are few, and anybody can send the header
PUBLIC_ADDRESSES: Final = "public"


class SeenForwarder(NamedTuple):
    """Where such requests came from, and when last; `public` stands for all public addresses."""

    address: str
    seen_at: datetime


class Forwarders:
    """Keeps who spoke for others."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db
        self._noted: dict[str, datetime] = {}

    def is_due(self, address: str, now: datetime) -> bool:
        """Whether `address` is to be noted: once in five minutes each."""
        name = _name(address)
        last = self._noted.get(name)
        if last is None and len(self._noted) >= NOTED_MOST:
            return False
        return last is None or now - last >= NOTED_EVERY

    def note(self, address: str, now: datetime) -> None:
        """Keep that a request came from `address` for somebody else."""
        name = _name(address)
        self._noted[name] = now
        with self.db.transaction() as session:
            insert = insert_into(session, Forwarder).values(address=name, seen_at=now)
            session.execute(
                insert.on_conflict_do_update(index_elements=["address"], set_={"seen_at": now})
            )

    def since(self, moment: datetime) -> list[SeenForwarder]:
        """Those seen since `moment`, by address."""
        with self.db.reading() as session:
            rows = session.exec(
                select(Forwarder)
                .where(col(Forwarder.seen_at) >= moment)
                .order_by(col(Forwarder.address))
            )
            return [SeenForwarder(row.address, row.seen_at) for row in rows]


def _name(address: str) -> str:
    try:
        return PUBLIC_ADDRESSES if ip_address(address).is_global else address
    except ValueError:
        return address  # "unix"
