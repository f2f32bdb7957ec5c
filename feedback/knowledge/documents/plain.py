"""Plain text read into blocks: paragraphs between blank lines, items behind dashes and numbers."""

import re
from collections.abc import Iterator

from feedback.knowledge.documents.clean import visible
from feedback.knowledge.documents.cut import Block

ITEM = re.compile(r"\s*(?:[-*•–▪●]|\d{1,2}[.)])\s+(?=\S)")
UNDERLINE = re.compile(r"\s*[=\-~*]{3,}\s*$")
ASKED = re.compile(r"\s*(?:q(?:uestion)?|问|問)\s*[:：.]\s*(.+)", re.IGNORECASE)
SAID = re.compile(r"\s*(?:a(?:nswer)?|答)\s*[:：.]\s*(?=\S)", re.IGNORECASE)


def plain_blocks(text: str) -> list[Block]:
    """The blocks of a plain text.

    >>> plain_blocks("We take:\\n- cash\\n- cards")[2]
    Block(kind='item', text='cards', level=0, lead='We take:')
    """
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        blocks += _part(part)
    return blocks


def _part(part: str) -> Iterator[Block]:
    lines = [line for line in part.splitlines() if line.strip()]
    words: list[str] = []
    lead = ""
    for place, line in enumerate(lines):
        if place == 1 and UNDERLINE.match(line) and words:
            yield Block("heading", visible(words.pop()), 2)
        elif asked := ASKED.match(line):
            yield from _said(words)
            words = []
            yield Block("heading", visible(asked[1]), 7)
        elif marked := ITEM.match(line):
            if words:
                lead = visible(" ".join(words))
            yield from _said(words)
            words = []
            yield Block("item", visible(line[marked.end() :]), lead=lead)
        else:
            words.append(SAID.sub("", line))
    yield from _said(words)


def _said(words: list[str]) -> Iterator[Block]:
    if text := visible(" ".join(words)):
        yield Block("text", text)
