"""Orders and refunds as the shop reports them, matched to the shoppers who placed them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from feedback.db.database import Database
from feedback.db.errors import UnknownShopper
from feedback.db.guesses import Guesses
from feedback.db.tables.people import Identity, Shopper
from feedback.db.tables.sales import Delivery, Order, Refund
from feedback.db.upsert import find, insert_once, short_key
from feedback.dialogues.identity import leave_out, link_same_person, persons
from feedback.knowledge.importers.records import RefundLine
from feedback.sales.email_hashes import EmailHashes
from feedback.sales.order_lines import OrderView, has_lines, view_of, write_lines
from feedback.sales.purchase import (
    Match,
    Purchase,
    bring_up_to_date,
    fill_gaps,
    fresh,
    is_news,
    plain_number,
)

__all__ = ["Orders", "Purchase", "Recorded", "plain_number"]


class Recorded(NamedTuple):
    """What became of a reported order."""

    order_id: str
    new: bool
    shopper_id: str | None
    bridge: str | None


class Orders:
    """Records orders and refunds, each once, and finds them again."""

    def __init__(
        self, db: Database, email_key: bytes | Sequence[bytes], staff: Collection[str] = ()
    ) -> None:
        """Work on `db`; e-mail addresses are kept as hashes under `email_key`: the newest of them.

        Whoever gives an address of `staff` (in lower case) is one of them, and is not counted.
        """
        self.db = db
        keys = [email_key] if isinstance(email_key, bytes) else list(email_key)
        self._emails = EmailHashes(keys)
        self._guesses = Guesses(db, keys[0], "order")
        self._staff = frozenset(staff)

    def record(self, purchase: Purchase, now: datetime) -> Recorded:
        """Write an order or bring it up to date; a repeat changes nothing.

        News older than what is known never overwrites it, but an order that had no shopper yet may
        find its own by them.
        """
        with self.db.transaction() as session:
            if purchase.email:
                self._emails.renew(session, purchase.email)
            match = self._match(session, purchase)
            order = fresh(purchase, match, self._hash_or_none(purchase.email), now)
            if insert_once(session, order):
                write_lines(session, purchase.order_id, purchase.lines)
                return Recorded(order.order_id, True, order.shopper_id, order.bridge)
            known = session.get_one(Order, purchase.order_id, with_for_update=True)
            if known.shopper_id is None:
                known.shopper_id, known.bridge = match
            if is_news(known, order):
                bring_up_to_date(known, purchase, order)
                if purchase.lines:
                    write_lines(session, purchase.order_id, purchase.lines)
            else:
                fill_gaps(known, order)
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
        email_hash = self.known_hash(email)
        with self.db.reading() as session:
            order = session.exec(
                select(Order)
                .where(Order.number == plain_number(number))
                .where(Order.email_hash == email_hash)
                .order_by(col(Order.placed_at).desc())
                .limit(1)
            ).first()
            return view_of(session, order) if order else None

    def tried_too_often(self, number: str, email: str, who: str, now: datetime) -> bool:
        """Whether `who` has to wait before this number and e-mail are looked up together."""
        return bool(self._guesses.wait(_guessed(number, email), who, now))

    def note_failed_lookup(self, number: str, email: str, who: str, now: datetime) -> None:
        """Count a pair that named no order."""
        self._guesses.failed(_guessed(number, email), who, now)

    def remember_email(self, shopper_id: str, email: str, now: datetime) -> None:
        """Keep the hash of an e-mail the shopper gave, to know their orders by.

        Raises:
            UnknownShopper: there is no such shopper.
        """
        self._remember("email", shopper_id, self.known_hash(email), now)
        if email.strip().lower() in self._staff:
            leave_out(self.db, [shopper_id], "staff", now)

    def remember_cart(self, shopper_id: str, cart_token: str, now: datetime) -> None:
        """Keep the shopper's cart, to know their order by.

        Raises:
            UnknownShopper: there is no such shopper.
        """
        self._remember("cart", shopper_id, short_key(cart_token), now)

    def email_hash(self, email: str) -> str:
        """The address as the store knows it: a keyed hash."""
        return self._emails.of(email)

    def known_hash(self, email: str) -> str:
        """The same, once what an older key hashed of the address stands under the newest."""
        if self._emails.have_rotated:
            with self.db.transaction() as session:
                self._emails.renew(session, email)
        return self.email_hash(email)

    def _hash_or_none(self, email: str | None) -> str | None:
        return self.email_hash(email) if email and email.strip() else None

    def _remember(self, kind: str, shopper_id: str, value: str, now: datetime) -> None:
        row = Identity(kind=kind, value=value, shopper_id=shopper_id, seen_at=now)
        with self.db.transaction() as session:
            if find(session, Shopper, shopper_id) is None:
                raise UnknownShopper(shopper_id)
            if insert_once(session, row):
                link_same_person(session, kind, value)

    def _match(self, session: Session, purchase: Purchase) -> Match:
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
                return Match(next(iter(people)), bridge)
            if people:
                return Match()
        return Match()


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


def _guessed(number: str, email: str) -> list[str]:
    """What somebody who does not know both guesses at."""
    return [f"number {plain_number(number)}", f"email {email.strip().lower()}"]
