"""Middleware around every request: sender, request id, size, CORS and security headers, metrics.

Plain ASGI: a middleware that waits for whole answers would hold event streams back.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.http.bodies import CAPS, Bodies, cap_of, too_large
from bot.http.metrics import Metrics
from bot.http.origins import Origins
from bot.http.problems import crashed, problem_response
from bot.http.proxies import Proxies

log = structlog.get_logger()

GOOD_REQUEST_ID = re.compile(r"[\w.-]{8,64}", re.ASCII)

SECURITY_HEADERS = {
    # Pictures of imported products lie on the shop's own hosts: https; nothing else from outside.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# A year, of this host alone: others of the shop's domain are not ours to speak for.
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}


@dataclass(frozen=True)
class EdgeRules:
    """What holds for every request, whatever it asks for."""

    origins: Origins  # who may embed the chat
    proxies: Proxies  # whose word on a sender counts
    is_https: bool  # shoppers reach us by https: browsers then never try http again
    # The most bytes of a body, by the path's beginning; elsewhere the chat's hold.
    caps: Mapping[str, int] = field(default_factory=dict)


class EdgeMiddleware:
    """Wraps the app; see the module."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        rules: EdgeRules,
        metrics: Metrics,
        new_id: Callable[[], str],
        heard_forwarder: Callable[[str], Awaitable[None]],
    ) -> None:
        """Wrap `app`.

        Args:
            app: What answers.
            rules: What holds for every request.
            metrics: Where requests are counted.
            new_id: Makes a request's id.
            heard_forwarder: Is told who speaks for others without being trusted.
        """
        self._app = app
        self._headers = {**SECURITY_HEADERS, **(HTTPS_HEADERS if rules.is_https else {})}
        self._proxies = rules.proxies
        self._heard_forwarder = heard_forwarder
        self._origins = rules.origins
        self._metrics = metrics
        self._new_id = new_id
        self._caps = {**CAPS, **rules.caps}
        self._bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        forwarder = self._find_sender(scope)
        headers = Headers(scope=scope)
        asked = headers.get("x-request-id", "")
        request_id = asked if GOOD_REQUEST_ID.fullmatch(asked) else self._new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        begun = False  # whether the answer is on its way

        async def finish(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                out = MutableHeaders(scope=message)
                out["X-Request-ID"] = request_id
                for name, value in self._headers.items():
                    out.setdefault(name, value)
                self._origins.add_headers(scope["path"], headers.get("origin"), out)
                self._count(scope, message["status"], time.perf_counter() - started)
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            early = self._answer_early(scope, receive, headers)
            if early is not None:
                await early(scope, receive, finish)
                return
            cap = cap_of(scope["path"], self._caps)
            try:
                with self._bodies.counted(receive, cap) as bounded:
                    await self._app(scope, bounded, finish)
            except Exception as error:
                if begun:
                    raise  # half an answer is out; the server can only cut the line
                await crashed(Request(scope), error)(scope, receive, finish)
            if forwarder is not None:
                await self._heard_forwarder(forwarder)

    def _find_sender(self, scope: Scope) -> str | None:
        """Put the sender, as far as proxies are trusted, where everybody looks for it.

        A forwarder that is not trusted is returned.
        """
        peer = scope.get("client")
        sender = self._proxies.sender(peer[0] if peer else None, scope["headers"])
        if sender.address is not None:
            port = peer[1] if peer and peer[0] == sender.address else 0
            scope["client"] = (sender.address, port)
        if sender.scheme is not None:
            scope["scheme"] = sender.scheme
        return sender.forwarder

    def _answer_early(self, scope: Scope, receive: Receive, headers: Headers) -> Response | None:
        """Browsers' preflights, and bodies that say themselves that they are too large."""
        request = Request(scope, receive)
        if self._origins.is_preflight(request):
            return self._origins.preflight(request)
        length = headers.get("content-length", "0")
        cap = cap_of(scope["path"], self._caps)
        if length.isdecimal() and int(length[:20]) > cap:
            problem = too_large(cap)
            return problem_response(request, problem.kind, problem.detail)
        return None

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")  # the template: paths hold ids
        self._metrics.requests.labels(scope["method"], route, status).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        # A page of the shop asks for forty files: what went well is for who looks for it.
        tell = log.debug if status < 400 else log.info
        tell(
            "request.answered",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
        )
