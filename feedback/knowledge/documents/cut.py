"""Passages cut from a document by its structure: headings, lists, tables, questions and answers."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from feedback.knowledge.documents.sentences import split_sentences

PASSAGE_CHARS: Final = 900  # what a reader takes in at once; the knowledge exam's own measure
PAIR_CHARS: Final = 2_700  # a question's answer stays whole up to here
SENTENCE_CHARS: Final = 1_200  # longer than any sentence; a wall of text without full stops is cut
HEADING_CHARS: Final = 200
MOST_PASSAGES: Final = 5_000  # of one document

Kind = Literal["heading", "text", "item", "row"]


class Block(NamedTuple):
    """A piece of a document: a heading of a level, a paragraph, a list's item, a table's row."""

    kind: Kind
    text: str
    level: int = 0  # of a heading: 1 to 6, and 7 for the question of a pair
    lead: str = (
        ""  # of an item: the sentence that introduces its list; of a row: the table's header
    )


class Cut(NamedTuple):
    """A passage: sentences that belong together, with the headings above them, outermost first.

    `text` holds what introduces its first list or table again where an earlier passage said it.
    """

    headings: tuple[str, ...]
    question: str
    text: str
    sentences: tuple[str, ...]
    leads: tuple[str, ...]
    language: str = ""


class _Line(NamedTuple):
    """What is never cut apart, and whether a new line begins with it."""

    text: str
    lead: str
    starts: bool
    is_row: bool


def cut(blocks: Iterable[Block], title: str = "") -> list[Cut]:
    """Cut a document into passages; the headings leave out one that only repeats the title.

    >>> blocks = [Block("heading", "Returns", 2), Block("text", "Send it back. We pay.")]
    >>> [(one.headings, one.text) for one in cut(blocks)]
    [(('Returns',), 'Send it back. We pay.')]
    """
    cuts: list[Cut] = []
    path: list[tuple[int, str]] = []
    section: list[Block] = []
    for block in [*blocks, Block("heading", "", 0)]:
        if block.kind != "heading":
            section.append(block)
            continue
        cuts += _cut_section(_names(path, title), section)
        section = []
        path = [step for step in path if step[0] < block.level]
        path.append((block.level, block.text[:HEADING_CHARS]))
        if len(cuts) >= MOST_PASSAGES:
            break
    return cuts[:MOST_PASSAGES]


def is_question(heading: str) -> bool:
    """Whether a heading asks, so that what stands below it answers.

    >>> is_question("How do I pay?"), is_question("能退货吗？"), is_question("Returns")
    (True, True, False)
    """
    return heading.rstrip(" \"'”’").endswith(("?", "？"))


def _names(path: Sequence[tuple[int, str]], title: str) -> tuple[str, ...]:
    same = title.casefold().strip()
    return tuple(name for _, name in path if name and name.casefold().strip() != same)


def _cut_section(headings: tuple[str, ...], blocks: Sequence[Block]) -> list[Cut]:
    lines = [line for block in blocks for line in _lines(block)]
    question = headings[-1] if headings and is_question(headings[-1]) else ""
    room = PAIR_CHARS if question else PASSAGE_CHARS
    return [_passage(headings, question, part) for part in _parts(lines, room)]


def _lines(block: Block) -> list[_Line]:
    is_row = block.kind == "row"
    texts = [block.text] if is_row else split_sentences(block.text)
    short = [piece for text in texts for piece in _bounded(text)]
    return [_Line(text, block.lead, place == 0, is_row) for place, text in enumerate(short)]


def _bounded(text: str) -> list[str]:
    """A text at most so long: no page may bring a sentence of a megabyte."""
    return [text[at : at + SENTENCE_CHARS] for at in range(0, len(text), SENTENCE_CHARS)]


def _parts(lines: Sequence[_Line], room: int) -> list[list[_Line]]:
    """As many lines together as there is room for; a lead-in goes along with what it leads to."""
    parts: list[list[_Line]] = []
    part: list[_Line] = []
    used = 0
    for place, line in enumerate(lines):
        follows = lines[place + 1] if place + 1 < len(lines) else None
        needed = len(line.text) + (
            len(follows.text) if follows and follows.lead == line.text else 0
        )
        if part and used + needed > room:
            parts.append(part)
            part, used = [], len(line.lead)
        part.append(line)
        used += len(line.text) + 1
    return [*parts, part] if part else parts


def _passage(headings: tuple[str, ...], question: str, lines: Sequence[_Line]) -> Cut:
    text = ""
    said: set[str] = set()
    for line in lines:
        if line.lead and line.lead not in said:
            text += f"\n{line.lead}"
        said |= {line.lead, line.text}
        text += f"{_gap(line, text)}{line.text}"
    return Cut(
        headings,
        question,
        text.strip(),
        tuple(line.text for line in lines),
        tuple(line.lead for line in lines),
    )


def _gap(line: _Line, text: str) -> str:
    if line.starts or not text:
        return "\n"
    return "" if text[-1] in "。！？" else " "
