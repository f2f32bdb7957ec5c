"""The tables of a shop's connections: systems, failed look-ups, proposals, privacy requests."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import BigKey, Instant, Words


class ShopConnection(SQLModel, table=True):
    """A shop system that reports to us: when it last did, and how far its orders were compared."""

    __tablename__: ClassVar[str] = "shop_connection"

    source: str = Field(primary_key=True)  # shopify, woocommerce, stripe, orders
    heard_at: datetime | None = Field(default=None, sa_type=Instant)
    reconciled_until: datetime | None = Field(default=None, sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)  # the app was uninstalled
    # The last order that was kept although something in it could not be read.
    odd_at: datetime | None = Field(default=None, sa_type=Instant)
    odd_order: str | None = None
    odd_fields: str | None = Field(default=None, sa_type=Words)  # names and reasons, no values


class DemoMark(SQLModel, table=True):
    """The mark of the demo shop: open while it is all that the store holds, then closed."""

    __tablename__: ClassVar[str] = "demo_mark"

    mark: str = Field(primary_key=True)
    loaded_at: datetime = Field(sa_type=Instant)


class FailedGuess(SQLModel, table=True):
    """A number and e-mail, or a name and password, that were not right; keyed hashes only."""

    __tablename__: ClassVar[str] = "failed_lookup"

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    key_hash: str = Field(index=True)  # of what was guessed at, of who guessed, or of both
    failed_at: datetime = Field(sa_type=Instant)


class Proposal(SQLModel, table=True):
    """A reply that staff gave again and again in past tickets, for the staff to take or leave."""

    proposal_id: str = Field(primary_key=True)
    locale: str
    text: str = Field(sa_type=Words)
    questions: list[str] = Field(default_factory=list, sa_type=JSON)  # what it answered
    uses: int
    state: str = "open"  # open, taken, left
    reply_id: str | None = None  # under which it was taken
    decided_by: str | None = Field(default=None, sa_type=Words)
    proposed_at: datetime = Field(sa_type=Instant)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)


class DeletionRequest(SQLModel, table=True):
    """What a shop system asked to delete: carried out when its grace period is over."""

    __tablename__: ClassVar[str] = "deletion_request"

    request_id: str = Field(primary_key=True)  # the hash of the signed body
    source: str
    topic: str  # shop/redact, customers/redact
    shopper_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    orders: int  # how many it named when it came
    asked_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant, index=True)
    state: str = "waiting"  # waiting, done, cancelled
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class DataRequest(SQLModel, table=True):
    """A customer's wish to see their data, passed on by the shop system; due in 30 days."""

    __tablename__: ClassVar[str] = "data_request"

    source: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    shopper_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    order_ids: list[Any] = Field(default_factory=list, sa_type=JSON)
    asked_at: datetime = Field(sa_type=Instant)
    done_at: datetime | None = Field(default=None, sa_type=Instant)
