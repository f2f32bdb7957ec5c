"""The tables of signals: clicks, thumbs, and what the staff say of answers and pages."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Words


class Click(SQLModel, table=True):
    """A shopper acting on an impression: a link, a card, a button."""

    __table_args__ = (UniqueConstraint("impression_id", "target"),)

    click_id: str = Field(primary_key=True)
    impression_id: str = Field(foreign_key="impression.impression_id", index=True)
    shopper_id: str = Field(index=True)
    kind: str  # product, choice, link
    target: str = Field(sa_type=Words)  # the product, or the candidate's key
    origin: str | None = None  # a keyed hash of the shopper's address, another one each day
    clicked_at: datetime = Field(sa_type=Instant, index=True)


class Rating(SQLModel, table=True):
    """A voter's thumb on an impression; the last one counts."""

    impression_id: str = Field(primary_key=True, foreign_key="impression.impression_id")
    voter: str = Field(primary_key=True)
    value: str  # up, down
    comment: str | None = Field(default=None, sa_type=Words)
    origin: str | None = None  # a keyed hash of the voter's address, another one each day
    rated_at: datetime = Field(sa_type=Instant)


class Review(SQLModel, table=True):
    """A staff member's verdict on an impression: approved, corrected or rejected."""

    review_id: str = Field(primary_key=True)
    impression_id: str = Field(foreign_key="impression.impression_id", index=True)
    staff: str
    verdict: str
    reply_id: str | None = None  # the right reply, when corrected to one of the book
    text: str | None = Field(default=None, sa_type=Words)
    reviewed_at: datetime = Field(sa_type=Instant)


class PageLabel(SQLModel, table=True):
    """The staff's word that a passage should have answered what a shopper asked."""

    impression_id: str = Field(primary_key=True, foreign_key="impression.impression_id")
    passage_id: str = Field(primary_key=True)  # may have left its page since
    question: str | None = Field(default=None, sa_type=Words)  # personal data is taken out
    staff: str
    updated_at: datetime = Field(sa_type=Instant)


class ActionLabel(SQLModel, table=True):
    """The staff's word on what a shopper wanted done, where the clerk heard it wrong or not."""

    __tablename__: ClassVar[str] = "action_label"

    impression_id: str = Field(primary_key=True, foreign_key="impression.impression_id")
    action: str  # as the back office names it; none
    words: str | None = Field(default=None, sa_type=Words)  # personal data is taken out
    locale: str
    staff: str
    updated_at: datetime = Field(sa_type=Instant)
