"""Connects the clerk to Slack: Socket Mode with an app token, else signed events over HTTP.

Events go into the inbox (`receive`), are handled (`inbox_worker`), and messages leave by the outbox
(`render`, `sender`); modals are answered at once (`listeners`).
"""

import asyncio
from collections.abc import Callable

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.slack.blocks import ClickLink
from bot.channels.slack.config import (
    SLACK_API,
    SlackAccess,
    SlackLeases,
    SlackOptions,
    SlackServices,
    StaffPlace,
)
from bot.channels.slack.desk import StaffDesk
from bot.channels.slack.drawing_queue import DrawingQueue
from bot.channels.slack.event_handlers import EventHandlers
from bot.channels.slack.files import SlackFiles
from bot.channels.slack.http_requests import read_request
from bot.channels.slack.inbox_worker import InboxWorker
from bot.channels.slack.listeners import Listeners
from bot.channels.slack.live_calls import LiveCalls
from bot.channels.slack.outbox_writer import OutboxWriter
from bot.channels.slack.patient_retries import patient_retries
from bot.channels.slack.receive import Receiver
from bot.channels.slack.render import MessageRenderer
from bot.channels.slack.retrying_client import TIMEOUT_S, Caller
from bot.channels.slack.routes import slack_route
from bot.channels.slack.sender import OutboxSender
from bot.channels.slack.shopper_thread import ShopperThreads
from bot.channels.slack.slash_command import SlashCommand
from bot.channels.slack.staff_events import StaffEvents
from bot.channels.slack.status_line import StatusLine
from bot.channels.slack.thread_notes import ThreadNotes
from bot.channels.slack.users import SlackUsers
from feedback.desk import CardLists, Desk, Inbox, InternalNotes, Outbox, Sheets, note_thumb
from feedback.signals import Signals

log = structlog.get_logger()


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

    def wake(self, dialogue_id: str) -> None:
        """This process has written to a dialogue: look what is to be sent; from any thread."""
        self._sender.wake_soon()

    async def handle(self, request: Request) -> Response:
        """Take one of Slack's requests at POST /slack/events; its signature is checked."""
        wanted = await read_request(request, self._verifier)
        return to_starlette_response(await self.app.async_dispatch(wanted))


def build_slack(
    access: SlackAccess,
    options: SlackOptions,
    leases: SlackLeases,
    services: SlackServices,
    *,
    shopper_of: Callable[[str, str], str],
    click_link: ClickLink,
    wake: Callable[[str], None] = lambda _: None,
) -> SlackEdge:
    """Wire the clerk to Slack; connects to nothing yet.

    Args:
        access: Tokens and address.
        options: What the shop has decided.
        leases: This process's name, clock and patience.
        services: The clerk and what it knows.
        shopper_of: A shopper's id for a workspace and a person: a keyed value, not Slack's own id.
        click_link: The counted address of an impression's product (`/c/…`).
        wake: Tells open web chats that a dialogue has something new.

    Raises:
        SlackNotConfigured: neither an app token nor a signing secret is given.
    """
    if not access.app_token and not access.signing_secret:
        raise SlackNotConfigured(
            "SLACK_BOT_TOKEN is set, but neither SLACK_APP_TOKEN (Socket Mode) nor"
            " SLACK_SIGNING_SECRET (events over HTTP): set one of them."
        )
    client, once = _clients(access)
    # In Socket Mode nothing is signed; Bolt wants a secret all the same.
    secret = access.signing_secret or "unused-in-socket-mode"
    app = AsyncApp(client=client, signing_secret=secret)
    db, clock, where = services.store.db, leases.clock, StaffPlace(options.review_channel)
    inbox, outbox, desk, sheets = Inbox(db), Outbox(db, router=slack_route), Desk(db), Sheets(db)
    lists = CardLists(db, options.targets)
    threads = ShopperThreads(
        clerk=services.clerk,
        store=services.store,
        signals=Signals(db, note_thumb),
        files=services.files,
        shopper_of=shopper_of,
        clock=clock,
        locale=options.locale,
    )
    staff_desk = StaffDesk(
        desk=desk,
        book=services.book,
        files=services.files,
        targets=options.targets,
        zone=options.zone,
        clock=clock,
        wake=wake,
    )
    renderer = MessageRenderer(
        services, options, staff_desk, sheets, where, click_link=click_link, clock=clock
    )
    queue = DrawingQueue(db, where, options.targets, leases.pace)
    sender = OutboxSender(outbox, queue, renderer, Caller(once), leases)
    users = SlackUsers(
        client,
        managers=options.managers,
        staff=options.staff,
        review_channel=options.review_channel,
    )
    live_calls = LiveCalls(
        client=client,
        lists=lists,
        controls=services.controls,
        people=users,
        where=where,
        options=options,
        clock=clock,
    )
    writer = OutboxWriter(outbox, clock)
    files, status = SlackFiles(client), StatusLine(client)
    staff_events = StaffEvents(
        files=files,
        staff_desk=staff_desk,
        notes=ThreadNotes(InternalNotes(db), clock),
        sheets=sheets,
        command=SlashCommand(
            db=db,
            lists=lists,
            controls=services.controls,
            where=where,
            zone=options.zone,
            clock=clock,
        ),
        controls=services.controls,
        users=users,
        live_calls=live_calls,
        writer=writer,
        clock=clock,
    )
    handlers = EventHandlers(
        threads=threads,
        staff=staff_events,
        users=users,
        files=files,
        live_calls=live_calls,
        status=status,
        writer=writer,
    )
    worker = InboxWorker(inbox, outbox, handlers, leases, sent=sender.wake)
    receiver = Receiver(inbox, clock=clock, arrived=worker.wake)
    Listeners(
        door=receiver,
        talk=threads,
        staff_desk=staff_desk,
        sheets=sheets,
        users=users,
        shop=options.shop,
    ).register(app)
    verifier = SignatureVerifier(secret)
    return SlackEdge(
        app, access.app_token, verifier=verifier, worker=worker, sender=sender, where=where
    )


def _clients(access: SlackAccess) -> tuple[AsyncWebClient, AsyncWebClient]:
    """One that tries again by itself, and one that does not."""
    base_url = access.api_url or SLACK_API
    patient = AsyncWebClient(
        token=access.bot_token,
        base_url=base_url,
        timeout=TIMEOUT_S,
        retry_handlers=patient_retries(),
    )
    # What the outbox sends is tried again by the outbox alone: it looks first.
    once = AsyncWebClient(
        token=access.bot_token, base_url=base_url, timeout=TIMEOUT_S, retry_handlers=[]
    )
    return patient, once
