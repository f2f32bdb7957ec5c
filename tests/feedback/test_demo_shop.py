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
from feedback.knowledge.catalogue import Catalogue
from feedback.knowledge.importers.records import FactLine, QuestionLine, ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.sales.orders import Orders, Purchase
from shopclerk.demo_shop import put_demo_shop
from tests.factories import NOW, make_product

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


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
        ReplyBook(database).put_replies([ReplyLine("returns", "Send it back.")], NOW)

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

    @pytest.mark.parametrize("own", ["reply", "question", "fact", "product", "order"])
    def test_it_does_not_open_beside_anything_of_a_real_shop(self, database, own):
        """
        Whatever the owner imported first: their products never stand in a demo storefront.
        """
        book = ReplyBook(database)
        first = {
            "reply": lambda: book.put_replies([ReplyLine("hours", "Nine to five.")], NOW),
            "question": lambda: book.put_questions([QuestionLine("hi", "hello", "en")], NOW),
            "fact": lambda: book.put_facts([FactLine("return_days", "14")], NOW),
            "product": lambda: Catalogue(database).put_products([make_product()], NOW),
            "order": lambda: buy(database, "1001", "import"),
        }
        first[own]()

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


class TestRoom:
    """What an owner imports takes the place of what the demo shop brought of its kind."""

    @pytest.fixture
    def opened(self, database):
        put_demo_shop(database, now=NOW, currency="USD")
        DemoShop(database).close()
        return database

    def own(self, book):
        book.put_replies([ReplyLine("opening_hours", "Ours.", "en")], LATER)
        book.put_questions([QuestionLine("when are you there", "opening_hours", "en")], LATER)
        book.put_facts([FactLine("return_days", "14")], LATER)
        Catalogue(book.db).put_products([make_product()], LATER)

    def test_replies_take_their_questions_and_facts_along(self, opened):
        """
        What the owner wrote or mended stays, whenever: at the desk, before the import, in it.
        """
        book = ReplyBook(opened)
        self.own(book)

        assert 0 < DemoShop(opened).make_room("replies", LATER)

        assert [("opening_hours", "en")] == [(one.reply_id, one.locale) for one in book.replies()]
        kept = {one.reply_id for one in book.questions()}
        assert kept == {"opening_hours"}
        assert {"return_days": "14"} == book.facts("en")
        assert 1 < len([item for item in Catalogue(opened).products() if item.product.active])

    def test_facts_alone_leave_the_replies(self, opened):
        """
        A reply that tells a fact which is nobody's is not said.
        """
        book = ReplyBook(opened)
        replies = len(book.replies())
        self.own(book)

        assert 0 < DemoShop(opened).make_room("facts", LATER)
        assert {"return_days": "14"} == book.facts("en")
        assert replies <= len(book.replies())

    def test_products_are_for_sale_no_more(self, opened):
        """
        The words stay as they are.
        """
        book, catalogue = ReplyBook(opened), Catalogue(opened)
        self.own(book)
        replies, stamp = book.replies(), catalogue.stamp()

        assert 0 < DemoShop(opened).make_room("products", LATER)

        sold = [one.product.product_id for one in catalogue.products() if one.product.active]
        assert [make_product().product_id] == sold
        assert replies == book.replies()
        assert stamp != catalogue.stamp()

    def test_once_is_enough(self, opened):
        """
        And of a store that never held the demo shop nothing is taken.
        """
        demo = DemoShop(opened)
        assert 0 < demo.make_room("replies", LATER)
        assert 0 == demo.make_room("replies", LATER)

    def test_a_store_that_never_was_the_demo_shops_keeps_all(self, database):
        """
        Its first import is as good as any later one.
        """
        book = ReplyBook(database)
        self.own(book)

        assert 0 == DemoShop(database).make_room("replies", LATER)
        assert [("opening_hours", "en")] == [(one.reply_id, one.locale) for one in book.replies()]


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
        book = ReplyBook(older)
        if own == "reply":
            book.put_replies([ReplyLine("return_policy", "Ours.", "en")], NOW)
        if own == "product":
            Catalogue(older).put_products([make_product()], NOW)
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
