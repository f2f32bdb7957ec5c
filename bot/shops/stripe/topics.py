"""Stripe's event types, and what is done for each.

Every event is accepted: one that tells of no sale, is of another version of Stripe's interface or
can not be read is left alone, and the log says why.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from bot.shops.intake import Intake, Outcome
from bot.shops.stripe import orders
from bot.shops.stripe.events import LeftAlone, StripeEvent, read_event
from feedback.knowledge import BadShape

log = structlog.get_logger()


def take_payload(intake: Intake, payload: Mapping[str, Any]) -> Outcome:
    """Take a signed event in; a repeat changes nothing."""
    try:
        event = read_event(payload)
        outcome = _take(intake, event)
    except (LeftAlone, BadShape) as reason:
        log.info(
            "stripe.left_alone",
            reason=str(reason),
            type=str(payload.get("type"))[:100],
            version=str(payload.get("api_version"))[:40],
        )
        return "ignored"
    if not intake.orders.first_delivery(orders.SOURCE, event.event_id, intake.clock()):
        return "repeat"
    return outcome


def _take(intake: Intake, event: StripeEvent) -> Outcome:
    handler = HANDLERS.get(event.topic)
    if handler is None:
        raise LeftAlone("an event of another kind")
    about, take = handler
    kind = event.object.text("object")
    if kind and kind != about:
        raise LeftAlone(f"it shows another object than its {about}")
    return take(intake, event)


def _checkout(intake: Intake, event: StripeEvent) -> Outcome:
    return intake.told(*orders.read_checkout(event, intake.shopper_of_token))


def _payment(intake: Intake, event: StripeEvent) -> Outcome:
    return intake.told(*orders.read_payment(event, intake.shopper_of_token))


def _invoice(intake: Intake, event: StripeEvent) -> Outcome:
    return intake.told(*orders.read_invoice(event, intake.shopper_of_token))


def _invoice_payment(intake: Intake, event: StripeEvent) -> Outcome:
    ids = orders.invoice_payment_ids(event.object)
    if len(ids) < 2:
        raise LeftAlone("it names no payment of an invoice")
    intake.orders.same_order(orders.SOURCE, ids)
    return "recorded"


def _cancelled(intake: Intake, event: StripeEvent) -> Outcome:
    return intake.order_gone(
        orders.SOURCE, _order(intake, orders.payment_ids(event.object)), event.created
    )


def _refund(intake: Intake, event: StripeEvent) -> Outcome:
    order_id = _order(intake, orders.paid_with(event.object))
    return intake.refund(orders.read_refund(event, order_id))


def _dispute(intake: Intake, event: StripeEvent) -> Outcome:
    order_id = _order(intake, orders.paid_with(event.object))
    return intake.refund(orders.read_dispute(event, order_id))


def _order(intake: Intake, ids: tuple[str, ...]) -> str:
    if not ids:
        raise LeftAlone("it has no id")
    return intake.orders.same_order(orders.SOURCE, ids)


# Of each kind of event the object it shows, and what is done.
HANDLERS: Final[dict[str, tuple[str, Callable[[Intake, StripeEvent], Outcome]]]] = {
    "checkout.session.completed": ("checkout.session", _checkout),
    "checkout.session.async_payment_succeeded": ("checkout.session", _checkout),
    "checkout.session.async_payment_failed": ("checkout.session", _checkout),
    "payment_intent.succeeded": ("payment_intent", _payment),
    "payment_intent.canceled": ("payment_intent", _cancelled),
    "invoice.paid": ("invoice", _invoice),
    "invoice.payment_succeeded": ("invoice", _invoice),
    "invoice_payment.paid": ("invoice_payment", _invoice_payment),
    "refund.created": ("refund", _refund),
    "refund.updated": ("refund", _refund),
    "refund.failed": ("refund", _refund),
    "charge.refund.updated": ("refund", _refund),
    "charge.dispute.created": ("dispute", _dispute),
    "charge.dispute.updated": ("dispute", _dispute),
    "charge.dispute.closed": ("dispute", _dispute),
    "charge.dispute.funds_withdrawn": ("dispute", _dispute),
    "charge.dispute.funds_reinstated": ("dispute", _dispute),
}
