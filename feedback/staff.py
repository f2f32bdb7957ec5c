"""What the staff see: dialogues that wait for a person, and the newest answers to judge."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from feedback.models import Dialogue, DialogueTurn, Impression, Rating, Review

TURNS_SHOWN = 8


class WaitingDialogue(NamedTuple):
    """A dialogue that waits for the staff, or is with them already."""

    dialogue: Dialogue
    reason: str | None
    turns: tuple[DialogueTurn, ...]  # the last ones, oldest first
    candidates: tuple[dict[str, Any], ...]  # of the last impression, best first
    impression_id: str | None  # the last impression's, to review


class RecentAnswer(NamedTuple):
    """An answer, what it answered, and what people made of it."""

    impression: Impression
    question: str
    up: int
    down: int
    verdict: str | None  # the last review's


def waiting_dialogues(session: Session) -> list[WaitingDialogue]:
    """Dialogues in the states "waiting" and "staff", the longest silent first."""
    found = session.exec(
        select(Dialogue)
        .where(col(Dialogue.state).in_(["waiting", "staff"]))
        .order_by(col(Dialogue.last_at))
    ).all()
    return [_waiting(session, dialogue) for dialogue in found]


def recent_answers(session: Session, limit: int) -> list[RecentAnswer]:
    """The newest `limit` answers, newest first."""
    impressions = session.exec(
        select(Impression).order_by(col(Impression.shown_at).desc()).limit(limit)
    ).all()
    ids = [impression.impression_id for impression in impressions]
    questions = _questions(session, ids)
    thumbs = _thumbs(session, ids)
    verdicts = _verdicts(session, ids)
    return [
        RecentAnswer(
            impression=impression,
            question=questions.get(impression.impression_id, ""),
            up=thumbs.get((impression.impression_id, "up"), 0),
            down=thumbs.get((impression.impression_id, "down"), 0),
            verdict=verdicts.get(impression.impression_id),
        )
        for impression in impressions
    ]


def _waiting(session: Session, dialogue: Dialogue) -> WaitingDialogue:
    turns = session.exec(
        select(DialogueTurn)
        .where(DialogueTurn.dialogue_id == dialogue.dialogue_id)
        .order_by(col(DialogueTurn.turn_id).desc())
        .limit(TURNS_SHOWN)
    ).all()
    last = session.exec(
        select(Impression)
        .where(Impression.dialogue_id == dialogue.dialogue_id)
        .order_by(col(Impression.shown_at).desc())
        .limit(1)
    ).first()
    return WaitingDialogue(
        dialogue=dialogue,
        reason=dialogue.handover_reason,
        turns=tuple(reversed(turns)),
        candidates=tuple(last.candidates) if last else (),
        impression_id=last.impression_id if last else None,
    )


def _questions(session: Session, impression_ids: Sequence[str]) -> dict[str, str]:
    answers = session.exec(
        select(DialogueTurn).where(col(DialogueTurn.impression_id).in_(impression_ids))
    ).all()
    asked = session.exec(
        select(DialogueTurn).where(
            col(DialogueTurn.turn_id).in_([answer.answers_turn_id for answer in answers])
        )
    ).all()
    texts = {turn.turn_id: turn.text for turn in asked}
    return {
        answer.impression_id: texts.get(answer.answers_turn_id, "")
        for answer in answers
        if answer.impression_id
    }


def _thumbs(session: Session, impression_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    counted = session.exec(
        select(Rating.impression_id, Rating.value, func.count())
        .where(col(Rating.impression_id).in_(impression_ids))
        .group_by(col(Rating.impression_id), col(Rating.value))
    )
    return {(impression_id, value): count for impression_id, value, count in counted}


def _verdicts(session: Session, impression_ids: Sequence[str]) -> dict[str, str]:
    reviews = session.exec(
        select(Review)
        .where(col(Review.impression_id).in_(impression_ids))
        .order_by(col(Review.reviewed_at))
    )
    return {review.impression_id: review.verdict for review in reviews}
