"""The book: replies, questions, facts, products and past dialogues, and what fills them."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select as sa_select
from sqlmodel import Session, SQLModel, col, delete, select, update

from feedback.db import (
    MICROSECOND,
    Database,
    Fact,
    Paced,
    PastDialogue,
    Prepared,
    Product,
    Question,
    Reply,
    Variant,
    find,
    insert_into,
)
from feedback.knowledge.importers.records import (
    DialogueLine,
    FactLine,
    ProductLine,
    QuestionLine,
    ReplyLine,
    VariantLine,
)
from feedback.knowledge.product_numbers import names_of, note_numbers

BATCH = 500  # rows a statement: SQLite takes at most 32,766 values in one


class CatalogueItem(NamedTuple):
    """A product of the catalogue with its sizes and colours."""

    product: Product
    variants: tuple[Variant, ...]


class Book:
    """Reads and fills the book; what is put again under the same name replaces what was there."""

    def __init__(self, db: Database, *, look_every: float = 0.0) -> None:
        """Work on `db`; for its stamps it looks there at most every so many seconds."""
        self.db = db
        self.stamp = Paced(self._stamp, look_every)
        self.products_stamp = Paced(self._products_stamp, look_every)

    def put_replies(self, replies: Sequence[ReplyLine], now: datetime) -> int:
        """Write replies; those without a text are only for training and left out.

        Returns:
            How many were written.
        """
        with self.db.transaction() as session:
            later = _after(session, Reply, now)
            rows = [
                {**reply._asdict(), "updated_at": later}
                for reply in replies
                if reply.text is not None
            ]
            return _put(session, Reply, rows, key=("reply_id", "locale"))

    def put_questions(self, questions: Sequence[QuestionLine], now: datetime) -> int:
        """Write questions; asked again with another reply, the newer reply holds."""
        rows = [
            {
                "question": line.question,
                "digest": hashlib.sha256(line.question.encode("utf-8", "ignore")).hexdigest(),
                "locale": line.locale,
                "reply_id": line.reply_id,
                "added_at": now,
            }
            for line in questions
        ]
        with self.db.transaction() as session:
            return _put(session, Question, rows, key=("digest", "locale"))

    def pin(self, question: str, locale: str, *, pinned: bool = True) -> None:
        """Say that no later model may answer a question otherwise, or that it may."""
        digest = hashlib.sha256(question.encode("utf-8", "ignore")).hexdigest()
        with self.db.transaction() as session:
            session.execute(
                update(Question)
                .where(col(Question.digest) == digest, col(Question.locale) == locale)
                .values(pinned=pinned)
            )

    def put_facts(self, facts: Sequence[FactLine], now: datetime) -> int:
        """Write facts of the shop."""
        with self.db.transaction() as session:
            later = _after(session, Fact, now)
            rows = [
                {
                    "name": fact.name,
                    "locale": fact.locale or "",
                    "value": fact.value,
                    "updated_at": later,
                }
                for fact in facts
            ]
            return _put(session, Fact, rows, key=("name", "locale"))

    def put_products(
        self, products: Sequence[ProductLine], now: datetime, currency: str = "USD"
    ) -> int:
        """Write products with their variants; variants no longer named are gone."""
        rows = [_product_row(product) for product in products]
        variants = [
            {
                **variant._asdict(),
                "product_id": product.product_id,
                "currency": variant.currency or currency,
            }
            for product in products
            for variant in product.variants
        ]
        with self.db.transaction() as session:
            later = _after(session, Product, now)
            for row in rows:
                row["updated_at"] = later
            note_numbers(session, products, later)
            written = _put(session, Product, rows, key=("product_id",))
            for batch in _batches([row["product_id"] for row in rows]):
                session.execute(delete(Variant).where(col(Variant.product_id).in_(batch)))
            _put(session, Variant, variants, key=("variant_id",))
        self._forget_stamps()
        return written

    def put_product_alone(
        self, product: ProductLine, variant_ids: Collection[str], now: datetime
    ) -> None:
        """Write a product but not its variants: those of other numbers are gone, the rest stay."""
        with self.db.transaction() as session:
            row = {**_product_row(product), "updated_at": _after(session, Product, now)}
            _put(session, Product, [row], key=("product_id",))
            others = delete(Variant).where(
                col(Variant.product_id) == product.product_id,
                col(Variant.variant_id).not_in(variant_ids),
            )
            session.execute(others)
        self._forget_stamps()

    def put_variant(
        self, product_id: str, variant: VariantLine, now: datetime, *, currency: str, gone: bool
    ) -> None:
        """Write one variant of a product, or take it away.

        Of a product that is not known yet it is kept too, not for sale until the rest comes.
        """
        with self.db.transaction() as session:
            later = _after(session, Product, now)
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
                row = {
                    **variant._asdict(),
                    "product_id": product_id,
                    "currency": variant.currency or currency,
                }
                _put(session, Variant, [row], key=("variant_id",))
        self._forget_stamps()

    def take_numbered_off_sale(self, number: str, now: datetime) -> bool:
        """A product that Shopify deleted is for sale no more; False: unknown."""
        with self.db.reading() as session:
            name = names_of(session, {number}).get(number)
        return name is not None and self.take_off_sale(name, now)

    def take_off_sale(self, number: str, now: datetime) -> bool:
        """A product or a variant that the shop deleted is for sale no more; False: unknown."""
        with self.db.transaction() as session:
            later = _after(session, Product, now)
            variant = find(session, Variant, number)
            product = find(session, Product, variant.product_id if variant else number, lock=True)
            if product is None:
                return False
            product.updated_at = later
            if product.product_id == number:
                product.active = False
            else:
                session.delete(variant)
        self._forget_stamps()
        return True

    def put_past_dialogues(self, dialogues: Sequence[DialogueLine], now: datetime) -> int:
        """Write dialogues held elsewhere, to learn from."""
        rows = [
            {
                "id": dialogue.id,
                "turns": [turn._asdict() for turn in dialogue.turns],
                "accepted": dialogue.accepted,
                "imported_at": now,
            }
            for dialogue in dialogues
        ]
        with self.db.transaction() as session:
            return _put(session, PastDialogue, rows, key=("id",))

    def replies(self) -> list[Reply]:
        """Every reply, in every language, by id."""
        with self.db.reading() as session:
            order = (col(Reply.reply_id), col(Reply.locale))
            return list(session.exec(select(Reply).order_by(*order)))

    def reply(self, reply_id: str, locale: str) -> Reply | None:
        """The reply in `locale`; else in English, else in any language; None where unknown."""
        with self.db.reading() as session:
            found = session.exec(select(Reply).where(Reply.reply_id == reply_id)).all()
        return min(found, key=lambda reply: _fallback_order(reply, locale), default=None)

    def questions(self) -> list[Question]:
        """Every question, oldest first."""
        with self.db.reading() as session:
            return list(session.exec(select(Question).order_by(col(Question.id))))

    def past_dialogues(self) -> Iterator[PastDialogue]:
        """Every imported dialogue, by id, a batch at a time."""
        last = ""
        while True:
            with self.db.reading() as session:
                batch = session.exec(
                    select(PastDialogue)
                    .where(col(PastDialogue.id) > last)
                    .order_by(col(PastDialogue.id))
                    .limit(BATCH)
                ).all()
            if not batch:
                return
            yield from batch
            last = batch[-1].id

    def facts(self, locale: str) -> dict[str, str]:
        """The shop's facts in `locale`; those without a language hold where it has none."""
        with self.db.reading() as session:
            found = session.exec(select(Fact).where(col(Fact.locale).in_(["", locale]))).all()
        return {fact.name: fact.value for fact in sorted(found, key=lambda fact: fact.locale)}

    def products(self) -> list[CatalogueItem]:
        """The catalogue, products that are not for sale included (`active` says so)."""
        with self.db.reading() as session:
            products = session.exec(select(Product).order_by(col(Product.product_id))).all()
            variants = session.exec(select(Variant).order_by(col(Variant.variant_id))).all()
        by_product: dict[str, list[Variant]] = {}
        for variant in variants:
            by_product.setdefault(variant.product_id, []).append(variant)
        return [
            CatalogueItem(product, tuple(by_product.get(product.product_id, ())))
            for product in products
        ]

    def _forget_stamps(self) -> None:
        """What was just written is seen at once here, elsewhere at the next look."""
        self.stamp.forget()
        self.products_stamp.forget()

    def _products_stamp(self) -> tuple[int, datetime | None]:
        """How many products there are, and when one changed last."""
        with self.db.looking() as connection:
            count, latest = _stamps(Product).all(connection, {})[0]
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
                by_product = variants_of(session, [product.product_id for product in batch])
            for product in batch:
                yield CatalogueItem(product, tuple(by_product.get(product.product_id, ())))
            if len(batch) < BATCH:
                return
            last = batch[-1].product_id

    def product(self, product_id: str) -> CatalogueItem | None:
        """One product."""
        with self.db.reading() as session:
            product = find(session, Product, product_id)
            if product is None:
                return None
            variants = variants_of(session, [product_id]).get(product_id, [])
            return CatalogueItem(product, tuple(variants))

    def is_empty(self) -> bool:
        """Whether there is no reply yet."""
        with self.db.reading() as session:
            return session.exec(select(Reply).limit(1)).first() is None

    def library_stamp(self) -> str:
        """Something that changes whenever replies or products do: what a model holds of them."""
        return self._stamp_of(Reply, Product)

    def _stamp(self) -> str:
        """Something that changes whenever replies, facts or products do, for caches."""
        return self._stamp_of(Reply, Fact, Product)

    def _stamp_of(self, *tables: type[SQLModel]) -> str:
        with self.db.looking() as connection:
            return "-".join(str(part) for part in _stamps(*tables).all(connection, {})[0])


