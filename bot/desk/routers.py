"""The desk's routes, for `bot.app` to mount."""

from typing import Final

from fastapi import APIRouter

from bot.desk import (
    account_pages,
    action_pages,
    conversation_pages,
    fact_pages,
    file_door,
    login,
    model_pages,
    pages,
    plan_pages,
    reply_book_pages,
    source_pages,
    start_page,
    typing,
    unanswered_pages,
)

DESK_ROUTERS: Final[tuple[APIRouter, ...]] = (
    login.router,
    start_page.router,
    pages.router,
    conversation_pages.router,
    fact_pages.router,
    plan_pages.router,
    file_door.router,
    typing.router,
    reply_book_pages.router,
    source_pages.router,
    unanswered_pages.router,
    model_pages.router,
    action_pages.router,
    account_pages.router,
)
