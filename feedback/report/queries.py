"""Reads what happened in a stretch of time: credited sales, bridges, hand-overs, replies."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from feedback.db.currencies import rounded
from feedback.db.tables.dialogues import Dialogue, Impression
from feedback.db.tables.people import Exposure, Uncounted
from feedback.db.tables.sales import Order, OrderLine, Refund
from feedback.db.tables.signals import Click, Rating
from feedback.report.parts import BridgeCapture, Credit, HandOvers, ReplyRow
from feedback.sales.attribution import Bought, Contact, Conversion, Kind, Touch, attribute
from feedback.sales.exchange_rates import RateBook

BATCH = 5_000  # values a query: SQLite takes at most 32,766
TOP_REPLIES = 8

T = TypeVar("T")


class Stretch(NamedTuple):
    """From `since` (None: the beginning) up to, not including, `until`."""

    since: datetime | None
    until: datetime

    def holds(self, column: Any) -> ColumnElement[bool]:
        """The condition that a column of times lies in it."""
        before = col(column) < self.until
        return before if self.since is None else and_(before, col(column) >= self.since)


def main_currency(session: Session, stretch: Stretch) -> tuple[str | None, dict[str, int]]:
    """The currency of most orders, and how many orders each other one has."""
    counted = session.exec(
        select(Order.currency, func.count())
        .where(stretch.holds(Order.placed_at))
        .group_by(col(Order.currency))
    )
    counts = Counter(dict(counted.all()))
    ranked = sorted(counts, key=lambda currency: (-counts[currency], currency))
    return (ranked[0], {each: counts[each] for each in ranked[1:]}) if ranked else (None, {})


def first_exposure(session: Session) -> datetime | None:
    """When the first shopper ever was exposed."""
    first: datetime | None = session.execute(select(func.min(Exposure.exposed_at))).scalar_one()
    return first


def conversions(
    session: Session,
    stretch: Stretch,
    *,
    direct_window: timedelta,
    assisted_window: timedelta,
    touch: Touch = "last",
    rates: RateBook | None = None,
) -> list[Conversion]:
    """Orders of the stretch, credited to the replies and clicks before them.

    What was paid in another currency is told in that of `rates`, where a rate of the day is known.
    Bots and staff are left out; a person on two channels has the contacts of both.
    """
    orders = sorted(bought(session, stretch, rates), key=lambda order: order.shopper_id)
    longest = max(direct_window, assisted_window)
    credited: list[Conversion] = []
    # Some thousand shoppers at once: a year of a large shop's contacts would not fit.
    for batch in _batches(orders):
        first = min(order.placed_at for order in batch) - longest
        shoppers = sorted({order.shopper_id for order in batch})
        contacts = contacts_of(session, shoppers, Stretch(first, stretch.until))
        credited += attribute(
            batch,
            contacts,
            direct_window=direct_window,
            assisted_window=assisted_window,
            touch=touch,
        )
    return credited


def contacts_of(
    session: Session, shoppers: Sequence[str], stretch: Stretch
) -> dict[str, list[Contact]]:
    """What was shown to these shoppers, or to who turned out to be one of them, and clicked."""
    others: dict[str, str | None] = {}
    for ids in _batches(shoppers):
        others.update(
            session.exec(
                select(Exposure.shopper_id, Exposure.person_id).where(
                    col(Exposure.person_id).in_(ids)
                )
            ).all()
        )
    contacts: defaultdict[str, list[Contact]] = defaultdict(list)
    for shopper_id, contact in _contacts(session, [*shoppers, *others], stretch):
        contacts[others.get(shopper_id) or shopper_id].append(contact)
    return contacts


def credit(converted: Iterable[Conversion], kind: Kind, currency: str | None) -> Credit:
    """The orders and the money of one kind of conversion, in one currency."""
    ours = [each for each in converted if each.kind == kind and each.currency == currency]
    total = sum((each.amount for each in ours), Decimal(0))
    return Credit(len({each.order_id for each in ours}), rounded(total, currency))


def sales_stamp(session: Session, stretch: Stretch) -> str:
    """A mark of the stretch's orders and refunds: another one tells that the week is not closed."""
    orders = session.execute(
        sql_select(func.count(), func.sum(Order.total), func.max(Order.updated_at),
               func.count(col(Order.shopper_id)), func.count(col(Order.cancelled_at)))
        .where(stretch.holds(Order.placed_at))
    ).one()  # fmt: skip
    refunds = session.execute(
        select(func.count(), func.sum(Refund.amount))
        .join(Order, col(Order.order_id) == col(Refund.order_id))
        .where(stretch.holds(Order.placed_at))
    ).one()
    return ":".join(str(part) for part in (*orders, *refunds))


