"""What uses a reply: how often it was shown of late, what shoppers and staff made of it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from feedback.db import Database, Impression, Rating, Review


class ReplyUse(NamedTuple):
    """Of one reply, since a moment."""

    shown: int = 0
    up: int = 0
    down: int = 0
    corrected: int = 0  # by the staff: it was not the right one


def reply_uses(db: Database, since: datetime) -> dict[str, ReplyUse]:
    """Every reply that was shown since then."""
    of_late = col(Impression.shown_at) >= since
    named = col(Impression.reply_id)
    with db.reading() as session:
        shown = session.exec(
            select(named, func.count()).where(of_late, named.is_not(None)).group_by(named)
        ).all()
        thumbs = session.exec(
            select(named, Rating.value, func.count())
            .join(Rating, col(Rating.impression_id) == col(Impression.impression_id))
            .where(of_late, named.is_not(None))
            .group_by(named, col(Rating.value))
        ).all()
        reviewed = session.exec(
            select(named, func.count())
            .join(Review, col(Review.impression_id) == col(Impression.impression_id))
            .where(of_late, named.is_not(None), col(Review.verdict) != "approved")
            .group_by(named)
        ).all()
    rated = {(reply_id, value): count for reply_id, value, count in thumbs}
    wrong = dict(reviewed)
    return {
        str(reply_id): ReplyUse(
            count,
            rated.get((reply_id, "up"), 0),
            rated.get((reply_id, "down"), 0),
            wrong.get(reply_id, 0),
        )
        for reply_id, count in shown
    }
