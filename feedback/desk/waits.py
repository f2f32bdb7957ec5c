"""Shoppers' waits for the staff: who waits now, and the end of a wait, kept for the report."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, null, or_, select, update
from sqlmodel import SQLModel, col

from feedback.db import Database, DeskCard, StaffWait
from feedback.desk.targets import wait_began

_CARDS = SQLModel.metadata.tables[str(DeskCard.__tablename__)]
_WAITS = SQLModel.metadata.tables[str(StaffWait.__tablename__)]


class WaitsNow(NamedTuple):
    """How many shoppers wait for a colleague, and since when the newest does."""

    shoppers: int
    newest: datetime | None


def waits_now(db: Database, me: str, now: datetime) -> WaitsNow:
    """Of the waits that are nobody's, or of `me`."""
    with db.reading() as session:
        counted = session.execute(
            select(func.count(), func.max(col(DeskCard.waiting_since)))
            .where(col(DeskCard.state) != "closed", col(DeskCard.waiting_since).is_not(None))
            .where(or_(col(DeskCard.assignee).is_(None), col(DeskCard.assignee) == me))
            .where(or_(col(DeskCard.snoozed_until).is_(None), col(DeskCard.snoozed_until) <= now))
        ).one()
    return WaitsNow(*counted)


def end_wait(connection: Connection, dialogue_id: str, now: datetime, *, answered: bool) -> None:
    """It is the shopper's turn, or nobody's: the open card of the dialogue no longer waits."""
    card = connection.execute(
        select(_CARDS)
        .where(_CARDS.c.dialogue_id == dialogue_id, _CARDS.c.state != "closed")
        .where(_CARDS.c.waiting_since.is_not(None))
    ).first()
    if card is None:
        return
    connection.execute(
        insert(_WAITS).values(
            dialogue_id=dialogue_id,
            kind="first" if card.first_answered_at is None else "next",
            began_at=min(now, wait_began(card.waiting_since, card.snoozed_until)),
            ended_at=now,
            answered=answered,
            reminded=card.reminded_at is not None,
            escalated=card.escalated_at is not None,
        )
    )
    ended = {
        name: null() for name in ("waiting_since", "snoozed_until", "reminded_at", "escalated_at")
    }  # fmt: skip
    first = {"first_answered_at": card.first_answered_at or (now if answered else None)}
    connection.execute(
        update(_CARDS).where(_CARDS.c.card_id == card.card_id).values({**ended, **first})
    )
