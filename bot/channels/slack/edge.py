"""Connects the clerk to Slack: Socket Mode with an app token, else signed events over HTTP.

Events go into the inbox (`receive`), are handled (`inbox_worker`), and messages leave by the outbox
(`render`, `sender`); modals are answered at once (`listeners`).
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.slack.blocks import ClickLink
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.http_requests import read_request
from bot.channels.slack.inbox_worker import InboxWorker
from bot.channels.slack.listeners import Listeners
from bot.channels.slack.live_calls import LiveCalls
from bot.channels.slack.receive import Receiver
from bot.channels.slack.render import Drafts, MessageRenderer, StaffPlace
from bot.channels.slack.retrying_client import TIMEOUT_S, Caller
from bot.channels.slack.sender import LEASE, PACE, OutboxSender
from bot.channels.slack.shopper_thread import ShopperThreads
from bot.channels.slack.slash_command import SlashCommand
from bot.channels.slack.users import SlackUsers
from bot.clerk import Clerk
from bot.controls import Controls
from feedback.desk import Desk, Inbox, Outbox, Sheets, note_thumb
from feedback.dialogues import Store
from feedback.knowledge import ReplyBook
from feedback.signals import Signals

log = structlog.get_logger()

SLACK_API: Final = "https://slack.com/api/"


class SlackNotConfigured(Exception):
    """A token is missing; the message names the setting."""


class SlackEdge:
    """The running connection to Slack: takes in, works off, sends."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str | None,
        *,
        verifier: SignatureVerifier,
        worker: InboxWorker,
        sender: OutboxSender,
        where: StaffPlace,
    ) -> None:
        """Connect by Socket Mode if `app_token`; else `handle` takes Slack's requests."""
        self.app = app
        self._app_token = app_token
        self._worker = worker
        self._sender = sender
        self._where = where
        self._verifier = verifier
        self._socket: AsyncSocketModeHandler | None = None
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def uses_socket(self) -> bool:
        """Whether Slack is reached by Socket Mode; then nothing need be mounted."""
        return self._app_token is not None

    async def start(self) -> None:
        """Begin to work and connect; Slack being away only delays what waits."""
        jobs = (self._worker.run(), self._sender.run(), self._introduce())
        self._tasks = [asyncio.create_task(job) for job in jobs]
        if self._app_token is not None:
            self._socket = AsyncSocketModeHandler(self.app, self._app_token)
            self._tasks.append(asyncio.create_task(self._connect(self._socket)))

    async def stop(self) -> None:
        """Disconnect; what is under way is gone on with at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        if self._socket is not None:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
            self._socket = None

    async def _connect(self, socket: AsyncSocketModeHandler) -> None:
        """Connect, however long Slack is away; afterwards Bolt keeps the connection by itself."""
        pause = 1.0
        while True:
            try:
                await socket.connect_async()  # type: ignore[no-untyped-call]
            except Exception as away:
                log.warning("slack.not_connected", reason=type(away).__name__, again_in_s=pause)
                await asyncio.sleep(pause)
                pause = min(60.0, 2 * pause)
            else:
                log.info("slack.connected")
                return

    async def _introduce(self) -> None:
        """Ask who we are, for links and for our own table."""
        while not self._where.team:
            try:
                answer = await self.app.client.auth_test()
            except Exception as away:
                log.warning("slack.away", reason=type(away).__name__)
                await asyncio.sleep(30)
            else:
                self._where.team = str(answer.get("team_id") or "unknown")
                self._where.url = str(answer.get("url") or "")

    async def handle(self, request: Request) -> Response:
        """Take one of Slack's requests at POST /slack/events; its signature is checked."""
        wanted = await read_request(request, self._verifier)
        return to_starlette_response(await self.app.async_dispatch(wanted))


