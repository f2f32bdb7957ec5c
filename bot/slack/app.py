"""The clerk in Slack: Socket Mode where an app token is given, else signed events over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.clerk import Clerk
from bot.slack.blocks import ClickLink
from bot.slack.listeners import Listeners
from bot.slack.talk import Talk
from feedback.store import Store

log = structlog.get_logger()

SLACK_API: Final = "https://slack.com/api/"
MAX_BODY: Final = 1_000_000  # bytes; Slack's payloads have some thousands


class SlackNotConfigured(Exception):
    """A token is missing; the message names the setting."""


class SlackEdge:
    """The running connection to Slack."""

    def __init__(self, app: AsyncApp, app_token: str | None) -> None:
        """Connect by Socket Mode if `app_token`; else `handle` takes Slack's requests."""
        self.app = app
        self._app_token = app_token
        self._http = AsyncSlackRequestHandler(app)
        self._socket: AsyncSocketModeHandler | None = None

    @property
    def uses_socket(self) -> bool:
        """Whether Slack is reached by Socket Mode; then nothing need be mounted."""
        return self._app_token is not None

    async def start(self) -> None:
        """Connect; returns once connected. Nothing to do over HTTP."""
        if self._app_token is not None:
            self._socket = AsyncSocketModeHandler(self.app, self._app_token)
            await self._socket.connect_async()  # type: ignore[no-untyped-call]
            log.info("slack.connected")

    async def stop(self) -> None:
        """Disconnect; answers under way are lost."""
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
            self._socket = None

    async def handle(self, request: Request) -> Response:
        """Take one of Slack's requests at POST /slack/events; its signature is checked."""
        body = await request.body()
        if len(body) > MAX_BODY:
            return PlainTextResponse(f"Send at most {MAX_BODY} bytes.", status_code=413)
        try:
            body.decode("utf-8")
        except UnicodeDecodeError:
            return PlainTextResponse("The body is not UTF-8.", status_code=400)
        return await self._http.handle(request)


def build_slack(
    *,
    clerk: Clerk,
    store: Store,
    bot_token: str,
    app_token: str | None,
    signing_secret: str | None,
    api_url: str | None,
    shopper_of: Callable[[str, str], str],
    first_time: Callable[[str, str], bool],
    click_link: ClickLink,
    clock: Callable[[], datetime],
    locale: str = "en",
    feedback_buttons: bool = False,
) -> SlackEdge:
    """Wire the clerk to Slack; connects to nothing yet.

    Args:
        clerk: Answers.
        store: Keeps the thumbs and finds dialogues by their threads.
        bot_token: `xoxb-…`, from "OAuth & Permissions".
        app_token: `xapp-…`, from "Basic Information"; None for events over HTTP.
        signing_secret: From "Basic Information"; needed for events over HTTP.
        api_url: Where Slack's Web API is; None for Slack's own.
        shopper_of: A shopper's id for a workspace and a person: a keyed value, not Slack's own id.
        first_time: Whether a message from a source comes for the first time, as
            `Orders.first_delivery` tells.
        click_link: The counted address of an impression's product (`/c/…`).
        clock: The time now, aware.
        locale: The language where the shopper's text does not tell.
        feedback_buttons: Draw thumbs as Slack's own feedback buttons.

    Raises:
        SlackNotConfigured: neither an app token nor a signing secret is given.
    """
    if not app_token and not signing_secret:
        raise SlackNotConfigured(
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor"
            " SLACK_SIGNING_SECRET (events over HTTP): set one of them."
        )
    client = AsyncWebClient(
        token=bot_token,
        base_url=api_url or SLACK_API,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=3),
            AsyncServerErrorRetryHandler(max_retry_count=2),
        ],
    )
    # In Socket Mode nothing is signed; Bolt wants a secret all the same.
    app = AsyncApp(client=client, signing_secret=signing_secret or "unused-in-socket-mode")
    talk = Talk(
        clerk=clerk,
        store=store,
        shopper_of=shopper_of,
        first_time=first_time,
        clock=clock,
        locale=locale,
    )
    Listeners(talk, click_link=click_link, feedback_buttons=feedback_buttons).register(app)
    return SlackEdge(app, app_token)
