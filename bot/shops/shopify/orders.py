"""Reads Shopify's orders, as its webhooks and its API send them. Pure.

Money comes as strings, ids as numbers; what an order comes to is read in `refunds`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog

from bot.shops.cart_token import SHOPPER_ATTRIBUTE, attribute, click_token
from bot.shops.shopify.refunds import SOURCE, gift_cards, owed, pieces, rate_of
from feedback.knowledge import (
    BoughtLine,
    Lenient,
    bought_line,
    currency_of,
    id_of,
    without_entities,
)
from feedback.sales import Purchase

ORDER_TOPICS: Final = frozenset(
    {"orders/create", "orders/paid", "orders/updated", "orders/cancelled", "orders/fulfilled"}
)
REFUND_TOPICS: Final = frozenset({"refunds/create"})
# What Shopify calls the state of a payment, and the order's state here.
PAYMENT_STATES: Final = {
    "pending": "pending",
    "authorized": "pending",  # held on the card, not taken yet
    "paid": "paid",
    "partially_paid": "paid",  # what is outstanding is no part of the total
    "partially_refunded": "paid",  # refunds come by themselves
    "refunded": "refunded",
    "voided": "voided",
    "expired": "failed",  # the authorization ran out before it was taken
}
UNDONE: Final = frozenset({"refunded", "voided", "failed"})  # whatever was sent meanwhile

log = structlog.get_logger()


def read_order(
    payload: Mapping[str, Any],
    *,
    shopper_of_token: Callable[[str | None], str | None],
    shopper_of_click: Callable[[str | None], str | None],
    arrived: datetime,
) -> Purchase:
    """A purchase from an order's payload; what is odd in it is named in the purchase.

    Args:
        payload: The webhook's body.
        shopper_of_token: The shopper behind the cart attribute's token, None if it is not ours.
        shopper_of_click: The shopper behind a landing address's click token.
        arrived: When it was placed, if it does not say so itself.

    Raises:
        BadShape: its id, total or currency can not be read.
    """
    order, order_id = Lenient(payload), id_of(payload, "id")
    placed_at = order.first_moment("created_at", "processed_at", "updated_at") or arrived
    currency = currency_of(payload)
    total, rate = owed(order, currency), rate_of([order.inner("total_price_set")])
    # Of an order that was wholly returned, all that was bought.
    items = list(order.each("line_items"))
    kept = [line for line in items if pieces(line)] or items
    return Purchase(
        order_id=order_id,
        number=order.first_text("name", "order_number") or order_id,
        source=SOURCE,
        checkout=_checkout(order),
        payment=_payment(order),
        placed_at=placed_at,
        currency=currency,
        total=total,
        gift_cards=gift_cards(order, total),
        paid_currency=rate.currency if rate else None,
        paid_total=rate.theirs_of(total) if rate else None,
        lines=tuple(filter(None, map(_bought, kept))),
        email=_email(order),
        token_shopper_id=shopper_of_token(attribute(order, SHOPPER_ATTRIBUTE)),
        cart_token=order.text("cart_token") or None,
        click_shopper_id=shopper_of_click(click_token(payload.get("landing_site"))),
        status=_status(order),
        tracking=_tracking(order),
        cancelled_at=order.moment("cancelled_at"),
        updated_at=order.moment("updated_at") or placed_at,
        odd=tuple(order.odd),
    )


def is_test(payload: Mapping[str, Any]) -> bool:
    """Whether the order was placed only to try the shop out; it is no sale."""
    return Lenient(payload).flag("test")


def _bought(line: Lenient) -> BoughtLine | None:
    product_id = line.first_text("product_id", "variant_id")
    if pieces(line):
        line.fields = {**line.fields, "quantity": pieces(line)}
    return bought_line(line, product_id, without_entities(line.text("title")), price="price")


def _checkout(order: Lenient) -> str:
    """The kind of checkout: they differ in whether the cart's attributes arrive.

    >>> _checkout(Lenient({"source_name": "web", "payment_gateway_names": ["shop_pay"]}))
    'shop_pay'
    """
    gateways = order.fields.get("payment_gateway_names")
    paid_with = str(gateways[0]).lower() if isinstance(gateways, list) and gateways else ""
    express = ("shop_pay", "paypal", "apple", "google", "amazon")
    if paid_with.startswith(express):
        return paid_with[:40]
    return order.text("source_name")[:40]


def _email(order: Lenient) -> str | None:
    email = order.text("email") or order.inner("customer").text("email")
    return email if "@" in email else None


def _payment(order: Lenient) -> str | None:
    """How the order is paid: `cash on delivery (cod)`, `shopify_payments`, …"""
    gateways = order.fields.get("payment_gateway_names")
    first = gateways[0] if isinstance(gateways, list) and gateways else order.text("gateway")
    return str(first).strip().lower()[:80] or None


def _status(order: Lenient) -> str:
    if order.fields.get("cancelled_at"):
        return "cancelled"
    told = order.text("financial_status")
    if told not in PAYMENT_STATES:
        log.warning("shopify.unknown_state", order=order.text("id")[:40], state=told[:40])
        return "unknown"
    state = PAYMENT_STATES[told]
    if state in UNDONE:
        return state
    shipments = {shipment.text("shipment_status") for shipment in order.each("fulfillments")}
    if "delivered" in shipments:
        return "delivered"
    if order.fields.get("fulfillment_status") == "fulfilled" or _tracking(order):
        return "shipped"
    return state


def _tracking(order: Lenient) -> str | None:
    numbers = [shipment.text("tracking_number") for shipment in order.each("fulfillments")]
    return next(filter(None, reversed(numbers)), None)
