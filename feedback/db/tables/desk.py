"""The tables of the desk: inbox and outbox of Slack, cards, and the daily review.

Bodies and payloads are emptied once they have done their work: personal data lives in the dialogue
alone.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import BigKey, Instant, Words


class InboxEvent(SQLModel, table=True):
    """Something Slack told, kept before it is acknowledged; the same key again is a repeat."""

    event_key: str = Field(primary_key=True)
    kind: str  # event, action, submission, command
    lane: str = Field(index=True)  # one lane is worked off one after another: a thread
    sort: str  # Slack's own time of it: events may come in another order
    body: dict[str, Any] = Field(sa_type=JSON)
    state: str = "waiting"  # waiting, taken, done, failed
    attempts: int = 0
    due_at: datetime = Field(sa_type=Instant)
    owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    received_at: datetime = Field(sa_type=Instant)
    error: str | None = Field(default=None, sa_type=Words)


class OutboxMessage(SQLModel, table=True):
    """Something to send; `message_key` is ours, travels along and is looked up in doubt."""

    number: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    message_key: str = Field(unique=True)
    channel: str = Field(default="slack", sa_column_kwargs={"server_default": "slack"})
    lane: str = Field(index=True)  # the channel: one message a second
    thread_ts: str | None = None
    kind: str  # what to draw when it is sent: answer, words, whisper, staff_turn, card, …
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    dialogue_id: str | None = Field(default=None, index=True)
    speaker: str | None = None  # "clerk": withheld while a person has the dialogue
    state: str = "waiting"  # waiting, sending, sent, withheld, failed
    unsure: bool = False  # an attempt ended without an answer: it may be there already
    attempts: int = 0
    due_at: datetime = Field(sa_type=Instant)
    owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    made_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    ts: str | None = None  # Slack's name of the message
    error: str | None = Field(default=None, sa_type=Words)


class OutboxLane(SQLModel, table=True):
    """When a channel may be told the next thing, whichever process does so."""

    lane: str = Field(primary_key=True)
    free_at: datetime = Field(sa_type=Instant)


class DeskCard(SQLModel, table=True):
    """A dialogue that waits for the staff, from why it came to who closed it.

    `team`, `channel` and `ts` name the card's message in Slack, whose thread is the line to the
    shopper; they are None until it is posted, and again when Slack is connected again.
    """

    card_id: str = Field(primary_key=True)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id", index=True)
    reason: str  # see `feedback.dialogues.state.HandoverReason`
    comment: str | None = Field(default=None, sa_type=Words)
    impression_id: str | None = None  # what it is about: the answer that fell short
    state: str = Field(default="open", index=True)  # open, taken, closed
    rejected: list[str] = Field(default_factory=list, sa_type=JSON)  # replies that were not right
    draft: str | None = Field(default=None, sa_type=Words)  # the model's own words; None: not asked
    staff: str | None = None  # who acted last: Slack's id, or "desk:name"
    staff_name: str | None = Field(default=None, sa_type=Words)
    assignee: str | None = None  # whose it is; None: nobody's
    assignee_name: str | None = Field(default=None, sa_type=Words)
    # Since when the shopper waits for the staff; None: it is the shopper's turn.
    waiting_since: datetime | None = Field(default=None, sa_type=Instant)
    first_answered_at: datetime | None = Field(default=None, sa_type=Instant)
    snoozed_until: datetime | None = Field(default=None, sa_type=Instant)
    reminded_at: datetime | None = Field(default=None, sa_type=Instant)  # of the present wait
    escalated_at: datetime | None = Field(default=None, sa_type=Instant)
    live_until: datetime | None = Field(default=None, sa_type=Instant)
    outcome: str | None = None  # sent, done, answered, taken_back
    opened_at: datetime = Field(sa_type=Instant)
    acted_at: datetime = Field(sa_type=Instant)
    revision: int = Field(default=1, sa_type=Integer)  # counts changes
    queued: int = 0  # the newest revision whose drawing is on its way
    drawn: int = 0  # the newest revision Slack shows
    team: str | None = None
    channel: str | None = None
    ts: str | None = None


class StaffWait(SQLModel, table=True):
    """A wait of a shopper for the staff that has ended: by an answer, or with the card."""

    number: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id", index=True)
    kind: str  # first: since the dialogue came to the staff; next: since the shopper wrote again
    began_at: datetime = Field(sa_type=Instant)
    ended_at: datetime = Field(sa_type=Instant, index=True)
    answered: bool  # False: the card was closed without a word
    reminded: bool
    escalated: bool


class ReviewSheet(SQLModel, table=True):
    """The answers chosen for one day's review, posted as one message."""

    day: str = Field(primary_key=True)  # 2026-11-25, in the shop's time zone
    made_at: datetime = Field(sa_type=Instant)
    revision: int = Field(default=1, sa_type=Integer)
    queued: int = 0
    channel: str | None = None
    ts: str | None = None


class ReviewItem(SQLModel, table=True):
    """One answer of a day's review, and what it can teach."""

    day: str = Field(primary_key=True, foreign_key="reviewsheet.day")
    position: int = Field(primary_key=True)
    impression_id: str = Field(foreign_key="impression.impression_id", index=True)
    why: str  # unsure, new_topic, sold_but_disliked, liked_but_unsold, random


# One open card a dialogue, even when two open it at the same moment.
Index(
    "one_open_card",
    DeskCard.dialogue_id,
    unique=True,
    sqlite_where=DeskCard.state != "closed",
    postgresql_where=DeskCard.state != "closed",
)
Index("inbox_due", InboxEvent.state, InboxEvent.due_at)  # type: ignore[arg-type]
Index("outbox_due", OutboxMessage.state, OutboxMessage.due_at)  # type: ignore[arg-type]
