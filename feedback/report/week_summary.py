"""The last days in a few numbers, for a glance: the week's report tells what they mean."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from feedback.db import Database, DeskCard, Dialogue, Impression, Order, Rating

WEEK: Final = timedelta(days=7)


class WeekFigures(NamedTuple):
    """What happened in the seven days before `until`."""

    dialogues: int
    answers: int  # replies shown, hand-overs left out
    cards: int  # dialogues that came to the staff
    up: int
    down: int
    orders: int  # sales, of shoppers who are known: attributed, not caused


def week_figures(db: Database, until: datetime) -> WeekFigures:
    """Count the last seven days."""
    since = until - WEEK
    with db.reading() as session:

        def count(table: Any, at: Any, *where: Any) -> int:
            query = select(func.count()).select_from(table).where(col(at) >= since, *where)
            return int(session.exec(query).one())

        return WeekFigures(
            dialogues=count(Dialogue, Dialogue.started_at),
            answers=count(Impression, Impression.shown_at, col(Impression.kind) != "handover"),
            cards=count(DeskCard, DeskCard.opened_at),
            up=count(Rating, Rating.rated_at, col(Rating.value) == "up"),
            down=count(Rating, Rating.rated_at, col(Rating.value) == "down"),
            orders=count(
                Order, Order.placed_at, col(Order.shopper_id).is_not(None), col(Order.sale)
            ),
        )
