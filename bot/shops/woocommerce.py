"""Reads WooCommerce's orders, as its webhooks and its API send them. Pure.

Times named `_gmt` are UTC without saying so. Refunds come inside the order, as a list of all there
are: one that is no longer listed was taken back. `total` is what was bought, refunds not deducted.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from bot.shops.intake import Intake, Outcome
from bot.shops.shopify import SHOPPER_ATTRIBUTE, click_token
from feedback.imported.fields import (
    currency_of,
    identifier,
    list_or_nothing,
    loose_text,
    money,
    money_of,
    object_of,
    text_of,
    whole,
)
from feedback.imported.lines import BadShape, BoughtLine, RefundLine
from feedback.imported.product_woocommerce import (
    product_from_api,
    variable_from_api,
    variation_from_api,
)
from feedback.orders import Purchase

ORDER_TOPICS: Final = frozenset({"order.created", "order.updated", "order.restored"})
PRODUCT_TOPICS: Final = frozenset({"product.created", "product.updated", "product.restored"})
# "completed" is the shop's word for sent; nothing tells when a parcel has arrived.
STATUSES: Final = {
    "pending": "pending",
    "on-hold": "pending",
    "failed": "pending",
    "checkout-draft": "pending",
    "processing": "paid",
    "completed": "shipped",
    "refunded": "paid",  # what was paid back comes as refunds
    "cancelled": "cancelled",
    "trash": "cancelled",
}
# The entry page that WooCommerce itself keeps with an order ("order attribution").
ENTRY: Final = "_wc_order_attribution_session_entry"
TRACKING: Final = ("_tracking_number", "tracking_number", "_wc_shipment_tracking_number")
FOUR: Final = Decimal("0.0001")


class WooOrder(NamedTuple):
    """An order, and all that was given back for it until then."""

    purchase: Purchase
    refunds: list[RefundLine]
    as_of: datetime


def read_order(
    payload: Mapping[str, Any],
    *,
    shopper_of_token: Callable[[str | None], str | None],
    shopper_of_click: Callable[[str | None], str | None],
) -> WooOrder:
    """An order from its payload.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    order_id, currency = identifier(payload, "id"), currency_of(payload)
    placed = gmt(payload, "date_created_gmt")
    as_of = gmt(payload, "date_modified_gmt") if payload.get("date_modified_gmt") else placed
    status = STATUSES.get(str(payload.get("status")), "paid")
    billing = object_of(payload.get("billing") or {}, '"billing"')
    email = billing.get("email")
    purchase = Purchase(
        order_id=order_id,
        number=loose_text(payload.get("number") or order_id),
        source="woocommerce",
        checkout=loose_text(payload.get("created_via")),
        placed_at=placed,
        currency=currency,
        total=money_of(payload, "total"),
        lines=tuple(
            _bought(object_of(item, "a line item"))
            for item in list_or_nothing(payload, "line_items")
        ),
        email=loose_text(email) if isinstance(email, str) and "@" in email else None,
        token_shopper_id=shopper_of_token(meta(payload, SHOPPER_ATTRIBUTE)),
        click_shopper_id=shopper_of_click(click_token(meta(payload, ENTRY))),
        status=status,
        tracking=next(filter(None, (meta(payload, name) for name in TRACKING)), None),
        cancelled_at=as_of if status == "cancelled" else None,
        updated_at=as_of,
    )
    return WooOrder(purchase, _refunds(payload, order_id, currency, as_of), as_of)


def take_order(intake: Intake, payload: Mapping[str, Any]) -> Outcome:
    """An order and its refunds; the list of refunds is complete, so what is missing is gone.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    order = read_order(
        payload,
        shopper_of_token=intake.shopper_of_token,
        shopper_of_click=intake.shopper_of_click,
    )
    outcome = intake.order(order.purchase)
    now = intake.clock()
    intake.orders.set_refunds(order.purchase.order_id, order.refunds, order.as_of, now)
    return outcome


def take_product(intake: Intake, payload: Mapping[str, Any]) -> Outcome:
    """A product, one with variations, or one variation: each comes as a message of its own.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    kind = payload.get("type")
    if kind == "grouped":
        return "ignored"  # a shelf of other products
    if kind == "variable":
        whole = variable_from_api(payload)
        intake.book.put_product_alone(whole.product, whole.variant_ids, intake.clock())
        return "recorded"
    if kind != "variation":
        return intake.product(product_from_api(payload))
    found = variation_from_api(payload)
    if found is None:
        return "ignored"
    intake.book.put_variant(
        found.product_id, found.variant, intake.clock(), currency=intake.currency, gone=found.gone
    )
    return "recorded"


def meta(payload: Mapping[str, Any], name: str) -> str | None:
    """A value out of the order's meta data."""
    for item in list_or_nothing(payload, "meta_data"):
        if (
            isinstance(item, dict)
            and item.get("key") == name
            and isinstance(item.get("value"), str)
        ):
            return loose_text(item["value"]) or None
    return None


def gmt(fields: Mapping[str, Any], key: str) -> datetime:
    """A time in UTC that does not say so."""
    written = text_of(fields, key)
    try:
        read = datetime.fromisoformat(written)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as wrong:  # the calendar ends at both sides
        raise BadShape(f'"{key}" is no time: {written!r:.40}') from wrong


def _refunds(
    payload: Mapping[str, Any], order_id: str, currency: str, as_of: datetime
) -> list[RefundLine]:
    return [
        RefundLine(
            refund_id=identifier(refund, "id"),
            order_id=order_id,
            amount=money(str(refund.get("total", "0")).lstrip("-"), "a refund's total"),
            currency=currency,
            refunded_at=as_of,
        )
        for refund in (object_of(one, "a refund") for one in list_or_nothing(payload, "refunds"))
    ]


def _bought(item: Mapping[str, Any]) -> BoughtLine:
    quantity = whole(item, "quantity")
    # The unit price is a float with its noise (3.3333333333333335): the line's total is exact.
    total = money(str(item.get("total") or "0"), "a line's total")
    return BoughtLine(
        product_id=loose_text(item.get("product_id") or item.get("variation_id") or "unknown"),
        quantity=quantity,
        price=(total / quantity).quantize(FOUR) if quantity > 0 else total,
        title=loose_text(item.get("name") or ""),
        sku=loose_text(item.get("sku") or ""),
    )
