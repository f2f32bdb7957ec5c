"""The storefront's routes, for `bot.app` to mount: the page at `/`, and those of the demo shop."""

from typing import Final

from fastapi import APIRouter

from bot.storefront import front_page, pages

FRONT_ROUTERS: Final[tuple[APIRouter, ...]] = (front_page.router,)
DEMO_ROUTERS: Final[tuple[APIRouter, ...]] = (pages.pictures, pages.router)
