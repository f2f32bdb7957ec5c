"""PDF read into blocks: headings by their size, lists by their bullets, tables by their columns."""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from feedback.knowledge.documents.clean import visible
from feedback.knowledge.documents.cut import Block
from feedback.knowledge.documents.document import Unreadable
from feedback.knowledge.documents.html_table import BETWEEN

MOST_PAGES: Final = 1_000
LARGER: Final = 1.1  # times the size of the text: a heading
HEADING_CHARS: Final = 120
BULLETS: Final = "•◦▪■●○–—-*·\x7f\uf0b7\u2023"
NUMBERED = re.compile(r"(?:\d{1,2}|[a-z])[.)]\s+")
CHAR_WIDTH: Final = 0.5  # of a letter, in sizes of its font
COLUMN_GAP: Final = 1.5  # sizes of blank between two columns
PAGE_NUMBER_CHARS: Final = 60  # "Manual 2026, page 12 of 300"
EDGE_LINES: Final = 2  # lines at a page's top and bottom that may repeat on every page
NO_TEXT: Final = (
    "it holds no text, only pictures of it (a scan). Run it through text recognition first"
    " (for example: ocrmypdf IN OUT), or import the text it was made of."
)


class PdfPage(NamedTuple):
    """What a PDF holds."""

    blocks: list[Block]
    title: str
    dated: str


class _Fragment(NamedTuple):
    text: str
    x: float
    y: float
    size: float
    bold: bool

    @property
    def end(self) -> float:
        return self.x + CHAR_WIDTH * self.size * len(self.text.rstrip())


class _Cell(NamedTuple):
    """Lines below each other that begin at the same place."""

    text: str
    x: float
    size: float
    bold: bool


def read_pdf(content: bytes) -> PdfPage:
    """Read a PDF, at most `MOST_PAGES` pages of it.

    Raises:
        Unreadable: it is none, needs a password, or holds no text.
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("it needs a password; save it without one and import it again.")
        pages = [_fragments(page) for page in reader.pages[:MOST_PAGES]]
        said: Any = reader.metadata or {}
        title, dated = str(said.get("/Title") or ""), str(said.get("/ModDate") or "")
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
        NotImplementedError,
        OSError,
    ) as wrong:  # fmt: skip - what pypdf raises on broken files
        raise Unreadable(
            f"it can not be read as a PDF ({type(wrong).__name__}); print it to a new PDF and"
            " import that."
        ) from wrong
    if not any(len(one.text.strip()) > 1 for page in pages for one in page):
        raise Unreadable(NO_TEXT)
    return PdfPage(_blocks(_without_edges(pages)), visible(title), dated)


def _fragments(page: Any) -> list[_Fragment]:
    found: list[_Fragment] = []

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        if not text.strip():
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        scale = abs(tm[3] * cm[3]) or 1.0
        name = str((font or {}).get("/BaseFont", ""))
        bold = bool(re.search("bold|black|heavy|semibold", name, re.IGNORECASE))
        found.append(_Fragment(text, round(x, 1), round(y, 1), round(size * scale, 1), bold))

    page.extract_text(visitor_text=visit)
    return found


def _without_edges(pages: list[list[_Fragment]]) -> list[list[_Fragment]]:
    """Pages without what stands at the top or bottom of most of them: headers, page numbers."""
    if len(pages) < 3:
        return pages
    edges = [_edges(page) for page in pages]
    counted = Counter(key for found in edges for key in set(found.values()))
    often = {key for key, times in counted.items() if times > len(pages) / 2}
    return [
        [one for one in page if found.get(one) not in often]
        for page, found in zip(pages, edges, strict=True)
    ]


def _edges(page: list[_Fragment]) -> dict[_Fragment, str]:
    """The lines at the edges of a page, each with what it is the same as on other pages.

    The outermost may be a page's number, so that its digits count for nothing; of the others they
    do: a data sheet on each page says "120 g" here and "130 g" there.
    """
    by_height = sorted(page, key=lambda one: one.y)
    outermost = [*by_height[:1], *by_height[-1:]]
    edges = [*by_height[:EDGE_LINES], *by_height[-EDGE_LINES:]]
    return {
        one: re.sub(r"\d+", "#", visible(one.text))
        if one in outermost and len(visible(one.text)) <= PAGE_NUMBER_CHARS
        else visible(one.text)
        for one in edges
    }


def _blocks(pages: list[list[_Fragment]]) -> list[Block]:
    everything = [one for page in pages for one in page]
    sizes = Counter[float]()
    for one in everything:
        sizes[one.size] += len(one.text)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    larger = sorted((size for size in sizes if size > LARGER * usual), reverse=True)
    levels = {size: min(place + 1, 5) for place, size in enumerate(larger)}
    rows = [row for page in pages for row in _rows(page)]
    return list(_read_rows(rows, levels, usual))


def _rows(page: list[_Fragment]) -> Iterator[list[_Cell]]:
    """Cells side by side; text that runs over the page's width is a row of one cell."""
    row: list[_Cell] = []
    last: _Fragment | None = None
    for one in page:
        follows = last is not None and one.size == last.size and one.bold == last.bold
        # pypdf ends a piece with a new line where the next one stands apart: another cell.
        same_line = (
            last is not None
            and abs(one.y - last.y) <= 0.3 * one.size
            and not last.text.endswith("\n")
        )
        if row and last and follows and same_line and one.x - last.end < COLUMN_GAP * one.size:
            row[-1] = _longer(row[-1], one.text, "" if last.text.endswith(" ") else " ")
        elif row and last and follows and _goes_on(row[-1], last, one):
            row[-1] = _longer(row[-1], one.text, " ")
        else:
            if (row and one.x <= row[-1].x + one.size) or (row and last and one.y < last.y - 40):
                yield row
                row = []
            row.append(_Cell(one.text.strip("\n"), one.x, one.size, one.bold))
        last = one
    if row:
        yield row


