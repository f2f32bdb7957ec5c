"""What becomes of orders that were kept before each had its source, its state and its versions."""

from decimal import Decimal
from typing import Any

from alembic import command
from sqlalchemy import text
from sqlmodel import select

from feedback.db.migrate import alembic_config
from feedback.db.tables.columns import to_micros
from feedback.db.tables.sales import Order, OrderLine, Refund
from feedback.knowledge.importers.records import RefundLine
from tests.factories import NOW, hours, make_orders, make_purchase

AT = to_micros(NOW)
ORDER = (
    "INSERT INTO shop_order (order_id, number, source, checkout, status, placed_at, cancelled_at,"
    " currency, total, updated_at) VALUES (:id, :id, :source, '', :status, :at, :cancelled,"
    " 'USD', 500000, :at)"
)


def fill_as_before(database: Any) -> None:
    """Three orders of a shop, one of them out of a file, with a line and refunds."""
    database.make_folder()
    with database.engine.connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), "0016")
        for number, source, status in (
            ("1", "import", "paid"),
            ("2", "shopify", "pending"),
            ("3", "shopify", "cancelled"),
        ):
            cancelled = AT if status == "cancelled" else None
            said = {"id": number, "source": source, "status": status, "cancelled": cancelled}
            connection.execute(text(ORDER), {**said, "at": AT})
        line = "INSERT INTO orderline VALUES ('1', 0, 'mug', 'Mug', 1, 500000)"
        connection.execute(text(line))
        for refund_id, order_id, amount, currency in (
            ("r1", "1", 100_000, "USD"),
            ("r2", "1", 100_000, "EUR"),
            ("r3", "9", 100_000, "USD"),
            ("r4", "2", 0, "USD"),
        ):
            connection.execute(
                text("INSERT INTO refund VALUES (:refund, :order, :amount, :currency, :at)"),
                {"refund": refund_id, "order": order_id, "amount": amount, "currency": currency,
                 "at": AT},
            )  # fmt: skip
    database.close()
    database.migrate()


class TestOrdersFromBefore:
    def test_get_their_source_and_are_counted(self, empty_database: Any) -> None:
        """
        A file's orders are the shop's own; a refund goes with its order, a nil one had failed.
        """
        fill_as_before(empty_database)

        with empty_database.reading() as session:
            orders = session.exec(select(Order).order_by(Order.order_id)).all()
            lines = session.exec(select(OrderLine)).all()
            refunds = session.exec(select(Refund).order_by(Refund.refund_id)).all()
        assert [
            ("shopify", "1", True, Decimal("10.00")),
            ("shopify", "2", False, Decimal("0.00")),
            ("shopify", "3", False, Decimal("0.00")),
        ] == [(one.source, one.order_id, one.sale, one.refunded) for one in orders]
        assert [("shopify", "1")] == [(one.source, one.order_id) for one in lines]
        assert [("shopify", "r1", "succeeded"), ("shopify", "r2", "succeeded"),
                ("shopify", "r3", "succeeded"), ("shopify", "r4", "failed")] == [
            (one.source, one.refund_id, one.status) for one in refunds
        ]  # fmt: skip

    def test_go_on_by_the_same_rules(self, empty_database: Any) -> None:
        """
        Older news overwrite nothing; a refund kept as one sum gives way to its transactions.
        """
        fill_as_before(empty_database)
        orders = make_orders(empty_database)
        late = {"source": "shopify", "order_id": "1", "status": "paid"}
        orders.record(make_purchase(**late, total=Decimal(1), updated_at=NOW - hours(1)), NOW)
        orders.record(
            make_purchase(source="shopify", order_id="3", status="paid", updated_at=NOW + hours(1)),
            NOW,
        )
        told = RefundLine("r1/7", "1", Decimal(10), "USD", NOW, source="shopify")
        orders.refund(told, NOW, instead_of="r1")
        orders.refund(told._replace(refund_id="r2/8", currency="USD"), NOW, instead_of="r2")

        with empty_database.reading() as session:
            first, _, third = session.exec(select(Order).order_by(Order.order_id)).all()
        assert (Decimal("50.00"), Decimal("20.00")) == (first.total, first.refunded)
        assert ("paid", True) == (third.status, third.sale)
