"""Reads orders and refunds in our own format: any shop that can sign a body sends these."""

from typing import Any

from bot.shops.intake import Intake, Outcome
from bot.shops.shopify import SHOPPER_ATTRIBUTE, attribute, click_token
from feedback.imported.fields import moment_of, text_or_none
from feedback.imported.files import BadShape, purchase_from_json, refund_from_json
from feedback.orders import Purchase

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
    token = attribute(payload, SHOPPER_ATTRIBUTE) or line.shopper
    status = text_or_none(payload, "status")
    if status is not None and status not in STATUSES:
        raise BadShape(f'"status" has to be one of {", ".join(STATUSES)}, not {status!r:.40}')
    cancelled = moment_of(payload, "cancelled_at") if payload.get("cancelled_at") else None
    return Purchase(
        order_id=line.order_id,
        number=text_or_none(payload, "number") or line.order_id,
        source=source,
        placed_at=line.placed_at,
        currency=line.currency,
        total=line.total,
        lines=line.lines,
        email=line.email,
        token_shopper_id=intake.shopper_of_token(token) or line.shopper,
        cart_token=text_or_none(payload, "cart_token"),
        click_shopper_id=intake.shopper_of_click(click_token(payload.get("landing_site"))),
        status="cancelled" if cancelled else status,
        tracking=text_or_none(payload, "tracking"),
        cancelled_at=cancelled,
        updated_at=moment_of(payload, "updated_at") if payload.get("updated_at") else None,
        checkout=text_or_none(payload, "checkout"),
    )
