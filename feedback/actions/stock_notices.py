"""Notices that a product is to be had again: asked for once, told once."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from feedback.db import Database, StockNotice, insert_once


class StockNotices:
    """What shoppers want to be told of."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def ask(
        self, dialogue_id: str, shopper_id: str, product_id: str, locale: str, now: datetime
    ) -> None:
        """Keep the wish; the same again changes nothing."""
        digest = hashlib.sha256(f"{dialogue_id} {product_id}".encode()).hexdigest()[:32]
        with self.db.transaction() as session:
            notice = StockNotice(
                notice_id=digest,
                dialogue_id=dialogue_id,
                shopper_id=shopper_id,
                product_id=product_id,
                locale=locale,
                asked_at=now,
            )
            insert_once(session, notice)

    def wanted(self) -> set[str]:
        """The products that somebody waits for."""
        with self.db.reading() as session:
            open_ = select(StockNotice.product_id).where(col(StockNotice.told_at).is_(None))
            return set(session.exec(open_.distinct()))

    def due(self, arrived: Collection[str]) -> list[StockNotice]:
        """Those to tell now, since these products are to be had again."""
        with self.db.reading() as session:
            waiting = select(StockNotice).where(
                col(StockNotice.told_at).is_(None), col(StockNotice.product_id).in_(arrived)
            )
            return list(session.exec(waiting.order_by(col(StockNotice.asked_at))))

    def told(self, notice_id: str, now: datetime) -> None:
        """They know."""
        with self.db.transaction() as session:
            session.get_one(StockNotice, notice_id).told_at = now
