"""Reads orders and refunds in our own format: any shop that can sign a body sends these."""

from typing import Any

from bot.shops.intake import Intake, Outcome
from bot.shops.shopify.orders import SHOPPER_ATTRIBUTE, attribute, click_token
from feedback.knowledge.importers.fields import text_or_none
from feedback.knowledge.importers.files import BadShape, purchase_from_json, refund_from_json
from feedback.knowledge.importers.lenient import Lenient
from feedback.sales.orders import Purchase

STATUSES = ("pending", "paid", "shipped", "delivered", "cancelled")


def take_generic(intake: Intake, payload: dict[str, Any]) -> Outcome:
    """An order or a refund in our own format.

    Raises:
        BadShape: it is neither; the message names the field.
    """
    if "refund_id" in payload:
        return intake.refund(refund_from_json(payload))
    return intake.order(read_generic_order(intake, payload))


def read_generic_order(intake: Intake, payload: dict[str, Any], source: str = "orders") -> Purchase:
    """A purchase from our own format; `shopper` may be the signed token or, as in files, the id."""
    line = purchase_from_json(payload)
    order = Lenient(payload, list(line.odd))
    token = attribute(order, SHOPPER_ATTRIBUTE) or line.shopper
    status = text_or_none(payload, "status")
    if status is not None and status not in STATUSES:
        raise BadShape(f'"status" has to be one of {", ".join(STATUSES)}, not {status!r:.40}')
    cancelled = order.moment("cancelled_at")
    return Purchase(
        order_id=line.order_id,
        number=order.text("number") or line.order_id,
        source=source,
        placed_at=line.placed_at or intake.clock(),
        currency=line.currency,
        total=line.total,
        lines=line.lines,
        email=line.email,
        token_shopper_id=intake.shopper_of_token(token) or line.shopper,
        cart_token=order.text("cart_token") or None,
        click_shopper_id=intake.shopper_of_click(click_token(payload.get("landing_site"))),
        status="cancelled" if cancelled else status,
        tracking=order.text("tracking") or None,
        cancelled_at=cancelled,
        updated_at=order.moment("updated_at"),
        checkout=order.text("checkout") or None,
        odd=tuple(order.odd),
    )
