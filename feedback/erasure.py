"""Forgets people, and shows them what is kept of them."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, select, update

from feedback.database import Database, find
from feedback.desk_models import DeskCard, ReviewItem
from feedback.models import (
    Click,
    Dialogue,
    DialogueTurn,
    Exposure,
    Identity,
    Impression,
    Order,
    OrderLine,
    Rating,
    Refund,
    Review,
    Shopper,
)
from feedback.retraining import forget

# Ids of one statement: SQLite takes 32,766 values at most.
BATCH = 500


class Erasure:
    """Finds, shows and forgets a person's data."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def shoppers_of_email(self, email_hash: str) -> list[str]:
        """Shoppers who gave this address, or bought with it."""
        with self.db.reading() as session:
            gave = session.exec(
                select(Identity.shopper_id)
                .where(Identity.kind == "email")
                .where(Identity.value == email_hash)
            ).all()
            bought = session.exec(
                select(Order.shopper_id).where(Order.email_hash == email_hash)
            ).all()
        return sorted({*gave, *(one for one in bought if one)})

    def orders_of_email(self, email_hash: str) -> list[str]:
        """Orders bought with this address."""
        with self.db.reading() as session:
            found = select(Order.order_id).where(Order.email_hash == email_hash)
            return sorted(session.exec(found).all())

    def export(self, shopper_id: str) -> dict[str, Any] | None:
        """All that is kept of a shopper; None where nobody is known by this id."""
        with self.db.reading() as session:
            shopper = find(session, Shopper, shopper_id)
            if shopper is None:
                return None
            dialogues = _of(session, Dialogue, "shopper_id", [shopper_id])
            orders = _of(session, Order, "shopper_id", [shopper_id])
            talks = [one.dialogue_id for one in dialogues]
            bought = [one.order_id for one in orders]
            shown = _of(session, Impression, "shopper_id", [shopper_id])
            seen = [one.impression_id for one in shown]
            parts: dict[str, Sequence[SQLModel]] = {
                "shopper": [shopper],
                "identities": _of(session, Identity, "shopper_id", [shopper_id]),
                "exposures": _of(session, Exposure, "shopper_id", [shopper_id]),
                "dialogues": dialogues,
                "turns": _of(session, DialogueTurn, "dialogue_id", talks),
                "desk_cards": _of(session, DeskCard, "dialogue_id", talks),
                "replies_shown": shown,
                "clicks": _of(session, Click, "shopper_id", [shopper_id]),
                "ratings": _of(session, Rating, "impression_id", seen),
                "orders": orders,
                "order_lines": _of(session, OrderLine, "order_id", bought),
                "refunds": _of(session, Refund, "order_id", bought),
            }
        return {name: [row.model_dump(mode="json") for row in rows] for name, rows in parts.items()}

    def erase_shopper(self, shopper_id: str) -> bool:
        """Forget a shopper: what was said, shown and clicked; their orders stay, without them.

        The count of exposed shoppers stays whole: a nameless exposure keeps the arms honest.

        Returns:
            Whether there was such a shopper.
        """
        with self.db.transaction() as session:
            if find(session, Shopper, shopper_id) is None:
                return False
            talks = select(Dialogue.dialogue_id).where(Dialogue.shopper_id == shopper_id)
            shown = select(Impression.impression_id).where(Impression.shopper_id == shopper_id)
            for table in (Click, Rating, Review, ReviewItem):
                key = col(table.impression_id)
                session.execute(delete(table).where(key.in_(shown)))
            for said in (DeskCard, DialogueTurn):
                session.execute(delete(said).where(col(said.dialogue_id).in_(talks)))
            session.execute(delete(Impression).where(col(Impression.shopper_id) == shopper_id))
            session.execute(delete(Dialogue).where(col(Dialogue.shopper_id) == shopper_id))
            session.execute(delete(Identity).where(col(Identity.shopper_id) == shopper_id))
            forget(session, shopper_id)
            session.execute(
                update(Order)
                .where(col(Order.shopper_id) == shopper_id)
                .values(email_hash=None, tracking=None)
            )
            return True

    def erase_orders(self, order_ids: Sequence[str]) -> int:
        """Forget who bought these orders; how many there were. The sums stay in the books."""
        with self.db.transaction() as session:
            known = [one for one in order_ids if find(session, Order, one)]
            session.execute(
                update(Order)
                .where(col(Order.order_id).in_(known))
                .values(email_hash=None, tracking=None)
            )
            return len(known)

    def erase_source(self, source: str) -> int:
        """Forget every order a shop system reported; how many there were."""
        with self.db.transaction() as session:
            ids = list(session.exec(select(Order.order_id).where(Order.source == source)))
            for start in range(0, len(ids), BATCH):
                batch = ids[start : start + BATCH]
                session.execute(delete(OrderLine).where(col(OrderLine.order_id).in_(batch)))
                session.execute(delete(Refund).where(col(Refund.order_id).in_(batch)))
                session.execute(delete(Order).where(col(Order.order_id).in_(batch)))
            return len(ids)


def _of(session: Session, table: type[Any], column: str, values: Sequence[str]) -> list[Any]:
    return list(session.exec(select(table).where(getattr(table, column).in_(values))))
