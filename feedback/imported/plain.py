"""The words of an HTML text: what shops write descriptions and tickets in."""

from html.parser import HTMLParser

BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
SILENT = {"script", "style"}


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
