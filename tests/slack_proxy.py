"""A bad line to Slack: a proxy between bot and peer that refuses, fails, stalls, doubles, reorders.

What it does goes by a seeded plan, so that a failing test fails again. It also keeps what the peer
forgets, the metadata of messages, and gives it back with a channel's history as Slack does.
"""

import asyncio
import json
import random
import urllib.parse
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.slack_peer import SlackPeer

STALL_S = 3.0
POSTS = ("chat.postMessage", "chat.update", "chat.postEphemeral", "reactions.add")


@dataclass
class Faults:
    """How often what goes wrong, and in which order by hand where a test says so."""

    refused: float = 0.0  # 429 with Retry-After
    failed_before: float = 0.0  # 503, and Slack has not got it
    failed_after: float = 0.0  # 503, though Slack has got it
    stalled: float = 0.0  # an answer after 3 s, or to nobody where the bot has given up
    doubled: float = 0.0  # events told twice
    reordered: float = 0.0  # events told after the next one
    seed: int = 1
    script: deque[str] = field(default_factory=deque)  # "ok", "429", "before", "after", "stall"
    # What Slack refuses, by channel and words, and its error. A card in another channel may quote
    # the words and link to the channel: it is no such post.
    refuses: dict[tuple[str, str], str] = field(default_factory=dict)


class BadLine:
    """The proxy; give the bot its `api_url`, the peer its `request_url`."""

    def __init__(self, port: int, faults: Faults) -> None:
        """Listen on `port`; `connect` says where both ends are."""
        self.port = port
        self.faults = faults
        self.chance = random.Random(faults.seed)
        self.happened: Counter[str] = Counter()
        self._metadata: dict[str, Any] = {}
        self.telling = 0  # events that are being told, or held back to be told later
        self._held: set[asyncio.Task[Any]] = set()
        self._peer: SlackPeer | None = None
        self._bot_url = ""
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL has to be."""
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def request_url(self) -> str:
        """Where the peer sends events when not in Socket Mode."""
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self, peer: SlackPeer, bot_url: str = "") -> None:
        """Begin to pass on."""
        self._peer, self._bot_url = peer, bot_url
        self._session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/socket/{id}", self._socket)
        app.router.add_post("/slack/events", self._events)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def stop(self) -> None:
        """End."""
        assert self._runner is not None
        assert self._session is not None
        await self._runner.cleanup()
        await self._session.close()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        body = await request.read()
        if method in POSTS and (error := self._refused(body)):
            self.happened[error] += 1
            return web.json_response({"ok": False, "error": error})
        fate = self._fate() if method in POSTS else "ok"
        self.happened[fate] += 1
        if fate == "429":
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"}
            )
        if fate == "before":
            return web.json_response({"ok": False, "error": "service_unavailable"}, status=503)
        answer = await self._forward(request, method, body)
        if fate == "after":
            return web.json_response({"ok": False, "error": "service_unavailable"}, status=503)
        if fate == "stall":
            await asyncio.sleep(STALL_S)
        return web.json_response(answer)

    async def _forward(self, request: web.Request, method: str, body: bytes) -> Any:
        assert self._peer is not None
        assert self._session is not None
        headers = {
            name: request.headers[name]
            for name in ("Content-Type", "Authorization")
            if name in request.headers
        }
        url = f"{self._peer.api_url}{method}"
        async with self._session.request(
            request.method, url, data=body, headers=headers, params=request.query
        ) as answered:
            answer = await answered.json()
        if method == "chat.postMessage" and answer.get("ok"):
            self._metadata[answer["ts"]] = _sent_metadata(body)
        for message in answer.get("messages") or []:
            if metadata := self._metadata.get(message.get("ts")):
                message["metadata"] = metadata
        if method == "apps.connections.open":
            path = answer["url"].partition("/socket/")[2]
            answer["url"] = f"ws://127.0.0.1:{self.port}/socket/{path}"
        return answer

    def _refused(self, body: bytes) -> str | None:
        sent = _arguments(body)
        found = (
            error
            for (channel, words), error in self.faults.refuses.items()
            if sent.get("channel") == channel and words in sent.get("text", "")
        )
        return next(found, None)

    def _fate(self) -> str:
        if self.faults.script:
            return self.faults.script.popleft()
        dealt = self.chance.random()
        for fate, share in (
            ("429", self.faults.refused),
            ("before", self.faults.failed_before),
            ("after", self.faults.failed_after),
            ("stall", self.faults.stalled),
        ):
            if dealt < share:
                return fate
            dealt -= share
        return "ok"

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        """Pass a Socket Mode connection on, doubling and reordering what the peer tells."""
        assert self._peer is not None
        assert self._session is not None
        bot = web.WebSocketResponse()
        await bot.prepare(request)
        url = f"{self._peer.url}/socket/{request.match_info['id']}"
        async with self._session.ws_connect(url) as peer:

            async def from_bot() -> None:
                async for told in bot:
                    await peer.send_str(told.data)

            answering = asyncio.create_task(from_bot())
            async for told in peer:
                if told.type != aiohttp.WSMsgType.TEXT:
                    break
                is_event = json.loads(told.data).get("type") == "events_api"
                try:
                    await self._tell(is_event, lambda data=told.data: bot.send_str(data))
                except ConnectionError:  # the bot is gone
                    break
            answering.cancel()
        return bot

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Pass a signed request on; what is told again carries Slack's headers of a repeat."""
        body = await request.read()
        is_event = request.headers.get("Content-Type", "").startswith("application/json")
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower().startswith("x-slack") or name.lower() == "content-type"
        }
        answered: list[Any] = []

        async def once(number: int = 0) -> None:
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
            assert self._session is not None
            sent = {**headers, **(again if number else {})}
            async with self._session.post(self._bot_url, data=body, headers=sent) as response:
                answered.append((response.status, await response.read(), response.content_type))

        await self._tell(is_event, once)
        if not answered:  # held back: the peer is told that it arrived
            return web.Response()
        status, content, kind = answered[0]
        return web.Response(status=status, body=content, content_type=kind)

    async def _tell(self, is_event: bool, once: Any) -> None:
        if is_event and self.chance.random() < self.faults.reordered:
            self.happened["reordered"] += 1
            self.telling += 1
            task = asyncio.create_task(self._later(once))
            self._held.add(task)
            task.add_done_callback(self._held.discard)
            return
        self.telling += 1
        try:
            await self._at_once(is_event, once)
        finally:
            self.telling -= 1

    async def _at_once(self, is_event: bool, once: Any) -> None:
        await once()
        if is_event and self.chance.random() < self.faults.doubled:
            self.happened["doubled"] += 1
            await once()

    async def _later(self, once: Any) -> None:
        try:
            await asyncio.sleep(0.7)
            await once()
        finally:
            self.telling -= 1


def _sent_metadata(body: bytes) -> Any:
    metadata = _arguments(body).get("metadata")
    return json.loads(metadata) if isinstance(metadata, str) else metadata


def _arguments(body: bytes) -> dict[str, Any]:
    """What a call was given, as JSON or as a form."""
    text = body.decode()
    found: dict[str, Any] = (
        json.loads(text) if text.startswith("{") else dict(urllib.parse.parse_qsl(text))
    )
    return found
