"""Reads a page or a file of any kind we know into a document of passages."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePath
from typing import Final

from feedback.knowledge.documents.clean import language_of, visible
from feedback.knowledge.documents.cut import Block, cut
from feedback.knowledge.documents.document import ShopDocument, Unreadable
from feedback.knowledge.documents.plain import plain_blocks

MOST_BYTES: Final = 20 * 1024 * 1024
KINDS: Final = {
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".md": "markdown", ".markdown": "markdown",
    ".pdf": "pdf", ".docx": "word",
    ".txt": "text", ".text": "text",
    ".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "json",
}  # fmt: skip
TYPES: Final = {
    "text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown",
    "application/pdf": "pdf", "text/plain": "text", "text/csv": "csv", "application/json": "json",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word",
}  # fmt: skip
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([A-Za-z0-9_-]{2,30})""", re.IGNORECASE)
PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)")


def read_document(content: bytes, name: str, content_type: str = "") -> ShopDocument:
    """Read a document; its kind is told by its type, else by how its name ends.

    Args:
        content: The document as it came.
        name: A file's name, or the path of an address.
        content_type: As the server says, with its charset; "": a file.

    Raises:
        Unreadable: there is nothing to read in it; the message says why and what to do.
    """
    kind = kind_of(name, content_type)
    if len(content) > MOST_BYTES:
        raise Unreadable(
            f"it has {len(content) >> 20} MB, more than the {MOST_BYTES >> 20} MB that are read;"
            " divide it."
        )
    read = _READERS[kind](content, content_type)
    fallback = visible(PurePath(name).stem.replace("-", " ").replace("_", " "))
    title = read.title or _first_heading(read.blocks) or fallback
    cuts = cut(read.blocks, title)
    if not cuts:
        raise Unreadable("it holds no text besides links and headings; nothing of it can be said.")
    language = language_of(" ".join(one.text for one in cuts[:20]), read.language)
    return ShopDocument(
        title[:200], language, tuple(cuts), read_date(read.dated), read.links, read.base,
        may_keep="noindex" not in read.robots, may_follow="nofollow" not in read.robots,
    )  # fmt: skip


def kind_of(name: str, content_type: str = "") -> str:
    """How a document is read.

    >>> kind_of("/returns"), kind_of("/", "text/html; charset=utf-8"), kind_of("a.PDF")
    ('html', 'html', 'pdf')

    Raises:
        Unreadable: pictures, films, programs.
    """
    said = content_type.partition(";")[0].strip().lower()
    ending = PurePath(name).suffix.lower()
    if said in ("application/octet-stream", "text/plain", "") and ending in KINDS:
        return KINDS[ending]
    if said in TYPES:
        return TYPES[said]
    if not said and not re.fullmatch(r"\.[a-z][a-z0-9]{1,4}", ending):
        return "html"
    raise Unreadable(
        f"{said or ending} is no kind of document that is read; those are HTML, Markdown, PDF,"
        " Word (.docx), plain text, and questions with answers as CSV or JSON."
    )


def read_date(written: str) -> datetime | None:
    """A date as documents write it; None: there is none, or it can not be read.

    >>> read_date("2026-03-01T10:00:00+01:00").isoformat(), read_date("D:20260301102030Z").year
    ('2026-03-01T09:00:00+00:00', 2026)
    """
    try:
        if found := PDF_DATE.match(written):
            return datetime(*(int(part) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        if re.match(r"\d{4}-\d\d-\d\d", written):
            moment = datetime.fromisoformat(written.strip().replace("Z", "+00:00"))
        else:
            moment = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


class _Read:
    """What the readers have in common."""

    def __init__(
        self, blocks: list[Block], title: str = "", language: str = "", dated: str = "",
        links: tuple[str, ...] = (), base: str = "", robots: str = "",
    ) -> None:  # fmt: skip
        self.blocks, self.title, self.language, self.dated = blocks, title, language, dated
        self.links, self.base, self.robots = links, base, robots


def _first_heading(blocks: list[Block]) -> str:
    return next(
        (block.text for block in blocks if block.kind == "heading" and block.level == 1), ""
    )


def _text(content: bytes, content_type: str) -> str:
    """The letters: as the server says, as the page says, as UTF-8, at last as Windows does."""
    said = re.search(r"charset=[\"']?([\w-]+)", content_type)
    declared = CHARSET.search(content[:4_096])
    names = [said[1] if said else "", declared[1].decode("ascii") if declared else "", "utf-8-sig"]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        names = ["utf-16"]
    for name in [*names, "gb18030" if _is_chinese(content) else "cp1252"]:
        try:
            return content.decode(name) if name else content.decode("utf-8-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def _is_chinese(content: bytes) -> bool:
    """Whether bytes that are no UTF-8 may be Chinese: most of them have their highest bit set."""
    high = sum(byte > 0x80 for byte in content[:20_000])
    return high > 0.2 * len(content[:20_000])


def _html(content: bytes, content_type: str) -> _Read:
    from feedback.knowledge.documents.html_page import read_html  # noqa: PLC0415 - as below

    page = read_html(_text(content, content_type))
    return _Read(
        page.blocks, page.title, page.language, page.dated, page.links, page.base, page.robots
    )


def _markdown(content: bytes, content_type: str) -> _Read:
    from feedback.knowledge.documents.html_page import read_html  # noqa: PLC0415
    from feedback.knowledge.documents.markdown_text import read_markdown  # noqa: PLC0415

    page = read_markdown(_text(content, content_type))
    html = read_html(page.html)
    return _Read(html.blocks, page.title or html.title, page.language, page.dated, html.links)


def _word(content: bytes, _: str) -> _Read:
    from feedback.knowledge.documents.html_page import read_html  # noqa: PLC0415
    from feedback.knowledge.documents.word import read_word  # noqa: PLC0415

    page = read_word(content)
    html = read_html(page.html)
    return _Read(html.blocks, html.title or page.title, dated=page.dated, links=html.links)


def _pdf(content: bytes, _: str) -> _Read:
    from feedback.knowledge.documents.pdf import read_pdf  # noqa: PLC0415 - each loads what it takes

    page = read_pdf(content)
    return _Read(page.blocks, page.title, dated=page.dated)


def _plain(content: bytes, content_type: str) -> _Read:
    return _Read(plain_blocks(_text(content, content_type)))


def _csv(content: bytes, content_type: str) -> _Read:
    from feedback.knowledge.documents.faq_table import read_csv_faq  # noqa: PLC0415

    return _Read(read_csv_faq(_text(content, content_type)))


def _json(content: bytes, content_type: str) -> _Read:
    from feedback.knowledge.documents.faq_table import read_json_faq  # noqa: PLC0415

    return _Read(read_json_faq(_text(content, content_type)))


_READERS: Final = {
    "html": _html, "markdown": _markdown, "word": _word, "pdf": _pdf, "text": _plain,
    "csv": _csv, "json": _json,
}  # fmt: skip
