"""Escapes text for Slack and reads it back: nothing in it can mention, link or format."""

import html
import re
from collections.abc import Callable
from typing import Final

from bot.languages import with_emoji

ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
ELLIPSIS: Final = "…"

LINK = re.compile(r"<((?:https?|mailto|tel):[^<>|]+)(?:\|([^<>]*))?>")
NAMED = re.compile(r"<(?:[@#][^<>|]+|![^<>|]+)\|([^<>]*)>")  # <#C1|general>, <!date^…|10 May>
SPECIAL = re.compile(r"<[@#!][^<>]*>")
FENCED = re.compile(r"```\n?(.*?)```|`([^`\n]+)`", re.DOTALL)
# *bold*, _italic_, ~struck~: marks stand around words, with nothing else than signs outside.
KEPT = re.compile("\ue000(\\d+)\ue001")  # stands for a link or code while marks are taken out
MARKED = re.compile(r"(?<![\w*_~])([*_~])(?=\S)([^\n]*?\S)\1(?![\w*_~])")


def escape(text: str) -> str:
    """Text as Slack shows it literally.

    >>> escape("<!channel> & <@U1>")
    '&lt;!channel&gt; &amp; &lt;@U1&gt;'
    """
    return "".join(ESCAPES.get(char, char) for char in text)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis where some are missing.

    >>> cut("a long title", 7)
    'a long…'
    """
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def escape_within(text: str, limit: int) -> str:
    """Escaped text of at most `limit` characters, never cut inside an escape.

    >>> escape_within("<<<<", 9)
    '&lt;&lt;…'
    """
    escaped = escape(text)
    return escaped if len(escaped) <= limit else _cut(text, limit)


def split_escaped(text: str, limit: int) -> list[str]:
    """Escaped text in parts of at most `limit` characters, parted at a space where there is one.

    >>> split_escaped("one two three", 8)
    ['one two', 'three']
    """
    parts = [""]
    for word in re.split(r"(?<=\s)", text):
        for piece in _pieces(word, limit):
            if len(parts[-1]) + len(piece) > limit:
                parts.append("")
            parts[-1] += piece
    return [part.strip() for part in parts if part.strip()] or [""]


def read_slack_text(text: str, bot_user_id: str) -> str:
    """What a person typed: without mentions and marks, links with addresses, emoji as such.

    >>> read_slack_text("<@UBOT> order 1001, <mailto:a@b.com|a@b.com> &amp; more", "UBOT")
    'order 1001, a@b.com & more'
    >>> read_slack_text("_see_ *our* <https://shop.example/size|size guide> :tada:", "")
    'see our size guide (https://shop.example/size) 🎉'
    """
    kept: list[str] = []

    def keep(words: str) -> str:
        kept.append(words)
        return f"\ue000{len(kept) - 1}\ue001"

    text = text.replace("\ue000", "").replace("\ue001", "").replace(f"<@{bot_user_id}>", " ")
    text = LINK.sub(lambda link: _link(link, keep), text)
    text = FENCED.sub(lambda code: keep(code.group(1) or code.group(2) or ""), text)
    text = NAMED.sub(r"\1", text)
    text = SPECIAL.sub("", text)
    for _ in range(2):  # bold italics have two pairs
        text = MARKED.sub(r"\2", text)
    text = with_emoji(text)
    while KEPT.search(text):  # a link may stand in code
        text = KEPT.sub(lambda place: kept[int(place.group(1))], text)
    return html.unescape(text).strip()


def _link(found: re.Match[str], keep: Callable[[str], str]) -> str:
    """A link as words and address; the address alone where the words say no more.

    `keep` is given what is no markup: an address may hold `_a_`.
    """
    address, label = found.group(1), (found.group(2) or "").strip()
    shown = re.sub(r"^(?:mailto|tel):", "", address)
    said = {shown, address, re.sub(r"^https?://", "", address).rstrip("/"), ""}
    return keep(shown) if label.rstrip("/") in said else f"{label} ({keep(shown)})"


def _pieces(word: str, limit: int) -> list[str]:
    """One escaped piece, or its characters where the word alone is over the limit."""
    escaped = escape(word)
    return [escaped] if len(escaped) <= limit else [ESCAPES.get(char, char) for char in word]


def _cut(text: str, limit: int) -> str:
    kept = ""
    for char in text:
        escaped = ESCAPES.get(char, char)
        if len(kept) + len(escaped) > limit - len(ELLIPSIS):
            break
        kept += escaped
    return kept.rstrip() + ELLIPSIS
