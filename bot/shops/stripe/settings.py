"""Stripe's setting."""

from typing import Final

from bot.shops.shop_setting import ShopSetting

SECRET: Final = ShopSetting(
    "stripe_secret", "the signing secret of the Stripe endpoint `/webhooks/stripe`"
)
SETTINGS: Final = (SECRET,)
