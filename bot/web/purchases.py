"""Takes purchases and refunds in, whoever sent them: bridges to the shopper, each counted once."""

from typing import Any, Literal

from bot.web.parts import Parts
from bot.web.shopify import SHOPPER_ATTRIBUTE, attribute, click_token
from bot.web.tokens import BadToken
from feedback.fields import moment_of, text_or_none
from feedback.files import BadShape, RefundLine, purchase_from_json, refund_from_json
from feedback.orders import Purchase

Outcome = Literal["recorded", "repeat", "ignored"]
STATUSES = ("pending", "paid", "shipped", "delivered", "cancelled")


def take_generic(parts: Parts, payload: dict[str, Any]) -> Outcome:
    """An order or a refund in our own format.

    Raises:
        BadShape: it is neither; the message names the field.
    """
    if "refund_id" in payload:
        return take_refund(parts, refund_from_json(payload))
    return take_order(parts, read_generic_order(parts, payload))


def take_order(parts: Parts, purchase: Purchase) -> Outcome:
    """Record the order, or bring the one recorded up to date."""
    recorded = parts.orders.record(purchase, parts.clock())
    return "recorded" if recorded.new else "repeat"


def take_refund(parts: Parts, refund: RefundLine) -> Outcome:
    """Record the refund; it may come before its order."""
    new = parts.orders.refund(
        refund.refund_id,
        refund.order_id,
        refund.amount,
        refund.currency,
        refund.refunded_at,
        parts.clock(),
    )
    return "recorded" if new else "repeat"


def read_generic_order(parts: Parts, payload: dict[str, Any]) -> Purchase:
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
        source="orders",
        placed_at=line.placed_at,
        currency=line.currency,
        total=line.total,
        lines=line.lines,
        email=line.email,
        token_shopper_id=shopper_of_token(parts, token) or line.shopper,
        cart_token=text_or_none(payload, "cart_token"),
        click_shopper_id=shopper_of_click(parts, click_token(payload.get("landing_site"))),
        status="cancelled" if cancelled else status,
        tracking=text_or_none(payload, "tracking"),
        cancelled_at=cancelled,
        updated_at=moment_of(payload, "updated_at") if payload.get("updated_at") else None,
    )


def shopper_of_token(parts: Parts, token: str | None) -> str | None:
    """The shopper a cart's token names; None for a token that is not ours or too old."""
    try:
        return parts.tokens.read_shopper(token) if token else None
    except BadToken:
        return None


def shopper_of_click(parts: Parts, token: str | None) -> str | None:
    """The shopper to whom the clicked reply was shown."""
    try:
        clicked = parts.tokens.read_click(token) if token else None
    except BadToken:
        return None
    impression = parts.store.impression(clicked.impression_id) if clicked else None
    return impression.shopper_id if impression else None
