"""An order as a shop reports it, and what each report makes of what is known. Pure.

Reports come late, twice and in any order: the newest by the shop's clock holds, and what an older
one alone knows is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from feedback.db.tables.sales import Order
from feedback.knowledge.importers.records import BoughtLine


@dataclass(frozen=True)
class Purchase:
    """An order as a webhook or a file reports it; None keeps what is known already.

    The bridges to a shopper, in order: `token_shopper_id` (from the signed token), `cart_token`,
    `click_shopper_id` (from the click token in the landing address), `email`.
    """

    order_id: str
    number: str
    source: str
    placed_at: datetime
    currency: str
    total: Decimal
    lines: tuple[BoughtLine, ...] = ()
    email: str | None = None
    token_shopper_id: str | None = None
    cart_token: str | None = None
    click_shopper_id: str | None = None
    status: str | None = None
    tracking: str | None = None
    cancelled_at: datetime | None = None
    updated_at: datetime | None = None  # None: as new as its arrival
    checkout: str | None = None  # the kind of checkout: web, pos, draft, a payment's name
    odd: tuple[str, ...] = ()  # fields that could not be read as they came; names, no values


class Match(NamedTuple):
    """Whose order it is, and how that was known."""

    shopper_id: str | None = None
    bridge: str | None = None


def plain_number(number: str) -> str:
    """An order's number as it is kept.

    >>> plain_number(" #jl-1001 ")
    'JL-1001'
    """
    return number.strip().lstrip("#").strip().upper()


def fresh(purchase: Purchase, match: Match, email_hash: str | None, now: datetime) -> Order:
    """The order as its first report makes it."""
    return Order(
        order_id=purchase.order_id,
        number=plain_number(purchase.number),
        source=purchase.source,
        shopper_id=match.shopper_id,
        bridge=match.bridge,
        email_hash=email_hash,
        checkout=purchase.checkout or "",
        status=purchase.status or ("cancelled" if purchase.cancelled_at else "paid"),
        tracking=purchase.tracking,
        placed_at=purchase.placed_at,
        cancelled_at=purchase.cancelled_at,
        currency=purchase.currency.upper(),
        total=purchase.total,
        updated_at=purchase.updated_at or now,
    )


# How far an order is: of two reports of the same second, the further one is the newer.
PROGRESS: Final = {"pending": 0, "paid": 1, "shipped": 2, "delivered": 3, "cancelled": 4}


def is_news(known: Order, news: Order) -> bool:
    """Whether a report is newer than what is known."""
    if news.updated_at == known.updated_at:
        return PROGRESS.get(news.status, 0) >= PROGRESS.get(known.status, 0)
    return news.updated_at > known.updated_at


def fill_gaps(known: Order, older: Order) -> None:
    """What an older report knows and no newer one said."""
    known.email_hash = known.email_hash or older.email_hash
    known.tracking = known.tracking or older.tracking
    known.checkout = known.checkout or older.checkout
    if older.cancelled_at and not known.cancelled_at:
        known.cancelled_at, known.status = older.cancelled_at, "cancelled"


def bring_up_to_date(known: Order, purchase: Purchase, news: Order) -> None:
    """What a newer report says; where it is silent, what was known stays."""
    known.number = news.number
    known.placed_at = news.placed_at
    known.currency = news.currency
    known.total = news.total
    known.updated_at = news.updated_at
    known.email_hash = news.email_hash or known.email_hash
    known.tracking = news.tracking or known.tracking
    known.checkout = news.checkout or known.checkout
    known.cancelled_at = known.cancelled_at or news.cancelled_at
    if known.cancelled_at:
        known.status = "cancelled"
    elif purchase.status:
        known.status = purchase.status
