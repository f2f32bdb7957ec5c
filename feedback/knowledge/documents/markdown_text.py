"""Markdown to HTML: CommonMark with tables, and what help centres write besides."""

import re
from typing import NamedTuple

from markdown_it import MarkdownIt

FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
FIELD = re.compile(
    r"^(title|description|date|lastmod|updated|lang|language)[ \t]*:[ \t]*(.+)$", re.M
)
# `{#anchor}`, `{.class}`, `[^1]`, `[!NOTE]`, `{% tag %}`, `{{ variable }}`: none is text.
MARKS = re.compile(
    r"\{[#.:][^{}\n]{0,200}\}|\[\^[^\]\n]{1,60}\]:?|\[![A-Za-z]{1,20}\]|\{%[^%\n]{0,500}%\}"
    r"|\{\{[^{}\n]{0,200}\}\}"
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class MarkdownPage(NamedTuple):
    """A Markdown file as HTML, with what its front matter says of it."""

    html: str
    title: str
    language: str
    dated: str


def read_markdown(text: str) -> MarkdownPage:
    """Read a file.

    >>> read_markdown("---\\ntitle: 'Returns'\\n---\\n## How {#how}\\nSend it.").html
    '<h2>How</h2>\\n<p>Send it.</p>\\n'
    """
    front = FRONT_MATTER.match(text)
    fields = dict(FIELD.findall(front[1])) if front else {}
    body = MARKS.sub("", COMMENT.sub("", text[front.end() :] if front else text))
    html = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body)
    return MarkdownPage(
        html,
        _value(fields, "title"),
        _value(fields, "lang") or _value(fields, "language"),
        _value(fields, "lastmod") or _value(fields, "updated") or _value(fields, "date"),
    )


def _value(fields: dict[str, str], name: str) -> str:
    return fields.get(name, "").strip().strip("\"'").strip()
