"""Runs a Slack edge beside a synchronous test."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import uvicorn
from fastapi import FastAPI

from bot.slack.app import SlackEdge, build_slack
from tests.bot.shop import Shop
from tests.slack_peer import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, SlackPeer, eventually

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


def edge_of(shop: Shop, peer: SlackPeer, *, socket_mode: bool = True, **options: Any) -> SlackEdge:
    """The shop's clerk in the peer's workspace."""
    return build_slack(
        clerk=shop.clerk,
        store=shop.store,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN if socket_mode else None,
        signing_secret=None if socket_mode else SIGNING_SECRET,
        api_url=peer.api_url,
        shopper_of=lambda team, user: f"shopper-{team}-{user}",
        first_time=lambda source, id_: shop.orders.first_delivery(source, id_, shop.clock()),
        click_link=lambda impression_id, target, url: f"https://clerk.example/c/{target}",
        clock=shop.clock,
        **options,
    )


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


@contextmanager
def serving(edge: Callable[[], SlackEdge], port: int) -> Iterator[None]:
    """The edge's handler at POST /slack/events of a real web server."""
    web = FastAPI()
    web.add_api_route("/slack/events", edge().handle, methods=["POST"])
    server = uvicorn.Server(uvicorn.Config(web, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started or None)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)
