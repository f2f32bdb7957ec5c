"""The numbers by which Shopify names products that are kept under their handles.

Its webhooks tell a deletion, and its orders a line, by the number alone. Inside a transaction that
is already open.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select, update

from feedback.db import Product, ProductNumber, insert_into
from feedback.knowledge.importers.records import ProductLine

SOURCE: Final = "shopify"
BATCH: Final = 500  # numbers a statement


def note_numbers(session: Session, products: Sequence[ProductLine], at: datetime) -> None:
    """Keep the products' numbers; one that had another handle before was renamed.

    The old handle leads nowhere any more, so it is off sale.
    """
    names = {product.number: product.product_id for product in products if product.number}
    for known, old in names_of(session, names).items():
        if old != names[known]:
            session.execute(
                update(Product)
                .where(col(Product.product_id) == old)
                .values(active=False, updated_at=at)
            )
    if names:
        insert = insert_into(session, ProductNumber)
        upsert = insert.on_conflict_do_update(
            index_elements=["source", "number"], set_={"product_id": insert.excluded.product_id}
        )
        rows = [
            {"source": SOURCE, "number": number, "product_id": name}
            for number, name in names.items()
        ]
        session.connection().execute(upsert, rows)


def names_of(session: Session, numbers: Mapping[str, object] | set[str]) -> dict[str, str]:
    """The handles of those of these numbers that are known."""
    wanted, found = sorted(numbers), {}
    for start in range(0, len(wanted), BATCH):
        some = select(ProductNumber.number, ProductNumber.product_id).where(
            ProductNumber.source == SOURCE,
            col(ProductNumber.number).in_(wanted[start : start + BATCH]),
        )
        found.update(dict(session.exec(some).all()))
    return found
