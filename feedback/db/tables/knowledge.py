"""The tables of knowledge: replies, the questions they answer, facts, products."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import BigKey, Instant, Money, Words

PERSON_REPLY_ID: Final = "talk_to_human"  # the reply to a shopper who asks for a person


class Reply(SQLModel, table=True):
    """A reply of the book, in one language; only these ever reach a shopper."""

    reply_id: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    text: str = Field(sa_type=Words)
    updated_at: datetime = Field(sa_type=Instant)


class ReplyVersion(SQLModel, table=True):
    """What a reply said from a moment on, and who wrote it."""

    __tablename__: ClassVar[str] = "reply_version"

    number: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    reply_id: str = Field(index=True)
    locale: str
    text: str = Field(sa_type=Words)
    by: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=Instant)


class Question(SQLModel, table=True):
    """A question whose right reply the staff named; `reply_id` None: none fits, hand over."""

    __table_args__ = (UniqueConstraint("digest", "locale"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    question: str = Field(sa_type=Words)
    # SHA-256 of the question and its history: PostgreSQL indexes no text over 2,700 bytes.
    digest: str
    locale: str
    reply_id: str | None = None
    # No later model may answer it otherwise.
    pinned: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    added_at: datetime = Field(sa_type=Instant)
    labelled_at: datetime = Field(sa_type=Instant)  # when it was given this reply
    # What was said before it, each turn with its speaker, where it means nothing by itself.
    history: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )


class Supersession(SQLModel, table=True):
    """From when on what was learned for a reply is out of date, and what is said in its place."""

    number: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    reply_id: str = Field(index=True)
    locale: str = ""  # "": in every language
    successor: str | None = None  # in its place; None: its words are others now, or it is retired
    cause: str  # staff, corrections, relabelled, text, fact, retired
    by: str = Field(sa_type=Words)  # who did what led to it
    since: datetime = Field(sa_type=Instant)
    undone_by: str | None = Field(default=None, sa_type=Words)
    undone_at: datetime | None = Field(default=None, sa_type=Instant)


class PastDialogue(SQLModel, table=True):
    """A dialogue imported from elsewhere, to learn from; it never was ours."""

    id: str = Field(primary_key=True)
    turns: list[dict[str, Any]] = Field(sa_type=JSON)
    accepted: bool = False
    imported_at: datetime = Field(sa_type=Instant)


class Fact(SQLModel, table=True):
    """A fact of the shop that fills a `{policy.…}` slot; locale "" holds in every language."""

    name: str = Field(primary_key=True)
    locale: str = Field(default="", primary_key=True)
    value: str = Field(sa_type=Words)
    updated_at: datetime = Field(sa_type=Instant)


class Product(SQLModel, table=True):
    """A product of the catalogue; prices and stock are its variants'."""

    product_id: str = Field(primary_key=True)  # the shop's handle
    title: str  # in the shop's own language
    body: str = Field(default="", sa_type=Words)
    vendor: str = ""
    category: str = ""
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    image: str = ""
    url: str = ""  # where the shop sells it; "" means /products/<product_id>
    active: bool = True
    updated_at: datetime = Field(sa_type=Instant, index=True)  # asked at every turn of a chat


class ProductTranslation(SQLModel, table=True):
    """What a product is called in another language than the shop's own."""

    __tablename__: ClassVar[str] = "product_translation"

    product_id: str = Field(primary_key=True, foreign_key="product.product_id", ondelete="CASCADE")
    locale: str = Field(primary_key=True)
    title: str = ""  # "": the product's own
    body: str = Field(default="", sa_type=Words)


class ProductNumber(SQLModel, table=True):
    """The number by which a shop system names a product that is kept under its handle."""

    __tablename__: ClassVar[str] = "product_number"

    source: str = Field(primary_key=True)
    number: str = Field(primary_key=True)
    product_id: str


class ProductCost(SQLModel, table=True):
    """What a product costs the shop itself, the mean of its sizes; never shown to a shopper.

    Apart from the product: a webhook, which tells no cost, writes the product anew.
    """

    __tablename__: ClassVar[str] = "product_cost"

    product_id: str = Field(primary_key=True)
    cost: Decimal = Field(sa_type=Money)
    currency: str
    updated_at: datetime = Field(sa_type=Instant)


class Variant(SQLModel, table=True):
    """One size and colour of a product, with its price and stock."""

    variant_id: str = Field(primary_key=True)
    product_id: str = Field(foreign_key="product.product_id", index=True, ondelete="CASCADE")
    options: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # {"Size": "M"}
    sku: str = ""
    price: Decimal = Field(sa_type=Money)
    compare_at: Decimal | None = Field(default=None, sa_type=Money)
    currency: str
    quantity: int | None = None  # None: the shop does not count it, so it is in stock
