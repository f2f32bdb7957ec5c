"""Merges reports of an order, part by part: the newest one wins. Pure.

Reports come late, twice and in any order. Each has a version, and of each part of an order (its
sums, its state, its tracking number, …) the newest report that speaks of it holds. So any order of
arrival ends in the same stored order.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from feedback.db import ORDER_STATES, Order, from_micros, to_micros
from feedback.knowledge import BoughtLine, PurchaseLine, RefundLine

NO_CURRENCY: Final = "XXX"  # ISO 4217's code for none: of an order known only by its refund or end
BRIDGES: Final = ("token", "cart", "click", "email")  # in the order in which they are believed
MICROS: Final = 20  # digits of a version's time
ENDED: Final = "ended"  # marks the news "it is gone" that told no time of its own


class OrderKey(NamedTuple):
    """An order's id, and the shop system whose id it is."""

    source: str
    order_id: str


class Match(NamedTuple):
    """Whose order it is, and how that was known."""

    shopper_id: str | None = None
    bridge: str | None = None


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
    total: Decimal  # what the shopper owes, refunds not deducted
    gift_cards: Decimal = Decimal(0)  # the part of it that buys gift cards
    paid_currency: str | None = None  # the shopper's own, where it is another one
    paid_total: Decimal | None = None  # the total in it
    lines: tuple[BoughtLine, ...] | None = None
    refunds: tuple[RefundLine, ...] | None = None  # all there are, where the shop lists them
    email: str | None = None
    token_shopper_id: str | None = None
    cart_token: str | None = None
    click_shopper_id: str | None = None
    status: str | None = None
    tracking: str | None = None
    cancelled_at: datetime | None = None
    updated_at: datetime | None = None  # None: as new as its arrival
    from_file: bool = False  # without `updated_at` it is as old as the order, not as its arrival
    exists: bool = False  # the shop says that the order is there: no longer in its bin
    checkout: str | None = None  # the kind of checkout: web, pos, draft, a payment's name
    payment: str | None = None  # how it is paid: cod, bacs, shopify_payments, …
    odd: tuple[str, ...] = ()  # fields that could not be read as they came; names, no values

    @property
    def key(self) -> OrderKey:
        """What the order is stored under."""
        return OrderKey(self.source, self.order_id)

    @property
    def state(self) -> str | None:
        """The state it tells of."""
        return "cancelled" if self.cancelled_at else self.status

    def nameless(self) -> "Purchase":
        """The same order, bought by nobody: its buyer was forgotten."""
        return replace(
            self,
            email=None,
            token_shopper_id=None,
            cart_token=None,
            click_shopper_id=None,
            tracking=None,
        )


def purchase_of(
    line: PurchaseLine, *, arrived: datetime, from_file: bool = False, **bridges: str | None
) -> Purchase:
    """An order in our own format as a purchase; `bridges` are those of `Purchase`.

    `arrived` is when it was placed, if it does not say so itself.
    """
    said = {**line._asdict(), "placed_at": line.placed_at or arrived}
    said.pop("shopper")
    return Purchase(**{**said, **bridges}, from_file=from_file)


def plain_number(number: str) -> str:
    """An order's number as it is kept.

    >>> plain_number(" #jl-1001 ")
    'JL-1001'
    """
    return number.strip().lstrip("#").strip().upper()


def blank(key: OrderKey, now: datetime) -> Order:
    """An order of which nothing is known yet: every report is newer."""
    return Order(
        source=key.source,
        order_id=key.order_id,
        number=plain_number(key.order_id),
        status="unknown",
        sale=False,
        placed_at=now,
        currency=NO_CURRENCY,
        total=Decimal(0),
        updated_at=now,
    )


def version_of(purchase: Purchase, email_hash: str | None, now: datetime) -> str:
    """How new a report is, as text that sorts: the later text holds.

    By the shop's clock; in the same second by how far the order is, then by content, so that no
    order of arrival matters. A report without `updated_at` is as new as its arrival, in a file as
    old as the order (the last file holds among those).
    """
    if purchase.updated_at is not None:
        progress = ORDER_STATES.index(purchase.state or "paid")
        return f"{_micros(purchase.updated_at)} {progress} {fingerprint(purchase, email_hash)}"
    if purchase.from_file:
        return f"{_micros(purchase.placed_at)} - {_micros(now)}"
    return _micros(now)