def variants_of(session: Session, product_ids: list[str]) -> dict[str, list[Variant]]:
    """The variants of each of these products, by id."""
    found = session.exec(
        select(Variant)
        .where(col(Variant.product_id).in_(product_ids))
        .order_by(col(Variant.variant_id))
    )
    by_product: dict[str, list[Variant]] = {}
    for variant in found:
        by_product.setdefault(variant.product_id, []).append(variant)
    return by_product


def _fallback_order(reply: Reply, locale: str) -> tuple[bool, bool, str]:
    return reply.locale != locale, reply.locale != "en", reply.locale


def _product_row(product: ProductLine) -> dict[str, Any]:
    row = product._asdict()
    del row["variants"], row["number"]
    return row


def _put(
    session: Session, table: type[SQLModel], rows: list[dict[str, Any]], key: tuple[str, ...]
) -> int:
    """Insert `rows` or replace what stands under their key; the last of equal keys holds."""
    newest = {tuple(row[name] for name in key): row for row in rows}
    if rows:
        insert = insert_into(session, table)
        changed = {name: insert.excluded[name] for name in rows[0] if name not in key}
        changed.pop("added_at", None)  # when it came first
        upsert = insert.on_conflict_do_update(index_elements=list(key), set_=changed)
        # Row by row to the driver: 15,000 questions take 0.3 s, as long statements they took 7 s.
        session.connection().execute(upsert, list(newest.values()))
    return len(newest)


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _updated_at(table: type[SQLModel]) -> ColumnElement[datetime]:
    column: ColumnElement[datetime] = table.metadata.tables[str(table.__tablename__)].c.updated_at
    return column


def _latest(session: Session, table: type[SQLModel]) -> datetime | None:
    latest: datetime | None = session.execute(select(func.max(_updated_at(table)))).scalar_one()
    return latest


@cache
def _stamps(*tables: type[SQLModel]) -> Prepared:
    """How many rows each table has and when one changed last."""
    parts = [
        part
        for table in tables
        for part in (
            select(func.count()).select_from(table).scalar_subquery(),
            select(func.max(_updated_at(table))).scalar_subquery(),
        )
    ]
    return Prepared(sa_select(*parts))


def _after(session: Session, table: type[SQLModel], now: datetime) -> datetime:
    """`now`, or a little later: two changes within one moment still change the stamp."""
    latest = _latest(session, table)
    return now if latest is None else max(now, latest + MICROSECOND)
