"""Mark of the demo shop in the store: only with it are there a demo storefront and a checkout.

A mark in the store says so. It is written when the demo shop is loaded, and says "closed" for good
from the first thing of a real shop on: an import, or an order, a refund or a product from a shop
system. What was loaded with it makes room for what the owner imports of its kind.
"""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import func
from sqlmodel import Session, col, delete, or_, select, update

from feedback.db import (
    Database,
    DemoMark,
    Fact,
    Order,
    PastDialogue,
    Product,
    Question,
    Reply,
    Source,
    find,
    insert_once,
)
from feedback.knowledge import Catalogue
from feedback.privacy import Erasure

DEMO_SOURCE: Final = "demo"  # of the orders that the demo checkout books
_OPEN: Final = "demo shop"
_CLOSED: Final = "demo shop, closed"

DemoPart = Literal["replies", "facts", "products"]


class DemoShop:
    """Reads, sets and takes away the mark of the demo shop."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def is_open(self) -> bool:
        """Whether the store holds the demo shop and nothing of a real one."""
        with self.db.reading() as session:
            return find(session, DemoMark, _OPEN) is not None

    def has_room(self) -> bool:
        """Whether the store is nobody's yet: there is neither a book nor an order in it."""
        with self.db.reading() as session:
            tables = (Reply, Question, Fact, Product, PastDialogue, Order, Source)
            return all(session.exec(select(table).limit(1)).first() is None for table in tables)

    def open(self, now: datetime) -> None:
        """The demo shop was loaded into an empty store."""
        with self.db.transaction() as session:
            insert_once(session, DemoMark(mark=_OPEN, loaded_at=now))

    def close(self) -> bool:
        """Something of a real shop comes: no storefront from now on, and no demo orders.

        Returns:
            Whether it was open.
        """
        if not self.is_open():
            return False
        with self.db.transaction() as session:
            opened = col(DemoMark.mark) == _OPEN
            session.execute(update(DemoMark).where(opened).values(mark=_CLOSED))
        Erasure(self.db).erase_source(DEMO_SOURCE)  # a sale that never was is in no report
        return True

    def left_over(self) -> int:
        """How many of its replies answer a real shop's shoppers, as they were loaded."""
        with self.db.reading() as session:
            mark = find(session, DemoMark, _CLOSED)
            if mark is None:
                return 0
            untouched = select(func.count()).where(col(Reply.updated_at) == mark.loaded_at)
            return int(session.execute(untouched).scalar_one())

    def own_facts(self, locale: str) -> dict[str, str]:
        """The facts in `locale` that the owner has told, at the desk or from a file.

        They are the policy of order actions, which change real orders: what came with the demo
        shop rules none, whether it was loaded before or after anything of the real shop.
        """
        with self.db.reading() as session:
            ours = col(Fact.updated_at).not_in(select(DemoMark.loaded_at))
            told = session.exec(select(Fact).where(col(Fact.locale).in_(["", locale]), ours)).all()
        return {fact.name: fact.value for fact in sorted(told, key=lambda fact: fact.locale)}

    def make_room(self, part: DemoPart, now: datetime) -> int:
        """Take away what is still as it was loaded: the owner brings a part of their own.

        Whatever was written since, at the desk or from a file, stays. Replies take the questions
        they answered along, and the facts they told; products are no longer for sale.

        Returns:
            How many replies, facts or products made room.
        """
        with self.db.transaction() as session:
            mark = find(session, DemoMark, _OPEN) or find(session, DemoMark, _CLOSED)
            if mark is None:
                return 0
            if part != "products":
                count = _drop(session, Fact, mark.loaded_at)
                if part == "replies":
                    count = _drop(session, Reply, mark.loaded_at)
                    _drop_questions(session, mark.loaded_at)
                return count
            untouched = select(Product.product_id).where(Product.updated_at == mark.loaded_at)
            products = session.exec(untouched).all()
        for product_id in products:
            Catalogue(self.db).take_off_sale(product_id, now)
        return len(products)


def _drop(session: Session, table: type[Reply] | type[Fact], loaded_at: datetime) -> int:
    untouched = delete(table).where(col(table.updated_at) == loaded_at)
    return len(session.execute(untouched.returning(col(table.updated_at))).all())


def _drop_questions(session: Session, loaded_at: datetime) -> None:
    answered = col(Question.reply_id)
    orphaned = or_(answered.is_(None), answered.not_in(select(Reply.reply_id)))
    session.execute(delete(Question).where(col(Question.added_at) == loaded_at, orphaned))
