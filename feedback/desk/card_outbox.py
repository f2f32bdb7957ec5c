"""Queues redraws of cards in Slack, and keeps where each card is and when its live time ends."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from feedback.db import Database, DeskCard, OutboxMessage, find
from feedback.desk.notes import post_notes
from feedback.desk.outgoing import Outgoing, put_message


class CardDrawings:
    """The drawings of the desk's cards."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def keep_draft(self, card_id: str, draft: str) -> None:
        """The model's own words for this card; "" where it had none."""
        with self.db.transaction() as session:
            card = find(session, DeskCard, card_id, lock=True)
            if card is not None and card.draft is None:
                card.draft = draft

    def end_of_live(self, now: datetime) -> None:
        """Threads whose live time is over are internal again, and their cards say so."""
        with self.db.reading() as session:
            over = _over(session, now)
        if over:
            with self.db.transaction() as session:
                for card in _over(session, now):
                    card.live_until = None
                    card.revision += 1

    def queue_cards(self, channel: str, now: datetime) -> None:
        """Have every card drawn that changed since, or that is shown in another channel.

        One drawing of a card is on its way at a time: it is drawn when it is sent, so that no
        other can be overtaken. A dialogue that waits is so linked again after Slack was away.
        """
        with self.db.reading() as session:
            if session.exec(_stale(channel).limit(1)).first() is None:
                return
        with self.db.transaction() as session:
            for card in session.exec(_stale(channel)).all():
                if card.channel is not None and card.channel != channel:
                    card.channel = card.ts = card.team = None
                    card.revision += 1
                card.queued = card.revision
                put_message(
                    session,
                    Outgoing(
                        key=f"card:{card.card_id}:{card.revision}",
                        lane=channel,
                        kind="card",
                        payload={"card_id": card.card_id, "ts": card.ts},
                        dialogue_id=card.dialogue_id,
                    ),
                    now,
                )

    def drawn(
        self, card_id: str, revision: int, *, team: str, channel: str, ts: str, now: datetime
    ) -> None:
        """Slack shows this revision of the card, as the message `ts`; its thread gets the notes."""
        with self.db.transaction() as session:
            card = find(session, DeskCard, card_id, lock=True)
            if card is not None:
                card.drawn = max(card.drawn, revision)
                card.queued = max(card.queued, revision)
                begins = card.ts != ts
                card.team, card.channel, card.ts = team, channel, ts
                if begins:
                    post_notes(session, card, now)

    def lost(self, card_id: str) -> None:
        """Somebody deleted the card's message: it will be posted again."""
        with self.db.transaction() as session:
            card = find(session, DeskCard, card_id, lock=True)
            if card is not None:
                card.channel = card.ts = card.team = None
                card.revision += 1


def queued_revision(key: str) -> int:
    """The revision of a card when its drawing was queued, from the message's key.

    >>> queued_revision("card:c1:7")
    7
    """
    return int(key.rpartition(":")[2])


def _over(session: Session, now: datetime) -> list[DeskCard]:
    return list(session.exec(select(DeskCard).where(col(DeskCard.live_until) <= now)))


def _stale(channel: str) -> Any:
    on_its_way = (
        select(OutboxMessage.number)
        .where(OutboxMessage.dialogue_id == DeskCard.dialogue_id, OutboxMessage.kind == "card")
        .where(col(OutboxMessage.state).in_(("waiting", "sending")))
        .exists()
    )
    # A card that was closed before Slack ever showed it is nobody's business any more.
    changed = (col(DeskCard.revision) > col(DeskCard.queued)) & or_(
        DeskCard.state != "closed", col(DeskCard.ts).is_not(None)
    )
    elsewhere = (
        (col(DeskCard.state) != "closed")
        & col(DeskCard.channel).is_not(None)
        & (DeskCard.channel != channel)
    )
    return (
        select(DeskCard)
        .where(or_(changed, elsewhere), ~on_its_way)
        .order_by(col(DeskCard.opened_at))
    )
