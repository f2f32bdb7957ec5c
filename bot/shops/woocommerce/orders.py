"""Reads WooCommerce's orders, as its webhooks and its API send them. Pure.

Times named `_gmt` are UTC without saying so. Refunds come inside the order, as a list of all there
are: one that is no longer listed was taken back. `total` is what was bought, refunds not deducted.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import structlog

from bot.shops.cart_token import SHOPPER_ATTRIBUTE, click_token
from bot.shops.intake import Intake, Outcome
from feedback.knowledge import (
    BadShape,
    BoughtLine,
    Lenient,
    RefundLine,
    bought_line,
    currency_of,
    id_of,
    loose_text,
    product_from_api,
    sum_of,
    variable_from_api,
    variation_from_api,
    without_entities,
)
from feedback.sales import Purchase

SOURCE: Final = "woocommerce"
ORDER_TOPICS: Final = frozenset({"order.created", "order.updated", "order.restored"})
RESTORED: Final = "order.restored"
PRODUCT_TOPICS: Final = frozenset({"product.created", "product.updated", "product.restored"})
DELETED_TOPICS: Final = frozenset({"order.deleted", "product.deleted"})
# "completed" is the shop's word for sent; nothing tells when a parcel has arrived.
STATUSES: Final = {
    "auto-draft": "draft",
    "draft": "draft",
    "checkout-draft": "draft",
    "new": "draft",
    "pending": "pending",
    "on-hold": "pending",
    "failed": "failed",
    "processing": "paid",
    "completed": "shipped",
    "shipped": "shipped",  # by plug-ins
    "delivered": "delivered",  # by plug-ins
    "refunded": "refunded",
    "cancelled": "cancelled",
    "trash": "cancelled",
}
# The entry page that WooCommerce itself keeps with an order ("order attribution").
ENTRY: Final = "_wc_order_attribution_session_entry"
TRACKING: Final = ("_tracking_number", "tracking_number", "_wc_shipment_tracking_number")


log = structlog.get_logger()


def read_order(
    payload: Mapping[str, Any],
    *,
    shopper_of_token: Callable[[str | None], str | None],
    shopper_of_click: Callable[[str | None], str | None],
    arrived: datetime,
    exists: bool = False,
) -> Purchase:
    """An order from its payload; what is odd in it is named in the purchase.

    Args:
        payload: The webhook's body.
        shopper_of_token: The shopper behind the token in the meta data, None if it is not ours.
        shopper_of_click: The shopper behind a landing address's click token.
        arrived: When it was placed, if it does not say so itself.
        exists: The shop says by this that the order is not in its bin.

    Raises:
        BadShape: its id, total or currency can not be read.
    """
    order, order_id, currency = Lenient(payload), id_of(payload, "id"), currency_of(payload)
    placed = order.first_moment("date_created_gmt", "date_modified_gmt") or arrived
    as_of = order.moment("date_modified_gmt") or placed
    status = _status(order)
    email = order.inner("billing").text("email")
    refunds = _refunds(order, order_id, currency, as_of)
    return Purchase(
        order_id=order_id,
        number=order.text("number") or order_id,
        source=SOURCE,
        checkout=order.text("created_via"),
        payment=order.text("payment_method").strip().lower()[:80] or None,
        placed_at=placed,
        currency=currency,
        total=sum_of(order, "total"),
        lines=tuple(filter(None, map(_bought, order.each("line_items")))),
        email=email if "@" in email else None,
        token_shopper_id=shopper_of_token(meta(order, SHOPPER_ATTRIBUTE)),
        click_shopper_id=shopper_of_click(click_token(meta(order, ENTRY))),
        status=status,
        tracking=next(filter(None, (meta(order, name) for name in TRACKING)), None),
        cancelled_at=as_of if status == "cancelled" else None,
        updated_at=as_of,
        exists=exists,
        refunds=refunds,
        odd=tuple(order.odd),
    )


def take_order(intake: Intake, payload: Mapping[str, Any], *, exists: bool = False) -> Outcome:
    """An order and its refunds; the list of refunds is complete, so what is missing is gone.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    return intake.order(
        read_order(
            payload,
            shopper_of_token=intake.shopper_of_token,
            shopper_of_click=intake.shopper_of_click,
            arrived=intake.clock(),
            exists=exists,
        )
    )


def _status(order: Lenient) -> str:
    told = order.text("status").removeprefix("wc-")
    if told not in STATUSES:
        log.warning("woocommerce.unknown_state", order=order.text("id")[:40], state=told[:40])
        return "unknown"
    return STATUSES[told]


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
        intake.catalogue.put_product_alone(whole.product, whole.variant_ids, intake.clock())
        return "recorded"
    if kind != "variation":
        return intake.product(product_from_api(payload))
    found = variation_from_api(payload)
    if found is None:
        return "ignored"
    intake.catalogue.put_variant(
        found.product_id, found.variant, intake.clock(), currency=intake.currency, gone=found.gone
    )
    return "recorded"


def check_deleted(payload: Mapping[str, Any]) -> None:
    """Refuse the body of another topic: what was deleted is told by its number alone.

    Raises:
        BadShape: there is more in it.
    """
    if payload.keys() != {"id"}:
        raise BadShape(
            f"What was deleted is told by its id alone; this has {', '.join(sorted(payload))[:100]}"
        )


def meta(order: Lenient, name: str) -> str | None:
    """A value out of the order's meta data."""
    for item in order.each("meta_data"):
        if item.fields.get("key") == name and isinstance(item.fields.get("value"), str):
            return loose_text(item.fields["value"]) or None
    return None


def _refunds(
    order: Lenient, order_id: str, currency: str, as_of: datetime
) -> tuple[RefundLine, ...] | None:
    """All that was given back; None: not all of it can be read, so nothing is known."""
    refunds = []
    for one in order.each("refunds"):
        refund_id, amount = one.text("id"), one.amount("total")
        if not refund_id or amount is None:
            return None
        line = RefundLine(refund_id, order_id, abs(amount), currency, as_of, source=SOURCE)
        refunds.append(line)
    listed = order.fields.get("refunds") or []
    all_read = isinstance(listed, list | dict) and len(listed) == len(refunds)
    return tuple(refunds) if all_read else None


def _bought(line: Lenient) -> BoughtLine | None:
    # The unit price is a float with its noise (3.3333333333333335): the line's total is exact.
    product_id = line.first_text("product_id", "variation_id")
    return bought_line(line, product_id, without_entities(line.text("name")), total="total")
