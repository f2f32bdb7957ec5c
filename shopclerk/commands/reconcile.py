"""`shopclerk reconcile`: asks the shop for orders that its webhooks may have missed."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.shops import reconcile_orders as compare
from shopclerk.settings import read_settings
from shopclerk.wiring import build_intake, build_shops, midnight, open_database, utc_now


class NoShop(Exception):
    """No shop system is set whose orders could be asked for."""

    def __init__(self) -> None:
        """Name the settings."""
        super().__init__(
            "no shop is set; set SHOPCLERK_SHOPIFY_SHOP and SHOPCLERK_SHOPIFY_TOKEN, or"
            " SHOPCLERK_WOOCOMMERCE_URL and SHOPCLERK_WOOCOMMERCE_KEY."
        )


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
        done = {
            source: compare(intake, source, shop, utc_now(), start)
            for source, shop in shops.items()
        }
    finally:
        for shop in shops.values():
            shop.close()
        database.close()
    return {
        source: {"orders": one.orders, "missed": one.missed, "refused": one.refused}
        for source, one in done.items()
    }
