"""Stripe, as the registry knows it."""

from typing import Final

from bot.shops.intake import Intake, Outcome
from bot.shops.shop_system import ShopSystem, WebhookRequest
from bot.shops.stripe.orders import SOURCE
from bot.shops.stripe.settings import SECRET
from bot.shops.stripe.signature import HEADER, check
from bot.shops.stripe.topics import take_payload
from feedback.knowledge import parse_object


def take(intake: Intake, delivery: WebhookRequest) -> Outcome:
    """Take one event in."""
    return take_payload(intake, parse_object(delivery.body))


SYSTEM: Final = ShopSystem(
    name=SOURCE,
    about="Stripe's checkouts, payments, invoices, refunds and disputes. Other events are accepted"
    " and ignored.",
    secret=SECRET,
    headers=(HEADER,),
    check=check,
    take=take,
)
