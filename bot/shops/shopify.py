"""Reads Shopify's webhook payloads: an order or a refund in, our own purchase or refund out. Pure.

Money comes as strings, ids as numbers. `total_price` is what was bought; what was given back comes
by itself as refunds, so `current_total_price` (already net of them) would count it twice.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from bot.tokens import CLICK_PARAMETER
from feedback.imported.fields import (
    currency_of,
    identifier,
    list_or_nothing,
    loose_text,
    moment_of,
    money,
    money_of,
    object_of,
    text_or_none,
    whole,
)
from feedback.imported.files import BoughtLine, RefundLine
from feedback.orders import Purchase

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
) -> Purchase:
    """A purchase from an order's payload.

    Args:
        payload: The webhook's body.
        shopper_of_token: The shopper behind the cart attribute's token, None if it is not ours.
        shopper_of_click: The shopper behind a landing address's click token.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    cancelled = moment_of(payload, "cancelled_at") if payload.get("cancelled_at") else None
    placed_at = moment_of(payload, "created_at")
    return Purchase(
        order_id=identifier(payload, "id"),
        number=loose_text(payload.get("name") or payload.get("order_number") or payload["id"]),
        source="shopify",
        checkout=_checkout(payload),
        placed_at=placed_at,
        currency=currency_of(payload),
        total=money_of(payload, "total_price"),
        lines=tuple(
            _bought(object_of(item, "a line item"))
            for item in list_or_nothing(payload, "line_items")
        ),
        email=_email(payload),
        token_shopper_id=shopper_of_token(attribute(payload, SHOPPER_ATTRIBUTE)),
        cart_token=text_or_none(payload, "cart_token") if payload.get("cart_token") else None,
        click_shopper_id=shopper_of_click(click_token(payload.get("landing_site"))),
        status=_status(payload),
        tracking=_tracking(payload),
        cancelled_at=cancelled,
        updated_at=moment_of(payload, "updated_at") if payload.get("updated_at") else placed_at,
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
    return payload.get("test") is True


def attribute(payload: Mapping[str, Any], name: str) -> str | None:
    """A cart attribute, which arrives among the order's `note_attributes`."""
    for item in list_or_nothing(payload, "note_attributes"):
        if isinstance(item, dict) and item.get("name") == name:
            return loose_text(item.get("value") or "") or None
    return None


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


def _bought(item: Mapping[str, Any]) -> BoughtLine:
    return BoughtLine(
        product_id=loose_text(item.get("product_id") or item.get("variant_id") or "unknown"),
        quantity=whole(item, "quantity"),
        price=money(item.get("price", "0"), "price"),
        title=loose_text(item.get("title") or ""),
        sku=loose_text(item.get("sku") or ""),
    )


def _checkout(payload: Mapping[str, Any]) -> str:
    """The kind of checkout: they differ in whether the cart's attributes arrive.

    >>> _checkout({"source_name": "web", "payment_gateway_names": ["shop_pay"]})
    'shop_pay'
    """
    gateways = payload.get("payment_gateway_names")
    paid_with = loose_text(gateways[0]).lower() if isinstance(gateways, list) and gateways else ""
    express = ("shop_pay", "paypal", "apple", "google", "amazon")
    if paid_with.startswith(express):
        return paid_with[:40]
    return loose_text(payload.get("source_name") or "")[:40]


def _email(payload: Mapping[str, Any]) -> str | None:
    customer = payload.get("customer") or {}
    email = payload.get("email") or (customer.get("email") if isinstance(customer, dict) else None)
    return loose_text(email) if isinstance(email, str) and "@" in email else None


def _status(payload: Mapping[str, Any]) -> str:
    if payload.get("cancelled_at"):
        return "cancelled"
    shipments = {str(f.get("shipment_status")) for f in _fulfillments(payload)}
    if "delivered" in shipments:
        return "delivered"
    if payload.get("fulfillment_status") == "fulfilled" or _tracking(payload):
        return "shipped"
    return "pending" if str(payload.get("financial_status")) in UNPAID else "paid"


def _tracking(payload: Mapping[str, Any]) -> str | None:
    for fulfillment in reversed(_fulfillments(payload)):
        if fulfillment.get("tracking_number"):
            return loose_text(fulfillment["tracking_number"]) or None
    return None


def _fulfillments(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [item for item in list_or_nothing(payload, "fulfillments") if isinstance(item, dict)]
