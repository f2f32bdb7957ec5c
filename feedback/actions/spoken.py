"""Dialogues behind answers, as lessons of order actions: the topic, and the words before it."""

from typing import NamedTuple

from sqlmodel import Session, select

from feedback.db import DialogueTurn, Impression
from feedback.entities import masked


class ActionLesson(NamedTuple):
    """Words of a shopper, without personal data, and the action they ask for, "none" among them."""

    action: str
    words: str
    shopper_id: str


def action_of(shown: Impression) -> str:
    """The action that an answer was about; "": none."""
    return str((shown.details.get("about") or {}).get("action") or "")


def words_before(session: Session, impression_id: str) -> str:
    """The shopper's words that an impression answered, without personal data."""
    answer = session.exec(
        select(DialogueTurn.answers_turn_id).where(DialogueTurn.impression_id == impression_id)
    ).first()
    turn = session.get(DialogueTurn, answer) if answer else None
    return masked(turn.text) if turn else ""
