"""WooCommerce's webhook topics, and what is done for each."""

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.shops.intake import Intake, Outcome, or_left_alone
from bot.shops.woocommerce import orders
from feedback.knowledge import identifier


def take_topic(intake: Intake, topic: str, payload: Mapping[str, Any], body: bytes) -> Outcome:
    """Take a signed payload in. The topic is not signed: a body of another one deletes nothing.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    if topic in orders.DELETED_TOPICS:
        orders.check_deleted(payload)
        if _came_as_another(intake, topic, body):
            return "ignored"
    if topic in orders.ORDER_TOPICS:
        return orders.take_order(intake, payload, exists=topic == orders.RESTORED)
    if topic == "order.deleted":
        return intake.order_gone(orders.SOURCE, identifier(payload, "id"))
    if topic in orders.PRODUCT_TOPICS:
        return or_left_alone(lambda: orders.take_product(intake, payload), orders.SOURCE)
    if topic == "product.deleted":
        known = intake.catalogue.take_off_sale(identifier(payload, "id"), intake.clock())
        return "recorded" if known else "ignored"
    return "ignored"


def _came_as_another(intake: Intake, topic: str, body: bytes) -> bool:
    """Whether these bytes, which name nothing but a number, were sent for another kind of thing."""
    digest = hashlib.sha256(body).hexdigest()
    others = orders.DELETED_TOPICS - {topic}
    if any(intake.orders.was_delivered(orders.SOURCE, f"{other} {digest}") for other in others):
        return True
    intake.orders.first_delivery(orders.SOURCE, f"{topic} {digest}", intake.clock())
    return False
