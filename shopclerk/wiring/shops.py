"""Wiring of the shop systems: webhooks in, and reconciliation of what was missed."""

from typing import TYPE_CHECKING

from bot.shops import SHOP_SETTINGS, shop_systems
from feedback.db import Database
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from feedback.knowledge import Catalogue, ShopPages
from shopclerk.settings import Settings
from shopclerk.wiring.base import EXPERIMENT, build_orders, build_tokens, utc_now

if TYPE_CHECKING:
    from bot.shops import ConnectedShop, Intake


def build_intake(settings: Settings, database: Database) -> "Intake":
    """Where a shop's news goes when it is asked for; webhooks build their own in the bot."""
    from bot.shops import Intake
    from feedback.sales import ShopConnections

    return Intake(
        store=Store(database, EXPERIMENT, DeskHooks()),
        orders=build_orders(settings, database),
        catalogue=Catalogue(database),
        connections=ShopConnections(database),
        tokens=build_tokens(settings),
        clock=utc_now,
        currency=settings.currency,
    )


def shop_settings(settings: Settings) -> dict[str, str]:
    """What the shop systems are told, with the secrets that are made where none is set."""
    made = {one.name: settings.secret(one.name) for one in SHOP_SETTINGS if one.kind == "made once"}
    return {**made, **settings.shop_values()}


def build_shops(settings: Settings) -> "list[ConnectedShop]":
    """The shops whose API is set."""
    values = settings.shop_values()
    return [shop for system in shop_systems() if (shop := system.connected(values))]


def order_page(settings: Settings, source: str, order_id: str) -> str:
    """An order's page in the shop's admin; "" where its shop system tells none."""
    values = settings.shop_values()
    system = next((one for one in shop_systems() if one.name == source), None)
    return system.order_page(values, order_id) if system else ""


def build_shop_pages(settings: Settings) -> dict[str, ShopPages]:
    """The shops whose API gives what they have written, by the shop system's name."""
    values = settings.shop_values()
    found = {system.name: system.pages(values) for system in shop_systems()}
    return {name: pages for name, pages in found.items() if pages is not None}


def page_settings() -> dict[str, list[str]]:
    """The settings that a shop system needs to give its pages, by its name."""
    return {
        system.name: [setting.variable for setting in system.api.settings]
        for system in shop_systems()
        if system.api is not None and system.api.pages is not None
    }
