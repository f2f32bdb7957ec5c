"""Pagination of the catalogue for the storefront: 100,000 products are never all read."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from feedback.db import Database, Product, Variant
from feedback.knowledge.catalogue import Catalogue, CatalogueItem, items_of


class Categories:
    """The categories of what is on sale and how many products each has; read when these change.

    Of 100,000 products they take some 0.3 s to count, too long for each page.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        """Count what `catalogue` has."""
        self._catalogue = catalogue
        self._known: tuple[Any, dict[str, int]] = (None, {})

    def __call__(self) -> dict[str, int]:
        """Products by category, in the catalogue's order; those without one under ""."""
        stamp = self._catalogue.stamp()
        if self._known[0] != stamp:
            self._known = (stamp, self._read())
        return self._known[1]

    def _read(self) -> dict[str, int]:
        with self._catalogue.db.reading() as session:
            found = session.exec(
                select(Product.category, func.count())
                .where(*_on_sale())
                .group_by(col(Product.category))
                .order_by(func.min(col(Product.product_id)))
            )
            return dict(found.all())


def read_catalogue_page(
    db: Database, within: Collection[str] | None = None, *, start: int = 0, count: int
) -> list[CatalogueItem]:
    """`count` products on sale from the place `start` on, of these categories (None: of all)."""
    wanted = _on_sale()
    if within is not None:
        wanted = (*wanted, col(Product.category).in_(within))
    with db.reading() as session:
        products = session.exec(
            select(Product)
            .where(*wanted)
            .order_by(col(Product.product_id))
            .offset(start)
            .limit(count)
        ).all()
        return items_of(session, products)


def with_picture(db: Database, within: Collection[str]) -> CatalogueItem | None:
    """The first product of these categories that has a picture and is in stock."""
    in_stock = (
        select(Variant.variant_id)
        .where(col(Variant.product_id) == col(Product.product_id))
        .where(col(Variant.quantity).is_(None) | (col(Variant.quantity) != 0))
        .exists()
    )
    with db.reading() as session:
        found = session.exec(
            select(Product)
            .where(*_on_sale(), col(Product.category).in_(within))
            .where(Product.image != "", in_stock)
            .order_by(col(Product.product_id))
            .limit(1)
        ).all()
        return next(iter(items_of(session, found)), None)


def of_variants(db: Database, variant_ids: Collection[str]) -> list[CatalogueItem]:
    """The products that these variants belong to, whole."""
    with db.reading() as session:
        of = select(Variant.product_id).where(col(Variant.variant_id).in_(variant_ids))
        products = session.exec(
            select(Product)
            .where(*_on_sale(), col(Product.product_id).in_(of))
            .order_by(col(Product.product_id))
        ).all()
        return items_of(session, products)


def _on_sale() -> tuple[Any, ...]:
    sold = select(Variant.variant_id).where(col(Variant.product_id) == col(Product.product_id))
    return (col(Product.active), sold.exists())
