"""Shopify, as the registry knows it: its webhook, its signature and its Admin API."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from bot.shops.intake import Intake, Outcome
from bot.shops.shop_system import MEGABYTE, ShopApi, ShopSystem, WebhookRequest
from bot.shops.shopify.client import ShopifyOrders
from bot.shops.shopify.orders import is_test
from bot.shops.shopify.pages import ShopifyPages
from bot.shops.shopify.refunds import SOURCE
from bot.shops.shopify.settings import SECRET, SHOP, TOKEN
from bot.shops.shopify.topics import take_shopify_order, take_topic
from bot.shops.signatures import check_signature
from feedback.knowledge import parse_object

# Of each header the spelling of webhooks, then that of Shopify's newer "Events".
SIGNATURE: Final = ("X-Shopify-Hmac-SHA256", "Shopify-Hmac-Sha256")
TOPIC: Final = ("X-Shopify-Topic", "Shopify-Topic")
# Not the event's id, which all topics of one event share.
WEBHOOK_ID: Final = ("X-Shopify-Webhook-Id", "Shopify-Webhook-Id")


def check(secret: str, delivery: WebhookRequest) -> None:
    """Refuse a body that Shopify did not sign."""
    signature = delivery.header(*SIGNATURE)
    check_signature(secret, delivery.body, signature, setting=SECRET.variable, header=SIGNATURE[0])


def take(intake: Intake, delivery: WebhookRequest) -> Outcome:
    """The same bytes again are a repeat, under whatever topic: that one is not signed."""
    payload = parse_object(delivery.body)
    digest = hashlib.sha256(delivery.body).hexdigest()
    names = list(filter(None, (digest, delivery.header(*WEBHOOK_ID))))
    if any(intake.orders.was_delivered(SOURCE, name) for name in names):
        return "repeat"
    outcome = take_topic(intake, delivery.header(*TOPIC), payload, digest)
    if outcome != "ignored":  # the same order may come under a topic that is ours
        for name in names:
            intake.orders.first_delivery(SOURCE, name, intake.clock())
    return outcome


def connect(values: Mapping[str, str]) -> ShopifyOrders:
    """The shop's Admin API."""
    return ShopifyOrders(values[SHOP.name], values[TOKEN.name])


def pages(values: Mapping[str, str]) -> ShopifyPages:
    """What the shop has written itself."""
    return ShopifyPages(values[SHOP.name], values[TOKEN.name])


def take_listed(intake: Intake, payload: dict[str, Any]) -> Outcome:
    """An order as the Admin API lists it."""
    return "ignored" if is_test(payload) else take_shopify_order(intake, payload)


def order_page(values: Mapping[str, str], order_id: str) -> str:
    """The order in Shopify's admin."""
    shop = values.get(SHOP.name)
    return f"https://{shop}/admin/orders/{quote(order_id, safe='')}" if shop else ""


SYSTEM: Final = ShopSystem(
    name=SOURCE,
    about="Shopify's orders, refunds and products, and its three privacy topics. Other topics are"
    " accepted and ignored.",
    secret=SECRET,
    headers=(SIGNATURE[0], TOPIC[0], WEBHOOK_ID[0]),
    check=check,
    take=take,
    # A cart of 500 lines is 1.1 MB, the largest there is; apps write notes next to each line.
    body_bytes=5 * MEGABYTE,
    order_page=order_page,
    api=ShopApi((SHOP, TOKEN), connect, take_listed, pages),
)
