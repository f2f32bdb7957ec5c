"""Orders and refunds as the shop reports them, matched to the shoppers who placed them."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from feedback.bought import OrderView, has_lines, view_of, write_lines
from feedback.database import Database, find
from feedback.errors import UnknownShopper
from feedback.lines import BoughtLine, RefundLine
from feedback.models import (
    Delivery,
    Identity,
    Order,
    Refund,
    Shopper,
)
from feedback.shop_tables import FailedLookup
from feedback.talk import insert_once, short_key


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


class Recorded(NamedTuple):
    """What became of a reported order."""

    order_id: str
    new: bool
    shopper_id: str | None
    bridge: str | None


class _Match(NamedTuple):
    shopper_id: str | None = None
    bridge: str | None = None


class Orders:
    """Records orders and refunds, each once, and finds them again."""

    def __init__(self, db: Database, email_key: bytes) -> None:
        """Work on `db`; e-mail addresses are kept as hashes under `email_key`."""
        self.db = db
        self._email_key = email_key

    def record(self, purchase: Purchase, now: datetime) -> Recorded:
        """Write an order or bring it up to date; a repeat changes nothing.

        News older than what is known never overwrites it, but an order that had no shopper yet may
        find its own by them.
        """
        with self.db.transaction() as session:
            match = self._match(session, purchase)
            order = _fresh(purchase, match, self._hash_or_none(purchase.email), now)
            if insert_once(session, order):
                write_lines(session, purchase.order_id, purchase.lines)
                return Recorded(order.order_id, True, order.shopper_id, order.bridge)
            known = session.get_one(Order, purchase.order_id, with_for_update=True)
            if known.shopper_id is None:
                known.shopper_id, known.bridge = match
            if _is_news(known, order):
                _update(known, purchase, order)
                if purchase.lines:
                    write_lines(session, purchase.order_id, purchase.lines)
            else:
                _fill_gaps(known, order)
                if purchase.lines and not has_lines(session, purchase.order_id):
                    write_lines(session, purchase.order_id, purchase.lines)
            return Recorded(known.order_id, False, known.shopper_id, known.bridge)

    def refund(
        self,
        refund_id: str,
        order_id: str,
        amount: Decimal,
        currency: str,
        refunded_at: datetime,
        now: datetime,
    ) -> bool:
        """Write a refund; it may come before its order.

        `now` stands in for a `refunded_at` in the future: a shop's clock may run ahead of ours.

        Returns:
            Whether it is new.
        """
        row = Refund(
            refund_id=refund_id,
            order_id=order_id,
            amount=amount,
            currency=currency.upper(),
            refunded_at=min(refunded_at, now),
        )
        with self.db.transaction() as session:
            return insert_once(session, row)

    def set_refunds(
        self, order_id: str, refunds: Sequence[RefundLine], as_of: datetime, now: datetime
    ) -> int:
        """Make `refunds` all that was given back for an order, as a shop that lists them says.

        What the shop no longer lists was taken back. A list older than the order's newest news
        changes nothing.

        Returns:
            How many refunds are new.
        """
        with self.db.transaction() as session:
            order = find(session, Order, order_id, lock=True)
            if order is not None and order.updated_at > as_of:
                return 0
            kept = [refund.refund_id for refund in refunds]
            session.execute(
                delete(Refund)
                .where(col(Refund.order_id) == order_id)
                .where(col(Refund.refund_id).not_in(kept))
            )
            rows = [Refund(**one._asdict()) for one in refunds]
            for row in rows:
                row.refunded_at = min(row.refunded_at, now)
            return sum(insert_once(session, row) for row in rows)

    def void_refund(self, refund: RefundLine, now: datetime) -> None:
        """The bank sent the money back to the shop: whatever was or will be told of it, it is nil.

        A failure is final, so it holds against news of the same refund that comes later.
        """
        nil = Refund(**refund._asdict())
        nil.amount, nil.refunded_at = Decimal(0), min(refund.refunded_at, now)
        with self.db.transaction() as session:
            session.merge(nil)

    def cancel(self, order_id: str, at: datetime) -> bool:
        """The shop took the order out, or says only that it is off; whether it is known."""
        with self.db.transaction() as session:
            order = find(session, Order, order_id, lock=True)
            if order is None:
                return False
            order.cancelled_at = order.cancelled_at or at
            order.status = "cancelled"
            order.updated_at = max(order.updated_at, at)
            return True

    def first_delivery(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Whether this message from outside comes for the first time; from now on it does not."""
        row = Delivery(source=source, delivery_id=short_key(delivery_id), received_at=now)
        with self.db.transaction() as session:
            return insert_once(session, row)

    def was_delivered(self, source: str, delivery_id: str) -> bool:
        """Whether this message from outside has come before."""
        with self.db.reading() as session:
            return session.get(Delivery, (source, short_key(delivery_id))) is not None

    def look_up(self, number: str, email: str) -> OrderView | None:
        """The order with this number, if it was bought with this e-mail; else None."""
        with self.db.reading() as session:
            order = session.exec(
                select(Order)
                .where(Order.number == plain_number(number))
                .where(Order.email_hash == self.email_hash(email))
                .order_by(col(Order.placed_at).desc())
                .limit(1)
            ).first()
            return view_of(session, order) if order else None

    def tried_too_often(self, number: str, email: str, now: datetime) -> bool:
        """Whether this number or this e-mail was tried in vain too often in the last day."""
        with self.db.reading() as session:
            tries = session.exec(
                select(FailedLookup.key_hash, func.count())
                .where(col(FailedLookup.key_hash).in_(self._lookup_keys(number, email)))
                .where(col(FailedLookup.failed_at) > now - LOOKUP_WINDOW)
                .group_by(col(FailedLookup.key_hash))
            )
            return any(count >= MAX_LOOKUPS for _, count in tries)

    def note_failed_lookup(self, number: str, email: str, now: datetime) -> None:
        """Count a pair that named no order; what is older than the window is forgotten."""
        with self.db.transaction() as session:
            session.execute(
                delete(FailedLookup).where(col(FailedLookup.failed_at) <= now - LOOKUP_WINDOW)
            )
            for key in self._lookup_keys(number, email):
                session.add(FailedLookup(key_hash=key, failed_at=now))

    def _lookup_keys(self, number: str, email: str) -> list[str]:
        keyed = hmac.new(self._email_key, f"number {plain_number(number)}".encode(), hashlib.sha256)
        return [keyed.hexdigest(), self.email_hash(email)]

    def remember_email(self, shopper_id: str, email: str, now: datetime) -> None:
        """Keep the hash of an e-mail the shopper gave, to know their orders by.

        Raises:
            UnknownShopper: there is no such shopper.
        """
        self._remember("email", shopper_id, self.email_hash(email), now)

    def remember_cart(self, shopper_id: str, cart_token: str, now: datetime) -> None:
        """Keep the shopper's cart, to know their order by.

        Raises:
            UnknownShopper: there is no such shopper.
        """
        self._remember("cart", shopper_id, short_key(cart_token), now)

    def email_hash(self, email: str) -> str:
        """HMAC-SHA256 of the lower-cased, stripped address, in hexadecimal."""
        written = email.strip().lower().encode("utf-8", "ignore")
        return hmac.new(self._email_key, written, hashlib.sha256).hexdigest()

    def _hash_or_none(self, email: str | None) -> str | None:
        return self.email_hash(email) if email and email.strip() else None

    def _remember(self, kind: str, shopper_id: str, value: str, now: datetime) -> None:
        row = Identity(kind=kind, value=value, shopper_id=shopper_id, seen_at=now)
        with self.db.transaction() as session:
            if find(session, Shopper, shopper_id) is None:
                raise UnknownShopper(shopper_id)
            insert_once(session, row)

    def _match(self, session: Session, purchase: Purchase) -> _Match:
        """The first bridge that holds; one that leads to several shoppers ends the search."""
        email_hash = self._hash_or_none(purchase.email)
        cart = purchase.cart_token and short_key(purchase.cart_token)
        bridges = (
            ("token", _known_shopper(session, purchase.token_shopper_id)),
            ("cart", _identified(session, "cart", cart)),
            ("click", _known_shopper(session, purchase.click_shopper_id)),
            ("email", _identified(session, "email", email_hash)),
        )
        for bridge, shoppers in bridges:
            if len(shoppers) == 1:
                return _Match(shoppers[0], bridge)
            if shoppers:
                return _Match()
        return _Match()


