"""Detects a file's character encoding, and refuses files that hold no text at all.

Excel in Europe writes Windows-1252 or UTF-16, in China GBK. What is read is turned into UTF-8, so
that every reader knows one encoding.
"""

import codecs
import gzip
import io
import re
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from charset_normalizer import from_bytes

from feedback.knowledge.importers.records import FileUnreadable

START: Final = 256 * 1024  # bytes that are looked at
READ: Final = 1024
# A letter with an accent stands alone among plain ones; Chinese and Cyrillic come in runs, and are
# told apart by their letters. Windows-1250 is not told from 1252: a line of German is the same.
RUNS = re.compile(rb"[\x80-\xff]+")
IN_RUNS: Final = ["gb18030", "big5", "shift_jis", "cp1251"]
ACCENTS: Final = "cp1252"
JSON: Final = (b"{", b"[")  # UTF-8 by its standard
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a file begins with → what it is, and how its content can be had as text.
NO_TEXT: Final = (
    (b"PK\x03\x04", "it is an Excel workbook or an archive", "Save it as CSV, or unpack it."),
    (b"\xd0\xcf\x11\xe0", "it is an Excel file of the old kind", "Save it as CSV."),
    (b"%PDF", "it is a PDF", "Its text can be learned: shopclerk import knowledge FILE."),
)


def encoding_of(start: bytes) -> str:
    """The encoding of a text, from its first bytes; UTF-8 where nothing else is likelier.

    >>> encoding_of("größe;preis".encode()), encoding_of("größe;preis".encode("utf-16"))
    ('utf-8', 'utf-16')
    >>> encoding_of("Größe;Preis\\r\\nMütze;19,90\\r\\nGürtel, weiß;29,90".encode("cp1252"))
    'cp1252'
    """
    marked = next((name for mark, name in MARKS if start.startswith(mark)), None)
    if marked is not None:
        return "utf-8" if marked == "utf-8-sig" else marked
    if _is_utf8(start):
        return "utf-8"
    runs = RUNS.findall(start)
    if sum(map(len, runs)) < 2 * len(runs):
        return ACCENTS
    found = from_bytes(start, cp_isolation=IN_RUNS).best()
    return found.encoding if found is not None else ACCENTS


def as_utf8(path: Path, stream: BinaryIO) -> BinaryIO:
    """The same text from its beginning in UTF-8; XML is left as it is, for it names its own.

    A single wrong byte in UTF-8 stays what it is, so that its line alone is refused.

    Raises:
        FileUnreadable: the file holds no text.
    """
    start = _start(stream)
    stream.seek(0)
    for magic, reason, remedy in NO_TEXT:
        if start.startswith(magic):
            stream.close()
            raise FileUnreadable(path, reason, remedy)
    encoding = "utf-8" if start.lstrip().startswith(b"<") else encoding_of(start)
    if encoding == "utf-8":
        return stream
    with stream:  # at once: what is not UTF-8 is a table that somebody made, not a dump
        return io.BytesIO(stream.read().decode(encoding, "replace").encode())


def _start(stream: BinaryIO) -> bytes:
    """The first bytes; of an archive that is cut short, those that can be had."""
    start = b""
    try:
        while len(start) < START and (piece := stream.read(READ)):
            start += piece
    except (EOFError, zlib.error, gzip.BadGzipFile):
        if not start:
            raise
    return start


def _is_utf8(start: bytes) -> bool:
    """Whether it is UTF-8 but for a few wrong bytes: those are mistakes, no other encoding."""
    text = start.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    good = sum(char > "\x7f" for char in text) - wrong
    return wrong <= max(good, start.lstrip().startswith(JSON))
