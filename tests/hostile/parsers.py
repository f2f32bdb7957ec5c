"""The parsers of webhooks and imports, and good payloads for them to be spoilt."""

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from bot.shops.shopify import orders as shopify_orders, refunds as shopify_refunds
from bot.shops.stripe import orders as stripe_orders
from bot.shops.stripe.events import LeftAlone, read_event
from bot.shops.woocommerce import orders as woocommerce_orders
from feedback.knowledge.importers import files
from feedback.knowledge.importers.product_json import product_from_shopify
from feedback.knowledge.importers.product_woocommerce import product_from_api
from tests.bot.samples import order, refund
from tests.bot.samples_shops import (
    stripe_event,
    stripe_payment,
    stripe_refund,
    stripe_session,
    woo_order,
    woo_product,
)
from tests.bot.shops.test_webhook import GENERIC, REFUND

ARRIVED = datetime(2026, 11, 24, 12, tzinfo=UTC)


def nobody(_: Any) -> None:
    """No token is known."""
    return


def read_stripe(payload: Any) -> Any:
    """An event, as a purchase and as a refund."""
    try:
        event = read_event(payload)
        if "refund" in event.topic:
            return stripe_orders.read_refund(event, stripe_orders.paid_with(event.object)[0])
        if "checkout" in event.topic:
            return stripe_orders.read_checkout(event, nobody)
        return stripe_orders.read_payment(event, nobody)
    except LeftAlone:
        return None


PARSERS: dict[str, tuple[Callable[[Any], Any], dict[str, Any]]] = {
    "order": (files.purchase_from_json, GENERIC),
    "refund": (files.refund_from_json, REFUND),
    "reply": (files.reply_from_json, {"reply_id": "r", "text": "t", "locale": "en"}),
    "question": (files.question_from_json, {"question": "q", "reply_id": "r", "locale": "zh"}),
    "dialogue": (
        files.dialogue_from_json,
        {"id": "d", "turns": [{"speaker": "shopper", "text": "t"}], "accepted": True},
    ),
    "ranking": (
        files.ranking_from_json,
        {"id": "r", "turns": [{"speaker": "shopper", "text": "t"}],
         "candidates": ["a"], "target": 0},
    ),
    "fact": (files.fact_from_json, {"name": "n", "value": "v", "locale": "en"}),
    "rate": (
        files.rate_from_json,
        {"currency": "EUR", "base": "USD", "since": "2026-01-01", "rate": "1.1"},
    ),
    "product": (
        product_from_shopify,
        {
            "handle": "mug", "title": "Mug", "body_html": "x", "tags": "a, b", "status": "active",
            "options": [{"name": "Size", "position": 1, "values": ["S"]}],
            "images": [{"src": "https://x.example/1.png"}],
            "variants": [{"id": 1, "sku": "s", "price": "5.00", "option1": "S",
                          "inventory_quantity": 3}],
        },
    ),
    "woo_product": (product_from_api, woo_product()),
    "shopify_order": (
        lambda p: shopify_orders.read_order(
            p, shopper_of_token=nobody, shopper_of_click=nobody, arrived=ARRIVED
        ),
        order(),
    ),
    "shopify_refund": (lambda p: shopify_refunds.read_refunds(p, currency="USD"), refund()),
    "woo_order": (
        lambda p: woocommerce_orders.read_order(
            p, shopper_of_token=nobody, shopper_of_click=nobody, arrived=ARRIVED
        ),
        woo_order(),
    ),
    "stripe_payment": (
        read_stripe,
        stripe_event("payment_intent.succeeded", stripe_payment(metadata={"order_number": "7"})),
    ),
    "stripe_session": (
        read_stripe, stripe_event("checkout.session.completed", stripe_session()),
    ),
    "stripe_refund": (read_stripe, stripe_event("refund.created", stripe_refund())),
}  # fmt: skip


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every field, however deep; of a list the first item stands for all."""
    inner: Any = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = list(enumerate(value))[:1]
    for key, below in inner:
        yield (*way, key)
        yield from places(below, (*way, key))


def spoilt(good: Any, way: tuple[Any, ...], value: Any) -> Any:
    """`good` with the field at the end of `way` replaced."""
    made = copy.deepcopy(good)
    holder = made
    for key in way[:-1]:
        holder = holder[key]
    holder[way[-1]] = value
    return made


def texts_of(taken: Any) -> list[str]:
    """Every text in what a parser made."""
    if isinstance(taken, str):
        return [taken]
    if isinstance(taken, dict):
        return [text for pair in taken.items() for part in pair for text in texts_of(part)]
    if isinstance(taken, list | tuple):
        return [text for part in taken for text in texts_of(part)]
    return texts_of(vars(taken)) if hasattr(taken, "__dataclass_fields__") else []


def is_storable(text: str) -> bool:
    """Whether every database can keep it."""
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
