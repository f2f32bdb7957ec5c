"""An HTTP client that reaches an app in the same process, the app running in a loop of its own.

FastAPI's own test client warns that its days are numbered, and warnings are errors here.
"""

from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI


class Visitor(httpx.Client):
    """Use it as a context; a failure of the server comes back as an answer, as over a wire."""

    def __init__(self, app: FastAPI, base_url: str, peer: str = "127.0.0.1") -> None:
        """`peer` is the address that the app sees requests come from."""
        self._loop = start_blocking_portal()
        portal = self._loop.__enter__()
        super().__init__(transport=_InProcess(app, portal, peer), base_url=base_url)

    def __exit__(self, *gone: Any) -> None:
        """Leave, and end the loop."""
        super().__exit__(*gone)
        self._loop.__exit__(None, None, None)


class _InProcess(httpx.BaseTransport):
    """Hands requests to the app; answers come back whole."""

    def __init__(self, app: FastAPI, portal: BlockingPortal, peer: str) -> None:
        self._inner = httpx.ASGITransport(app, raise_app_exceptions=False, client=(peer, 40_000))
        self._portal = portal

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._portal.call(self._answer, request, request.read())

    async def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        inner = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        answer = await self._inner.handle_async_request(inner)
        content = b"".join([part async for part in answer.aiter_raw()])  # packed as it was sent
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)
