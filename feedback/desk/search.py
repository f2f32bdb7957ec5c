"""Search of dialogues and replies by words."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from feedback.db import Database, DeskCard, Dialogue, DialogueTurn, Reply


class FoundTurn(NamedTuple):
    """The newest turn of a dialogue that holds what was searched for."""

    dialogue_id: str
    speaker: str
    text: str
    at: datetime
    place: tuple[str | None, str | None]  # channel and name of the card in Slack, or of the thread


class FoundWords(NamedTuple):
    """What a search finds."""

    turns: tuple[FoundTurn, ...]  # the newest first, one a dialogue
    replies: tuple[Reply, ...]


def find_words(db: Database, words: Sequence[str], limit: int) -> FoundWords:
    """The newest dialogues, and the replies, that hold all of the words."""
    newest = select(func.max(DialogueTurn.turn_id)).group_by(col(DialogueTurn.dialogue_id))
    replies = select(Reply).order_by(Reply.reply_id).limit(limit)
    for word in words:
        newest = newest.where(col(DialogueTurn.text).icontains(word, autoescape=True))
        replies = replies.where(col(Reply.text).icontains(word, autoescape=True))
    turns = select(DialogueTurn).where(col(DialogueTurn.turn_id).in_(newest))
    with db.reading() as session:
        found = session.exec(turns.order_by(col(DialogueTurn.turn_id).desc()).limit(limit)).all()
        return FoundWords(
            tuple(_found(session, turn) for turn in found), tuple(session.exec(replies))
        )


def _found(session: Session, turn: DialogueTurn) -> FoundTurn:
    dialogue = session.get_one(Dialogue, turn.dialogue_id)
    card = session.exec(
        select(DeskCard)
        .where(DeskCard.dialogue_id == turn.dialogue_id, col(DeskCard.ts).is_not(None))
        .order_by(col(DeskCard.opened_at).desc())
    ).first()
    thread = (dialogue.slack_channel, dialogue.thread_ts)
    place = (card.channel, card.ts) if card else thread
    return FoundTurn(turn.dialogue_id, turn.speaker, turn.text, turn.at, place)
