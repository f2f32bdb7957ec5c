"""Whether the store holds the demo shop: only then are there a demo storefront and its checkout.

A mark in the store says so. It is written when the demo shop is loaded and taken away for good by
the first thing of a real shop: an import, or an order, a refund or a product from a shop system.
"""

from datetime import datetime
from typing import Final

from sqlmodel import col, delete

from feedback.db import Database, DemoMark, find, insert_once
from feedback.privacy import Erasure

DEMO_SOURCE: Final = "demo"  # of the orders that the demo checkout books
_MARK: Final = "demo shop"


class DemoShop:
    """Reads, sets and takes away the mark of the demo shop."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def is_open(self) -> bool:
        """Whether the store holds the demo shop and nothing of a real one."""
        with self.db.reading() as session:
            return find(session, DemoMark, _MARK) is not None

    def open(self, now: datetime) -> None:
        """The demo shop was loaded into an empty store."""
        with self.db.transaction() as session:
            insert_once(session, DemoMark(mark=_MARK, loaded_at=now))

    def close(self) -> bool:
        """Something of a real shop comes: no storefront from now on, and no demo orders.

        Returns:
            Whether it was open.
        """
        if not self.is_open():
            return False
        with self.db.transaction() as session:
            session.execute(delete(DemoMark).where(col(DemoMark.mark) == _MARK))
        Erasure(self.db).erase_source(DEMO_SOURCE)  # a sale that never was is in no report
        return True
