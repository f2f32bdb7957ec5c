"""Aliases of an order: Stripe's checkout, payment, invoice and charge are one sale.

Events come in any order, and only some say which ids belong together. What was recorded under two
ids before that was known becomes one order then. Inside a transaction that is already open.
"""

from collections.abc import Sequence

from sqlmodel import Session, col, select, update

from feedback.db import Order, OrderAlias, RedactedOrder, Refund, insert_once
from feedback.sales.purchase import BRIDGES


def one_id(session: Session, source: str, ids: Sequence[str]) -> str:
    """The id under which the order with these ids is kept: the first of them while it is new."""
    aliases = session.exec(
        select(OrderAlias).where(OrderAlias.source == source, col(OrderAlias.alias).in_(ids))
    ).all()
    wanted = [*ids, *(alias.order_id for alias in aliases)]
    stored = session.exec(
        select(Order).where(Order.source == source, col(Order.order_id).in_(wanted))
    ).all()
    told = [order.order_id for order in stored if "sums" in order.versions]
    begun = [order.order_id for order in stored]
    kept = min(told or begun or wanted[len(ids) :] or ids[:1], key=wanted.index)
    for other in {*wanted} - {kept}:
        _join(session, source, other, kept)
    return kept


def _join(session: Session, source: str, other: str, kept: str) -> None:
    """Make `other` a name of the order `kept`, with what was recorded under it."""
    if not insert_once(session, OrderAlias(source=source, alias=other, order_id=kept)):
        session.execute(
            update(OrderAlias)
            .where(col(OrderAlias.source) == source, col(OrderAlias.alias) == other)
            .values(order_id=kept)
        )
    session.execute(
        update(OrderAlias)
        .where(col(OrderAlias.source) == source, col(OrderAlias.order_id) == other)
        .values(order_id=kept)
    )
    session.execute(
        update(Refund)
        .where(col(Refund.source) == source, col(Refund.order_id) == other)
        .values(order_id=kept)
    )
    redacted = session.get(RedactedOrder, (source, other))
    if redacted is not None:
        insert_once(session, RedactedOrder(**{**redacted.model_dump(), "order_id": kept}))
    twin, order = (session.get(Order, (source, name)) for name in (other, kept))
    if twin is not None and order is not None:
        _take_over(order, twin)
    if order is not None and session.get(RedactedOrder, (source, kept)) is not None:
        order.email_hash = order.tracking = None
    if twin is not None:
        session.delete(twin)
    session.flush()


def _take_over(order: Order, twin: Order) -> None:
    """What only the twin knows: whose it is, its address, that it ended."""
    ranks = [BRIDGES.index(one.bridge) if one.bridge else len(BRIDGES) for one in (order, twin)]
    versions = dict(order.versions)
    if ranks[1] < ranks[0]:
        order.shopper_id, order.bridge = twin.shopper_id, twin.bridge
        versions["match"] = twin.versions.get("match", "")
    if order.email_hash is None and twin.email_hash is not None:
        order.email_hash = twin.email_hash
        versions["email_hash"] = twin.versions.get("email_hash", "")
    if twin.versions.get("state", "") > versions.get("state", ""):
        order.status, order.cancelled_at = twin.status, twin.cancelled_at
        versions["state"] = twin.versions["state"]
    order.versions = versions
