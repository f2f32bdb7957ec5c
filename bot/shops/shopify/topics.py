"""Shopify's webhook topics, and what is done for each.

The topic itself is not signed, only the body is: so a body has to have its topic's shape, and what
is deleted for good is named and waits (feedback/privacy/deletions.py). The three privacy topics are
mandatory for apps.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog

from bot.shops.intake import Intake, Outcome, or_left_alone
from bot.shops.shopify import orders as shopify
from bot.shops.shopify.refunds import SOURCE, read_refunds, refunds_of
from feedback.knowledge import (
    BadShape,
    Lenient,
    RefundLine,
    currency_of,
    id_of,
    identifier,
    list_or_nothing,
    object_of,
    product_from_shopify,
    text_of,
)
from feedback.privacy import Deletions, Erasure
from feedback.sales import OrderKey

PRODUCT_TOPICS: Final = frozenset({"products/create", "products/update"})
PRODUCT_DELETED: Final = "products/delete"
ORDER_DELETED: Final = "orders/delete"
UNINSTALLED: Final = "app/uninstalled"
DATA_REQUEST: Final = "customers/data_request"
CUSTOMER_REDACT: Final = "customers/redact"
SHOP_REDACT: Final = "shop/redact"

log = structlog.get_logger()


# Of the topics that take something away: the fields that a body must have, and those it may have.
SHAPES: Final[dict[str, tuple[set[str], set[str]]]] = {
    PRODUCT_DELETED: ({"id"}, {"admin_graphql_api_id"}),
    ORDER_DELETED: ({"id"}, {"admin_graphql_api_id"}),
    CUSTOMER_REDACT: ({"shop_id", "customer", "orders_to_redact"}, {"shop_domain"}),
    SHOP_REDACT: ({"shop_id", "shop_domain"}, set()),
}


def take_topic(intake: Intake, topic: str, payload: Mapping[str, Any], digest: str) -> Outcome:
    """Take a signed payload in; topics that are not ours are accepted and left alone.

    `digest` of the body names what it asks to delete.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    check_shape(topic, payload)
    erasure = Erasure(intake.orders.db)
    if topic in shopify.ORDER_TOPICS:
        return "ignored" if shopify.is_test(payload) else take_shopify_order(intake, payload)
    if topic in shopify.REFUND_TOPICS:
        lines = read_refunds(payload, currency=intake.currency)
        return take_refund(intake, id_of(payload, "id"), lines)
    if topic == ORDER_DELETED:
        return intake.order_gone(SOURCE, identifier(payload, "id"))
    if topic in PRODUCT_TOPICS:
        return or_left_alone(lambda: intake.product(product_from_shopify(payload)), SOURCE)
    if topic == PRODUCT_DELETED:
        number = identifier(payload, "id")
        known = intake.catalogue.take_numbered_off_sale(number, intake.clock())
        return "recorded" if known else "ignored"
    if topic == UNINSTALLED:
        text_of(payload, "domain")  # a shop has one; an order or a product has none
        intake.connections.removed(SOURCE, intake.clock())
        log.warning("shopify.uninstalled")
        return "recorded"
    if topic == DATA_REQUEST:
        return _ask_for_data(intake, erasure, payload)
    if topic == CUSTOMER_REDACT:
        return _redact_customer(intake, erasure, payload, digest)
    if topic == SHOP_REDACT:
        new = Deletions(erasure.db).ask_for_shop(digest, SOURCE, intake.clock())
        log.warning("shopify.shop_redact_asked")
        return "recorded" if new else "repeat"
    return "ignored"


def check_shape(topic: str, payload: Mapping[str, Any]) -> None:
    """Refuse a body of another topic: a captured order must delete nothing.

    Raises:
        BadShape: it lacks a field of its topic, or has one too many.
    """
    if topic not in SHAPES:
        return
    must, may = SHAPES[topic]
    if must - payload.keys() or payload.keys() - must - may:
        raise BadShape(
            f"A body of {topic} has the fields {', '.join(sorted(must))} and no others;"
            f" this one has {', '.join(sorted(payload))[:100]}"
        )


def take_shopify_order(intake: Intake, payload: Mapping[str, Any]) -> Outcome:
    """An order with its bridges to the shopper, and the refunds it lists."""
    outcome = intake.order(
        shopify.read_order(
            payload,
            shopper_of_token=intake.shopper_of_token,
            shopper_of_click=intake.shopper_of_click,
            arrived=intake.clock(),
        )
    )
    for refund_id, lines in refunds_of(Lenient(payload), currency_of(payload)):
        take_refund(intake, refund_id, lines)
    return outcome


def take_refund(intake: Intake, refund_id: str, lines: Sequence[RefundLine]) -> Outcome:
    """A refund's transactions, each with how far it got; one without any moved no money."""
    # Their sum used to be kept under the refund's own id.
    outcomes = {intake.refund(line, instead_of=refund_id) for line in lines}
    return "recorded" if "recorded" in outcomes else "repeat" if outcomes else "ignored"


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


def _redact_customer(
    intake: Intake, erasure: Erasure, payload: Mapping[str, Any], digest: str
) -> Outcome:
    """Make the customer's orders nameless at once; their chats go after the grace period."""
    email_hash = _email_hash(intake, payload)
    listed = list_or_nothing(payload, "orders_to_redact")
    orders = [OrderKey(SOURCE, str(one)) for one in listed]
    shoppers: list[str] = []
    if email_hash:
        shoppers = erasure.shoppers_of_email(email_hash)
        orders += erasure.orders_of_email(email_hash)
    named = erasure.erase_orders(orders, intake.clock())
    asked = Deletions(erasure.db).ask_for_shoppers
    new = asked(digest, SOURCE, shoppers, named, intake.clock())
    log.info("shopify.customer_redacted", orders=named)
    return "recorded" if new else "repeat"


def _email_hash(intake: Intake, payload: Mapping[str, Any]) -> str | None:
    customer = object_of(payload.get("customer") or {}, '"customer"')
    email = customer.get("email")
    return intake.orders.known_hash(email) if isinstance(email, str) and email.strip() else None
