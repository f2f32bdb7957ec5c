"""The setting of our own order format."""

from typing import Final

from bot.shops.shop_setting import ShopSetting

SECRET: Final = ShopSetting("orders_secret", "signs `/webhooks/orders`", "made once")
SETTINGS: Final = (SECRET,)
