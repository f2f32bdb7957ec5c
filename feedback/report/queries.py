"""Reads what happened in a period of time: credited sales, bridges, hand-overs, replies."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, case, func, or_, select as sql_select
from sqlmodel import Session, col, select

from feedback.db import (
    Click,
    Dialogue,
    Exposure,
    Impression,
    Order,
    Period,
    Rating,
    Uncounted,
    rounded,
)
from feedback.report.parts import BridgeCapture, Credit, HandOvers, ReplyRow
from feedback.sales import Conversion, Kind, replies_of

TOP_REPLIES = 8


def main_currency(session: Session, period: Period) -> tuple[str | None, dict[str, int]]:
    """The currency of most sales, and how many sales each other one has."""
    counted = session.exec(
        select(Order.currency, func.count())
        .where(period.holds(Order.placed_at), col(Order.sale))
        .group_by(col(Order.currency))
    )
    counts = Counter(dict(counted.all()))
    ranked = sorted(counts, key=lambda currency: (-counts[currency], currency))
    return (ranked[0], {each: counts[each] for each in ranked[1:]}) if ranked else (None, {})


def first_exposure(session: Session) -> datetime | None:
    """When the first shopper ever was exposed."""
    first: datetime | None = session.execute(select(func.min(Exposure.exposed_at))).scalar_one()
    return first


def credit(converted: Iterable[Conversion], kind: Kind, currency: str | None) -> Credit:
    """The orders and the money of one kind of conversion, in one currency."""
    ours = [each for each in converted if each.kind == kind and each.currency == currency]
    total = sum((each.amount for each in ours), Decimal(0))
    orders = {(each.source, each.order_id) for each in ours}
    return Credit(len(orders), rounded(total, currency))


def sales_stamp(session: Session, period: Period) -> str:
    """A mark of the period's orders and refunds: another one tells that the week is not closed."""
    found = session.execute(
        sql_select(func.count(), func.sum(Order.total), func.max(Order.updated_at),
               func.count(col(Order.shopper_id)), func.sum(Order.refunded),
               func.sum(Order.gift_cards), func.sum(case((col(Order.sale), 1), else_=0)))
        .where(period.holds(Order.placed_at))
    ).one()  # fmt: skip
    return ":".join(str(part) for part in found)


def bridge_capture(session: Session, period: Period) -> BridgeCapture:
    """How many sales were matched."""
    counted = session.exec(
        select(Order.source, Order.checkout, Order.bridge, func.count())
        .where(period.holds(Order.placed_at), col(Order.sale))
        .group_by(col(Order.source), col(Order.checkout), col(Order.bridge))
        .order_by(col(Order.source), col(Order.checkout), col(Order.bridge))
    )
    by_bridge: Counter[str] = Counter()
    by_source: dict[str, tuple[int, int]] = {}
    for shop, checkout, bridge, count in counted:
        source = f"{shop} {checkout}".strip()  # some checkouts lose the cart's attributes
        matched, paid = by_source.get(source, (0, 0))
        by_source[source] = (matched + (count if bridge else 0), paid + count)
        if bridge:
            by_bridge[bridge] += count
    paid = sum(pair[1] for pair in by_source.values())
    return BridgeCapture(paid, sum(by_bridge.values()), dict(by_bridge), by_source)


def hand_overs(session: Session, period: Period) -> HandOvers:
    """Dialogues begun in the period, and those that went to the staff; bots and staff left out."""
    counted = and_(
        period.holds(Dialogue.started_at),
        col(Dialogue.shopper_id).not_in(select(Uncounted.shopper_id)),
    )
    dialogues: int = session.execute(
        select(func.count()).select_from(Dialogue).where(counted)
    ).scalar_one()
    shown = select(Impression.dialogue_id).where(
        Impression.kind == "handover", col(Impression.shown_at) < period.until
    )
    if period.since is not None:
        shown = shown.where(col(Impression.shown_at) >= period.since)
    handed = session.exec(
        select(Dialogue.handover_reason, func.count())
        .where(counted)
        .where(
            or_(col(Dialogue.state).in_(["waiting", "staff"]), col(Dialogue.dialogue_id).in_(shown))
        )
        .group_by(col(Dialogue.handover_reason))
    ).all()
    reasons: Counter[str] = Counter()
    for reason, count in handed:
        reasons[reason or "other"] += count
    return HandOvers(dialogues, sum(reasons.values()), dict(reasons.most_common()))


def top_replies(
    session: Session, period: Period, converted: Iterable[Conversion]
) -> tuple[ReplyRow, ...]:
    """The replies shown most, with what came of them."""
    shown: Counter[str] = Counter(dict(_counted(session, period, func.count())))
    top = [reply_id for reply_id, _ in shown.most_common(TOP_REPLIES)]
    clicks = func.count(func.distinct(Click.impression_id))
    clicked = dict(_counted(session, period, clicks, (Click, None)))
    up = dict(_counted(session, period, func.count(), (Rating, "up")))
    down = dict(_counted(session, period, func.count(), (Rating, "down")))
    assisted = [each for each in converted if each.kind == "assisted"]
    reply_of = replies_of(session, {each.impression_id for each in assisted})
    orders = Counter(reply_of.get(each.impression_id) for each in assisted)
    return tuple(
        ReplyRow(
            reply_id=reply_id,
            shown=shown[reply_id],
            clicked=clicked.get(reply_id, 0),
            up=up.get(reply_id, 0),
            down=down.get(reply_id, 0),
            orders=orders[reply_id],
        )
        for reply_id in top
    )


def _counted(
    session: Session,
    period: Period,
    count: Any,
    signal: tuple[type[Click] | type[Rating], str | None] | None = None,
) -> Iterator[tuple[str, int]]:
    query = (
        select(Impression.reply_id, count)
        .where(period.holds(Impression.shown_at))
        .where(col(Impression.reply_id).is_not(None))
        .group_by(col(Impression.reply_id))
        .order_by(col(Impression.reply_id))
    )
    if signal is not None:
        table, value = signal
        query = query.join(table, col(table.impression_id) == col(Impression.impression_id))
        if value is not None:
            query = query.where(col(Rating.value) == value)
    for reply_id, number in session.exec(query):
        yield str(reply_id), int(number)
