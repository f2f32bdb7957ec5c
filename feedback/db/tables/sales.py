"""The tables of sales: orders, refunds, received webhooks, exchange rates."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Money, Words


class ExchangeRate(SQLModel, table=True):
    """What one unit of `currency` was worth in `base` from a day on, in hundred-millionths."""

    __tablename__: ClassVar[str] = "rate"

    currency: str = Field(primary_key=True)
    base: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    rate: int = Field(sa_type=BigInteger)


class Order(SQLModel, table=True):
    """A purchase reported by a shop system; two systems may use the same ids.

    `sale`, `refunded` and `gift_cards` are kept so that every figure counts by one rule:
    what the shop keeps of a sale is `total - gift_cards - refunded`, never less than nothing.
    """

    __tablename__: ClassVar[str] = "shop_order"  # ORDER is a word of SQL

    source: str = Field(primary_key=True)  # orders, shopify, woocommerce, stripe, …
    order_id: str = Field(primary_key=True)
    number: str = Field(index=True)  # what the shopper calls it: "1001", never "#1001"
    checkout: str = Field(default="", sa_column_kwargs={"server_default": ""})  # web, pos, …
    payment: str = Field(default="", sa_column_kwargs={"server_default": ""})  # cod, paypal, …
    shopper_id: str | None = Field(default=None, index=True)
    bridge: str | None = None  # how it was matched: token, cart, click, email
    email_hash: str | None = Field(default=None, index=True)
    status: str = "paid"  # one of feedback.db.order_states.STATES
    sale: bool = True  # by its state, the setting SHOPCLERK_SALE_FROM and its total
    tracking: str | None = Field(default=None, sa_type=Words)
    placed_at: datetime = Field(sa_type=Instant, index=True)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    currency: str
    total: Decimal = Field(sa_type=Money)  # what the shopper owes, refunds not deducted
    gift_cards: Decimal = Field(default=Decimal(0), sa_type=Money)  # sold: a sale once spent
    refunded: Decimal = Field(default=Decimal(0), sa_type=Money)  # given back, in `currency`
    paid_currency: str | None = None  # the shopper's own, where it is another one
    paid_total: Decimal | None = Field(default=None, sa_type=Money)  # `total` in it
    updated_at: datetime = Field(sa_type=Instant)
    # Of each part that reports may leave out: how new what is known of it is (purchases.py).
    versions: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class OrderLine(SQLModel, table=True):
    """One product of an order."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["source", "order_id"],
            ["shop_order.source", "shop_order.order_id"],
            ondelete="CASCADE",
        ),
    )

    source: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    product_id: str = Field(index=True)
    title: str = Field(default="", sa_type=Words)
    quantity: int
    price: Decimal = Field(sa_type=Money)


class Refund(SQLModel, table=True):
    """Money given back, one row a transaction; it may arrive before its order does."""

    source: str = Field(primary_key=True)
    refund_id: str = Field(primary_key=True)
    order_id: str = Field(index=True)
    amount: Decimal = Field(sa_type=Money)
    currency: str  # in which the shopper got it
    order_amount: Decimal | None = Field(default=None, sa_type=Money)  # in the order's currency
    status: str = "succeeded"  # pending, succeeded, failed
    refunded_at: datetime = Field(sa_type=Instant)


class OrderAlias(SQLModel, table=True):
    """Another id of an order: Stripe names a sale by its checkout, payment, invoice and charge."""

    __tablename__: ClassVar[str] = "order_alias"

    source: str = Field(primary_key=True)
    alias: str = Field(primary_key=True)
    order_id: str


class RedactedOrder(SQLModel, table=True):
    """An order whose buyer was forgotten: no later report brings them back."""

    __tablename__: ClassVar[str] = "redacted_order"

    source: str = Field(primary_key=True)
    order_id: str = Field(primary_key=True)
    redacted_at: datetime = Field(sa_type=Instant)


class ReceivedDelivery(SQLModel, table=True):
    """A message from outside that was taken in: the same id again is a repeat."""

    __tablename__: ClassVar[str] = "delivery"

    source: str = Field(primary_key=True)
    delivery_id: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=Instant)
