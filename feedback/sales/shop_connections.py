"""Status of the shop's systems: when each last reported, and what it passed on."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import col, select

from feedback.db import Database, DataRequest, ShopConnection, find, insert_into

NOTED_EVERY: Final = timedelta(minutes=1)
WIDGET: Final = "widget"  # as a source: a page of the shop loaded the chat
ODD_SHOWN: Final = timedelta(days=7)  # what is mended by then is not shown for ever


class ConnectionState(NamedTuple):
    """What is known of one shop system."""

    source: str
    heard_at: datetime | None
    reconciled_until: datetime | None
    removed_at: datetime | None


class ShopConnections:
    """Keeps when each shop system last reported."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def heard(self, source: str, now: datetime) -> None:
        """A signed message came; whatever was removed is back.

        Noted once a minute: webhooks that come together would wait for one another at this row.
        """
        known = self.state(source)
        just_now = known.heard_at and timedelta(0) <= now - known.heard_at < NOTED_EVERY
        if just_now and known.removed_at is None:
            return
        self._set(source, heard_at=now, removed_at=None)

    def removed(self, source: str, now: datetime) -> None:
        """The shop took our app away."""
        self._set(source, heard_at=now, removed_at=now)

    def reconciled(self, source: str, until: datetime) -> None:
        """The shop's orders were compared with ours up to here."""
        self._set(source, reconciled_until=until)

    def odd(self, source: str, order_id: str, fields: Sequence[str], now: datetime) -> None:
        """An order was kept although something in it could not be read; noted once a minute."""
        with self.db.reading() as session:
            known = find(session, ShopConnection, source)
        if known and known.odd_at and timedelta(0) <= now - known.odd_at < NOTED_EVERY:
            return
        self._set(source, odd_at=now, odd_order=order_id[:40], odd_fields="; ".join(fields))

    def oddities(self, since: datetime) -> list[ShopConnection]:
        """The last such order of each shop system, where there was one."""
        with self.db.reading() as session:
            lately = select(ShopConnection).where(col(ShopConnection.odd_at) >= since)
            return list(session.exec(lately.order_by(col(ShopConnection.source))))

    def state(self, source: str) -> ConnectionState:
        """What is known of `source`; nothing of one that never reported."""
        with self.db.reading() as session:
            row = find(session, ShopConnection, source)
        if row is None:
            return ConnectionState(source, None, None, None)
        return ConnectionState(source, row.heard_at, row.reconciled_until, row.removed_at)

    def ask_for_data(
        self,
        source: str,
        request_id: str,
        *,
        shopper_ids: Sequence[str],
        order_ids: Sequence[str],
        now: datetime,
    ) -> bool:
        """Note a customer's wish to see their data; whether it is new."""
        with self.db.transaction() as session:
            if session.get(DataRequest, (source, request_id)):
                return False
            session.add(
                DataRequest(
                    source=source,
                    request_id=request_id,
                    shopper_ids=list(shopper_ids),
                    order_ids=list(order_ids),
                    asked_at=now,
                )
            )
            return True

    def data_requests(self) -> list[DataRequest]:
        """Those not answered yet, the oldest first."""
        with self.db.reading() as session:
            return list(
                session.exec(
                    select(DataRequest)
                    .where(col(DataRequest.done_at).is_(None))
                    .order_by(col(DataRequest.asked_at))
                )
            )

    def data_given(self, source: str, request_id: str, now: datetime) -> bool:
        """The data was sent to the customer; whether there was such a request."""
        with self.db.transaction() as session:
            row = session.get(DataRequest, (source, request_id))
            if row is not None:
                row.done_at = now
            return row is not None

    def _set(self, source: str, **values: datetime | str | None) -> None:
        with self.db.transaction() as session:
            insert = insert_into(session, ShopConnection).values(source=source, **values)
            session.execute(insert.on_conflict_do_update(index_elements=["source"], set_=values))
