"""WooCommerce's settings."""

from typing import Final

from bot.shops.shop_setting import ShopSetting

SECRET: Final = ShopSetting("woocommerce_secret", "signs `/webhooks/woocommerce`")
URL: Final = ShopSetting(
    "woocommerce_url", "the shop's address, to fetch what webhooks missed, and its pages", "address"
)
KEY: Final = ShopSetting(
    "woocommerce_key",
    "a REST key of that shop, `ck_…:cs_…`, which may read; to change orders, write, too",
)
SETTINGS: Final = (SECRET, URL, KEY)
