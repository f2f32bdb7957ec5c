"""The product catalogue: products with their variants, prices and stock, as the shop told last."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, delete, select

from feedback.db import Cached, Database, Product, ProductTranslation, Variant, find
from feedback.knowledge.importers.records import ProductLine, Translation, VariantLine
from feedback.knowledge.product_costs import put_costs
from feedback.knowledge.product_numbers import names_of, note_numbers
from feedback.knowledge.upserts import BATCH, batches, later_than_all, stamps_of, upsert


class CatalogueItem(NamedTuple):
    """A product of the catalogue with its sizes and colours, and its words in other languages."""

    product: Product
    variants: tuple[Variant, ...]
    translations: tuple[Translation, ...] = ()

    def title_in(self, locale: str) -> str:
        """Its name in a language; the shop's own where it has none there."""
        titles = (said.title for said in self.translations if said.locale == locale)
        return next(titles, "") or self.product.title

    def body_in(self, locale: str) -> str:
        """Its description in a language; the shop's own where it has none there."""
        bodies = (said.body for said in self.translations if said.locale == locale)
        return next(bodies, "") or self.product.body


class Catalogue:
    """Reads and fills the catalogue; a product that is put again replaces what was there."""

    def __init__(self, db: Database, *, look_every: float = 0.0) -> None:
        """Work on `db`; for its stamp it looks there at most every so many seconds.

        What this object writes it sees at once.
        """
        self.db = db
        self.stamp = Cached(self._stamp, look_every)

    def put_products(
        self, products: Sequence[ProductLine], now: datetime, currency: str = "USD"
    ) -> int:
        """Write products with their variants; variants no longer named are gone."""
        rows = [_product_row(product) for product in products]
        variants = [
            _variant_row(product.product_id, variant, currency)
            for product in products
            for variant in product.variants
        ]
        with self.db.transaction() as session:
            later = later_than_all(session, Product, now)
            for row in rows:
                row["updated_at"] = later
            note_numbers(session, products, later)
            written = upsert(session, Product, rows, key=("product_id",))
            for batch in batches([row["product_id"] for row in rows]):
                session.execute(delete(Variant).where(col(Variant.product_id).in_(batch)))
            upsert(session, Variant, variants, key=("variant_id",))
            put_costs(session, products, currency, later)
            _put_translations(session, products)
        self.stamp.forget()
        return written

    def put_product_alone(
        self, product: ProductLine, variant_ids: Collection[str], now: datetime
    ) -> None:
        """Write a product but not its variants: those of other numbers are gone, the rest stay."""
        with self.db.transaction() as session:
            row = {**_product_row(product), "updated_at": later_than_all(session, Product, now)}
            upsert(session, Product, [row], key=("product_id",))
            _put_translations(session, [product])
            others = delete(Variant).where(
                col(Variant.product_id) == product.product_id,
                col(Variant.variant_id).not_in(variant_ids),
            )
            session.execute(others)
        self.stamp.forget()

    def put_variant(
        self, product_id: str, variant: VariantLine, now: datetime, *, currency: str, gone: bool
    ) -> None:
        """Write one variant of a product, or take it away.

        Of a product that is not known yet it is kept too, not for sale until the rest comes.
        """
        with self.db.transaction() as session:
            later = later_than_all(session, Product, now)
            product = find(session, Product, product_id, lock=True)
            if product is None:
                product = Product(product_id=product_id, title="", active=False, updated_at=later)
                session.add(product)
                session.flush()
            product.updated_at = later
            if gone:
                session.execute(
                    delete(Variant).where(col(Variant.variant_id) == variant.variant_id)
                )
            else:
                row = _variant_row(product_id, variant, currency)
                upsert(session, Variant, [row], key=("variant_id",))
        self.stamp.forget()

    def take_numbered_off_sale(self, number: str, now: datetime) -> bool:
        """A product that Shopify deleted is for sale no more; False: unknown."""
        with self.db.reading() as session:
            name = names_of(session, {number}).get(number)
        return name is not None and self.take_off_sale(name, now)

    def take_off_sale(self, number: str, now: datetime) -> bool:
        """A product or a variant that the shop deleted is for sale no more; False: unknown."""
        with self.db.transaction() as session:
            later = later_than_all(session, Product, now)
            variant = find(session, Variant, number)
            product = find(session, Product, variant.product_id if variant else number, lock=True)
            if product is None:
                return False
            product.updated_at = later
            if product.product_id == number:
                product.active = False
            else:
                session.delete(variant)
        self.stamp.forget()
        return True

    def products(self) -> list[CatalogueItem]:
        """The catalogue, products that are not for sale included (`active` says so)."""
        with self.db.reading() as session:
            products = session.exec(select(Product).order_by(col(Product.product_id))).all()
            variants = session.exec(select(Variant).order_by(col(Variant.variant_id))).all()
            translations = session.exec(_TRANSLATIONS).all()
        return _items(products, variants, translations)

    def _stamp(self) -> tuple[int, datetime | None]:
        """How many products there are, and when one changed last."""
        with self.db.statements(reading=True) as connection:
            count, latest = stamps_of(Product).all(connection, {})[0]
            return count, latest

    def changed_products(self, after: datetime | None) -> Iterator[CatalogueItem]:
        """Products changed later than `after` (None: all), by id, a batch at a time."""
        last = ""
        while True:
            with self.db.reading() as session:
                wanted = select(Product).where(col(Product.product_id) > last)
                if after is not None:
                    wanted = wanted.where(col(Product.updated_at) > after)
                batch = session.exec(wanted.order_by(col(Product.product_id)).limit(BATCH)).all()
                items = items_of(session, batch)
            yield from items
            if len(batch) < BATCH:
                return
            last = batch[-1].product_id

    def product(self, product_id: str) -> CatalogueItem | None:
        """One product."""
        with self.db.reading() as session:
            product = find(session, Product, product_id)
            return items_of(session, [product])[0] if product else None


