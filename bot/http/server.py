"""The HTTP server: Uvicorn, with bounds on what one connection may take.

Uvicorn's own bounds on a request's head hold for its slower reader alone (h11). Here httptools
reads, and this protocol counts: bytes of a head, time for a head and a body, requests sent ahead,
time for an answer to be read, connections in all and by address (`bot.http.open_connections`).
"""

import asyncio
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Literal, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from bot.http.context import WebContext
from bot.http.metrics import Metrics
from bot.http.open_connections import LINGERING, ConnectionLimits, OpenConnections
from bot.http.problems import KINDS, MEDIA_TYPE
from bot.http.proxies import Proxies
from bot.http.rate_limits import counted_as

GRACE_SECONDS: Final = 3  # for open streams at the end: they resume elsewhere
LINGER_SECONDS: Final = 1.0  # a refused connection may read why
DETAILS: Final = {
    "bad-request": "This is no HTTP request that can be read.",
    "head-too-large": "The request's head is too large; send fewer and shorter headers.",
    "too-slow": "The request did not come in time; send it again, at once.",
    "too-many-connections": "Too many connections are open from this address; close some.",
    "full": "All connections are taken; come back in a moment.",
}

Stage = Literal["head", "body"]


@dataclass(frozen=True)
class Bounds:
    """What one connection may take."""

    head_bytes: int = 32_768  # as nginx takes; cookies of a shop's own domain come along
    headers: int = 200
    head_seconds: float = 10.0
    body_seconds: float = 30.0  # 1 MB over a bad line
    unread_seconds: float = 60.0  # an answer, or a stream's news, that nobody fetches
    idle_seconds: float = 5.0  # between two requests
    proxy_idle_seconds: float = (
        75.0  # longer than a proxy keeps its own, so that no request is lost
    )
    sent_ahead: int = 16  # requests before the first is answered


class BoundedConfig(uvicorn.Config):
    """Uvicorn's configuration for one app of ours, and what its connections share."""

    def __init__(
        self,
        app: FastAPI,
        *,
        room: ConnectionLimits | None = None,
        bounds: Bounds | None = None,
        **more: Any,
    ) -> None:
        """`more` is Uvicorn's: host, port, log_level."""
        context: WebContext = app.state.context
        super().__init__(
            app,
            http=BoundedProtocol,
            ws="none",
            proxy_headers=False,  # `bot.http.middleware` reads them
            log_config=None,  # its lines have the form of ours
            access_log=False,
            **{"timeout_graceful_shutdown": GRACE_SECONDS, **more},
        )
        self.open_connections = OpenConnections(room or ConnectionLimits())
        self.bounds = bounds or Bounds()
        self.proxies = Proxies(context.config.trusted_proxies)
        self.metrics: Metrics = context.metrics


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    config: BoundedConfig

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.counted: str | None = None
        self._bounds = self.config.bounds
        self._open = self.config.open_connections
        self._stage: Stage | None = None  # which part of a request is coming in
        self._timed: Stage | None = None  # which part the timer is for
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._loose = 0  # bytes that came and are neither a whole head nor a body
        self._problem = "bad-request"  # what a request that cannot be read is
        self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let it in, if there is room."""
        super().connection_made(cast("asyncio.Transport", transport))
        peer = self.client[0] if self.client else None
        if self.config.proxies.trust(peer):
            self.timeout_keep_alive = self._bounds.proxy_idle_seconds  # type: ignore[assignment]
        else:
            self.timeout_keep_alive = self._bounds.idle_seconds  # type: ignore[assignment]
            self.counted = counted_as(peer) if peer else None
        problem = self._open.enter(self)
        if problem is None:
            self._expect("head")
        elif len(self.connections) < len(self._open) + LINGERING:
            self._refuse(problem, linger=True)
        else:
            self._count(problem)
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._open.leave(self)
        self._expect(None)
        self._read_by_now(None)
        super().connection_lost(exc)

    def make_room(self) -> None:
        """Close at once, for somebody else."""
        self._count("evicted")
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read on, within bounds."""
        if self._refused:
            return
        self._loose += len(data)
        super().data_received(data)
        if self._refused or self.transport.is_closing():
            return
        if self._loose > self._bounds.head_bytes:
            self._refuse("head-too-large")
            return
        idle = self.cycle is None or self.cycle.response_complete
        stage: Stage | None = self._stage or ("head" if idle else None)
        if stage != self._timed:
            self._expect(stage)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._stage = "head"

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; one after the body (a trailer) is nobody's business."""
        if self._stage == "head":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """A head has come whole."""
        if self._loose > self._bounds.head_bytes and self._head_bytes() > self._bounds.head_bytes:
            self._problem = "head-too-large"
            raise ValueError(self._problem)
        if len(self.headers) > self._bounds.headers:
            self._problem = "head-too-large"
            raise ValueError(self._problem)
        if len(self.pipeline) >= self._bounds.sent_ahead:
            raise ValueError("too many requests sent ahead")
        self._stage, self._loose = "body", 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body; as many bytes again may be its chunks' frames."""
        self._loose = max(0, self._loose - 2 * len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has come whole."""
        self._stage, self._loose = None, 0
        self._open.asks(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """It was answered."""
        if self._stage is None and not self.pipeline:
            self._open.waits(self)
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The answers are not fetched."""
        super().pause_writing()
        self._read_by_now(self._bounds.unread_seconds)

    def resume_writing(self) -> None:
        """They are."""
        super().resume_writing()
        self._read_by_now(None)

    def send_400_response(self, msg: str) -> None:
        """The reader gave up."""
        self._refuse(self._problem)

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _expect(self, stage: Stage | None) -> None:
        """Close the connection unless this part of a request comes in time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._timed = stage
        if stage is not None:
            seconds = self._bounds.head_seconds if stage == "head" else self._bounds.body_seconds
            self._timer = self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        if self._stage is None and not self._loose:
            self.transport.close()  # a browser's connection in advance: it has asked nothing
        else:
            self._refuse("too-slow")

    def _read_by_now(self, seconds: float | None) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        if seconds is not None:
            self._unread = self.loop.call_later(seconds, self._not_read)

    def _not_read(self) -> None:
        self._count("not-read")
        self.transport.abort()

    def _refuse(self, problem: str, *, linger: bool = False) -> None:
        """Say why, unless half an answer is out, and close."""
        self._refused = True
        self._count(problem)
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(_answer(problem))
        if not linger:
            self.transport.close()
            return
        # Closed with its request unread, the other side would lose our answer.
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _count(self, problem: str) -> None:
        self.config.metrics.refused_connections.labels(problem).inc()


def _answer(problem: str) -> bytes:
    """A problem document, as a whole answer."""
    status, title = KINDS[problem]
    body = json.dumps(
        {
            "type": f"/api/docs#{problem}",
            "title": title,
            "status": status,
            "detail": DETAILS[problem],
        }
    )
    again = "Retry-After: 5\r\n" if status in (429, 503) else ""
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\n{again}Connection: close\r\n\r\n"
    )
    return f"{head}{body}".encode("ascii")
