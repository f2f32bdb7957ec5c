"""Repository of orders and refunds: takes reports of shops, matches them to shoppers."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import false
from sqlmodel import Session, col, select, update

from feedback.db import (
    Database,
    Guesses,
    Identity,
    Order,
    ReceivedDelivery,
    RedactedOrder,
    Shopper,
    UnknownShopper,
    find,
    insert_once,
    short_key,
)
from feedback.dialogues import leave_out, link_same_person, persons
from feedback.knowledge import RefundLine
from feedback.sales.earlier_orders import match_earlier_orders
from feedback.sales.email_hashes import EmailHashes
from feedback.sales.order_lines import OrderView, view_of, write_lines
from feedback.sales.purchase import (
    Match,
    OrderKey,
    Purchase,
    blank,
    is_repeat,
    plain_number,
    take_end,
    take_match,
    take_report,
    version_of,
)
from feedback.sales.refund_rows import drop_refunds, refunds_of, set_refunds, take_refund
from feedback.sales.refunds import given_back
from feedback.sales.sale_rule import SaleRule
from feedback.sales.same_order import one_id

__all__ = ["OrderKey", "Orders", "Purchase", "Recorded", "plain_number"]


class Recorded(NamedTuple):
    """What became of a reported order."""

    order_id: str
    new: bool
    shopper_id: str | None
    bridge: str | None


class Orders:
    """Records orders and refunds, each once, and finds them again."""

    def __init__(
        self,
        db: Database,
        email_key: bytes | Sequence[bytes],
        staff: Collection[str] = (),
        rule: SaleRule = SaleRule(),  # noqa: B008 - frozen
    ) -> None:
        """Work on `db`; e-mail addresses are kept as hashes under `email_key`: the newest of them.

        Who gives an address of `staff` (in lower case) is one of them, and is not counted.
        `rule` tells which orders are sales.
        """
        self.db = db
        keys = [email_key] if isinstance(email_key, bytes) else list(email_key)
        self._emails = EmailHashes(keys)
        self._guesses = Guesses(db, keys[0], "order")
        self._rule = rule
        self._staff = frozenset(staff)

    def record(self, purchase: Purchase, now: datetime) -> Recorded:
        """Write an order or bring it up to date; a repeat changes nothing.

        News older than what is known never overwrites it, but an order that had no shopper yet may
        find its own by them. Of a buyer who was forgotten nothing comes back.
        """
        with self.db.transaction() as session:
            if session.get(RedactedOrder, purchase.key) is not None:
                purchase = purchase.nameless()
            if purchase.email:
                self._emails.renew(session, purchase.email)
            match = self._match(session, purchase)
            email_hash = self._hash_or_none(purchase.email)
            order = _locked(session, purchase.key, now)
            new = "sums" not in order.versions
            version = version_of(purchase, email_hash, now)
            take_match(order, match, version)
            if not is_repeat(order, purchase):
                newest = take_report(order, purchase, email_hash, version)
                session.flush()
                if "lines" in newest:
                    write_lines(session, purchase.key, purchase.lines or ())
                if "refunds" in newest:
                    set_refunds(session, purchase.key, purchase.refunds or (), now)
            self._settle(session, order)
            return Recorded(order.order_id, new, order.shopper_id, order.bridge)

    def refund(self, line: RefundLine, now: datetime, *, instead_of: str | None = None) -> bool:
        """Write a refund's transaction; it may come before its order, and twice.

        `now` stands in for a time in the future: a shop's clock may run ahead of ours. `instead_of`
        names the refund under which an earlier version of this program kept the sum of several.

        Returns:
            Whether it is new, or further than it was.
        """
        key = OrderKey(line.source, line.order_id)
        with self.db.transaction() as session:
            order = _locked(session, key, now)
            if instead_of is not None:
                drop_refunds(session, key, [instead_of])
            news = take_refund(session, line, now)
            self._settle(session, order)
            return news

    def cancel(self, key: OrderKey, at: datetime | None, now: datetime) -> bool:
        """The shop took the order out, or says only that it is off; whether it was known.

        Without a time of its own (`at` None) it is newer than all that is known when it comes.
        """
        with self.db.transaction() as session:
            order = _locked(session, key, now)
            take_end(order, at, now)
            self._settle(session, order)
            return "sums" in order.versions

    def same_order(self, source: str, ids: Sequence[str]) -> str:
        """The id under which an order with these ids is kept, made one where it was several."""
        with self.db.transaction() as session:
            kept = one_id(session, source, [short_key(each) for each in ids])
            order = session.get(Order, (source, kept), with_for_update=True)
            if order is not None:
                self._settle(session, order)
            return kept

    def recount(self) -> int:
        """Apply the rule of what is a sale to what is stored; how many orders it changed."""
        counts = self._rule.counts
        worth = col(Order.total) > col(Order.gift_cards)
        changed = 0
        with self.db.transaction() as session:
            kinds = session.exec(select(Order.status, Order.payment).distinct()).all()
            for status, payment in kinds:
                sale = worth if counts(status, payment) else false()
                done = session.execute(
                    update(Order)
                    .where(col(Order.status) == status, col(Order.payment) == payment)
                    .where(col(Order.sale) != sale)
                    .values(sale=sale)
                    .returning(col(Order.order_id))
                )
                changed += len(done.all())
        return changed

    def _settle(self, session: Session, order: Order) -> None:
        """Whether it is a sale, and what was given back of it: after whatever was written."""
        rows = refunds_of(session, order)
        order.refunded = given_back(order, rows)
        worth = order.total - order.gift_cards
        order.sale = self._rule.is_sale(order.status, order.payment, worth)
        session.add(order)

    def first_delivery(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Whether this message from outside comes for the first time; from now on it does not."""
        row = ReceivedDelivery(source=source, delivery_id=short_key(delivery_id), received_at=now)
        with self.db.transaction() as session:
            return insert_once(session, row)

    def was_delivered(self, source: str, delivery_id: str) -> bool:
        """Whether this message from outside has come before."""
        with self.db.reading() as session:
            return session.get(ReceivedDelivery, (source, short_key(delivery_id))) is not None

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
            return order_view(session, order) if order else None

    def one_guess_at_a_time(self, who: str) -> AbstractContextManager[object]:
        """Held while a pair that `who` gave is looked up and, if it is wrong, counted."""
        return self._guesses.one_at_a_time(who)

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
                if kind == "email":
                    match_earlier_orders(session, shopper_id, value)

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


def _locked(session: Session, key: OrderKey, now: datetime) -> Order:
    """The order for this transaction alone; one not heard of yet is begun, its id kept."""
    insert_once(session, blank(key, now))
    return session.get_one(Order, key, with_for_update=True, populate_existing=True)


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


def order_view(session: Session, order: Order) -> OrderView:
    """An order with its lines and refunds, as its shopper may hear of it."""
    return view_of(session, order, refunds_of(session, order))


def _guessed(number: str, email: str) -> list[str]:
    """What somebody who does not know both guesses at."""
    return [f"number {plain_number(number)}", f"email {email.strip().lower()}"]
