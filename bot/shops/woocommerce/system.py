"""WooCommerce, as the registry knows it: its webhook, its signature and its REST API."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from bot.shops.intake import Intake, Outcome
from bot.shops.shop_system import MEGABYTE, ShopApi, ShopSystem, WebhookRequest
from bot.shops.signatures import check_signature
from bot.shops.woocommerce.client import WooOrders
from bot.shops.woocommerce.orders import SOURCE, take_order
from bot.shops.woocommerce.pages import WordPressPages
from bot.shops.woocommerce.settings import KEY, SECRET, URL
from bot.shops.woocommerce.topics import take_topic
from feedback.knowledge import parse_object

SIGNATURE: Final = "X-WC-Webhook-Signature"
TOPIC: Final = "X-WC-Webhook-Topic"
PING: Final = b"webhook_id="


def is_ping(delivery: WebhookRequest) -> bool:
    """The trial sent when a webhook is made, unsigned; anything but 200 switches the hook off."""
    body, unsigned = delivery.body, not delivery.header(SIGNATURE)
    return unsigned and body.startswith(PING) and body.removeprefix(PING).isdigit()


def check(secret: str, delivery: WebhookRequest) -> None:
    """Refuse a body that WooCommerce did not sign."""
    signature = delivery.header(SIGNATURE)
    check_signature(secret, delivery.body, signature, setting=SECRET.variable, header=SIGNATURE)


def take(intake: Intake, delivery: WebhookRequest) -> Outcome:
    """Delivery ids repeat within a second: repeats are known by the order and when it changed."""
    payload = parse_object(delivery.body)
    return take_topic(intake, delivery.header(TOPIC), payload, delivery.body)


def connect(values: Mapping[str, str]) -> WooOrders:
    """The shop's REST API."""
    return WooOrders(values[URL.name], values[KEY.name])


def pages(values: Mapping[str, str]) -> WordPressPages:
    """What the shop has written itself."""
    return WordPressPages(values[URL.name])


def take_listed(intake: Intake, payload: dict[str, Any]) -> Outcome:
    """An order as the REST API lists it: those in the bin are not listed."""
    return take_order(intake, payload, exists=True)


def order_page(values: Mapping[str, str], order_id: str) -> str:
    """The order in WordPress's admin; shops with order tables of their own lead on from it."""
    shop = values.get(URL.name)
    number = quote(order_id, safe="")
    return f"{shop}/wp-admin/post.php?post={number}&action=edit" if shop else ""


SYSTEM: Final = ShopSystem(
    name=SOURCE,
    about="WooCommerce's orders and products, and the unsigned ping it sends when a webhook is"
    " made.",
    secret=SECRET,
    headers=(SIGNATURE, TOPIC),
    check=check,
    take=take,
    is_ping=is_ping,
    body_bytes=5 * MEGABYTE,
    order_page=order_page,
    api=ShopApi((URL, KEY), connect, take_listed, pages),
)
