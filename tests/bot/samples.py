"""Shopify's webhook payloads in the documented shapes, with names and numbers of our own."""

from typing import Any


def order(**changes: Any) -> dict[str, Any]:
    """An order of one backpack, as `orders/paid` sends it."""
    return {
        "id": 820982911946154508,
        "admin_graphql_api_id": "gid://shopify/Order/820982911946154508",
        "app_id": None,
        "buyer_accepts_marketing": True,
        "cancel_reason": None,
        "cancelled_at": None,
        "cart_token": "68778783ad298f1c80c3bafcddeea02f",
        "checkout_token": "bd5a8aa1ecd019dd3520ff791ee3a24c",
        "created_at": "2026-11-24T07:00:00-05:00",
        "currency": "USD",
        "current_total_price": "59.90",
        "customer": {"id": 115310627314723954, "email": "ana@example.org", "orders_count": 1},
        "discount_codes": [],
        "email": "ana@example.org",
        "financial_status": "paid",
        "fulfillment_status": None,
        "fulfillments": [],
        "landing_site": "/?utm_source=mail",
        "line_items": [
            {
                "id": 866550311766439020,
                "product_id": 632910392,
                "variant_id": 808950810,
                "title": "Ridge Backpack",
                "sku": "SKU-ridge-backpack",
                "quantity": 1,
                "price": "59.90",
                "properties": [],
            }
        ],
        "name": "#9999",
        "note_attributes": [],
        "order_number": 9999,
        "processed_at": "2026-11-24T07:00:00-05:00",
        "referring_site": None,
        "refunds": [],
        "subtotal_price": "59.90",
        "test": False,
        "total_discounts": "0.00",
        "total_price": "59.90",
        "updated_at": "2026-11-24T07:00:05-05:00",
        **changes,
    }


def refund(**changes: Any) -> dict[str, Any]:
    """A refund with one transaction that went through and one that did not."""
    return {
        "id": 890088186047892319,
        "order_id": 820982911946154508,
        "created_at": "2026-11-24T08:00:00-05:00",
        "note": "Too small",
        "refund_line_items": [{"id": 1, "line_item_id": 866550311766439020, "quantity": 1}],
        "transactions": [
            {"id": 1, "amount": "10.00", "kind": "refund", "status": "success", "currency": "USD"},
            {"id": 2, "amount": "49.90", "kind": "refund", "status": "failure", "currency": "USD"},
            {"id": 3, "amount": "5.00", "kind": "void", "status": "success", "currency": "USD"},
        ],
        "order_adjustments": [],
        **changes,
    }


def shopify_product(**changes: Any) -> dict[str, Any]:
    """A product, as `products/update` sends it."""
    return {
        "id": 632910392,
        "title": "Zebra Lantern",
        "handle": "zebra-lantern",
        "status": "active",
        "published_at": "2026-11-24T07:00:00-05:00",
        "variants": [{"id": 808950810, "title": "Default Title", "price": "31.00"}],
        **changes,
    }
