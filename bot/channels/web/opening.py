"""Opening a dialogue of the web chat: the browser that asks, the session it has, what is begun."""

from typing import NamedTuple

import structlog
from fastapi import Request

from bot.channels.web.auth import bearer_token
from bot.channels.web.bot_traffic import is_robot
from bot.channels.web.schemas import SessionRequest
from bot.http import Problem, WebContext
from bot.languages import normal_locale
from bot.signed_in import SignedIn, read_signed_in
from bot.tokens import BadToken, SessionToken
from feedback.db import Dialogue, UnknownDialogue
from feedback.dialogues import traits_of

log = structlog.get_logger()


class Browser(NamedTuple):
    """What a request tells of the browser that sent it."""

    user_agent: str | None
    been_before: bool  # it has a token, be it an old one


def browser_of(request: Request) -> Browser:
    """The browser that asks."""
    token = bearer_token(request.headers.get("authorization"))
    return Browser(request.headers.get("user-agent"), token is not None)


def known_session(context: WebContext, request: Request, origin: str) -> SessionToken | None:
    """The session that the request goes on with; None: a new one."""
    token = bearer_token(request.headers.get("authorization"))
    if token is None:
        return None
    try:
        session = context.tokens.read_session(token)
    except BadToken:
        return (
            None  # an old token starts a new session; that is what the widget would do next anyway
        )
    return session if session.origin == origin else None


def signed_in_of(context: WebContext, wanted: SessionRequest) -> SignedIn | None:
    """Who the shop's page says is signed in; one that it did not sign is nobody."""
    if wanted.customer is None or context.config.customer_secret is None:
        return None
    signed_in = read_signed_in(wanted.customer, context.config.customer_secret)
    if signed_in is None:
        log.warning("customer.not_signed")
    elif not signed_in.holds(context.clock()):
        log.warning("customer.not_in_time", until=signed_in.until.isoformat())
    return signed_in


def same_person(known: SessionToken, now: SignedIn | None) -> bool:
    """Whether a session may go on: who signs in keeps it, who signs out leaves it behind."""
    before = known.signed_in
    return before is None or (now is not None and now.customer == before.customer)


def open_for(
    context: WebContext, wanted: SessionRequest, known: SessionToken | None, browser: Browser
) -> Dialogue:
    """The dialogue that the session is in, or a new one."""
    if known is not None and not wanted.new_dialogue:
        dialogue = context.store.dialogue(wanted.dialogue_id or known.dialogue_id)
        if dialogue is not None and dialogue.shopper_id == known.shopper_id:
            return dialogue
        if wanted.dialogue_id is not None:
            raise unknown_dialogue(UnknownDialogue(wanted.dialogue_id))
    dialogue = context.clerk.open(
        shopper_id=known.shopper_id if known else None,
        channel="web",
        locale=normal_locale(wanted.locale or ""),
        page=wanted.page,
        traits=traits_of(
            user_agent=browser.user_agent,
            page=wanted.page,
            referrer=wanted.referrer,
            language=wanted.locale,
            been_before=browser.been_before,
        ),
    )
    if is_robot(browser.user_agent, public=context.config.is_public):
        context.store.leave_out_robot(dialogue.shopper_id, context.clock())
    elif wanted.visitor and context.visits is not None:
        context.visits.chats(wanted.visitor, dialogue.shopper_id)
    return dialogue


def unknown_dialogue(said: object) -> Problem:
    """The dialogue that was asked for is gone."""
    return Problem(
        "unknown-dialogue",
        f"{said}. It may have been erased; POST /api/chat/sessions starts a new one.",
    )
