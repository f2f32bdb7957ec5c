"""Reads tables that shops export: CSV or tab-separated, a wrong row costing only itself."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from feedback.knowledge.importers.grouped import Row
from feedback.knowledge.importers.json_lines import Packed, open_bytes
from feedback.knowledge.importers.records import BadLine, FileUnreadable

SEPARATORS: Final = ",;\t|"  # Excel writes semicolons where a comma parts the cents
QUOTED: Final = re.compile(r'"[^"]*"')

csv.field_size_limit(4 * 1024 * 1024)  # a description with its pictures inside may be long


class Table(NamedTuple):
    """An open table; `headings` are lower-cased, as shops write them in many ways."""

    path: Path
    headings: list[str]
    rows: Iterator[tuple[int, Row]]  # the number of each row's last line, and its cells
    close: Callable[[], None]  # for whoever does not read the rows to their end


def open_table(path: Path, bad: list[BadLine]) -> Table:
    """Open `path`; its cells are parted by what the first line has most of: `,` `;` tab or `|`.

    Raises:
        FileUnreadable: it is no table.
    """
    stream = open_bytes(path)
    # A wrong byte becomes a lone surrogate, so that only its own row is lost.
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        first = QUOTED.sub("", text.readline())
        text.seek(0)
        reader = csv.reader(text, delimiter=max(SEPARATORS, key=first.count))
        headings = [heading.strip().lower() for heading in next(reader, [])]
    except (csv.Error, *Packed) as wrong:
        stream.close()
        raise FileUnreadable(path, f"it is not CSV ({wrong})", "Export it again.") from wrong
    return Table(path, headings, _rows(path, stream, reader, headings, bad), text.close)


def _rows(
    path: Path, stream: BinaryIO, reader: Any, headings: list[str], bad: list[BadLine]
) -> Iterator[tuple[int, Row]]:
    with stream:
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                bad.append(BadLine(path, reader.line_num, f"not CSV: {wrong}"))
                continue
            except Packed:
                bad.append(BadLine(path, reader.line_num, "the gzip file is broken from here on"))
                return
            if reason := unreadable(cells):
                bad.append(BadLine(path, reader.line_num, reason))
            elif any(cells):
                yield (
                    reader.line_num,
                    {name: cell.strip() for name, cell in zip(headings, cells, strict=False)},
                )


def unreadable(cells: list[str]) -> str | None:
    """Why no database could keep these cells; None where it can."""
    for cell in cells:
        if "\x00" in cell:
            return "holds a NUL character"
        if any("\ud800" <= char <= "\udfff" for char in cell):
            return "not UTF-8"
    return None
