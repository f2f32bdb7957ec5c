"""Shopify's settings."""

from typing import Final

from bot.shops.shop_setting import ShopSetting

SECRET: Final = ShopSetting("shopify_secret", "signs `/webhooks/shopify`")
SHOP: Final = ShopSetting(
    "shopify_shop", "`example.myshopify.com`, to fetch what webhooks missed, and its pages", "text"
)
TOKEN: Final = ShopSetting(
    "shopify_token",
    "an Admin API token of that shop which may read orders, and its pages; to change orders:"
    " [its scopes](actions.md#connect-it)",
)
SETTINGS: Final = (SECRET, SHOP, TOKEN)