def bridge_capture(session: Session, stretch: Stretch) -> BridgeCapture:
    """How many paid orders were matched; cancelled and unpaid ones are no sales."""
    counted = session.exec(
        select(Order.source, Order.checkout, Order.bridge, func.count())
        .where(stretch.holds(Order.placed_at))
        .where(
            col(Order.cancelled_at).is_(None), col(Order.status).not_in(["pending", "cancelled"])
        )
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


def hand_overs(session: Session, stretch: Stretch) -> HandOvers:
    """Dialogues begun in the stretch, and those that went to the staff; bots and staff left out."""
    counted = and_(
        stretch.holds(Dialogue.started_at),
        col(Dialogue.shopper_id).not_in(select(Uncounted.shopper_id)),
    )
    dialogues: int = session.execute(
        select(func.count()).select_from(Dialogue).where(counted)
    ).scalar_one()
    shown = select(Impression.dialogue_id).where(
        Impression.kind == "handover", col(Impression.shown_at) < stretch.until
    )
    if stretch.since is not None:
        shown = shown.where(col(Impression.shown_at) >= stretch.since)
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
    session: Session, stretch: Stretch, converted: Iterable[Conversion]
) -> tuple[ReplyRow, ...]:
    """The replies shown most, with what came of them."""
    shown: Counter[str] = Counter(dict(_counted(session, stretch, func.count())))
    top = [reply_id for reply_id, _ in shown.most_common(TOP_REPLIES)]
    clicks = func.count(func.distinct(Click.impression_id))
    clicked = dict(_counted(session, stretch, clicks, (Click, None)))
    up = dict(_counted(session, stretch, func.count(), (Rating, "up")))
    down = dict(_counted(session, stretch, func.count(), (Rating, "down")))
    assisted = [each for each in converted if each.kind == "assisted"]
    reply_of = _replies_of(session, {each.impression_id for each in assisted})
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
    stretch: Stretch,
    count: Any,
    signal: tuple[type[Click] | type[Rating], str | None] | None = None,
) -> Iterator[tuple[str, int]]:
    query = (
        select(Impression.reply_id, count)
        .where(stretch.holds(Impression.shown_at))
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


def bought(
    session: Session,
    stretch: Stretch,
    rates: RateBook | None = None,
    order_id: str | None = None,
) -> Iterator[Bought]:
    """The matched orders of the stretch, or the one of that id."""
    query = (
        select(Order)
        .where(stretch.holds(Order.placed_at))
        .where(col(Order.shopper_id).is_not(None))
        .where(col(Order.shopper_id).not_in(select(Uncounted.shopper_id)))
        .order_by(col(Order.placed_at), col(Order.order_id))
    )
    found = session.exec(query if order_id is None else query.where(Order.order_id == order_id))
    orders = found.all()
    person_of = dict(
        session.exec(
            select(Exposure.shopper_id, Exposure.person_id).where(
                col(Exposure.person_id).is_not(None)
            )
        ).all()
    )
    lines: defaultdict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    refunded: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for ids in _batches([order.order_id for order in orders]):
        for line in session.exec(select(OrderLine).where(col(OrderLine.order_id).in_(ids))):
            lines[line.order_id].append((line.product_id, line.price * line.quantity))
        for refund in session.exec(select(Refund).where(col(Refund.order_id).in_(ids))):
            refunded[refund.order_id, refund.currency] += refund.amount
    for order in orders:
        whole = Bought(
            order_id=order.order_id,
            shopper_id=person_of.get(order.shopper_id or "") or order.shopper_id or "",
            placed_at=order.placed_at,
            currency=order.currency,
            total=order.total,
            refunded=refunded[order.order_id, order.currency],
            products=tuple(lines[order.order_id]),
            cancelled=order.cancelled_at is not None or order.status == "cancelled",
        )
        yield whole if rates is None else _converted(whole, rates)


def _converted(order: Bought, rates: RateBook) -> Bought:
    """The order in the rates' currency; as it is where no rate is known."""
    total = rates.convert(order.total, order.currency, order.placed_at)
    refunded = rates.convert(order.refunded, order.currency, order.placed_at)
    if total is None or refunded is None or order.currency == rates.base:
        return order
    return order._replace(currency=str(rates.base), total=total, refunded=refunded)


def _contacts(
    session: Session, shoppers: Sequence[str], stretch: Stretch
) -> Iterator[tuple[str, Contact]]:
    for ids in _batches(shoppers):
        yield from (
            (shopper_id, Contact(impression_id, at))
            for shopper_id, impression_id, at in session.exec(
                select(Impression.shopper_id, Impression.impression_id, Impression.shown_at)
                .where(stretch.holds(Impression.shown_at))
                .where(col(Impression.shopper_id).in_(ids))
            )
        )
        yield from (
            (
                click.shopper_id,
                Contact(
                    click.impression_id,
                    click.clicked_at,
                    click.target if click.kind == "product" else None,
                ),
            )
            for click in session.exec(
                select(Click)
                .where(stretch.holds(Click.clicked_at))
                .where(col(Click.shopper_id).in_(ids))
            )
        )


def dialogues_of(session: Session, impression_ids: Iterable[str]) -> dict[str, str]:
    """The dialogue each impression was shown in."""
    found: dict[str, str] = {}
    for ids in _batches(sorted(set(impression_ids))):
        found.update(
            session.exec(
                select(Impression.impression_id, Impression.dialogue_id).where(
                    col(Impression.impression_id).in_(ids)
                )
            ).all()
        )
    return found


def _replies_of(session: Session, impression_ids: set[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for ids in _batches(sorted(impression_ids)):
        found.update(
            session.exec(
                select(Impression.impression_id, Impression.reply_id).where(
                    col(Impression.impression_id).in_(ids)
                )
            ).all()
        )
    return found


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