def build_slack(
    *,
    clerk: Clerk,
    store: Store,
    book: ReplyBook,
    controls: Controls,
    bot_token: str,
    app_token: str | None,
    signing_secret: str | None,
    api_url: str | None,
    shopper_of: Callable[[str, str], str],
    click_link: ClickLink,
    clock: Callable[[], datetime],
    owner: str,
    shop: str = "our shop",
    locale: str = "en",
    review_channel: str | None = None,
    managers: tuple[str, ...] = (),
    thumbs: str = "native",
    draft: Drafts | None = None,
    wake: Callable[[str], None] = lambda _: None,
    zone: tzinfo = UTC,
    pace: timedelta = PACE,
    lease: timedelta = LEASE,
) -> SlackEdge:
    """Wire the clerk to Slack; connects to nothing yet.

    Args:
        clerk: Answers.
        store: Keeps the thumbs and finds dialogues by their threads; its database holds the rest.
        book: The reply book.
        controls: What people may ask of the model.
        bot_token: `xoxb-…`, from "OAuth & Permissions".
        app_token: `xapp-…`, from "Basic Information"; None for events over HTTP.
        signing_secret: From "Basic Information"; needed for events over HTTP.
        api_url: Where Slack's Web API is; None for Slack's own.
        shopper_of: A shopper's id for a workspace and a person: a keyed value, not Slack's own id.
        click_link: The counted address of an impression's product (`/c/…`).
        clock: The time now, aware.
        owner: Names this process in leases; another name in every process.
        shop: The shop's name.
        locale: The language where the shopper's text does not tell.
        review_channel: The channel's id where the staff are; None: they work at /desk.
        managers: Ids of the people and user groups that may retrain, promote and roll back.
        thumbs: "native", "plain" or "off", see `bot.channels.slack.render`.
        draft: The model's own words after a dialogue, for the staff.
        wake: Tells open web chats that a dialogue has something new.
        zone: The shop's time zone, for times on cards.
        pace: Between two messages in a channel.
        lease: How long a message is held by who sends it.

    Raises:
        SlackNotConfigured: neither an app token nor a signing secret is given.
    """
    if not app_token and not signing_secret:
        raise SlackNotConfigured(
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor"
            " SLACK_SIGNING_SECRET (events over HTTP): set one of them."
        )
    base_url = api_url or SLACK_API
    client = AsyncWebClient(
        token=bot_token,
        base_url=base_url,
        timeout=TIMEOUT_S,
        retry_handlers=[
            AsyncConnectionErrorRetryHandler(),
            AsyncRateLimitErrorRetryHandler(max_retry_count=3),
            AsyncServerErrorRetryHandler(max_retry_count=2),
        ],
    )
    # What the outbox sends is tried again by the outbox alone: it looks first.
    once = AsyncWebClient(token=bot_token, base_url=base_url, timeout=TIMEOUT_S, retry_handlers=[])
    # In Socket Mode nothing is signed; Bolt wants a secret all the same.
    secret = signing_secret or "unused-in-socket-mode"
    app = AsyncApp(client=client, signing_secret=secret)
    db, where = store.db, StaffPlace(review_channel)
    inbox, outbox, desk, sheets = Inbox(db), Outbox(db), Desk(db), Sheets(db)
    talk = ShopperThreads(
        clerk=clerk,
        store=store,
        signals=Signals(db, note_thumb),
        shopper_of=shopper_of,
        clock=clock,
        locale=locale,
    )
    staff_desk = StaffDesk(desk=desk, book=book, clock=clock, wake=wake)
    drawer = MessageRenderer(
        store=store,
        staff_desk=staff_desk,
        sheets=sheets,
        where=where,
        click_link=click_link,
        clock=clock,
        draft=draft,
        thumbs=thumbs,
        zone=zone,
    )
    caller = Caller(once)
    sender = OutboxSender(
        outbox=outbox, drawer=drawer, caller=caller, owner=owner, clock=clock, pace=pace,
        lease=lease,
    )  # fmt: skip
    people = SlackUsers(client, managers)
    worker = InboxWorker(
        inbox=inbox,
        outbox=outbox,
        talk=talk,
        staff_desk=staff_desk,
        sheets=sheets,
        command=SlashCommand(desk=desk, controls=controls, clock=clock),
        controls=controls,
        people=people,
        front=LiveCalls(
            client=client,
            desk=desk,
            controls=controls,
            people=people,
            where=where,
            shop=shop,
            clock=clock,
        ),
        owner=owner,
        clock=clock,
        sent=sender.wake,
        lease=lease,
    )
    door = Receiver(inbox, clock=clock, arrived=worker.wake)
    Listeners(door=door, talk=talk, staff_desk=staff_desk, sheets=sheets).register(app)
    verifier = SignatureVerifier(secret)
    return SlackEdge(app, app_token, verifier=verifier, worker=worker, sender=sender, where=where)
