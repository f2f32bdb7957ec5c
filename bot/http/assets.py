"""Static assets: style sheets, scripts and emblems, read once, named by a hash, cached for long.

The widget is written in a few files that each fit on a page and is served as one script.
"""

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from fastapi import Request, Response

from bot.languages import all_packs

BOT = Path(__file__).parents[1]
STATIC = [BOT / room / "static" for room in ("http", "desk", "storefront")]
WIDGET = BOT / "channels" / "web" / "widget"
WIDGET_FILES = ("words", "style", "dom", "basket", "checkout", "talk", "lines", "element")
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Asset(NamedTuple):
    """A file's content, as it is and packed, and the mark that changes with it."""

    content: bytes
    media_type: str
    mark: str
    packed: bytes  # by gzip: a third of the widget's 40 kB

    def answer(self, request: Request, **headers: str) -> Response:
        """The file as the browser takes it; nothing where it has this one already."""
        headers |= {"ETag": f'"{self.mark}"', "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(self.content, media_type=self.media_type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(self.packed, media_type=self.media_type, headers=headers)


def address_of(name: str) -> str:
    """Where a page finds the file `name`: an address that changes with its content."""
    if name == "widget.js":
        return f"/widget.js?v={widget().mark}"
    return f"/static/{name}?v={all_assets()[name].mark}"


@cache
def all_assets() -> dict[str, Asset]:
    """Every file of the rooms' `static/` folders, by name."""
    return {
        path.name: _asset(path.read_bytes(), path.suffix)
        for folder in STATIC
        for path in sorted(folder.iterdir())
        if path.suffix in TYPES
    }


@cache
def widget() -> Asset:
    """The widget's files in one scope of their own, so that nothing leaks into the shop's page."""
    said = {pack.locale: dict(pack.widget) for pack in all_packs()}
    parts = [f"const WORDS = {json.dumps(said, ensure_ascii=False)};"]
    parts += [(WIDGET / f"{name}.js").read_text("utf-8") for name in WIDGET_FILES]
    script = "(() => {\n'use strict';\n" + "\n".join(parts) + "\n})();\n"
    return _asset(script.encode(), ".js")


def _asset(content: bytes, suffix: str) -> Asset:
    mark = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, TYPES[suffix], mark, gzip.compress(content, mtime=0))
