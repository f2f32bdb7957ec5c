"""Runs a Slack edge beside a synchronous test."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import uvicorn
from fastapi import FastAPI

from bot.channels.slack.config import SlackAccess, SlackLeases, SlackOptions, SlackServices
from bot.channels.slack.edge import SlackEdge, build_slack
from bot.controls import Controls, ModelState
from feedback.desk.inbox import Inbox
from feedback.desk.outbox import Outbox
from feedback.files.repository import Files
from tests.bot.shop import NOON, Shop
from tests.slack_peer import APP_TOKEN, BOT_TOKEN, REVIEW, SIGNING_SECRET, SlackPeer, eventually

OWNERS = itertools.count(1)
RETRAINING = "Retraining has begun; the report channel hears how it went."
Result = TypeVar("Result")


class LoopThread:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        """Start it."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine there to its end."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def stop(self) -> None:
        """End the loop once its tasks have."""
        self.run(self._finish())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _finish(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.05)  # aiohttp closes its sockets a moment later
        await asyncio.get_running_loop().shutdown_default_executor()


def controls(**changes: Any) -> Controls:
    """A model that is always version 3; what is asked of it is only told."""
    told = {
        "model": lambda: ModelState(3, NOON, None, (2, 3)),
        "retrain": lambda _: RETRAINING,
        "promote": lambda version, _: f"Version {version} answers now.",
        "keep": lambda version, _: f"The trial of version {version} is over.",
        "roll_back": lambda _: "Version 2 answers again.",
        "report": lambda: "",
        "preview": lambda _: None,
    }
    return Controls(**{**told, **changes})


def edge_of(
    shop: Shop,
    peer: SlackPeer,
    *,
    socket_mode: bool = True,
    api_url: str | None = None,
    **options: Any,
) -> SlackEdge:
    """The shop's clerk in the peer's workspace, with #desk for its staff and a quick pace."""
    shop.real_time = True  # leases and waits are of this world
    settings: dict[str, Any] = {"review_channel": REVIEW, "thumbs": "plain", **options}
    model = settings.pop("controls", None) or controls()
    draft = settings.pop("draft", None)
    patience = {name: settings.pop(name) for name in ("lease", "pace", "owner") if name in settings}
    return build_slack(
        SlackAccess(
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN if socket_mode else None,
            signing_secret=None if socket_mode else SIGNING_SECRET,
            api_url=api_url or peer.api_url,
        ),
        SlackOptions(shop="Juniper Lane", **settings),
        SlackLeases(
            clock=shop.clock,
            **{"owner": f"bot-{next(OWNERS)}", "pace": timedelta(milliseconds=20), **patience},
        ),
        SlackServices(
            clerk=shop.clerk,
            store=shop.store,
            book=shop.book,
            controls=model,
            files=Files(shop.store.db),
            draft=draft,
        ),
        shopper_of=lambda team, user: f"shopper-{team}-{user}",
        click_link=lambda impression_id, target, url: f"https://clerk.example/c/{target}",
    )


def settled(shop: Shop, seconds: float = 90) -> None:
    """Wait until what Slack told is worked off, and what was to be said has left."""
    db = shop.store.db

    def nothing_waits() -> bool:
        busy = {"waiting", "taken"} & Inbox(db).counts().keys()
        return not busy and Outbox(db).waiting().messages == 0

    eventually(nothing_waits, seconds)


@contextmanager
def connected(edge: SlackEdge, peer: SlackPeer) -> Iterator[None]:
    """The edge connected by Socket Mode."""
    loop = LoopThread()
    loop.run(edge.start())
    peer.wait_for_socket()
    try:
        yield
    finally:
        loop.run(edge.stop())
        loop.stop()


class Workspace(NamedTuple):
    """A peer, and how the clerk is reached from it: by Socket Mode, or at a port."""

    peer: SlackPeer
    port: int | None = None

    @contextmanager
    def with_clerk(self, shop: Shop, **options: Any) -> Iterator[SlackPeer]:
        """The shop's clerk in this workspace; the peer."""
        edge = edge_of(shop, self.peer, socket_mode=self.port is None, **options)
        running = connected(edge, self.peer) if self.port is None else serving(edge, self.port)
        with running:
            yield self.peer


@contextmanager
def serving(slack: SlackEdge, port: int) -> Iterator[None]:
    """The edge's handler at POST /slack/events of a real web server."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await slack.start()
        yield
        await slack.stop()

    web = FastAPI(lifespan=lifespan)
    web.add_api_route("/slack/events", slack.handle, methods=["POST"])
    server = uvicorn.Server(uvicorn.Config(web, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started or None)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
