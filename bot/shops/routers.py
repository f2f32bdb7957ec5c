"""The shop systems' webhooks, for `bot.app` to mount."""

from typing import Final

from fastapi import APIRouter

from bot.shops import webhook, webhook_woo_stripe

SHOP_ROUTERS: Final[tuple[APIRouter, ...]] = (webhook.router, webhook_woo_stripe.router)
