"""Static assets: style sheets, scripts and emblems, read once, named by a hash, cached for long.

The widget is written in files that each fit on a page. It is served as two scripts: the launcher,
which every page of the shop loads, and the chat behind it, in the page's language.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import rjsmin
import zopfli.gzip
from fastapi import Request, Response

from bot.languages import LanguagePack, all_packs, pack_in

BOT = Path(__file__).parents[1]
STATIC = [BOT / room / "static" for room in ("http", "desk", "storefront")]
WIDGET = BOT / "channels" / "web" / "widget"
LAUNCHER_FILES = ("words", "launcher_style", "dom", "checkout", "launcher", "place")
LAUNCHER_WORDS = (*("launch", "away", "title", "close", "log", "label", "placeholder", "send"),)
CHAT_FILES = (
    *("style", "icons", "text", "basket", "talk", "shown", "rating", "lines"),
    *("attach", "alerts", "mail", "menu", "chat"),
)
# What the launcher's files define and the chat's use.
SHARED = (
    *("h", "icon", "iconButton", "ICONS", "webAddress", "post", "newId", "sleep", "keep"),
    *("styled", "small", "unsent"),
    *("Checkout", "Visit", "SCRIPT", "LANG", "SESSION", "UNSENT", "WAITING"),
)
SAID = re.compile(r"\bSAY\.(\w+)")
STYLE_SHEET = re.compile(r"STYLE = `[^`]*`")
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
    packed: bytes  # as gzip: a third

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
def widget(*, visits: bool = False) -> Asset:
    """The launcher in a scope of its own, so that nothing leaks into the shop's page.

    With `visits` it asks whether this visitor is shown the chat at all.
    """
    said = {
        pack.locale: {name: _says(pack)[name] for name in LAUNCHER_WORDS} for pack in all_packs()
    }
    parts = [
        f"const WORDS = {_json(said)};",
        f"const CHAT = {_json(chat_mark())};",
        *_files(LAUNCHER_FILES[:-1]),
        *(_files(["visit"]) if visits else ["const Visit = null;"]),
        f"const SHARED = {{ {', '.join(SHARED)} }};",
        *_files(LAUNCHER_FILES[-1:]),
    ]
    script = "(() => {\n'use strict';\n" + "\n".join(parts) + "\n})();\n"
    return _script(script)


@cache
def chat_scripts() -> dict[str, Asset]:
    """The chat behind the launcher, by language: a module that makes it of what they share."""
    return {pack.locale: _chat(_says(pack)) for pack in all_packs()}


def chat_mark() -> str:
    """Changes with any of them."""
    marks = "".join(asset.mark for asset in chat_scripts().values())
    return hashlib.sha256(marks.encode()).hexdigest()[:16]


def _chat(said: dict[str, str]) -> Asset:
    """Each word stands where it is said; the few that are looked up by a name stay in a table."""
    script = "\n".join(_files(CHAT_FILES))
    named = set(SAID.findall(script))
    looked_up = {name: said[name] for name in said if name not in {*named, *LAUNCHER_WORDS}}
    script = SAID.sub(lambda found: _json(said[found[1]]), script)
    head = f"export default ({{ {', '.join(SHARED)} }}) => {{\nconst SAY = {_json(looked_up)};\n"
    return _script(head + script + "\nreturn Chat;\n};\n")


def _says(pack: LanguagePack) -> dict[str, str]:
    return {**pack_in("en").widget, **pack.widget}


def _files(names: Iterable[str]) -> list[str]:
    return [(WIDGET / f"{name}.js").read_text("utf-8") for name in names]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _script(text: str) -> Asset:
    """Packed by zopfli, 4 % smaller than by gzip for 0.1 s once: each page of the shop loads it."""
    content = _small(text).encode()
    return Asset(content, TYPES[".js"], _mark(content), zopfli.gzip.compress(content))


def _small(script: str) -> str:
    """A script without comments and spare spaces, its style sheets too: a tenth less on its way.

    >>> _small("// why\\nconst STYLE = `\\n.a { gap: 1px; }\\n`;\\nf('//x');\\n")
    "const STYLE=`\\n.a{gap:1px}`;f('//x');"
    """
    small: str = rjsmin.jsmin(STYLE_SHEET.sub(lambda found: _small_style(found[0]), script))
    return small


def _small_style(sheet: str) -> str:
    tight = re.sub(r"\s*([{};,])\s*", r"\1", sheet).replace(": ", ":")
    return tight.replace(";}", "}")


def _asset(content: bytes, suffix: str) -> Asset:
    return Asset(content, TYPES[suffix], _mark(content), gzip.compress(content, mtime=0))


def _mark(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
