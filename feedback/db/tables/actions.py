"""The tables of order actions: what shoppers said yes to, and the emergency stop."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Words


class ActionRun(SQLModel, table=True):
    """One call of the back office that a shopper said yes to, from the yes to its end.

    `run_id` is made of the dialogue and the summary that was said yes to, so the same yes heard
    twice is one run; it is also the idempotency key of the call.
    """

    __tablename__: ClassVar[str] = "action_run"

    run_id: str = Field(primary_key=True)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id", index=True)
    shopper_id: str = Field(index=True)
    summary_id: str  # the hash of the calls that the yes was for
    name: str
    arguments: dict[str, Any] = Field(sa_type=JSON)
    amounts: dict[str, Any] = Field(sa_type=JSON)  # as the summary told them
    summary: str = Field(sa_type=Words)  # as the shopper read it
    why: str = Field(default="", sa_type=Words)  # why it waits for a person
    locale: str
    state: str  # one of feedback.actions.states.STATES
    confirmed_at: datetime = Field(sa_type=Instant)
    due_at: datetime = Field(sa_type=Instant)
    attempts: int = 0
    owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=Words)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision: str | None = Field(default=None, sa_type=Words)  # what the colleague wrote
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    error: str | None = Field(default=None, sa_type=Words)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)  # the shopper knows the end
    customer_id: str = ""  # whose orders they are, as the shop names them
    by_staff: bool = False  # a colleague carries it out by hand
    policy: str = Field(default="", sa_type=Words)  # the rule of the shop it was checked with
    undo: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # the call that takes it back
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # a colleague's change of it
    history: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # their orders at the yes
    reminded_at: datetime | None = Field(default=None, sa_type=Instant)
    revision: int = 1
    queued: int = 0  # the newest revision whose drawing is on its way to Slack
    channel: str | None = None
    ts: str | None = None


class StockNotice(SQLModel, table=True):
    """A shopper wants to be told when a product is to be had again."""

    __tablename__: ClassVar[str] = "stock_notice"

    notice_id: str = Field(primary_key=True)  # of the dialogue and the product: asked for once
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id", index=True)
    shopper_id: str = Field(index=True)
    product_id: str = Field(index=True)
    locale: str
    asked_at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)


class ActionStop(SQLModel, table=True):
    """The emergency stop: while its row is there, no action is carried out."""

    __tablename__: ClassVar[str] = "action_stop"

    name: str = Field(primary_key=True)
    stopped_by: str = Field(sa_type=Words)
    stopped_at: datetime = Field(sa_type=Instant)


Index("action_run_due", ActionRun.state, ActionRun.due_at)  # type: ignore[arg-type]
