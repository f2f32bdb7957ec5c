"""Reads Stripe's objects: checkouts, payments and invoices become purchases, refunds and disputes
money given back. Pure.

One sale is told by several objects: a checkout, its payment, of a subscription an invoice, too. A
`Told` names all ids that mean the sale, the one it is best known by first. A charge that names the
sum of its refunds only is left alone: they are told by themselves.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, NamedTuple

from bot.shops.cart_token import SHOPPER_ATTRIBUTE
from bot.shops.stripe.events import LeftAlone, StripeEvent, amount, moment, reference
from feedback.knowledge import Lenient, RefundLine, currency_of, identifier
from feedback.sales import Purchase

SOURCE: Final = "stripe"
# What a checkout's payment comes to: only a paid one is a sale, and some banks take days.
CHECKOUTS: Final = {"paid": "paid", "no_payment_required": "paid", "unpaid": "pending"}
REFUNDS: Final = {
    "pending": "pending",
    "requires_action": "pending",
    "failed": "failed",
    "canceled": "failed",
}
# While a dispute is open the sale stands; lost, the money is gone; won, it is back for good.
DISPUTES: Final = {"lost": "succeeded", "won": "failed", "warning_closed": "failed"}

ReadToken = Callable[[str | None], str | None]


class Told(NamedTuple):
    """A purchase, and all ids of it in Stripe."""

    ids: tuple[str, ...]
    purchase: Purchase


def read_checkout(event: StripeEvent, shopper_of_token: ReadToken) -> Told:
    """A checkout session: paid, not paid yet, or failed.

    Raises:
        LeftAlone: it sells nothing.
        BadShape: its id, total or currency can not be read.
    """
    session = event.object
    if session.text("mode") == "setup":
        raise LeftAlone("a checkout that only keeps a way to pay")
    if session.fields.get("amount_total") is None:
        raise LeftAlone("a checkout without a total: of an older version of Stripe's interface")
    status = CHECKOUTS.get(session.text("payment_status"))
    if status is None:
        raise LeftAlone("a checkout that does not say whether it is paid")
    if event.topic.endswith("async_payment_failed"):
        status = "failed"
    named = (reference(session, name) for name in ("invoice", "payment_intent", "id"))
    return _told(event, _ids(*named), "checkout", "amount_total", status, shopper_of_token)


def read_payment(event: StripeEvent, shopper_of_token: ReadToken) -> Told:
    """A payment that went through."""
    payment = event.object
    total = "amount" if payment.fields.get("amount_received") is None else "amount_received"
    return _told(event, payment_ids(payment), "payment", total, "paid", shopper_of_token)


def read_invoice(event: StripeEvent, shopper_of_token: ReadToken) -> Told:
    """A paid invoice: a subscription's first payment, or its next one."""
    return _told(
        event, invoice_ids(event.object), "invoice", "amount_paid", "paid", shopper_of_token
    )


def payment_ids(payment: Lenient) -> tuple[str, ...]:
    """What a payment's sale is known by: its invoice, if it has one, itself and its charges."""
    charges = [charge.text("id") for charge in payment.inner("charges").each("data")]
    return _ids(
        reference(payment, "invoice"),
        payment.text("id"),
        reference(payment, "latest_charge"),
        *charges,
    )


def invoice_ids(invoice: Lenient) -> tuple[str, ...]:
    """An invoice and its payments; until March 2025 Stripe named one, since then a list."""
    paid = [payment.inner("payment") for payment in invoice.inner("payments").each("data")]
    return _ids(
        invoice.text("id"),
        reference(invoice, "payment_intent"),
        *(reference(payment, "payment_intent") for payment in paid),
        reference(invoice, "charge"),
    )


def invoice_payment_ids(link: Lenient) -> tuple[str, ...]:
    """That a payment paid an invoice; nothing else says so since March 2025."""
    return _ids(reference(link, "invoice"), reference(link.inner("payment"), "payment_intent"))


def paid_with(given_back: Lenient) -> tuple[str, ...]:
    """The payment and the charge that a refund or a dispute takes money back of.

    Raises:
        LeftAlone: it names neither.
    """
    ids = _ids(reference(given_back, "payment_intent"), reference(given_back, "charge"))
    if not ids:
        raise LeftAlone("it names neither a payment nor a charge")
    return ids


def read_refund(event: StripeEvent, order_id: str) -> RefundLine:
    """A refund, with how far it got."""
    return _given_back(event, order_id, REFUNDS.get(event.object.text("status"), "succeeded"))


def read_dispute(event: StripeEvent, order_id: str) -> RefundLine:
    """A dispute, as money given back once it is lost."""
    return _given_back(event, order_id, DISPUTES.get(event.object.text("status"), "pending"))


def _given_back(event: StripeEvent, order_id: str, status: str) -> RefundLine:
    fields = event.object.fields
    currency = currency_of(fields)
    return RefundLine(
        refund_id=identifier(fields, "id"),
        order_id=order_id,
        amount=amount(fields, "amount", currency),
        currency=currency,
        refunded_at=moment(fields, "created"),
        status=status,
        source=SOURCE,
    )


def _told(
    event: StripeEvent,
    ids: tuple[str, ...],
    kind: str,
    total: str,
    status: str,
    shopper_of_token: ReadToken,
) -> Told:
    thing = event.object
    if not ids:
        raise LeftAlone("it has no id")
    fields, currency = thing.fields, currency_of(thing.fields)
    metadata = _metadata(thing)
    token = metadata.text(SHOPPER_ATTRIBUTE) or thing.text("client_reference_id")
    shown = _presented(thing)
    purchase = Purchase(
        order_id=ids[0],
        number=metadata.text("order_number") or thing.text("number") or ids[0],
        source=SOURCE,
        checkout=kind,
        placed_at=moment(fields, "created"),
        currency=currency,
        total=amount(fields, total, currency),
        paid_currency=shown[0] if shown else None,
        paid_total=shown[1] if shown else None,
        email=_email(thing),
        token_shopper_id=shopper_of_token(token or None),
        status=status,
        updated_at=event.created,
        odd=tuple(thing.odd),
    )
    return Told(ids, purchase)


def _metadata(thing: Lenient) -> Lenient:
    """The object's metadata, or of an invoice its subscription's, where a checkout put them."""
    inside = (
        thing.inner("metadata"),
        thing.inner("subscription_details").inner("metadata"),
        thing.inner("parent").inner("subscription_details").inner("metadata"),
    )
    return next((one for one in inside if one.fields), inside[0])


def _presented(thing: Lenient) -> tuple[str, Decimal] | None:
    """What the shopper paid in their own currency, where the shop let them."""
    details: dict[str, Any] = dict(thing.inner("presentment_details").fields)
    if not details:
        return None
    currency = currency_of(details, "presentment_currency")
    return currency, amount(details, "presentment_amount", currency)


def _email(thing: Lenient) -> str | None:
    found = (
        thing.inner("customer_details").text("email"),
        thing.text("customer_email"),
        thing.text("receipt_email"),
    )
    return next((email for email in found if "@" in email), None)


def _ids(*named: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, named)))
