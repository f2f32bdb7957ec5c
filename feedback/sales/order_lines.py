"""Lines of orders: written under the catalogue's product ids, and read for the shopper."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from sqlmodel import Session, col, delete, select

from feedback.db import Order, OrderLine, Product, Refund, Variant
from feedback.knowledge import SOURCE as NUMBERED, BoughtLine, names_of
from feedback.sales.purchase import OrderKey
from feedback.sales.refunds import Amount, paid, told

BATCH: Final = 500  # names a statement


class OrderView(NamedTuple):
    """What a shopper may hear about their order."""

    order_id: str
    number: str
    status: str
    placed_at: datetime
    currency: str
    total: Decimal
    refunded: Decimal
    paid: Amount  # the total in the shopper's own currency
    returned: tuple[Amount, ...]  # what came back, in the currencies it came in
    items: tuple[BoughtLine, ...]
    tracking: str | None


def write_lines(session: Session, key: OrderKey, lines: Sequence[BoughtLine]) -> None:
    """Write what was bought, over what was known of it."""
    session.execute(
        delete(OrderLine)
        .where(col(OrderLine.source) == key.source)
        .where(col(OrderLine.order_id) == key.order_id)
    )
    own = _own_products(session, key.source, lines)
    for position, line in enumerate(lines):
        session.add(
            OrderLine(
                source=key.source,
                order_id=key.order_id,
                position=position,
                product_id=own(line),
                title=line.title,
                quantity=line.quantity,
                price=line.price,
            )
        )


def _own_products(
    session: Session, source: str, lines: Iterable[BoughtLine]
) -> Callable[[BoughtLine], str]:
    """Gives the catalogue's id of what was bought.

    A shop's webhook names its own number of a product, its export the handle; the stock-keeping
    unit, or else the title, is in both. Shopify's number may be another shop's id of something
    else, so only those noted as Shopify's count. Looked up for all lines at once: an order may
    have 500.
    """
    called = {line.product_id: line.product_id for line in lines}
    if source == NUMBERED:
        called = names_of(session, set(called))
    ids = set(called.values())
    products = _found(session, Product.product_id, Product.product_id, ids)
    variants = _found(session, Variant.variant_id, Variant.product_id, ids)
    skus = _found(session, Variant.sku, Variant.product_id, {line.sku for line in lines})
    titles = _found(session, Product.title, Product.product_id, {line.title for line in lines})

    def own(line: BoughtLine) -> str:
        known_as = called.get(line.product_id, "")
        ways = (products, known_as), (variants, known_as), (skus, line.sku)
        for known, name in (*ways, (titles, line.title)):
            if len(known.get(name, ())) == 1:
                return next(iter(known[name]))
        return line.product_id

    return own


def _found(session: Session, name: str, product_id: str, wanted: set[str]) -> dict[str, set[str]]:
    """The products that bear each of the wanted names."""
    known: dict[str, set[str]] = defaultdict(set)
    names = sorted(wanted - {""})
    for start in range(0, len(names), BATCH):
        batch = col(name).in_(names[start : start + BATCH])
        for each, product in session.exec(select(name, product_id).where(batch)):
            known[each].add(product)
    return known


def view_of(session: Session, order: Order, refunds: Iterable[Refund]) -> OrderView:
    """The order with its lines, and what was refunded of it."""
    lines = session.exec(
        select(OrderLine)
        .where(OrderLine.source == order.source)
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
        refunded=order.refunded,
        paid=paid(order),
        returned=told(order, refunds),
        items=tuple(
            BoughtLine(line.product_id, line.quantity, line.price, line.title) for line in lines
        ),
        tracking=order.tracking,
    )
