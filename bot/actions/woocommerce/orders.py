"""Reads customers, orders and products of WooCommerce's REST API. Pure."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.actions.back_office import (
    CustomerAccount,
    ItemVariant,
    OrderItem,
    Payment,
    PaymentMethod,
    PlacedOrder,
    ProductOffer,
)

Row = Mapping[str, Any]
ORIGINAL: Final = PaymentMethod("original", "original")  # the gateway it was paid through
# WooCommerce's `processing` is paid and not sent yet, its `pending` waits for the money.
STATES: Final = {
    "pending": "pending",
    "on-hold": "pending",
    "processing": "pending",
    "completed": "delivered",
    "cancelled": "cancelled",
    "refunded": "cancelled",
    "failed": "cancelled",
    "trash": "cancelled",
}
KEY: Final = "_shopclerk_key"  # of an order's and a refund's meta data; hidden from shoppers
PLACE: Final = {
    "address1": "address_1",
    "address2": "address_2",
    "city": "city",
    "state": "state",
    "zip": "postcode",
    "country": "country",
}


def read_account(order: Row) -> CustomerAccount:
    """Who placed an order: guests have no account, so it is the order's own billing address."""
    billing = order.get("billing") or {}
    return CustomerAccount(
        customer_id=str(billing.get("email") or "").lower(),
        first_name=str(billing.get("first_name") or ""),
        last_name=str(billing.get("last_name") or ""),
        email=str(billing.get("email") or ""),
        address=read_place(billing),
        payment_methods=(ORIGINAL,),
    )


def read_place(row: Row) -> dict[str, str]:
    """An address by our names."""
    return {ours: str(row.get(name) or "") for ours, name in PLACE.items()}


def place_sent(address: Mapping[str, str]) -> dict[str, str]:
    """An address by WooCommerce's names."""
    country = str(address.get("country") or "")
    told = {name: str(address.get(ours) or "") for ours, name in PLACE.items()}
    return told | {"country": {"USA": "US", "UK": "GB"}.get(country.upper(), country)}


def read_placed(order: Row) -> PlacedOrder:
    """An order as it stands now."""
    shipping = order.get("shipping") or {}
    return PlacedOrder(
        order_id=str(order.get("number") or order["id"]),
        status=STATES.get(str(order.get("status")), "processed"),
        lines=tuple(_line(line) for line in order.get("line_items") or () if line.get("quantity")),
        currency=str(order.get("currency") or "USD"),
        total=amount(order.get("total")),
        placed_at=_utc(order.get("date_created_gmt")),
        delivered_at=_utc(order.get("date_completed_gmt")),
        customer_id=read_account(order).customer_id,
        shipping_address=read_place(shipping if shipping.get("address_1") else order["billing"]),
        payments=(Payment(ORIGINAL.id, amount=amount(order.get("total"))),),
    )


def read_offer(product: Row, variations: list[Row]) -> ProductOffer:
    """A product with its variations; one without any is its own."""
    return ProductOffer(
        str(product["id"]),
        str(product.get("name") or ""),
        tuple(
            ItemVariant(
                str(each.get("sku") or each["id"]),
                _options(each.get("attributes"), "option"),
                amount(each.get("price")),
                each.get("stock_status") == "instock" and bool(each.get("purchasable", True)),
            )
            for each in variations or [product]
        ),
    )


def kept_key(row: Row) -> str:
    """The key that an earlier attempt of ours left in a row's meta data; "" where none did."""
    told = (each.get("value") for each in row.get("meta_data") or () if each.get("key") == KEY)
    return str(next(told, ""))


def amount(value: Any) -> Decimal:
    """A sum of money as WooCommerce writes it."""
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)


def still_paid(order: Row) -> Decimal:
    """What was paid and has not gone back yet; an order on hold, say, waits for its money.

    >>> told = {"total": "30.00", "date_paid_gmt": "2026-03-01T00:00:00"}
    >>> still_paid({**told, "refunds": [{"total": "-10.00"}]}), still_paid({"total": "30.00"})
    (Decimal('20.00'), Decimal('0'))
    """
    if not order.get("date_paid_gmt"):
        return Decimal(0)
    back = (abs(amount(each.get("total"))) for each in order.get("refunds") or ())
    return max(amount(order.get("total")) - sum(back, Decimal(0)), Decimal(0))


def _line(line: Row) -> OrderItem:
    told = [each for each in line.get("meta_data") or () if str(each.get("key"))[:1] != "_"]
    return OrderItem(
        sku=str(line.get("sku") or line.get("variation_id") or line.get("product_id")),
        product_id=str(line.get("product_id") or ""),
        title=str(line.get("parent_name") or line.get("name") or ""),
        price=amount(line.get("price")),
        options={
            str(each.get("display_key") or each["key"]).lower(): str(
                each.get("display_value") or each.get("value")
            )
            for each in told
        },
        quantity=int(line["quantity"]),
    )


def _options(attributes: Any, value: str) -> dict[str, str]:
    return {str(each["name"]).lower(): str(each.get(value) or "") for each in attributes or ()}


def _utc(moment: Any) -> str:
    """A moment of WooCommerce, which leaves the zone out.

    >>> _utc("2026-01-31T12:00:00"), _utc(None)
    ('2026-01-31T12:00:00Z', '')
    """
    return f"{moment}Z" if moment else ""
