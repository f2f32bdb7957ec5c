"""What each of Shopify's webhook topics means here.

The three privacy topics are mandatory for apps; they come signed like all others.
"""

from collections.abc import Mapping
from typing import Any, Final

import structlog

from bot.shops.intake import Intake, Outcome
from bot.shops.shopify import orders as shopify
from feedback.knowledge.importers.fields import identifier, list_or_nothing, object_of
from feedback.knowledge.importers.product_json import product_from_shopify
from feedback.privacy.erasure import Erasure

SOURCE: Final = "shopify"
PRODUCT_TOPICS: Final = frozenset({"products/create", "products/update"})
UNINSTALLED: Final = "app/uninstalled"
DATA_REQUEST: Final = "customers/data_request"
CUSTOMER_REDACT: Final = "customers/redact"
SHOP_REDACT: Final = "shop/redact"

log = structlog.get_logger()


def take_topic(intake: Intake, erasure: Erasure, topic: str, payload: Mapping[str, Any]) -> Outcome:
    """Take a signed payload in; topics that are not ours are accepted and left alone.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    if topic in shopify.ORDER_TOPICS:
        return "ignored" if shopify.is_test(payload) else take_shopify_order(intake, payload)
    if topic in shopify.REFUND_TOPICS:
        refund = shopify.read_refund(payload, currency=intake.currency)
        return intake.refund(refund) if refund else "ignored"
    if topic in PRODUCT_TOPICS:
        return intake.product(product_from_shopify(payload))
    if topic == UNINSTALLED:
        intake.connections.removed(SOURCE, intake.clock())
        log.warning("shopify.uninstalled")
        return "recorded"
    if topic == DATA_REQUEST:
        return _ask_for_data(intake, erasure, payload)
    if topic == CUSTOMER_REDACT:
        return _redact_customer(intake, erasure, payload)
    if topic == SHOP_REDACT:
        log.warning("shopify.shop_redacted", orders=erasure.erase_source(SOURCE))
        return "recorded"
    return "ignored"


def take_shopify_order(intake: Intake, payload: Mapping[str, Any]) -> Outcome:
    """An order with its bridges to the shopper."""
    return intake.order(
        shopify.read_order(
            payload,
            shopper_of_token=intake.shopper_of_token,
            shopper_of_click=intake.shopper_of_click,
            arrived=intake.clock(),
        )
    )


def _ask_for_data(intake: Intake, erasure: Erasure, payload: Mapping[str, Any]) -> Outcome:
    """The staff see the wish at the desk; it is due in 30 days."""
    request = object_of(payload.get("data_request") or {}, '"data_request"')
    email_hash = _email_hash(intake, payload)
    orders = [str(one) for one in list_or_nothing(payload, "orders_requested")]
    new = intake.connections.ask_for_data(
        SOURCE,
        identifier(request, "id"),
        shopper_ids=erasure.shoppers_of_email(email_hash) if email_hash else [],
        order_ids=orders,
        now=intake.clock(),
    )
    return "recorded" if new else "repeat"


def _redact_customer(intake: Intake, erasure: Erasure, payload: Mapping[str, Any]) -> Outcome:
    """Forget a customer: by the e-mail's keyed hash, and by the orders named."""
    email_hash = _email_hash(intake, payload)
    orders = [str(one) for one in list_or_nothing(payload, "orders_to_redact")]
    if email_hash:
        for shopper_id in erasure.shoppers_of_email(email_hash):
            erasure.erase_shopper(shopper_id, intake.clock())
        orders += erasure.orders_of_email(email_hash)
    log.info("shopify.customer_redacted", orders=erasure.erase_orders(orders))
    return "recorded"


def _email_hash(intake: Intake, payload: Mapping[str, Any]) -> str | None:
    customer = object_of(payload.get("customer") or {}, '"customer"')
    email = customer.get("email")
    return intake.orders.email_hash(email) if isinstance(email, str) and email.strip() else None
