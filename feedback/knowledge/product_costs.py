"""Cost of products to the shop itself, as imports tell it: for the margin in the report."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session

from feedback.db import ProductCost
from feedback.knowledge.importers.records import ProductLine
from feedback.knowledge.upserts import upsert

SMALLEST: Final = Decimal("0.0001")  # of an amount that is stored


def put_costs(
    session: Session, products: Iterable[ProductLine], currency: str, now: datetime
) -> None:
    """Keep the costs that are told; a product of which none is told keeps what is known."""
    rows = [row for product in products if (row := _row(product, currency, now))]
    upsert(session, ProductCost, rows, key=("product_id",))


def _row(product: ProductLine, currency: str, now: datetime) -> dict[str, Any] | None:
    """The mean of its sizes, of which an order line names none."""
    told = [each for each in product.variants if each.cost is not None]
    if not told:
        return None
    costs = [each.cost for each in told if each.cost is not None]
    return {
        "product_id": product.product_id,
        "cost": (sum(costs, Decimal(0)) / len(costs)).quantize(SMALLEST),
        "currency": told[0].currency or currency,
        "updated_at": now,
    }
