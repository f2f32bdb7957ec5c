"""S1: webhooks. Signed over the raw bytes, in a window where a time is signed, of bounded size."""

import json
from typing import Any

import pytest
from sqlmodel import select

from bot.shops.registry import shop_systems
from bot.shops.signatures import sign
from feedback.db.tables.sales import Order
from tests.bot.samples import order
from tests.bot.samples_shops import stripe_event, stripe_payment, woo_order
from tests.bot.shops.test_webhook import GENERIC
from tests.bot.visitor import Visitor
from tests.bot.web_shop import ORDERS_SECRET, SHOPIFY_SECRET, WOO_SECRET, Shop
from tests.hostile.openapi import stripe_signature

HEADERS = {
    "orders": ("X-Shopclerk-Signature", ORDERS_SECRET, GENERIC),
    "shopify": ("X-Shopify-Hmac-SHA256", SHOPIFY_SECRET, order()),
    "woocommerce": ("X-WC-Webhook-Signature", WOO_SECRET, woo_order()),
    "stripe": (
        "Stripe-Signature", "", stripe_event("payment_intent.succeeded", stripe_payment()),
    ),
}  # fmt: skip
TOPICS = {"X-Shopify-Topic": "orders/create", "X-WC-Webhook-Topic": "order.updated"}


def signature(shop: Shop, source: str, body: bytes) -> str:
    return stripe_signature(shop, body) if source == "stripe" else sign(HEADERS[source][1], body)


def send(web: Visitor, source: str, body: bytes, signed: str) -> int:
    named = {HEADERS[source][0]: signed, **TOPICS, "Content-Type": "application/json"}
    headers = [(name.encode(), value.encode()) for name, value in named.items()]
    return web.post(f"/webhooks/{source}", content=body, headers=headers).status_code


@pytest.mark.parametrize("source", HEADERS)
class TestS01Webhooks:
    def test_what_was_changed_on_the_way_is_refused_and_nothing_is_stored(
        self, shop: Shop, web: Visitor, source: str
    ) -> None:
        """One flipped bit anywhere, the same JSON encoded anew, another shop's secret."""
        body = json.dumps(HEADERS[source][2]).encode()
        good = signature(shop, source, body)
        flipped = [
            body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
            for at in range(0, len(body), max(1, len(body) // 40))
        ]
        again = json.dumps(HEADERS[source][2], indent=1).encode()

        said = {send(web, source, one, good) for one in [*flipped, again]}
        said |= {send(web, source, body, wrong) for wrong in ("", "x", good[:-2], "é", "x" * 4_000)}

        assert said <= {401, 422}  # 422: a signature longer than any is no header of ours
        with shop.orders.db.reading() as session:
            assert [] == list(session.exec(select(Order.order_id)))

    def test_over_its_sources_cap_it_is_refused_before_it_is_hashed(
        self, shop: Shop, web: Visitor, source: str
    ) -> None:
        """However it is signed."""
        cap = next(system.body_bytes for system in shop_systems() if system.name == source)
        body = b" " * (cap + 1)

        assert 413 == send(web, source, body, signature(shop, source, body))


class TestS01Replay:
    def test_a_signed_time_is_good_for_five_minutes(self, shop: Shop, web: Visitor) -> None:
        """Stripe's; neither older nor from the future."""
        body = json.dumps(HEADERS["stripe"][2]).encode()
        kept = stripe_signature(shop, body)
        shop.clock.pass_by(seconds=301)
        old = send(web, "stripe", body, kept)
        fresh = stripe_signature(shop, body)
        shop.clock.pass_by(seconds=-601)

        assert (401, 401) == (old, send(web, "stripe", body, fresh))

    def test_without_a_time_a_repeat_changes_nothing(self, shop: Shop, web: Visitor) -> None:
        """Ours and Shopify's are known by their bytes or their id."""
        body = json.dumps(GENERIC).encode()
        headers = {"X-Shopclerk-Signature": sign(ORDERS_SECRET, body)}

        said: list[Any] = [
            web.post("/webhooks/orders", content=body, headers=headers).json()["status"]
            for _ in range(2)
        ]

        assert ["recorded", "repeat"] == said
