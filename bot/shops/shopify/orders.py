"""Reads Shopify's webhook payloads: an order or a refund in, our own purchase or refund out. Pure.

Money comes as strings, ids as numbers. `total_price` is what was bought; what was given back comes
by itself as refunds, so `current_total_price` (already net of them) would count it twice.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from bot.tokens import CLICK_PARAMETER
from feedback.knowledge.importers.fields import (
    currency_of,
    identifier,
    list_or_nothing,
    moment_of,
    money_of,
    object_of,
)
from feedback.knowledge.importers.files import BoughtLine, RefundLine
from feedback.knowledge.importers.html_text import without_entities
from feedback.knowledge.importers.lenient import Lenient, bought_line, id_of, sum_of
from feedback.sales.orders import Purchase

SHOPPER_ATTRIBUTE: Final = "shopclerk_shopper"
ORDER_TOPICS: Final = frozenset(
    {"orders/create", "orders/paid", "orders/updated", "orders/cancelled", "orders/fulfilled"}
)
REFUND_TOPICS: Final = frozenset({"refunds/create"})
UNPAID: Final = frozenset({"pending", "authorized", "voided", "expired"})


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
    return Purchase(
        order_id=order_id,
        number=order.first_text("name", "order_number") or order_id,
        source="shopify",
        checkout=_checkout(order),
        placed_at=placed_at,
        currency=currency_of(payload),
        total=sum_of(order, "total_price"),
        lines=tuple(filter(None, map(_bought, order.each("line_items")))),
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


def read_refund(payload: Mapping[str, Any], *, currency: str) -> RefundLine | None:
    """A refund: the sum of its successful refund transactions; None when no money moved.

    `currency` stands in where no transaction names one.

    Raises:
        BadShape: a field is missing or wrong.
    """
    paid_back = [
        transaction
        for transaction in (
            object_of(item, "a transaction") for item in list_or_nothing(payload, "transactions")
        )
        if transaction.get("kind") == "refund" and transaction.get("status") == "success"
    ]
    amount = sum((money_of(transaction, "amount") for transaction in paid_back), Decimal(0))
    if not amount:
        return None
    return RefundLine(
        refund_id=identifier(payload, "id"),
        order_id=identifier(payload, "order_id"),
        amount=amount,
        currency=currency_of(paid_back[0]) if paid_back[0].get("currency") else currency,
        refunded_at=moment_of(payload, "created_at"),
    )


def is_test(payload: Mapping[str, Any]) -> bool:
    """Whether the order was placed only to try the shop out; it is no sale."""
    return Lenient(payload).flag("test")


def attribute(order: Lenient, name: str) -> str | None:
    """A cart attribute, which arrives among the order's `note_attributes`."""
    found = (one for one in order.each("note_attributes") if one.fields.get("name") == name)
    return next((one.text("value") or None for one in found), None)


def click_token(landing_site: object) -> str | None:
    """The click's token in the address on which the shopper first came to the shop.

    >>> click_token("/products/mug?utm=x&shopclerk_click=abc.def")
    'abc.def'
    """
    if not isinstance(landing_site, str):
        return None
    try:
        query = parse_qs(urlsplit(landing_site).query)
    except ValueError:  # not an address; browsers send what people type
        return None
    return query.get(CLICK_PARAMETER, [None])[0]


def _bought(line: Lenient) -> BoughtLine | None:
    product_id = line.first_text("product_id", "variant_id")
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


def _status(order: Lenient) -> str:
    if order.fields.get("cancelled_at"):
        return "cancelled"
    shipments = {shipment.text("shipment_status") for shipment in order.each("fulfillments")}
    if "delivered" in shipments:
        return "delivered"
    if order.fields.get("fulfillment_status") == "fulfilled" or _tracking(order):
        return "shipped"
    return "pending" if order.text("financial_status") in UNPAID else "paid"


def _tracking(order: Lenient) -> str | None:
    numbers = [shipment.text("tracking_number") for shipment in order.each("fulfillments")]
    return next(filter(None, reversed(numbers)), None)
