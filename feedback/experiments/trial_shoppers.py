"""Shoppers who were dealt the champion or a challenger, with what they made of it."""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from feedback.db import (
    Dialogue,
    DialogueTurn,
    Exposure,
    Impression,
    Period,
    Rating,
    Uncounted,
)
from feedback.experiments.assignment import CHALLENGER, CHAMPION
from feedback.experiments.canary_guard import DealtShopper
from feedback.experiments.question_topics import QuestionTopics


def read_dealt(
    session: Session, experiment: str, since: datetime, until: datetime, topics: QuestionTopics
) -> list[DealtShopper]:
    """Those who came in this time; what they made of it counts from then to now."""
    dealt = session.exec(
        select(Exposure.shopper_id, Exposure.arm, Exposure.exposed_at)
        .where(Exposure.experiment == experiment)
        .where(col(Exposure.arm).in_((CHAMPION, CHALLENGER)))
        .where(Period(since, until).holds(Exposure.exposed_at))
        .where(col(Exposure.shopper_id).not_in(select(Uncounted.shopper_id)))
    ).all()
    disliked, liked = _rated(session, "down", since), _rated(session, "up", since)
    handed, asked = _handed_over(session, since), _first_questions(session, since)
    return [
        DealtShopper(
            at,
            challenger=arm == CHALLENGER,
            disliked=who in disliked,
            handed_over=who in handed,
            accepted=who in liked and who not in disliked,
            topic=topics.of(asked.get(who, "")),
        )
        for who, arm, at in dealt
    ]


def _rated(session: Session, value: str, since: datetime) -> set[str]:
    return set(
        session.exec(
            select(Impression.shopper_id)
            .join(Rating, col(Rating.impression_id) == col(Impression.impression_id))
            .where(Rating.value == value, col(Impression.shown_at) >= since)
        )
    )


def _first_questions(session: Session, since: datetime) -> dict[str, str]:
    """What each shopper said first: nothing a version answered has led to it."""
    said = session.exec(
        select(Dialogue.shopper_id, DialogueTurn.text)
        .join(DialogueTurn, col(DialogueTurn.dialogue_id) == col(Dialogue.dialogue_id))
        .where(Dialogue.started_at >= since, DialogueTurn.speaker == "shopper")
        .order_by(col(DialogueTurn.turn_id).desc())
    )
    return dict(said.all())  # the oldest is written last


def _handed_over(session: Session, since: datetime) -> set[str]:
    """Passed on by the clerk, or taken over by the staff."""
    passed_on = select(Impression.shopper_id).where(
        Impression.kind == "handover", col(Impression.shown_at) >= since
    )
    taken = select(Dialogue.shopper_id).where(
        col(Dialogue.started_at) >= since,
        or_(Dialogue.state == "staff", Dialogue.state == "waiting"),
    )
    return {*session.exec(passed_on), *session.exec(taken)}
