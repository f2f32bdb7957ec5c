"""The web chat's routes, for `bot.app` to mount."""

from typing import Final

from fastapi import APIRouter

from bot.channels.web import chat, clicks, event_stream, files, talks, visits, widget_script

WEB_ROUTERS: Final[tuple[APIRouter, ...]] = (
    chat.router,
    event_stream.router,
    files.router,
    talks.router,
    clicks.router,
    visits.router,
    widget_script.router,
)
