"""Deletion requests of a shop system, carried out when their grace period is over.

A signed body says what is asked, but not when it was signed: what is deleted at once is gone before
anybody can object. The nightly `tidy` carries out what is due, within the 30 days a shop has.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select

from feedback.db import Database, DeletionRequest, FeedbackError, Order, find
from feedback.desk import Audit, Deed
from feedback.privacy.erasure import Erasure

GRACE: Final = timedelta(days=7)
SHOP: Final = "shop/redact"
CUSTOMER: Final = "customers/redact"
ACTOR: Final = "job:deletions"


class NotToCancel(FeedbackError):
    """A deletion cannot be taken back; the message says why."""


class Deletions:
    """Files, lists, cancels and carries out what is to be deleted."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def ask_for_shop(self, request_id: str, source: str, now: datetime) -> bool:
        """Every order of a shop system is to go; whether that is new."""
        with self.db.reading() as session:
            of_source = select(func.count()).select_from(Order).where(Order.source == source)
            orders = session.exec(of_source).one()
        return self._ask(request_id, source, SHOP, (), orders, now)

    def ask_for_shoppers(
        self, request_id: str, source: str, shopper_ids: Sequence[str], orders: int, now: datetime
    ) -> bool:
        """These shoppers are to be forgotten, besides `orders` that are nameless by now."""
        return self._ask(request_id, source, CUSTOMER, shopper_ids, orders, now)

    def waiting(self) -> list[DeletionRequest]:
        """Those not carried out yet, the next one first."""
        with self.db.reading() as session:
            found = select(DeletionRequest).where(DeletionRequest.state == "waiting")
            return list(session.exec(found.order_by(col(DeletionRequest.due_at))))

    def cancel(self, request_id: str, now: datetime) -> None:
        """Keep a shop's orders after all.

        Raises:
            NotToCancel: there is no such request, or it is a customer's own right.
        """
        with self.db.transaction() as session:
            request = find(session, DeletionRequest, request_id, lock=True)
            if request is None or request.state != "waiting":
                raise NotToCancel(f"No deletion {request_id[:20]!r} waits here any more.")
            if request.topic != SHOP:
                raise NotToCancel("A customer asked to be forgotten: that is not yours to refuse.")
            request.state, request.ended_at = "cancelled", now
            session.add(request)

    def carry_out(self, now: datetime, new_id: Callable[[], str]) -> int:
        """Delete what is due, each noted in the audit log; how many requests there were."""
        due = [one for one in self.waiting() if one.due_at <= now]
        for request in due:
            self._delete(request, now)
            Audit(self.db).note(
                Deed(
                    ACTOR,
                    "job",
                    f"delete.{request.topic}",
                    f"{request.source} {request.request_id[:12]}",
                ),
                key=new_id(),
                now=now,
            )
        return len(due)

    def _ask(
        self,
        request_id: str,
        source: str,
        topic: str,
        shopper_ids: Sequence[str],
        orders: int,
        now: datetime,
    ) -> bool:
        row = DeletionRequest(
            request_id=request_id,
            source=source,
            topic=topic,
            shopper_ids=list(shopper_ids),
            orders=orders,
            asked_at=now,
            due_at=now + GRACE,
        )
        with self.db.transaction() as session:
            known = find(session, DeletionRequest, request_id, lock=True)
            if known is not None and known.state == "waiting":
                return False
            session.merge(row)  # a shop that came back and left again asks in the same words
            return True

    def _delete(self, request: DeletionRequest, now: datetime) -> None:
        """May be done twice: a job that died in the middle begins again."""
        erasure = Erasure(self.db)
        if request.topic == SHOP:
            erasure.erase_source(request.source)
        for shopper_id in request.shopper_ids:
            erasure.erase_shopper(shopper_id, now)
        with self.db.transaction() as session:
            done = session.get_one(DeletionRequest, request.request_id)
            done.state, done.ended_at, done.shopper_ids = "done", now, []
            session.add(done)