_TRANSLATIONS = select(ProductTranslation).order_by(col(ProductTranslation.locale))


def items_of(session: Session, products: Sequence[Product]) -> list[CatalogueItem]:
    """These products with their variants and translations, in the same order."""
    ids = [product.product_id for product in products]
    variants = session.exec(
        select(Variant).where(col(Variant.product_id).in_(ids)).order_by(col(Variant.variant_id))
    )
    translations = session.exec(_TRANSLATIONS.where(col(ProductTranslation.product_id).in_(ids)))
    return _items(products, variants, translations)


def _items(
    products: Iterable[Product],
    variants: Iterable[Variant],
    translations: Iterable[ProductTranslation],
) -> list[CatalogueItem]:
    offered: dict[str, list[Variant]] = {}
    for variant in variants:
        offered.setdefault(variant.product_id, []).append(variant)
    said: dict[str, list[Translation]] = {}
    for row in translations:
        said.setdefault(row.product_id, []).append(Translation(row.locale, row.title, row.body))
    return [
        CatalogueItem(
            product,
            tuple(offered.get(product.product_id, ())),
            tuple(said.get(product.product_id, ())),
        )
        for product in products
    ]


def _put_translations(session: Session, products: Sequence[ProductLine]) -> None:
    """Write what products are called in other languages; what is no longer named is gone."""
    for batch in batches([product.product_id for product in products]):
        session.execute(
            delete(ProductTranslation).where(col(ProductTranslation.product_id).in_(batch))
        )
    rows = [
        {"product_id": product.product_id, **translation._asdict()}
        for product in products
        for translation in product.translations
    ]
    upsert(session, ProductTranslation, rows, key=("product_id", "locale"))


def _variant_row(product_id: str, variant: VariantLine, currency: str) -> dict[str, Any]:
    row = {**variant._asdict(), "product_id": product_id, "currency": variant.currency or currency}
    del row["cost"]  # kept apart, where no shopper's answer is made
    return row


def _product_row(product: ProductLine) -> dict[str, Any]:
    row = product._asdict()
    del row["variants"], row["number"], row["translations"]
    return row
