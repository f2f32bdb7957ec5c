"""A small web site on this machine: pages that change, go, redirect, ask for patience."""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What the server says to a path."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    ends: str = "well"  # "early": the connection breaks; "never": it goes on for ever


def html(text: str, *, title: str = "Help", links: tuple[str, ...] = (), etag: str = "") -> Answer:
    """A page of one text, with a menu around it."""
    menu = "".join(f'<a href="{link}">{link}</a>' for link in links)
    body = f"<title>{title} | Shop</title><nav>{menu}</nav><main><h1>{title}</h1>{text}</main>"
    return Answer(body.encode(), etag=etag)


def redirect(to: str) -> Answer:
    """A page that leads to another one."""
    return Answer(status=302, headers=(("Location", to),))


class LocalSite:
    """A site whose pages are set by path; `asked` counts what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | list[Answer]] = {}
        self.asked: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def put(self, path: str, answer: Answer | list[Answer]) -> None:
        """Say so from now on; of a list one after the other, the last one for ever."""
        self.pages[path] = answer

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked[request.path] += 1
        known = self.pages.get(request.path, Answer(b"nothing", 404))
        said = known if isinstance(known, Answer) else known[0]
        if isinstance(known, list) and len(known) > 1:
            known.pop(0)
        if said.etag and request.headers.get("If-None-Match") == said.etag:
            self.unchanged[request.path] += 1
            said = Answer(status=304)
        request.send_response(said.status)
        request.send_header("Content-Type", said.content_type)
        if said.ends != "never":
            longer = said.ends == "early"
            request.send_header("Content-Length", str(len(said.body) + longer))
        if said.etag:
            request.send_header("ETag", said.etag)
        for name, value in said.headers:
            request.send_header(name, value)
        request.end_headers()
        with contextlib.suppress(OSError):  # whoever reads it has had enough
            request.wfile.write(said.body)
            while said.ends == "never":
                request.wfile.write(said.body)
                time.sleep(0.01)


@contextmanager
def local_site() -> Iterator[LocalSite]:
    """A site that answers until the end."""
    site = LocalSite()
    serving = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        serving.join()
