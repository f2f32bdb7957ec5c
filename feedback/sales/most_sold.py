"""Best sellers: the products bought most, from the lines of recent orders that are sales."""

from datetime import datetime
from typing import Final

from sqlalchemy import func
from sqlmodel import col, select

from feedback.db import Database, Order, OrderLine

MOST: Final = 50


def best_sellers(db: Database, since: datetime) -> list[str]:
    """The ids of what was bought since then, what was bought most first."""
    bought = func.sum(col(OrderLine.quantity))
    counted = (
        select(OrderLine.product_id)
        .join(
            Order,
            (col(Order.source) == col(OrderLine.source))
            & (col(Order.order_id) == col(OrderLine.order_id)),
        )
        .where(col(Order.sale), col(Order.placed_at) >= since)
        .group_by(col(OrderLine.product_id))
        .order_by(bought.desc(), col(OrderLine.product_id))
        .limit(MOST)
    )
    with db.reading() as session:
        return list(session.exec(counted).all())
