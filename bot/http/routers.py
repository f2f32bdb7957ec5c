"""The routes that are nobody's own: health and the API's page; `bot.app` mounts them."""

from typing import Final

from fastapi import APIRouter

from bot.http import api_docs, health

HTTP_ROUTERS: Final[tuple[APIRouter, ...]] = (health.router, api_docs.router)
