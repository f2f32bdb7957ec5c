"""The tables of sales: orders, what was returned, who told us, and what currencies were worth."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Money, Words


class Rate(SQLModel, table=True):
    """What one unit of `currency` was worth in `base` from a day on, in hundred-millionths."""

    currency: str = Field(primary_key=True)
    base: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    rate: int = Field(sa_type=BigInteger)


class Order(SQLModel, table=True):
    """A purchase reported by the shop."""

    __tablename__: ClassVar[str] = "shop_order"  # ORDER is a word of SQL

    order_id: str = Field(primary_key=True)
    number: str = Field(index=True)  # what the shopper calls it: "1001", never "#1001"
    source: str  # orders, shopify, import, …
    checkout: str = Field(default="", sa_column_kwargs={"server_default": ""})  # web, pos, …
    shopper_id: str | None = Field(default=None, index=True)
    bridge: str | None = None  # how it was matched: token, cart, click, email
    email_hash: str | None = Field(default=None, index=True)
    status: str = "paid"  # pending, paid, shipped, delivered, cancelled
    tracking: str | None = Field(default=None, sa_type=Words)
    placed_at: datetime = Field(sa_type=Instant, index=True)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    currency: str
    total: Decimal = Field(sa_type=Money)
    updated_at: datetime = Field(sa_type=Instant)


class OrderLine(SQLModel, table=True):
    """One product of an order."""

    order_id: str = Field(primary_key=True, foreign_key="shop_order.order_id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    product_id: str = Field(index=True)
    title: str = Field(default="", sa_type=Words)
    quantity: int
    price: Decimal = Field(sa_type=Money)


class Refund(SQLModel, table=True):
    """Money given back; it may arrive before its order does."""

    refund_id: str = Field(primary_key=True)
    order_id: str = Field(index=True)
    amount: Decimal = Field(sa_type=Money)
    currency: str
    refunded_at: datetime = Field(sa_type=Instant)


class Delivery(SQLModel, table=True):
    """A message from outside that was taken in: the same id again is a repeat."""

    source: str = Field(primary_key=True)
    delivery_id: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=Instant)
