"""CORS: which sites may embed the chat, an exact list without wildcards."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from bot.http.problems import Problem, problem_response

SHARED_PATHS = "/api/chat/"
ALLOWED_HEADERS = "Authorization, Content-Type, Last-Event-ID, X-Request-ID"


class Origins:
    """The allow-list, and the CORS headers that follow from it."""

    def __init__(self, allowed: Iterable[str], public_url: str) -> None:
        self._allowed = frozenset(origin.rstrip("/").lower() for origin in allowed)
        self._own = _origin_of(public_url)

    def check(self, request: Request) -> str:
        """The request's origin, "" where a browser names none (same site) or no browser sent it.

        Raises:
            Problem: a site that is not on the list.
        """
        origin = request.headers.get("origin", "")
        if not origin or self._is_own(origin, request) or origin.lower() in self._allowed:
            return origin
        raise _refused(origin)

    def is_preflight(self, request: Request) -> bool:
        """Whether a browser only asks whether it may send the real request."""
        return (
            request.method == "OPTIONS"
            and request.url.path.startswith(SHARED_PATHS)
            and "access-control-request-method" in request.headers
        )

    def preflight(self, request: Request) -> Response:
        """Yes or no to a preflight; `add_headers` adds whom."""
        origin = request.headers.get("origin", "")
        if origin.lower() not in self._allowed and not self._is_own(origin, request):
            problem = _refused(origin)
            return problem_response(request, problem.kind, problem.detail)
        return Response(
            status_code=204,
            headers={
                "Access-Control-Allow-Methods": "GET, POST",
                "Access-Control-Allow-Headers": ALLOWED_HEADERS,
                "Access-Control-Max-Age": "600",
            },
        )

    def add_headers(self, path: str, origin: str | None, headers: MutableHeaders) -> None:
        """Say who may read the answer; `Vary` keeps caches from mixing sites up."""
        if not path.startswith(SHARED_PATHS):
            return
        headers.add_vary_header("Origin")
        if origin is not None and origin.lower() in self._allowed:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Expose-Headers"] = "X-Request-ID, Retry-After"

    def _is_own(self, origin: str, request: Request) -> bool:
        # Reached as localhost or through a proxy, the page and the chat still share their host.
        host = request.headers.get("host", "").lower()
        return origin.lower() == self._own or (
            # Not parsed: what follows the scheme may be no address at all.
            bool(host) and origin.lower().partition("://")[2] == host
        )


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _refused(origin: str) -> Problem:
    return Problem(
        "origin-not-allowed",
        f"{origin[:100]!r} may not embed this chat; add it to SHOPCLERK_ALLOWED_ORIGINS.",
    )
