"""Reads the records of a file, whichever way it lists them: JSON Lines, JSON, or a CSV table.

A JSON document is a list, or a page as an API gives it: `{"tickets": […]}`, `{"data": {"payload":
[…]}}`. Its other lists, such as the users beside the tickets, are laid under each record's own
fields. A file of another kind than was asked for is named by what it holds.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from feedback.knowledge.importers.csv_rows import open_table
from feedback.knowledge.importers.json_lines import (
    MAX_LINE_BYTES,
    Packed,
    json_lines,
    open_bytes,
    parse_object,
)
from feedback.knowledge.importers.records import BadLine, BadShape
from feedback.knowledge.importers.told_kind import told_kind

# A whole document is held in memory; JSON Lines are not.
MAX_DOCUMENT_BYTES: Final = 256 * 1024 * 1024
# What has one of these is a record by itself, and no page around others.
RECORD_KEYS: Final = frozenset({"id", "reply_id", "question", "order_id", "turns", "actions"})
BESIDE: Final = "users"  # the people of a page of tickets, however many they are
Numbered = tuple[int, dict[str, Any]]

T = TypeVar("T")


def read_each(
    paths: Iterable[Path], bad: list[BadLine], parse: Callable[[dict[str, Any]], T], kind: str
) -> Iterator[T]:
    """Yield what `parse` makes of each record; those it refuses by `BadShape` are noted in `bad`.

    A file whose first record is of another kind than `kind` is left out, in one line that says so.
    """
    for path in map(Path, paths):
        other = None
        for place, (number, fields) in enumerate(records(path, bad)):
            if place == 0:
                other = told_kind(fields, kind)
            if other is not None:
                bad.append(BadLine(path, number, other))
                break
            try:
                parsed = parse(fields)
            except BadShape as wrong:
                bad.append(BadLine(path, number, str(wrong)))
            else:
                yield parsed


def records(path: Path, bad: list[BadLine]) -> Iterator[Numbered]:
    """Each record with its line, or its place in a document; bad ones are noted in `bad`."""
    start = _first_line(path)
    if start.startswith((b"[", b"{")) and not _is_record(start):
        document = _document(path)
        if isinstance(document, dict | list):
            return _listed(path, document, bad)
    if start and not start.startswith((b"[", b"{")) and _is_table(start):
        return _rows(path, bad)
    return json_lines(path, bad)


def _first_line(path: Path) -> bytes:
    with open_bytes(path) as stream:
        try:
            while line := stream.readline(MAX_LINE_BYTES):
                if line.strip():
                    return line.removeprefix(b"\xef\xbb\xbf").lstrip()
        except Packed:
            pass  # the reader of lines says it better
    return b""


def _is_record(line: bytes) -> bool:
    """Whether the first line is a whole record: then each line is one."""
    try:
        fields = parse_object(line)
    except BadShape:
        return False
    return _inside(fields) is None


def _document(path: Path) -> Any:
    """The whole file as one JSON value; None where it is none, or too large to be read at once."""
    with open_bytes(path) as stream:
        try:
            text = stream.read(MAX_DOCUMENT_BYTES + 1)
        except Packed:
            return None
    if len(text) > MAX_DOCUMENT_BYTES:
        return None
    try:
        return json.loads(text.decode("utf-8-sig", "replace"), parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def _inside(fields: Mapping[str, Any]) -> Any:
    """What a page lists: its longest list of objects, or the page inside it; None: it is none."""
    if RECORD_KEYS & fields.keys():
        return None
    lists = [
        value
        for key, value in fields.items()
        if key != BESIDE and isinstance(value, list) and value and isinstance(value[0], dict)
    ]
    inner = (value for value in fields.values() if isinstance(value, dict) and value)
    return max(lists, key=len) if lists else next((one for one in inner if _inside(one)), None)


def _listed(path: Path, document: Any, bad: list[BadLine]) -> Iterator[Numbered]:
    beside: dict[str, Any] = {}
    while isinstance(document, dict):
        inside = _inside(document)
        if inside is not None and BESIDE in document:
            beside = {BESIDE: document[BESIDE]}
        document = [document] if inside is None else inside
    for number, one in enumerate(document, 1):
        if not isinstance(one, dict):
            bad.append(BadLine(path, number, f"an object is needed, not {type(one).__name__}"))
            continue
        try:  # what a line may not hold, a record may not either
            yield number, parse_object(json.dumps({**beside, **one}, default=str).encode())
        except BadShape as wrong:
            bad.append(BadLine(path, number, str(wrong)))


def _is_table(line: bytes) -> bool:
    return any(mark in line for mark in (b",", b";", b"\t", b"|"))


def _rows(path: Path, bad: list[BadLine]) -> Iterator[Numbered]:
    """A table's rows; empty cells are left out, but an empty `reply_id` says that none fits."""
    for number, row in open_table(path, bad).rows:
        named = {heading.replace(" ", "_"): cell for heading, cell in row.items()}
        fields: dict[str, Any] = {key: cell for key, cell in named.items() if cell}
        if "reply_id" in named and "question" in fields:
            fields.setdefault("reply_id", None)
        yield number, fields
