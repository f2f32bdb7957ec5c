"""Queue of the desk: dialogues that wait for a person, and the newest answers to judge."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from feedback.db import Database, DeskCard, Dialogue, DialogueTurn, Impression, Rating, Review
from feedback.desk.open_questions import last_judged, open_question

TURNS_SHOWN: Final = 8  # of a dialogue, the last ones: on a card and on the page


class WaitingDialogue(NamedTuple):
    """A dialogue that waits for the staff, is with them already, or got a thumb down."""

    dialogue: Dialogue
    reason: str | None
    turns: tuple[DialogueTurn, ...]  # the last ones, oldest first
    about: Impression | None  # to review: the disliked answer, else the last that was chosen
    comment: str | None = None  # what the shopper wrote with a thumb down
    disliked: str | None = None  # the answer that got the thumb down


class RecentAnswer(NamedTuple):
    """An answer, what it answered, and what people made of it."""

    impression: Impression
    question: str
    up: int
    down: int
    verdict: str | None  # the last review's


# A thumb down opens a card while the clerk goes on answering.
_OPEN_CARD = (col(DeskCard.dialogue_id) == col(Dialogue.dialogue_id)) & (
    col(DeskCard.state) != "closed"
)
_WAITS = or_(col(Dialogue.state).in_(["waiting", "staff"]), col(DeskCard.card_id).is_not(None))
_WAITING = select(Dialogue, DeskCard).outerjoin(DeskCard, _OPEN_CARD).where(_WAITS)


class DeskQueue:
    """The queue of the desk, as its pages read it."""

    def __init__(self, db: Database) -> None:
        """Read from `db`."""
        self._db = db

    def waiting_dialogue(self, dialogue_id: str) -> WaitingDialogue | None:
        """The dialogue of this id, if it is one of them."""
        if not dialogue_id.isprintable():
            return None
        with self._db.reading() as session:
            return _waiting_dialogue(session, dialogue_id)

    def recent(self, limit: int) -> list[RecentAnswer]:
        """The newest answers with their questions, thumbs and verdicts."""
        with self._db.reading() as session:
            return _recent_answers(session, limit)


def _waiting_dialogue(session: Session, dialogue_id: str) -> WaitingDialogue | None:
    """The dialogue of this id, if it is one of them."""
    found = session.exec(_WAITING.where(Dialogue.dialogue_id == dialogue_id)).first()
    return _waiting(session, *found) if found else None


def _recent_answers(session: Session, limit: int) -> list[RecentAnswer]:
    """The newest `limit` answers that were chosen, newest first; what a rule said is none."""
    impressions = session.exec(
        select(Impression)
        .where(Impression.served_by != "policy")
        .order_by(col(Impression.shown_at).desc())
        .limit(limit)
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


def _waiting(session: Session, dialogue: Dialogue, card: DeskCard | None) -> WaitingDialogue:
    turns = session.exec(
        select(DialogueTurn)
        .where(DialogueTurn.dialogue_id == dialogue.dialogue_id)
        .order_by(col(DialogueTurn.turn_id).desc())
        .limit(TURNS_SHOWN)
    ).all()
    disliked = _disliked(session, card)
    return WaitingDialogue(
        dialogue=dialogue,
        reason=card.reason if card else dialogue.handover_reason,
        turns=tuple(reversed(turns)),
        about=disliked or _about(session, dialogue, card),
        comment=card.comment if card else None,
        disliked=disliked.text if disliked else None,
    )


def _about(session: Session, dialogue: Dialogue, card: DeskCard | None) -> Impression | None:
    if card is None:
        return last_judged(session, dialogue.dialogue_id)
    return open_question(session, card)


def _disliked(session: Session, card: DeskCard | None) -> Impression | None:
    """The answer that brought a card to the desk by a thumb down."""
    if card is None or card.reason != "thumbs_down" or card.impression_id is None:
        return None
    return session.get(Impression, card.impression_id)


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
