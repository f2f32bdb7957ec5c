"""`shopclerk reconcile`: asks the shop for orders that its webhooks may have missed."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.shops import reconcile_orders as compare, shop_systems
from shopclerk.settings import read_settings
from shopclerk.wiring import build_intake, build_shops, midnight, open_database, utc_now


class NoShop(Exception):
    """No shop system is set whose orders could be asked for."""

    def __init__(self) -> None:
        """Name the settings."""
        ways = (
            " and ".join(setting.variable for setting in system.api.settings)
            for system in shop_systems()
            if system.api
        )
        super().__init__(f"no shop is set; set {', or '.join(ways)}.")


def reconcile(since: date | None) -> dict[str, Any]:
    """Compare each connected shop's orders with ours.

    Raises:
        NoShop: none is set.
        ShopRefused: a shop does not give us its orders.
    """
    settings = read_settings()
    shops = build_shops(settings)
    if not shops:
        raise NoShop
    start = midnight(since, ZoneInfo(settings.time_zone)) if since else None
    database = open_database(settings)
    try:
        intake = build_intake(settings, database)
        done = [compare(intake, shop, utc_now(), start) for shop in shops]
    finally:
        for shop in shops:
            shop.orders.close()
        database.close()
    return {
        one.source: {"orders": one.orders, "missed": one.missed, "refused": one.refused}
        for one in done
    }
