"""WooCommerce's and Stripe's payloads in the documented shapes, with names and numbers of ours."""

from typing import Any

PLACED = 1_795_953_600  # 2026-11-29T12:00:00Z


def woo_order(**changes: Any) -> dict[str, Any]:
    """An order of two mugs, as `order.created` and `GET /wc/v3/orders` send it."""
    return {
        "id": 727,
        "parent_id": 0,
        "number": "727",
        "order_key": "wc_order_58d2d042d1d",
        "created_via": "checkout",
        "status": "processing",
        "currency": "USD",
        "date_created": "2026-11-24T07:00:00",
        "date_created_gmt": "2026-11-24T12:00:00",
        "date_modified": "2026-11-24T07:00:10",
        "date_modified_gmt": "2026-11-24T12:00:10",
        "discount_total": "0.00",
        "total": "29.35",
        "total_tax": "1.35",
        "customer_id": 0,
        "billing": {"first_name": "Ana", "last_name": "Lee", "email": "ana@example.org"},
        "payment_method": "bacs",
        "date_paid_gmt": "2026-11-24T12:00:05",
        "meta_data": [{"id": 13106, "key": "_download_permissions_granted", "value": "yes"}],
        "line_items": [
            {
                "id": 315,
                "name": "Clay Mug <3",
                "product_id": 93,
                "variation_id": 0,
                "quantity": 3,
                "subtotal": "10.00",
                "total": "10.00",
                "sku": "SKU-clay-mug",
                "price": 3.3333333333333335,
            }
        ],
        "refunds": [],
        **changes,
    }


def woo_product(**changes: Any) -> dict[str, Any]:
    """A simple product, as `product.updated` sends it."""
    return {
        "id": 93,
        "name": "Clay Mug",
        "slug": "clay-mug",
        "permalink": "https://woo.example/product/clay-mug/",
        "type": "simple",
        "status": "publish",
        "catalog_visibility": "visible",
        "description": "<p>Holds 300 ml.</p>",
        "sku": "MUG-1",
        "price": "18.00",
        "regular_price": "20.00",
        "sale_price": "18.00",
        "manage_stock": True,
        "stock_quantity": 4,
        "stock_status": "instock",
        "backorders_allowed": False,
        "categories": [{"id": 9, "name": "Mugs", "slug": "mugs"}],
        "tags": [{"id": 3, "name": "clay", "slug": "clay"}],
        "images": [{"id": 792, "src": "https://woo.example/mug.jpg", "name": ""}],
        "variations": [],
        **changes,
    }


def woo_variation(number: int, size: str, price: str, **changes: Any) -> dict[str, Any]:
    """One size of product 94, as `product.updated` sends it."""
    return {
        "id": number,
        "type": "variation",
        "parent_id": 94,
        "name": f"Shirt - {size}",
        "status": "publish",
        "sku": f"SHIRT-{size}",
        "price": price,
        "regular_price": price,
        "sale_price": "",
        "manage_stock": True,
        "stock_quantity": 4,
        "stock_status": "instock",
        "backorders_allowed": False,
        "attributes": [{"id": 0, "name": "Size", "slug": "size", "option": size}],
        **changes,
    }


def stripe_event(topic: str, thing: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An event's envelope."""
    return {
        "id": f"evt_{topic}_{thing['id']}",
        "object": "event",
        "api_version": "2026-06-30",
        "created": PLACED,
        "livemode": True,
        "type": topic,
        "data": {"object": thing},
        **changes,
    }


def stripe_session(**changes: Any) -> dict[str, Any]:
    """A paid checkout."""
    return {
        "id": "cs_live_a1",
        "object": "checkout.session",
        "amount_subtotal": 5_990,
        "amount_total": 5_990,
        "client_reference_id": None,
        "created": PLACED - 60,
        "currency": "usd",
        "customer_details": {"email": "ana@example.org", "name": "Ana Lee"},
        "metadata": {},
        "mode": "payment",
        "payment_intent": "pi_1",
        "payment_status": "paid",
        "status": "complete",
        **changes,
    }


def stripe_payment(**changes: Any) -> dict[str, Any]:
    """The same checkout's payment."""
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 5_990,
        "amount_received": 5_990,
        "created": PLACED - 60,
        "currency": "usd",
        "metadata": {},
        "receipt_email": None,
        "status": "succeeded",
        **changes,
    }


def stripe_refund(**changes: Any) -> dict[str, Any]:
    """Ten dollars back."""
    return {
        "id": "re_1",
        "object": "refund",
        "amount": 1_000,
        "charge": "ch_1",
        "created": PLACED + 60,
        "currency": "usd",
        "payment_intent": "pi_1",
        "status": "succeeded",
        **changes,
    }
