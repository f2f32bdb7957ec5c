"""What a shop's own past says of a plan: shoppers a week, how many buy, and for how much."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import distinct, func
from sqlmodel import col, select

from feedback.db import MONEY_SCALE, Database, Exposure, Order, Uncounted
from feedback.experiments.plan import Traffic

WEEK: Final = timedelta(days=7)
LOOK_BACK: Final = 8  # weeks: long enough for a rate, short enough to be the season's


class PastTraffic(NamedTuple):
    """What is known; None: nothing."""

    visitors: float | None  # shoppers a week who met the clerk
    cvr: float | None  # of these, matched to a sale
    basket: float | None  # of all sales, matched or not
    orders: float | None  # sales a week

    def with_guesses(
        self, visitors: float | None, cvr: float | None, basket: float | None
    ) -> Traffic | None:
        """The traffic to plan with: what somebody says counts before what was seen."""
        people = visitors if visitors is not None else self.visitors
        rate = cvr if cvr is not None else self.cvr
        if not people or not rate:
            return None
        return Traffic(people, rate, basket if basket is not None else self.basket or 0.0)


def past_traffic(db: Database, experiment: str, now: datetime) -> PastTraffic:
    """The last eight weeks: of exposures whose outcome window is over, and of sales."""
    with db.reading() as session:
        until, since = now - WEEK, now - WEEK - LOOK_BACK * WEEK
        counted = (
            Exposure.experiment == experiment,
            col(Exposure.exposed_at) >= since,
            col(Exposure.exposed_at) < until,
            col(Exposure.person_id).is_(None),
            col(Exposure.shopper_id).not_in(select(Uncounted.shopper_id)),
        )
        people, first = session.exec(
            select(func.count(), func.min(Exposure.exposed_at)).where(*counted)
        ).one()
        bought = session.exec(
            select(func.count(distinct(col(Exposure.shopper_id))))
            .join(Order, col(Order.shopper_id) == col(Exposure.shopper_id))
            .where(*counted, col(Order.sale), col(Order.placed_at) >= col(Exposure.exposed_at))
        ).one()
        sold, total, oldest = session.exec(
            select(func.count(), func.avg(Order.total), func.min(Order.placed_at)).where(
                col(Order.sale), col(Order.placed_at) >= since, col(Order.placed_at) < now
            )
        ).one()
    return PastTraffic(
        visitors=people / _weeks(first, until) if people else None,
        cvr=bought / people if people and bought else None,
        basket=float(total) / MONEY_SCALE if sold else None,
        orders=sold / _weeks(oldest, now) if sold else None,
    )


def _weeks(first: datetime, until: datetime) -> float:
    return max((until - first) / WEEK, 1.0)
