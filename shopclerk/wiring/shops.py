"""The shop's own systems: where its news comes in, and whom to ask for what was missed."""

from typing import TYPE_CHECKING

from feedback.db import Database
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from feedback.knowledge import Catalogue
from shopclerk.settings import Settings
from shopclerk.wiring.base import EXPERIMENT, build_orders, build_tokens, utc_now

if TYPE_CHECKING:
    from bot.shops import Intake, ShopifyOrders, WooOrders


def build_intake(settings: Settings, database: Database) -> "Intake":
    """Where a shop's news goes when it is asked for; webhooks build their own in the bot."""
    from bot.shops import Intake
    from feedback.sales import Connections

    return Intake(
        store=Store(database, EXPERIMENT, DeskHooks()),
        orders=build_orders(settings, database),
        catalogue=Catalogue(database),
        connections=Connections(database),
        tokens=build_tokens(settings),
        clock=utc_now,
        currency=settings.currency,
    )


def build_shops(settings: Settings) -> "dict[str, ShopifyOrders | WooOrders]":
    """The APIs of the shop systems that are set, by source."""
    from bot.shops import ShopifyOrders, WooOrders

    shops: dict[str, ShopifyOrders | WooOrders] = {}
    if settings.shopify_shop and settings.shopify_token:
        token = settings.shopify_token.get_secret_value()
        shops["shopify"] = ShopifyOrders(settings.shopify_shop, token)
    if settings.woocommerce_url and settings.woocommerce_key:
        key = settings.woocommerce_key.get_secret_value()
        shops["woocommerce"] = WooOrders(settings.woocommerce_url, key)
    return shops
