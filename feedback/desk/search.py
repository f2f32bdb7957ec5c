"""Search of dialogues and replies by words."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import col, select

from feedback.db import Database, DialogueTurn, Reply


class FoundWords(NamedTuple):
    """What a search finds."""

    turns: tuple[DialogueTurn, ...]
    replies: tuple[Reply, ...]


def find_words(db: Database, words: Sequence[str], limit: int) -> FoundWords:
    """The newest turns, and the replies, that hold all of the words."""
    with db.reading() as session:
        turns = select(DialogueTurn).order_by(col(DialogueTurn.turn_id).desc()).limit(limit)
        replies = select(Reply).order_by(Reply.reply_id).limit(limit)
        for word in words:
            turns = turns.where(col(DialogueTurn.text).icontains(word, autoescape=True))
            replies = replies.where(col(Reply.text).icontains(word, autoescape=True))
        return FoundWords(tuple(session.exec(turns)), tuple(session.exec(replies)))
