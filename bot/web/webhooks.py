"""Orders and refunds as shops report them: signed, repeatable, in any order.

Everything recorded is an upsert by the order's or refund's own id, so a repeat or a late delivery
changes nothing; the delivery's id is kept only after its content is safe.
"""

from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Request

from bot.web import shopify
from bot.web.parts import Parts, WithParts
from bot.web.problems import Problem, documented
from bot.web.purchases import (
    Outcome,
    shopper_of_click,
    shopper_of_token,
    take_generic,
    take_order,
    take_refund,
)
from bot.web.signatures import check_signature
from feedback.files import BadShape, parse_object

GENERIC_HEADER = "X-Shopclerk-Signature"
SHOPIFY_HEADERS = ("X-Shopify-Hmac-SHA256", "Shopify-Hmac-Sha256")  # the second: newer "Events"

log = structlog.get_logger()
router = APIRouter(prefix="/webhooks", tags=["webhooks"])

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


@router.post("/orders", responses=documented(401, 422, 503), openapi_extra=BODY)
async def orders(
    request: Request,
    parts: WithParts,
    x_shopclerk_signature: Annotated[str | None, Header(max_length=200)] = None,
) -> dict[str, str]:
    """One order or one refund in our own format, from any shop that can sign it."""
    outcome = await take_signed(parts, await request.body(), x_shopclerk_signature)
    return {"status": outcome}


async def take_signed(parts: Parts, body: bytes, signature: str | None) -> Outcome:
    """Take in a signed body of our own format; the demo checkout comes this way too."""
    check_signature(
        parts.config.orders_secret,
        body,
        signature,
        setting="SHOPCLERK_ORDERS_SECRET",
        header=GENERIC_HEADER,
    )
    return await _take(parts, "orders", parts.call(_generic, parts, body))


@router.post("/shopify", responses=documented(401, 422, 503), openapi_extra=BODY)
async def from_shopify(
    request: Request,
    parts: WithParts,
    x_shopify_topic: Annotated[str | None, Header(max_length=100)] = None,
    x_shopify_event_id: Annotated[str | None, Header(max_length=200)] = None,
    x_shopify_webhook_id: Annotated[str | None, Header(max_length=200)] = None,
) -> dict[str, str]:
    """Shopify's orders and refunds; topics that are not ours are accepted and left alone."""
    body = await request.body()
    signature = next(
        (found for name in SHOPIFY_HEADERS if (found := request.headers.get(name))), None
    )
    check_signature(
        parts.config.shopify_secret,
        body,
        signature,
        setting="SHOPCLERK_SHOPIFY_SECRET",
        header=SHOPIFY_HEADERS[0],
    )
    topic = x_shopify_topic or request.headers.get("shopify-topic") or ""
    delivery = (
        x_shopify_webhook_id or request.headers.get("shopify-webhook-id") or x_shopify_event_id
    )
    outcome = await _take(parts, "shopify", parts.call(_shopify, parts, body, topic, delivery))
    return {"status": outcome}


async def _take(parts: Parts, source: str, work: Any) -> Outcome:
    try:
        outcome: Outcome = await work
    except BadShape as error:
        parts.metrics.webhooks.labels(source, "refused").inc()
        raise Problem(
            "invalid", f"{error}. Nothing was recorded; mend it and send it again."
        ) from None
    parts.metrics.webhooks.labels(source, outcome).inc()
    log.info("webhook.taken", source=source, outcome=outcome)
    return outcome


def _generic(parts: Parts, body: bytes) -> Outcome:
    return take_generic(parts, parse_object(body))


def _shopify(parts: Parts, body: bytes, topic: str, delivery: str | None) -> Outcome:
    payload = parse_object(body)
    outcome: Outcome = "ignored"
    if topic in shopify.ORDER_TOPICS and not shopify.is_test(payload):
        purchase = shopify.read_order(
            payload,
            shopper_of_token=lambda token: shopper_of_token(parts, token),
            shopper_of_click=lambda token: shopper_of_click(parts, token),
        )
        outcome = take_order(parts, purchase)
    elif topic in shopify.REFUND_TOPICS:
        refund = shopify.read_refund(payload, currency=parts.config.currency)
        outcome = take_refund(parts, refund) if refund else "ignored"
    if delivery and not parts.orders.first_delivery("shopify", delivery, parts.clock()):
        return "repeat"
    return outcome