def _longer(cell: _Cell, text: str, between: str) -> _Cell:
    before = cell.text.rstrip("\n")
    if re.search(r"[a-z]-$", before) and text[:1].islower():
        return cell._replace(text=before[:-1] + text.strip("\n"))
    return cell._replace(text=before + between + text.strip("\n"))


def _goes_on(cell: _Cell, last: _Fragment, one: _Fragment) -> bool:
    """Whether a line is the next of its cell's: below it, from the same place, and no new item."""
    down = last.y - one.y
    near = 0 < down <= 1.6 * one.size
    return near and abs(one.x - cell.x) <= 0.5 * one.size and not _bullet(one.text)


def _bullet(text: str) -> str:
    """What a line begins with where it is an item's: "• ", "1. "."""
    start = text.lstrip()
    if start[:1] in BULLETS and (not start[1:2].strip() or start[:1] in "•◦▪■●○\x7f\uf0b7"):
        return start[:1]
    numbered = NUMBERED.match(start)
    return numbered[0] if numbered else ""


def _read_rows(rows: list[list[_Cell]], levels: dict[float, int], usual: float) -> Iterator[Block]:
    header = lead = ""
    for place, row in enumerate(rows):
        cells = [cell for cell in row if visible(cell.text)]
        if cells and len(row) > 1 and _bullet(row[0].text) and len(row[0].text.strip()) <= 3:
            yield Block("item", visible(" ".join(cell.text for cell in row[1:])), lead=lead)
        elif len(cells) > 1:
            text = BETWEEN.join(visible(cell.text) for cell in cells)
            if not header and place + 1 < len(rows) and len(rows[place + 1]) == len(row):
                header = text
            else:
                yield Block("row", text, lead=header)
            continue
        elif cells:
            yield from _block_of(cells[0], lead, levels, usual)
            text = visible(cells[0].text)
            if not _bullet(cells[0].text):
                lead = text if text.endswith((":", "：")) else ""
        header = ""


def _block_of(cell: _Cell, lead: str, levels: dict[float, int], usual: float) -> Iterator[Block]:
    text = visible(cell.text)
    mark = _bullet(cell.text)
    if mark and len(text) > len(mark):
        yield Block("item", visible(cell.text.lstrip()[len(mark) :]), lead=lead)
    elif not mark:
        is_short = len(text) <= HEADING_CHARS
        if is_short and cell.size in levels:
            yield Block("heading", text, levels[cell.size])
        elif is_short and cell.bold and cell.size >= usual and not text.endswith((".", "。", ":")):
            yield Block("heading", text, 6)
        else:
            yield Block("text", text)
