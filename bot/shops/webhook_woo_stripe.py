"""WooCommerce's and Stripe's webhooks."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, Header, Request

from bot.http import WithParts, documented
from bot.shops.intake import Intake, Outcome, or_left_alone
from bot.shops.signatures import check_signature, check_stripe_signature
from bot.shops.stripe.topics import take_payload
from bot.shops.webhook import BODY, intake_of, taken
from bot.shops.woocommerce import orders as woocommerce_orders
from feedback.knowledge import identifier, parse_object

WOO_HEADER = "X-WC-Webhook-Signature"
PING = b"webhook_id="

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


@router.post("/woocommerce", responses=documented(401, 422, 503), openapi_extra=BODY)
async def from_woocommerce(
    request: Request,
    parts: WithParts,
    x_wc_webhook_signature: Annotated[str | None, Header(max_length=200)] = None,
    x_wc_webhook_topic: Annotated[str | None, Header(max_length=100)] = None,
) -> dict[str, str]:
    """WooCommerce's orders and products; the ping it sends when a webhook is made is answered.

    Its delivery ids repeat within a second, so repeats are known by the order and when it changed.
    """
    body = await request.body()
    if x_wc_webhook_signature is None and _is_ping(body):
        return {"status": "ignored"}  # unsigned by design; anything but 200 switches the hook off
    check_signature(
        parts.config.woocommerce_secret,
        body,
        x_wc_webhook_signature,
        setting="SHOPCLERK_WOOCOMMERCE_SECRET",
        header=WOO_HEADER,
    )
    work = parts.call(_woocommerce, intake_of(parts), body, x_wc_webhook_topic or "")
    return {"status": await taken(parts, "woocommerce", work)}


@router.post("/stripe", responses=documented(401, 422, 503), openapi_extra=BODY)
async def from_stripe(
    request: Request,
    parts: WithParts,
    stripe_signature: Annotated[str | None, Header(max_length=2_000)] = None,
) -> dict[str, str]:
    """Stripe's checkouts, payments, invoices, refunds and disputes; others are left alone."""
    body = await request.body()
    check_stripe_signature(parts.config.stripe_secret, body, stripe_signature, parts.clock())
    return {"status": await taken(parts, "stripe", parts.call(_stripe, intake_of(parts), body))}


def _is_ping(body: bytes) -> bool:
    return body.startswith(PING) and body.removeprefix(PING).isdigit()


def _woocommerce(intake: Intake, body: bytes, topic: str) -> Outcome:
    """The topic is not signed: a body of another topic deletes nothing."""
    payload = parse_object(body)
    if topic in woocommerce_orders.DELETED_TOPICS:
        woocommerce_orders.check_deleted(payload)
        if _came_as_another(intake, topic, body):
            return "ignored"
    if topic in woocommerce_orders.ORDER_TOPICS:
        exists = topic == woocommerce_orders.RESTORED
        return woocommerce_orders.take_order(intake, payload, exists=exists)
    if topic == "order.deleted":
        return intake.order_gone(woocommerce_orders.SOURCE, identifier(payload, "id"))
    if topic in woocommerce_orders.PRODUCT_TOPICS:
        return or_left_alone(
            lambda: woocommerce_orders.take_product(intake, payload), woocommerce_orders.SOURCE
        )
    if topic == "product.deleted":
        known = intake.catalogue.take_off_sale(identifier(payload, "id"), intake.clock())
        return "recorded" if known else "ignored"
    return "ignored"


def _came_as_another(intake: Intake, topic: str, body: bytes) -> bool:
    """Whether these bytes, which name nothing but a number, were sent for another kind of thing."""
    digest = hashlib.sha256(body).hexdigest()
    others = woocommerce_orders.DELETED_TOPICS - {topic}
    if any(intake.orders.was_delivered("woocommerce", f"{other} {digest}") for other in others):
        return True
    intake.orders.first_delivery("woocommerce", f"{topic} {digest}", intake.clock())
    return False


def _stripe(intake: Intake, body: bytes) -> Outcome:
    return take_payload(intake, parse_object(body))
