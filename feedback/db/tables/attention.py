"""The tables of a dialogue's edges: read marks, presence, internal notes, how it was graded."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from feedback.db.tables.columns import Instant, Words


class Attention(SQLModel, table=True):
    """How far shopper and staff have read a dialogue, and until when somebody is typing in it."""

    dialogue_id: str = Field(primary_key=True, foreign_key="dialogue.dialogue_id")
    shopper_read: int = Field(default=0, sa_type=BigInteger)  # the newest turn's number
    staff_read: int = Field(default=0, sa_type=BigInteger)
    typing_until: datetime | None = Field(default=None, sa_type=Instant)  # of the staff


class Presence(SQLModel, table=True):
    """A colleague who looks at a dialogue at the desk, and until when they write there."""

    dialogue_id: str = Field(primary_key=True, foreign_key="dialogue.dialogue_id")
    staff: str = Field(primary_key=True)  # the id of their seat
    name: str
    seen_at: datetime = Field(sa_type=Instant, index=True)
    writes_until: datetime | None = Field(default=None, sa_type=Instant)


class InternalNote(SQLModel, table=True):
    """What a colleague wrote about a dialogue for the staff alone."""

    __tablename__: ClassVar[str] = "internal_note"

    note_id: str = Field(primary_key=True)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id", index=True)
    author: str
    text: str = Field(sa_type=Words)
    at: datetime = Field(sa_type=Instant)


class Survey(SQLModel, table=True):
    """What a shopper said at the end: whether it was solved, a grade, a word."""

    dialogue_id: str = Field(primary_key=True, foreign_key="dialogue.dialogue_id")
    solved: bool
    grade: int | None = None  # 1 to 5
    comment: str | None = Field(default=None, sa_type=Words)
    at: datetime = Field(sa_type=Instant, index=True)
