"""Reads orders and refunds in our own format: any shop that can sign a body sends these."""

from typing import Any

import structlog

from bot.shops.cart_token import SHOPPER_ATTRIBUTE, attribute, click_token
from bot.shops.intake import Intake, Outcome
from feedback.knowledge import Lenient, purchase_from_json, refund_from_json
from feedback.sales import Purchase, purchase_of

log = structlog.get_logger()


def take_generic(intake: Intake, payload: dict[str, Any]) -> Outcome:
    """An order or a refund in our own format.

    Raises:
        BadShape: it is neither; the message names the field.
    """
    if "refund_id" in payload:
        return intake.refund(refund_from_json(payload))
    return intake.order(read_generic_order(intake, payload))


def read_generic_order(
    intake: Intake, payload: dict[str, Any], source: str | None = None
) -> Purchase:
    """A purchase from our own format; `shopper` may be the signed token or, as in files, the id."""
    line = purchase_from_json(payload)
    order = Lenient(payload, list(line.odd))
    token = attribute(order, SHOPPER_ATTRIBUTE) or line.shopper
    if line.status == "unknown":
        told = order.text("status")[:40]
        log.warning("orders.unknown_state", order=line.order_id[:40], state=told)
    return purchase_of(
        line._replace(odd=tuple(order.odd), source=source or line.source),
        arrived=intake.clock(),
        token_shopper_id=intake.shopper_of_token(token) or line.shopper,
        cart_token=order.text("cart_token") or None,
        click_shopper_id=intake.shopper_of_click(click_token(payload.get("landing_site"))),
    )
