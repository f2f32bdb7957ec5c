"""The tables of dialogues: dialogues, turns, and the replies shown in them.

Identifiers that leave the house are random strings. What every message of a chat reads and writes
has a row class and a table class: outside a session, where nothing watches its fields, a row is
made ten times as fast.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import BigKey, Instant, Words


class DialogueRow(SQLModel):
    """One shopper's conversation, in the web chat or in a thread of another channel."""

    dialogue_id: str = Field(primary_key=True)
    shopper_id: str = Field(foreign_key="shopper.shopper_id", index=True)
    channel: str  # web, slack, terminal, …
    locale: str
    arm: str
    page: str | None = Field(default=None, sa_type=Words)
    team: str | None = None  # with the next two a `DialogueThread`; None in the web chat
    slack_channel: str | None = None
    thread_ts: str | None = None
    state: str = "clerk"  # written by `feedback.dialogues.state.moved` alone
    handover_reason: str | None = None
    # What the clerk remembers from turn to turn: see `feedback.dialogues.state`.
    memory: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    started_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant, index=True)


class Dialogue(DialogueRow, table=True):
    """Its table."""

    __table_args__ = (UniqueConstraint("team", "slack_channel", "thread_ts"),)


class DialogueTurnRow(SQLModel):
    """One message in a dialogue; its number orders it, and event streams resume from it."""

    turn_id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id")
    speaker: str  # shopper, clerk, staff
    text: str = Field(sa_type=Words)
    author: str | None = Field(default=None, sa_type=Words)  # the staff member's name
    # the sender's own id of it: the same again is the same message
    client_id: str | None = Field(default=None, sa_type=Words)
    answers_turn_id: int | None = Field(default=None, sa_type=BigInteger)
    impression_id: str | None = Field(default=None, index=True)
    at: datetime = Field(sa_type=Instant)


class DialogueTurn(DialogueTurnRow, table=True):
    """Its table."""

    __table_args__ = (UniqueConstraint("dialogue_id", "client_id"),)


class ImpressionRow(SQLModel):
    """What was shown, with all that is needed to judge it later."""

    impression_id: str = Field(primary_key=True)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id")
    shopper_id: str = Field(index=True)
    arm: str
    kind: str  # answer, choices, ask, products, confirm, done, refused, submitted, handover
    reply_id: str | None = None  # the reply of the book that was said
    text: str = Field(sa_type=Words)
    locale: str
    choices: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    products: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    # What another knowledge source than the reply book said: {source, id, title, url, text}.
    citations: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    # What it asks for, is about, sums up and has carried out: `bot.messages.ReplyDetails`.
    details: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"}
    )
    candidates: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    confidence: float
    propensity: float = 1.0  # the probability with which this reply was chosen
    served_by: str  # model, keywords, policy
    model_version: int | None = None
    rank_ms: float = 0.0
    answer_ms: float | None = None  # from the message to its answer; None: not measured
    shown_at: datetime = Field(sa_type=Instant, index=True)


class Impression(ImpressionRow, table=True):
    """Its table."""


class AnswerPart(SQLModel, table=True):
    """One of several candidates said in an answer, with the question that it answers."""

    __tablename__: ClassVar[str] = "answer_part"

    impression_id: str = Field(primary_key=True, foreign_key="impression.impression_id")
    place: int = Field(primary_key=True)  # in the answer, from 1 on
    asked: str | None = Field(default=None, sa_type=Words)  # the shopper's words; None: pruned
    reply_id: str | None = None  # of the book
    products: list[str] = Field(default_factory=list, sa_type=JSON)  # whose cards it showed
    candidates: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    confidence: float
    propensity: float = 1.0
    served_by: str
    model_version: int | None = None


# All that the report reads of an impression: without it each one's whole row is read, 500 bytes.
Index(
    "impression_of_dialogue",
    Impression.dialogue_id,
    Impression.shown_at,  # type: ignore[arg-type]
    Impression.kind,
    Impression.served_by,
    Impression.locale,
    Impression.model_version,  # type: ignore[arg-type]
    Impression.impression_id,
    Impression.answer_ms,  # type: ignore[arg-type]
)
Index("turn_of_dialogue", DialogueTurn.dialogue_id, DialogueTurn.turn_id)  # type: ignore[arg-type]
