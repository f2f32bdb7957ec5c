"""Stories of the demo shop's mark: set when it is loaded, gone with the first real thing."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from feedback.db.migrate import alembic_config
from feedback.db.tables.sales import Order
from feedback.demo_shop import DEMO_SOURCE, DemoShop
from feedback.knowledge.importers.records import ReplyLine
from feedback.knowledge.reply_book import Book
from feedback.sales.orders import Orders, Purchase
from shopclerk.demo_shop import put_demo_shop
from tests.factories import NOW, make_product

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def buy(database, number, source, placed_at=NOW):
    Orders(database, b"key").record(
        Purchase(
            order_id=number, number=number, source=source, placed_at=placed_at, currency="USD",
            total=Decimal("5.00"), lines=(),
        ),
        placed_at,
    )  # fmt: skip


def sources(database):
    with database.reading() as session:
        return sorted(session.exec(select(Order.source)))


class TestMark:
    def test_an_empty_store_holds_no_demo_shop(self, database):
        """
        Nor does one whose book is filled by hand.
        """
        Book(database).put_replies([ReplyLine("returns", "Send it back.")], NOW)

        assert not DemoShop(database).is_open()
        assert not DemoShop(database).close()

    def test_the_demo_shop_is_open_from_its_loading_on(self, database):
        """
        And is not loaded into a store that holds something.
        """
        assert put_demo_shop(database, now=NOW, currency="USD")
        assert DemoShop(database).is_open()

        DemoShop(database).close()

        assert not put_demo_shop(database, now=NOW, currency="USD")
        assert not DemoShop(database).is_open()

    def test_its_orders_go_when_it_closes(self, database):
        """
        They are no sales of the real shop's.
        """
        DemoShop(database).open(NOW)
        buy(database, "00000001", DEMO_SOURCE)
        buy(database, "1001", "import")

        assert DemoShop(database).close()
        assert ["import"] == sources(database)


class TestOlderStores:
    """A store from before the mark is the demo shop's when it holds exactly what that came with."""

    @pytest.fixture
    def older(self, database):
        put_demo_shop(database, now=NOW, currency="USD")
        return database

    def upgraded(self, database):
        with database.engine.connect() as connection, connection.begin():
            command.downgrade(alembic_config(connection), "0012")
        with database.engine.connect() as connection, connection.begin():
            command.upgrade(alembic_config(connection), "head")
        return DemoShop(database).is_open()

    def test_the_demo_shop_stays_open_and_its_orders_are_marked(self, older):
        """
        The checkout numbered them by the second; in a rush by a few more.
        """
        number = int((NOW - SINCE) / timedelta(seconds=1))
        buy(older, f"{number + 3:08}", "orders")

        assert self.upgraded(older)
        assert ["demo"] == sources(older)

    @pytest.mark.parametrize("own", ["reply", "product", "order", "import", "connection"])
    def test_anything_of_a_real_shop_makes_it_one(self, older, own):
        """
        A reply of its own, a product, an order of another kind, a shop system that reports.
        """
        book = Book(older)
        if own == "reply":
            book.put_replies([ReplyLine("return_policy", "Ours.", "en")], NOW)
        if own == "product":
            book.put_products([make_product()], NOW)
        if own == "order":
            buy(older, "1001", "orders")
        if own == "import":
            buy(older, f"{int((NOW - SINCE) / timedelta(seconds=1)):08}", "import")
        if own == "connection":
            with older.transaction() as session:
                session.execute(text("INSERT INTO shop_connection (source) VALUES ('shopify')"))

        assert not self.upgraded(older)

    def test_an_empty_store_is_nobodys_yet(self, database):
        """
        It is loaded when it is opened.
        """
        assert not self.upgraded(database)
