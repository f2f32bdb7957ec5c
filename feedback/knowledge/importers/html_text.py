"""The words of an HTML text: what shops write descriptions and tickets in."""

import html
import re
from html.parser import HTMLParser

BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
SILENT = {"script", "style"}
# With its semicolon: "R&D" and "Salt &copper" are no entities, though browsers read some so.
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class _Plain(HTMLParser):
    """Keeps the words of an HTML text, and a line's end after each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def plain_text(markup: str) -> str:
    """The words of an HTML text.

    >>> plain_text("<p>Warm &amp; dry.</p><ul><li>wool</li></ul><script>x()</script>")
    'Warm & dry.\\nwool'
    """
    parser = _Plain()
    parser.feed(markup)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return "\n".join(line for line in lines if line)


def without_entities(written: str) -> str:
    """A title or a name with its HTML entities read, once; shops keep names as pages need them.

    >>> without_entities("Salt &amp; Pepper &#8211; R&D"), without_entities("&amp;lt;3")
    ('Salt & Pepper – R&D', '&lt;3')
    """
    return ENTITY.sub(lambda found: html.unescape(found[0]), written)
