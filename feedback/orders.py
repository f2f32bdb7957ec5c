"""Orders and refunds as the shop reports them, matched to the shoppers who placed them."""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session, col, select

from feedback.bought import OrderView, view_of, write_lines
from feedback.database import Database, find
from feedback.errors import UnknownShopper
from feedback.lines import BoughtLine
from feedback.models import (
    Delivery,
    Identity,
    Order,
    Refund,
    Shopper,
)
from feedback.people import leave_out, link_same_person, persons
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

    def __init__(self, db: Database, email_key: bytes, staff: Collection[str] = ()) -> None:
        """Work on `db`; e-mail addresses are kept as hashes under `email_key`.

        Whoever gives an address of `staff` (in lower case) is one of them, and is not counted.
        """
        self.db = db
        self._email_key = email_key
        self._staff = frozenset(staff)

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
            if order.updated_at >= known.updated_at:
                _update(known, purchase, order)
                if purchase.lines:
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

    def first_delivery(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Whether this message from outside comes for the first time; from now on it does not."""
        row = Delivery(source=source, delivery_id=short_key(delivery_id), received_at=now)
        with self.db.transaction() as session:
            return insert_once(session, row)

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

    def remember_email(self, shopper_id: str, email: str, now: datetime) -> None:
        """Keep the hash of an e-mail the shopper gave, to know their orders by.

        Raises:
            UnknownShopper: there is no such shopper.
        """
        self._remember("email", shopper_id, self.email_hash(email), now)
        if email.strip().lower() in self._staff:
            leave_out(self.db, [shopper_id], "staff", now)

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
            if insert_once(session, row):
                link_same_person(session, kind, value)

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
            people = persons(session, shoppers) if len(shoppers) > 1 else shoppers
            if len(people) == 1:
                return _Match(next(iter(people)), bridge)
            if people:
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
            .limit(3)
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
        status=purchase.status or ("cancelled" if purchase.cancelled_at else "paid"),
        tracking=purchase.tracking,
        placed_at=purchase.placed_at,
        cancelled_at=purchase.cancelled_at,
        currency=purchase.currency.upper(),
        total=purchase.total,
        updated_at=purchase.updated_at or now,
    )


def _update(known: Order, purchase: Purchase, news: Order) -> None:
    known.number = news.number
    known.placed_at = news.placed_at
    known.currency = news.currency
    known.total = news.total
    known.updated_at = news.updated_at
    known.email_hash = news.email_hash or known.email_hash
    known.tracking = news.tracking or known.tracking
    known.cancelled_at = known.cancelled_at or news.cancelled_at
    if known.cancelled_at:
        known.status = "cancelled"
    elif purchase.status:
        known.status = purchase.status
