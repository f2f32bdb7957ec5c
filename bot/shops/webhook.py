"""Orders and refunds as shops report them: signed, repeatable, in any order.

Everything recorded is an upsert by the order's or refund's own id, so a repeat or a late delivery
changes nothing; the delivery's id is kept only after its content is safe.
"""

import hashlib
from collections.abc import Coroutine
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Header, Request

from bot.http import Parts, Problem, WithParts, documented
from bot.shops.generic.orders import take_generic
from bot.shops.intake import Intake, Outcome
from bot.shops.shopify.topics import take_topic
from bot.shops.signatures import check_signature
from feedback.knowledge import BadShape, parse_object
from feedback.privacy import Erasure
from feedback.sales import Connections

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
    body = await request.body()
    check_signature(
        parts.config.orders_secret,
        body,
        x_shopclerk_signature,
        setting="SHOPCLERK_ORDERS_SECRET",
        header=GENERIC_HEADER,
    )
    return {"status": await taken(parts, "orders", parts.call(_generic, parts, body))}


@router.post("/shopify", responses=documented(401, 422, 503), openapi_extra=BODY)
async def from_shopify(
    request: Request,
    parts: WithParts,
    x_shopify_topic: Annotated[str | None, Header(max_length=100)] = None,
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
    # Not the event's id, which all topics of one event share.
    delivery = x_shopify_webhook_id or request.headers.get("shopify-webhook-id")
    outcome = await taken(parts, "shopify", parts.call(_shopify, parts, body, topic, delivery))
    return {"status": outcome}


def intake_of(parts: Parts) -> Intake:
    """Where a shop's news goes."""
    return Intake(
        store=parts.store,
        orders=parts.orders,
        catalogue=parts.catalogue,
        connections=Connections(parts.db),
        tokens=parts.tokens,
        clock=parts.clock,
        currency=parts.config.currency,
    )


async def taken(parts: Parts, source: str, work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """What `work` came to, counted; a wrong field is named to the sender."""
    try:
        # Before the news itself, which may be that the shop has taken our app away.
        await parts.call(intake_of(parts).connections.heard, source, parts.clock())
    except BaseException:
        work.close()  # it is not begun when the store is away
        raise
    try:
        outcome = await work
    except BadShape as error:
        parts.metrics.webhooks.labels(source, "refused").inc()
        raise Problem(
            "invalid", f"{error}. Nothing was recorded; mend it and send it again."
        ) from None
    parts.metrics.webhooks.labels(source, outcome).inc()
    log.info("webhook.taken", source=source, outcome=outcome)
    return outcome


def _generic(parts: Parts, body: bytes) -> Outcome:
    """The same bytes again are a repeat: an old order sent once more overwrites no newer one."""
    payload = parse_object(body)
    delivery = hashlib.sha256(body).hexdigest()
    if parts.orders.was_delivered("orders", delivery):
        return "repeat"
    outcome = take_generic(intake_of(parts), payload)
    parts.orders.first_delivery("orders", delivery, parts.clock())
    return outcome


def _shopify(parts: Parts, body: bytes, topic: str, delivery: str | None) -> Outcome:
    """The same bytes again are a repeat, under whatever topic: that one is not signed."""
    payload = parse_object(body)
    digest = hashlib.sha256(body).hexdigest()
    names = [digest, delivery] if delivery else [digest]
    if any(parts.orders.was_delivered("shopify", name) for name in names):
        return "repeat"
    outcome = take_topic(intake_of(parts), Erasure(parts.db), topic, payload, digest)
    if outcome != "ignored":  # the same order may come under a topic that is ours
        for name in names:
            parts.orders.first_delivery("shopify", name, parts.clock())
    return outcome
