"""Backup file format: a zip of the store's tables, the versions, the labels and made secrets.

`backup.json` comes last and names every other entry with its SHA-256 and every table with its rows
and digest, so that a file whose end is missing is told from a whole one, and a changed one as well.
"""

import hashlib
import json
import os
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, NamedTuple

from pydantic import TypeAdapter

from feedback.db import CountedLines, TableDigest

CONTENTS: Final = "backup.json"
CHUNK: Final = 1 << 20
# Bounds for files that somebody made to harm: no backup of ours comes near them.
MOST_CONTENTS: Final = 64 << 20  # bytes of `backup.json`: a million files take 100 MB of names
MOST_LINE: Final = 64 << 20  # of a row
MOST_SECRET: Final = 64 << 10
MOST_PACKED: Final = 400  # times smaller; deflate comes to 1,032, rows of a store to 30
SMALL: Final = 10 << 20  # whatever is smaller may be packed as it likes
# What reading a changed zip comes to: its structure, its packing, its lengths, or its contents. A
# RuntimeError is how `zipfile` names an entry that says it is encrypted, or packed in another way.
DAMAGED: Final = (
    OSError, EOFError, zipfile.BadZipFile, zlib.error, struct.error, RuntimeError,
    ValueError, KeyError, TypeError, AttributeError,
)  # fmt: skip
TABLE, VERSION, SECRET = "tables/{}.jsonl", "models/clerk/{}/{}", "secrets/{}"


class BadBackup(Exception):
    """The file is no backup, or not as it was written."""

    def __init__(self, path: Path, reason: str, remedy: str = "Take an earlier backup.") -> None:
        """Name the file and what is wrong with it."""
        super().__init__(f"{path} can not be restored: {reason}. {remedy}".rstrip())


class Contents(NamedTuple):
    """What a backup holds."""

    made_at: str
    revision: str
    tables: dict[str, TableDigest]
    labels: dict[str, int]
    history: str | None
    files: dict[str, str]  # SHA-256 by the entry's name

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(digest.rows for digest in self.tables.values())

    @property
    def versions(self) -> list[int]:
        """The model's versions in it."""
        names = [name.split("/") for name in self.files if name.startswith("models/clerk/")]
        return sorted({int(parts[2]) for parts in names})


class Writer:
    """Fills a backup's file, entry by entry."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._zip = archive
        self._tables: dict[str, TableDigest] = {}
        self._files: dict[str, str] = {}

    def table(self, name: str, lines: Iterator[bytes]) -> None:
        """A table: its columns' line, then its rows."""
        head, rows = next(lines), CountedLines(lines)
        entry, digest = TABLE.format(name), hashlib.sha256(head)
        with self._zip.open(_info(entry, packed=True), "w", force_zip64=True) as out:
            out.write(head)
            for line in rows:
                out.write(line)
                digest.update(line)
        self._files[entry] = digest.hexdigest()
        self._tables[name] = rows.digest

    def file(self, name: str, source: BinaryIO) -> None:
        """A file as it is; weights do not become smaller by packing."""
        digest = hashlib.sha256()
        with self._zip.open(_info(name, packed=False), "w", force_zip64=True) as out:
            while chunk := source.read(CHUNK):
                out.write(chunk)
                digest.update(chunk)
        self._files[name] = digest.hexdigest()

    def close(
        self, *, made_at: datetime, revision: str, labels: dict[str, int], history: str | None
    ) -> Contents:
        """Write what it holds, and return it."""
        contents = Contents(
            made_at.isoformat(), revision, self._tables, labels, history, self._files
        )
        self._zip.writestr(
            _info(CONTENTS, packed=True), json.dumps(contents._asdict(), indent=1).encode()
        )
        return contents


