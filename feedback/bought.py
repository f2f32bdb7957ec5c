"""An order's lines: written under the catalogue's product ids, and read for the shopper."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from feedback.imported.lines import BoughtLine
from feedback.rows import find
from feedback.tables.book import Product, Variant
from feedback.tables.sales import Order, OrderLine, Refund


class OrderView(NamedTuple):
    """What a shopper may hear about their order."""

    order_id: str
    number: str
    status: str
    placed_at: datetime
    currency: str
    total: Decimal
    refunded: Decimal
    items: tuple[BoughtLine, ...]
    tracking: str | None


def write_lines(session: Session, order_id: str, lines: Iterable[BoughtLine]) -> None:
    """Write what was bought, over what was known of it."""
    session.execute(delete(OrderLine).where(col(OrderLine.order_id) == order_id))
    for position, line in enumerate(lines):
        session.add(
            OrderLine(
                order_id=order_id,
                position=position,
                product_id=_own_product(session, line),
                title=line.title,
                quantity=line.quantity,
                price=line.price,
            )
        )


def has_lines(session: Session, order_id: str) -> bool:
    """Whether it is known what was bought."""
    found = select(OrderLine).where(OrderLine.order_id == order_id).limit(1)
    return session.exec(found).first() is not None


def _own_product(session: Session, line: BoughtLine) -> str:
    """The catalogue's id of what was bought.

    A shop's webhook names its own number of a product, its export the handle; the stock-keeping
    unit, or else the title, is in both.
    """
    if find(session, Product, line.product_id):
        return line.product_id
    variant = find(session, Variant, line.product_id)
    by_variant = [variant.product_id] if variant else []
    by_sku = (
        session.exec(select(Variant.product_id).where(Variant.sku == line.sku).distinct().limit(2))
        if line.sku
        else ()
    )
    by_title = (
        session.exec(select(Product.product_id).where(Product.title == line.title).limit(2))
        if line.title
        else ()
    )
    for found in (by_variant, list(by_sku), list(by_title)):
        if len(found) == 1:
            return found[0]
    return line.product_id


def view_of(session: Session, order: Order) -> OrderView:
    """The order with its lines, and what was refunded of it."""
    refunded = session.execute(
        select(func.sum(Refund.amount))
        .where(col(Refund.order_id) == order.order_id)
        .where(col(Refund.currency) == order.currency)
    ).scalar_one()
    lines = session.exec(
        select(OrderLine)
        .where(OrderLine.order_id == order.order_id)
        .order_by(col(OrderLine.position))
    )
    return OrderView(
        order_id=order.order_id,
        number=order.number,
        status=order.status,
        placed_at=order.placed_at,
        currency=order.currency,
        total=order.total,
        refunded=refunded or Decimal("0.00"),
        items=tuple(
            BoughtLine(line.product_id, line.quantity, line.price, line.title) for line in lines
        ),
        tracking=order.tracking,
    )
