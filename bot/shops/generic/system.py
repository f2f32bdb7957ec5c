"""Our own order format, as the registry knows it: for any shop that can sign a body."""

import hashlib
from typing import Final

from bot.shops.generic.orders import take_generic
from bot.shops.generic.settings import SECRET
from bot.shops.intake import Intake, Outcome
from bot.shops.shop_system import MEGABYTE, ShopSystem, WebhookRequest
from bot.shops.signatures import check_signature
from feedback.knowledge import parse_object

SOURCE: Final = "orders"
HEADER: Final = "X-Shopclerk-Signature"


def check(secret: str, delivery: WebhookRequest) -> None:
    """Refuse a body that was not signed with our secret."""
    signature = delivery.header(HEADER)
    check_signature(secret, delivery.body, signature, setting=SECRET.variable, header=HEADER)


def take(intake: Intake, delivery: WebhookRequest) -> Outcome:
    """The same bytes again are a repeat: an old order sent once more overwrites no newer one."""
    payload = parse_object(delivery.body)
    digest = hashlib.sha256(delivery.body).hexdigest()
    if intake.orders.was_delivered(SOURCE, digest):
        return "repeat"
    outcome = take_generic(intake, payload)
    intake.orders.first_delivery(SOURCE, digest, intake.clock())
    return outcome


SYSTEM: Final = ShopSystem(
    name=SOURCE,
    about="One order or one refund in shopclerk's own format, from any shop that can sign it.",
    secret=SECRET,
    headers=(HEADER,),
    check=check,
    take=take,
    body_bytes=5 * MEGABYTE,
)
