"""Opens imported files, plain or `.gz`, as UTF-8, and turns their lines into JSON objects.

A bad line is noted and the next one read; only a file that can not be opened or unpacked at all is
an error.
"""

import gzip
import json
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from feedback.knowledge.importers.encodings import as_utf8
from feedback.knowledge.importers.records import BadLine, BadShape, FileUnreadable

# The longest real line seen, a ranking line of 100 candidates, has 60 kB; past 4 MiB it is a
# mistake.
MAX_LINE_BYTES = 4 * 1024 * 1024

Packed = (gzip.BadGzipFile, EOFError, zlib.error)


def open_bytes(path: Path) -> BinaryIO:
    """Open `path` for reading as UTF-8, whatever its encoding, unpacking `.gz`.

    Raises:
        FileUnreadable: it is missing, a folder, forbidden, not packed as its name says, or no text.
    """
    try:
        packed = path.suffix == ".gz"
        stream = cast(BinaryIO, gzip.GzipFile(path)) if packed else path.open("rb")
    except FileNotFoundError as missing:
        raise FileUnreadable(path, "there is no such file", "Check the name.") from missing
    except IsADirectoryError as folder:
        raise FileUnreadable(path, "it is a folder", "Name the files inside it.") from folder
    except OSError as refused:
        reason = refused.strerror or str(refused)
        raise FileUnreadable(path, reason, "Check its permissions.") from refused
    try:
        stream.read(1)
        stream.seek(0)
        return as_utf8(path, stream)
    except Packed as broken:
        stream.close()
        raise FileUnreadable(path, "it is not a gzip file", "Pack it again.") from broken
    except OSError as refused:
        stream.close()
        raise FileUnreadable(path, str(refused), "Check the disk.") from refused


def json_lines(path: Path, bad: list[BadLine]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line's number (from 1) and object; note the bad ones in `bad`."""
    with open_bytes(path) as stream:
        for number, raw in numbered_lines(path, stream, bad):
            try:
                yield number, parse_object(raw)
            except BadShape as wrong:
                bad.append(BadLine(path, number, str(wrong)))


def numbered_lines(path: Path, stream: BinaryIO, bad: list[BadLine]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank and not too long, with their numbers."""
    number = 0
    while True:
        number += 1
        try:
            raw = stream.readline(MAX_LINE_BYTES + 1)
            too_long = len(raw) > MAX_LINE_BYTES
            while len(raw) > MAX_LINE_BYTES and not raw.endswith(b"\n"):
                raw = stream.readline(MAX_LINE_BYTES + 1)
        except Packed:
            bad.append(BadLine(path, number, "the gzip file is broken from here on; pack it again"))
            return
        if too_long:
            bad.append(BadLine(path, number, f"longer than {MAX_LINE_BYTES} bytes"))
        elif not raw:
            return
        elif raw.strip():
            yield number, raw


def parse_object(raw: bytes) -> dict[str, Any]:
    """One JSON object from the bytes of a line or of a webhook's body.

    Raises:
        BadShape: it is not UTF-8, not JSON or not an object.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise BadShape(f"not UTF-8: byte {broken.start + 1} is wrong") from broken
    if "\x00" in text:
        raise BadShape("holds a NUL character")
    try:
        parsed = json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as broken:
        raise BadShape(f"not JSON: {broken.msg} at character {broken.pos + 1}") from broken
    except RecursionError as deep:
        raise BadShape("not JSON we read: nested too deeply") from deep
    except ValueError as huge:
        raise BadShape(f"not JSON we read: {huge}") from huge
    if not isinstance(parsed, dict):
        raise BadShape(f"a JSON object is needed, not {type(parsed).__name__}")
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise BadShape(f"{name} is not a number of JSON")
