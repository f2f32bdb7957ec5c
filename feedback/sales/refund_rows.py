"""The rows of refunds, inside a transaction that is already open."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from feedback.db import Order, Refund
from feedback.knowledge import RefundLine
from feedback.sales.purchase import OrderKey
from feedback.sales.refunds import is_news


def refunds_of(session: Session, order: Order) -> list[Refund]:
    """What is known of an order's refunds, those that are pending or failed too."""
    return list(
        session.exec(
            select(Refund)
            .where(Refund.source == order.source)
            .where(Refund.order_id == order.order_id)
            .order_by(col(Refund.refund_id))
        )
    )


def take_refund(session: Session, line: RefundLine, now: datetime) -> bool:
    """Write one transaction; whether it is new, or further than it was."""
    row = Refund(**line._asdict())
    row.currency, row.refunded_at = row.currency.upper(), min(row.refunded_at, now)
    known = session.get(Refund, (line.source, line.refund_id), populate_existing=True)
    if known is None:
        session.add(row)
        session.flush()
        return True
    if is_news(known, line):
        session.merge(row)
        session.flush()
        return True
    return False


def set_refunds(
    session: Session, key: OrderKey, lines: Sequence[RefundLine], now: datetime
) -> None:
    """Make `lines` all that was given back; what the shop no longer lists was taken back."""
    session.execute(
        delete(Refund).where(col(Refund.source) == key.source, col(Refund.order_id) == key.order_id)
    )
    for line in lines:
        take_refund(session, line, now)


def drop_refunds(session: Session, key: OrderKey, refund_ids: Sequence[str]) -> None:
    """Delete these refunds of an order."""
    session.execute(
        delete(Refund)
        .where(col(Refund.source) == key.source, col(Refund.order_id) == key.order_id)
        .where(col(Refund.refund_id).in_(refund_ids))
    )