def plain_number(number: str) -> str:
    """An order's number as it is kept.

    >>> plain_number(" #jl-1001 ")
    'JL-1001'
    """
    return number.strip().lstrip("#").strip().upper()


def _known_shopper(session: Session, shopper_id: str | None) -> list[str]:
    return [shopper_id] if shopper_id and find(session, Shopper, shopper_id) else []


def _identified(session: Session, kind: str, value: str | None) -> list[str]:
    if not value or not value.isprintable():
        return []
    return list(
        session.exec(
            select(Identity.shopper_id)
            .where(Identity.kind == kind)
            .where(Identity.value == value)
            .limit(2)
        )
    )


def _fresh(purchase: Purchase, match: _Match, email_hash: str | None, now: datetime) -> Order:
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


# Ten tries find any typing mistake, and a stranger needs thousands to find an e-mail.
MAX_LOOKUPS: Final = 10
LOOKUP_WINDOW: Final = timedelta(days=1)

# How far an order is: of two reports of the same second, the further one is the newer.
PROGRESS: Final = {"pending": 0, "paid": 1, "shipped": 2, "delivered": 3, "cancelled": 4}


def _is_news(known: Order, news: Order) -> bool:
    if news.updated_at == known.updated_at:
        return PROGRESS.get(news.status, 0) >= PROGRESS.get(known.status, 0)
    return news.updated_at > known.updated_at


def _fill_gaps(known: Order, older: Order) -> None:
    """What an older report knows and no newer one said."""
    known.email_hash = known.email_hash or older.email_hash
    known.tracking = known.tracking or older.tracking
    known.checkout = known.checkout or older.checkout
    if older.cancelled_at and not known.cancelled_at:
        known.cancelled_at, known.status = older.cancelled_at, "cancelled"


def _update(known: Order, purchase: Purchase, news: Order) -> None:
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