@contextmanager
def written(
    path: Path, encrypt: Callable[[BinaryIO, BinaryIO], None] | None = None
) -> Iterator[Writer]:
    """A new backup at `path`, for its owner's eyes; it appears whole or not at all.

    Args:
        path: the backup.
        encrypt: writes the first file, whole and read once more, into the second. What is in plain
            has no name in the folder, and is gone with this process however that ends.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            if encrypt is None:
                yield from _whole(path, file)
            else:
                with tempfile.TemporaryFile(dir=path.parent) as plain:
                    yield from _whole(path, plain)
                    encrypt(plain, file)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    finally:
        Path(part).unlink(missing_ok=True)


def _whole(path: Path, file: IO[bytes]) -> Iterator[Writer]:
    """Write it, read it once more, and go back to its beginning."""
    with zipfile.ZipFile(file, "w", compresslevel=6) as archive:
        yield Writer(archive)
    read_contents(path, file)
    file.seek(0)


def read_contents(path: Path, plain: IO[bytes] | None = None) -> Contents:
    """What a backup holds, every byte of it compared with its digest.

    Args:
        path: the backup.
        plain: the same decrypted, or on its way there.

    Raises:
        BadBackup: it is not whole, or was changed.
    """
    try:
        with zipfile.ZipFile(plain or path) as archive:
            _refuse_bombs(path, archive)
            contents = _contents(archive)
            _check_names(path, contents)
            names = set(archive.namelist()) - {CONTENTS}
            if odd := names ^ contents.files.keys():
                raise BadBackup(path, f"{sorted(odd)[0]} is missing or was added")
            for name, expected in contents.files.items():
                if _digest(archive, name) != expected:
                    raise BadBackup(path, f"{name} was changed")
    except FileNotFoundError:
        raise BadBackup(path, "there is no such file") from None
    except DAMAGED as error:
        raise BadBackup(path, f"it is damaged or no backup ({error})") from error
    return contents


def table_lines(archive: zipfile.ZipFile, name: str) -> Generator[bytes, None, None]:
    """The lines of a table.

    Raises:
        ValueError: one is longer than any row.
    """
    with archive.open(TABLE.format(name)) as entry:
        while line := entry.readline(MOST_LINE):
            if len(line) == MOST_LINE:
                raise ValueError(f"a line of table {name} is longer than {MOST_LINE:,} bytes")
            yield line


def entries(contents: Contents, prefix: str) -> Iterable[str]:
    """The names of the files under `prefix`."""
    return [name for name in contents.files if name.startswith(prefix)]


def _refuse_bombs(path: Path, archive: zipfile.ZipFile) -> None:
    """By what the entries say of themselves: no more than that is ever unpacked of one."""
    for info in archive.infolist():
        if info.file_size > SMALL and info.file_size > MOST_PACKED * info.compress_size:
            raise BadBackup(path, f"{info.filename!r:.80} would unpack to {info.file_size:,} bytes")
        if info.filename == CONTENTS and info.file_size > MOST_CONTENTS:
            raise BadBackup(path, f"its {CONTENTS} has {info.file_size:,} bytes")
        if info.filename.startswith("secrets/") and info.file_size > MOST_SECRET:
            raise BadBackup(path, f"{info.filename!r:.80} has {info.file_size:,} bytes")


def _contents(archive: zipfile.ZipFile) -> Contents:
    found = TypeAdapter(dict[str, Any]).validate_json(archive.read(CONTENTS))
    tables = {name: TableDigest(*digest) for name, digest in found.pop("tables").items()}
    return TypeAdapter(Contents).validate_python(Contents(tables=tables, **found)._asdict())


def _check_names(path: Path, contents: Contents) -> None:
    """Every file has its place, and none lies outside of it."""
    for name in contents.files:
        parts = name.split("/")
        placed = (
            (parts[0] == "tables" and len(parts) == 2 and parts[1].endswith(".jsonl"))
            or (parts[:2] == ["models", "clerk"] and len(parts) > 3 and _is_number(parts[2]))
            or (parts[0] == "secrets" and len(parts) == 2)
        )
        if not placed or not name.isprintable() or "\\" in name or {"", ".", ".."} & set(parts):
            raise BadBackup(path, f"{name!r:.80} has no place in a backup")
    if missing := {TABLE.format(name) for name in contents.tables} - contents.files.keys():
        raise BadBackup(path, f"{min(missing)} is missing")


def _is_number(text: str) -> bool:
    """Whether it is how a version's number is written."""
    return len(text) < 10 and text.isascii() and text.isdecimal() and text == str(int(text))


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as entry:
        while chunk := entry.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _info(name: str, *, packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    return info
