"""Reads Stripe's events: checkouts, payments and refunds become purchases and refunds. Pure.

Amounts are whole numbers of the currency's smallest unit. A checkout and its payment are one order,
known by the payment's id. Refunds are told by themselves; a charge that names its sum only would
count it twice.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from bot.shops.shopify.orders import SHOPPER_ATTRIBUTE
from feedback.db.currencies import decimals
from feedback.knowledge.importers.fields import (
    currency_of,
    identifier,
    loose_text,
    object_of,
    text_or_none,
    whole,
)
from feedback.knowledge.importers.records import BadShape, RefundLine
from feedback.sales.orders import Purchase

PAID_TOPICS: Final = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "payment_intent.succeeded",
    }
)
CANCELLED_TOPICS: Final = frozenset({"payment_intent.canceled"})
REFUND_TOPICS: Final = frozenset(
    {"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"}
)
FAILED: Final = frozenset({"failed", "canceled"})
STAGES: Final = {"pending": "pending", "requires_action": "pending"}

# Where Stripe's smallest unit is not that of ISO 4217.
OWN_UNITS: Final = {"ISK": 2, "UGX": 2, "MGA": 0}


class Event(NamedTuple):
    """What Stripe tells: which object changed, and how."""

    event_id: str
    topic: str
    live: bool
    created: datetime
    object: dict[str, Any]


def read_event(payload: Mapping[str, Any]) -> Event:
    """The event's envelope.

    Raises:
        BadShape: it is none.
    """
    data = object_of(payload.get("data"), '"data"')
    return Event(
        event_id=identifier(payload, "id"),
        topic=identifier(payload, "type"),
        live=payload.get("livemode") is not False,
        created=moment(payload, "created"),
        object=object_of(data.get("object"), '"data.object"'),
    )


def read_purchase(
    event: Event, *, shopper_of_token: Callable[[str | None], str | None]
) -> Purchase | None:
    """A paid checkout or payment; None for a checkout that is not paid yet.

    Raises:
        BadShape: a field is missing or wrong.
    """
    paid = event.object
    session = paid.get("object") == "checkout.session"
    if session and paid.get("payment_status") not in ("paid", "no_payment_required"):
        return None
    currency = currency_of(paid)
    metadata = object_of(paid.get("metadata") or {}, '"metadata"')
    token = metadata.get(SHOPPER_ATTRIBUTE) or paid.get("client_reference_id")
    order_id = paid.get("payment_intent") if session else None
    return Purchase(
        order_id=loose_text(order_id) or identifier(paid, "id"),
        number=loose_text(metadata.get("order_number") or order_id or paid["id"]),
        source="stripe",
        checkout="checkout" if session else "payment",
        placed_at=moment(paid, "created"),
        currency=currency,
        total=amount(paid, "amount_total" if session else "amount_received", currency),
        email=_email(paid),
        token_shopper_id=shopper_of_token(token if isinstance(token, str) else None),
        status="paid",
        updated_at=event.created,
    )


def read_stripe_refund(event: Event) -> RefundLine | None:
    """A refund, with how far it got; None for one of a charge we can not name.

    Raises:
        BadShape: a field is missing or wrong.
    """
    refund = event.object
    payment = text_or_none(refund, "payment_intent")
    if payment is None:
        return None
    currency = currency_of(refund)
    status = str(refund.get("status"))
    return RefundLine(
        refund_id=identifier(refund, "id"),
        order_id=payment,
        amount=amount(refund, "amount", currency),
        currency=currency,
        refunded_at=moment(refund, "created"),
        status="failed" if status in FAILED else STAGES.get(status, "succeeded"),
        source="stripe",
    )


def amount(fields: Mapping[str, Any], key: str, currency: str) -> Decimal:
    """An amount out of the currency's smallest unit.

    >>> amount({"total": 5990}, "total", "USD"), amount({"total": 5990}, "total", "JPY")
    (Decimal('59.90'), Decimal('5990'))
    """
    units = whole(fields, key)
    if units < 0 or units > 10**13:
        raise BadShape(f'"{key}" is {units}; an amount is not negative and not astronomical')
    return Decimal(units).scaleb(-OWN_UNITS.get(currency, decimals(currency)))


def moment(fields: Mapping[str, Any], key: str) -> datetime:
    """A time in seconds since 1970."""
    seconds = whole(fields, key)
    if not 0 <= seconds < 10**11:
        raise BadShape(f'"{key}" is no time: {seconds}')
    return datetime.fromtimestamp(seconds, UTC)


def _email(paid: Mapping[str, Any]) -> str | None:
    details = paid.get("customer_details") or {}
    for email in (
        details.get("email") if isinstance(details, dict) else None,
        paid.get("customer_email"),
        paid.get("receipt_email"),
    ):
        if isinstance(email, str) and "@" in email:
            return loose_text(email)
    return None