def fingerprint(purchase: Purchase, email_hash: str | None = None) -> str:
    """What tells one report from another; of who bought, only a keyed hash is part of it."""
    content = replace(purchase.nameless(), tracking=purchase.tracking, exists=False, odd=())
    said = (content, email_hash)
    return hashlib.sha256(repr(said).encode("utf-8", "ignore")).hexdigest()[:16]


def is_repeat(known: Order, purchase: Purchase) -> bool:
    """Whether a report without a time of its own was taken before, however long ago.

    Its arrival says nothing: an old body sent again would pass for news.
    """
    if purchase.updated_at is not None or purchase.from_file:
        return False
    return fingerprint(purchase) in known.versions.get("bodies", ())


def take_report(
    known: Order, purchase: Purchase, email_hash: str | None, version: str
) -> frozenset[str]:
    """Bring `known` up to date, part by part; the parts of which this is the newest report.

    Where a report is silent, what was known stays. Lines and refunds are rows of their own, for the
    caller to write.
    """
    parts = _parts(purchase, email_hash)
    versions = dict(known.versions)
    if _is_restored(purchase, version, versions):
        versions["state"] = ""
    if "state" not in versions and "state" not in parts:
        known.status = "paid"  # a shop that tells no states tells of orders that are paid
    newest = {part for part in parts if version >= versions.get(part, "")}
    for part in newest:
        versions[part] = version
        for name, value in parts[part].items():
            setattr(known, name, value)
    if purchase.updated_at is None and not purchase.from_file:
        versions["bodies"] = sorted({*versions.get("bodies", ()), fingerprint(purchase)})
    if "sums" in newest:
        known.updated_at = purchase.updated_at or _time_of(version)
    known.versions = versions
    return frozenset(newest)


def take_match(known: Order, match: Match, version: str) -> None:
    """Whose order it is: by the first bridge that holds, of two reports by the older one."""
    if match.bridge is None:
        return
    rank = f"{BRIDGES.index(match.bridge)} {version}"
    if known.shopper_id is None or rank < known.versions.get("match", ""):
        known.shopper_id, known.bridge = match
        known.versions = {**known.versions, "match": rank}


def _is_restored(purchase: Purchase, version: str, versions: Mapping[str, Any]) -> bool:
    """An order that is there although it was gone; an older body sent again says nothing."""
    ended = str(versions.get("state", "")).endswith(ENDED)
    known_at = str(versions.get("sums", ""))[:MICROS]
    return purchase.exists and ended and version[:MICROS] >= known_at


def take_end(known: Order, at: datetime | None, now: datetime) -> None:
    """The shop took the order out, or says only that it is off.

    Without a time of its own it is newer than all that is known when it comes, and taken back by
    the news that the order is there again.
    """
    when = at or max(now, known.updated_at)
    version = f"{_micros(when)} {ORDER_STATES.index('cancelled')} {ENDED if at is None else ''}"
    if version >= known.versions.get("state", ""):
        known.status, known.cancelled_at = "cancelled", when
        known.versions = {**known.versions, "state": version}


def _parts(purchase: Purchase, email_hash: str | None) -> dict[str, dict[str, Any]]:
    """What a report speaks of; each part stands or falls with its report."""
    parts: dict[str, dict[str, Any]] = {
        "sums": {
            "number": plain_number(purchase.number),
            "placed_at": purchase.placed_at,
            "currency": purchase.currency.upper(),
            "total": purchase.total,
            "gift_cards": purchase.gift_cards,
            "paid_currency": purchase.paid_currency,
            "paid_total": purchase.paid_total,
        }
    }
    if purchase.state is not None:
        parts["state"] = {"status": purchase.state, "cancelled_at": purchase.cancelled_at}
    optional = {
        "email_hash": email_hash,
        "tracking": purchase.tracking,
        "checkout": purchase.checkout,
        "payment": purchase.payment,
    }
    parts |= {name: {name: value} for name, value in optional.items() if value is not None}
    rows = {"lines": purchase.lines, "refunds": purchase.refunds}
    return parts | {name: {} for name, listed in rows.items() if listed is not None}


def _micros(moment: datetime) -> str:
    return f"{max(0, to_micros(moment)):0{MICROS}d}"


def _time_of(version: str) -> datetime:
    return from_micros(int(version[:MICROS]))
