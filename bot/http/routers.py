"""The routes of health checks and of the API's page, for `bot.app` to mount."""

from typing import Final

from fastapi import APIRouter

from bot.http import api_docs, health

HTTP_ROUTERS: Final[tuple[APIRouter, ...]] = (health.router, api_docs.router)
