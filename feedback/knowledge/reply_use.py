"""Use of a reply: how often it was shown of late, and what shoppers and staff made of it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, func, or_, select, true, union_all
from sqlmodel import col

from feedback.db import AnswerPart, Database, Impression, Rating, Review


class ReplyUse(NamedTuple):
    """Of one reply, since a moment."""

    shown: int = 0
    up: int = 0
    down: int = 0
    corrected: int = 0  # by the staff: it was not the right one


def reply_uses(db: Database, since: datetime) -> dict[str, ReplyUse]:
    """Every reply that was shown since then.

    Of an answer to several questions each reply was shown, and each is liked with it; what is held
    against it is held against none of them: nobody said which.
    """
    said = _said(since).subquery()
    named, shown_as, divided = (said.c[name] for name in ("reply_id", "impression_id", "divided"))
    often: Any = func.count()
    with db.reading() as session:
        shown = session.execute(select(named, often).group_by(named)).all()
        thumbs = session.execute(
            select(named, col(Rating.value), often)
            .join(Rating, col(Rating.impression_id) == shown_as)
            .where(or_(col(Rating.value) == "up", ~divided))
            .group_by(named, col(Rating.value))
        ).all()
        reviewed = session.execute(
            select(named, often)
            .join(Review, col(Review.impression_id) == shown_as)
            .where(~divided, col(Review.verdict) != "approved")
            .group_by(named)
        ).all()
    rated = {(reply_id, value): count for reply_id, value, count in thumbs}
    wrong: dict[str, int] = {str(reply_id): int(count) for reply_id, count in reviewed}
    return {
        str(reply_id): ReplyUse(
            count,
            rated.get((reply_id, "up"), 0),
            rated.get((reply_id, "down"), 0),
            wrong.get(str(reply_id), 0),
        )
        for reply_id, count in shown
    }


def _said(since: datetime) -> CompoundSelect[Any]:
    """Each reply that was said: the one of an answer, or that of each of its parts."""
    of_late = col(Impression.shown_at) >= since
    in_parts = col(Impression.impression_id).in_(select(col(AnswerPart.impression_id)))
    alone = select(
        col(Impression.impression_id), col(Impression.reply_id), (~true()).label("divided")
    ).where(of_late, col(Impression.reply_id).is_not(None), ~in_parts)
    parts = (
        select(col(AnswerPart.impression_id), col(AnswerPart.reply_id), true().label("divided"))
        .join(Impression, col(Impression.impression_id) == col(AnswerPart.impression_id))
        .where(of_late, col(AnswerPart.reply_id).is_not(None))
    )
    return union_all(alone, parts)
