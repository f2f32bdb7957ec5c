"""The desk's routes, for `bot.app` to mount."""

from typing import Final

from fastapi import APIRouter

from bot.desk import (
    account_pages,
    action_pages,
    answer_pages,
    conversation_pages,
    fact_pages,
    file_door,
    login,
    model_pages,
    order_page,
    plan_pages,
    presence,
    proposal_pages,
    reply_book_pages,
    source_pages,
    start_page,
    talk_forms,
    unanswered_pages,
    weekly_pages,
)

DESK_ROUTERS: Final[tuple[APIRouter, ...]] = (
    login.router,
    start_page.router,
    conversation_pages.router,
    talk_forms.router,
    answer_pages.router,
    weekly_pages.router,
    fact_pages.router,
    plan_pages.router,
    file_door.router,
    presence.router,
    reply_book_pages.router,
    proposal_pages.router,
    source_pages.router,
    unanswered_pages.router,
    model_pages.router,
    action_pages.router,
    order_page.router,
    account_pages.router,
)
