"""Reads conversions: paid orders credited to the impressions that led to them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from sqlmodel import Session, col, select

from feedback.db import Click, Exposure, Impression, Order, OrderLine, Period, Uncounted
from feedback.sales.attribution import Bought, Contact, Conversion, Touch, attribute
from feedback.sales.exchange_rates import RateBook
from feedback.sales.purchase import OrderKey

BATCH = 5_000  # values a query: SQLite takes at most 32,766
T = TypeVar("T")


def read_conversions(
    session: Session,
    period: Period,
    *,
    direct_window: timedelta,
    assisted_window: timedelta,
    touch: Touch = "last",
    rates: RateBook | None = None,
) -> list[Conversion]:
    """Orders of the period, credited to the replies and clicks before them.

    What was paid in another currency is told in that of `rates`, where a rate of the day is known.
    Bots and staff are left out; a person on two channels has the contacts of both.
    """
    orders = sorted(bought(session, period, rates), key=lambda order: order.shopper_id)
    longest = max(direct_window, assisted_window)
    credited: list[Conversion] = []
    # Some thousand shoppers at once: a year of a large shop's contacts would not fit.
    for batch in _batches(orders):
        first = min(order.placed_at for order in batch) - longest
        shoppers = sorted({order.shopper_id for order in batch})
        contacts = contacts_of(session, shoppers, Period(first, period.until))
        credited += attribute(
            batch,
            contacts,
            direct_window=direct_window,
            assisted_window=assisted_window,
            touch=touch,
        )
    return credited


def contacts_of(
    session: Session, shoppers: Sequence[str], period: Period
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
    for shopper_id, contact in _contacts(session, [*shoppers, *others], period):
        contacts[others.get(shopper_id) or shopper_id].append(contact)
    return contacts


def bought(
    session: Session,
    period: Period,
    rates: RateBook | None = None,
    only: OrderKey | None = None,
) -> Iterator[Bought]:
    """The matched sales of the period, or the one order of that key, a sale or not."""
    query = (
        select(Order)
        .where(period.holds(Order.placed_at))
        .where(col(Order.shopper_id).is_not(None))
        .where(col(Order.shopper_id).not_in(select(Uncounted.shopper_id)))
        .order_by(col(Order.placed_at), col(Order.order_id), col(Order.source))
    )
    if only is None:
        query = query.where(col(Order.sale))
    else:
        query = query.where(Order.source == only.source, Order.order_id == only.order_id)
    orders = session.exec(query).all()
    person_of = dict(
        session.exec(
            select(Exposure.shopper_id, Exposure.person_id).where(
                col(Exposure.person_id).is_not(None)
            )
        ).all()
    )
    lines: defaultdict[OrderKey, list[tuple[str, Decimal]]] = defaultdict(list)
    for ids in _batches([order.order_id for order in orders]):
        for line in session.exec(select(OrderLine).where(col(OrderLine.order_id).in_(ids))):
            key = OrderKey(line.source, line.order_id)
            lines[key].append((line.product_id, line.price * line.quantity))
    for order in orders:
        whole = Bought(
            order_id=order.order_id,
            shopper_id=person_of.get(order.shopper_id or "") or order.shopper_id or "",
            placed_at=order.placed_at,
            currency=order.currency,
            total=order.total - order.gift_cards,
            refunded=order.refunded,
            products=tuple(lines[OrderKey(order.source, order.order_id)]),
            sale=order.sale,
            source=order.source,
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
    session: Session, shoppers: Sequence[str], period: Period
) -> Iterator[tuple[str, Contact]]:
    for ids in _batches(shoppers):
        yield from (
            (shopper_id, Contact(impression_id, at))
            for shopper_id, impression_id, at in session.exec(
                select(Impression.shopper_id, Impression.impression_id, Impression.shown_at)
                .where(period.holds(Impression.shown_at))
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
                .where(period.holds(Click.clicked_at))
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


def replies_of(session: Session, impression_ids: set[str]) -> dict[str, str | None]:
    """The reply that each impression showed first, by impression."""
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
