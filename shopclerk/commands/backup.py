"""`shopclerk backup` and `restore`: store, models and made-up secrets in one verified file."""

import contextlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, cast

from sqlalchemy.exc import SQLAlchemyError, StatementError

from feedback.db import Database, FeedbackError, load_snapshot, store_snapshot
from feedback.privacy import FILE as ERASURES, ErasureEntry, ErasureList
from serving.versions import (
    KEY_FILE,
    Rollout,
    VersionFile,
    VersionFolder,
    history_of,
    kept_files,
    put_labels,
    put_versions,
    standing_still,
)
from shopclerk.archive import (
    SECRET,
    VERSION,
    BadBackup,
    Contents,
    Writer,
    entries,
    read_contents,
    table_lines,
    written,
)
from shopclerk.commands.model import without_erased
from shopclerk.encryption import SUFFIX, encrypt, opened
from shopclerk.settings import MADE_UP_SECRETS, Settings, read_settings
from shopclerk.wiring import open_database, utc_now
from shopclerk.wiring.base import keep_erasures

NAME: Final = "shopclerk-{:%Y%m%dT%H%M%SZ}.zip"
# What rows come to that are none of a store's.
NOT_OURS: Final = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, StopIteration,
    StatementError,
)  # fmt: skip
ANY_NAME: Final = "shopclerk-*T*Z.zip*"  # encrypted ones end in .age


def backup(where: Path | None, *, keep: int | None = None) -> dict[str, Any]:
    """Write a backup to `where`, a file or a folder; the newest `keep` of a folder stay.

    Raises:
        BadBackup: no place was named.
    """
    settings = read_settings()
    where = where or settings.backup_dir
    if where is None:
        raise BadBackup(Path("?"), "no place is named; say shopclerk backup PATH")
    to = settings.backup_recipient
    path = where / (NAME.format(utc_now()) + (SUFFIX if to else "")) if _is_folder(where) else where
    database = open_database(settings)
    try:
        keep_erasures(settings, database, path.parent / ERASURES)
        with written(path, partial(encrypt, recipient=to) if to else None) as writer:
            contents = _write(settings, database, writer)
    finally:
        database.close()
    gone = _prune(path.parent, keep or settings.backup_keep) if _is_folder(where) else []
    return {
        **_told(path, contents), "encrypted": to is not None, "deleted": [str(one) for one in gone],
    }  # fmt: skip


def restore(
    path: Path, *, replace: bool = False, only_verify: bool = False, identity: Path | None = None
) -> dict[str, Any]:
    """Bring back what a backup holds; nothing is touched before all of it was read and found whole.

    Args:
        path: the backup.
        replace: lose what is there now.
        only_verify: only read it whole.
        identity: the file of age's secret key, for a backup that is encrypted.

    Raises:
        BadBackup: it is not whole, or encrypted to somebody else.
        NotEmpty, VersionDiffers: something is there already, and `replace` was not said.
    """
    settings = read_settings()
    with opened(path, identity) as plain:
        contents = read_contents(path, plain)
        if only_verify:
            return _told(path, contents)
        return _restored(settings, path, plain, contents, replace=replace)


def _restored(
    settings: Settings, path: Path, plain: IO[bytes], contents: Contents, *, replace: bool
) -> dict[str, Any]:
    with zipfile.ZipFile(plain) as archive, contextlib.ExitStack() as reading:
        database = Database(settings.database_url)
        try:
            tables = (
                (name, reading.enter_context(closing(table_lines(archive, name))), digest)
                for name, digest in contents.tables.items()
            )
            erased = _erased_here(database)
            try:
                load_snapshot(database, contents.revision, tables, replace=replace)
            except NOT_OURS as error:
                # Whole, and yet no rows of ours: all that was loaded so far is rolled back.
                raise BadBackup(path, f"its tables can not be read ({error!r:.200})") from error
            applied = ErasureList(database).apply(erased)
            applied += keep_erasures(settings, database, path.parent / ERASURES)
        finally:
            database.close()
        # After the store, before the models: their signatures are read with the secrets' keys.
        secrets = _put_secrets(settings, archive, contents, replace=replace)
        folder = VersionFolder(settings.models_dir)
        put_versions(folder, _kept(archive, contents), replace=replace)
        for version in contents.versions:
            folder.verify(version)
        put_labels(folder, contents.labels, contents.history)
    if applied:
        without_erased(settings)
    return {**_told(path, contents), "secrets": secrets, "erasures": applied}


def _erased_here(database: Database) -> list[ErasureEntry]:
    """The erasures that the store about to be replaced lists; none where there is no such store."""
    with contextlib.suppress(FeedbackError, SQLAlchemyError):
        return ErasureList(database).entries()
    return []


def _write(settings: Settings, database: Database, writer: Writer) -> Contents:
    folder = VersionFolder(settings.models_dir)
    rollout = Rollout(folder)
    with store_snapshot(database) as store:
        for name in store.tables:
            writer.table(name, store.lines(name))
        revision = store.revision
    with standing_still(rollout):
        for kept in kept_files(rollout):
            with kept.open() as file:
                writer.file(VERSION.format(kept.version, kept.name), file)
        labels, history = rollout.labels(), history_of(folder)
    for name, path in _secret_files(settings):
        if path.is_file():
            with path.open("rb") as file:
                writer.file(SECRET.format(name), file)
    return writer.close(made_at=utc_now(), revision=revision, labels=labels, history=history)


def _secret_files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Without them e-mail hashes match nobody, tokens end, and versions are strangers'."""
    for name in MADE_UP_SECRETS:
        yield f"{name}.txt", settings.data_dir / f"{name}.txt"
    yield KEY_FILE, settings.models_dir / KEY_FILE


def _put_secrets(
    settings: Settings, archive: zipfile.ZipFile, contents: Contents, *, replace: bool
) -> list[str]:
    """Bring back secrets that are not there; which were."""
    put = []
    for name, path in _secret_files(settings):
        entry = SECRET.format(name)
        if entry not in contents.files or (path.exists() and not replace):
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(archive.read(entry))
        put.append(name)
    return put


def _kept(archive: zipfile.ZipFile, contents: Contents) -> Iterator[VersionFile]:
    for name in entries(contents, "models/clerk/"):
        _, _, version, inside = name.split("/", 3)
        yield VersionFile(int(version), inside, partial(_opened, archive, name))


def _opened(archive: zipfile.ZipFile, name: str) -> BinaryIO:
    return cast("BinaryIO", archive.open(name))


def _is_folder(where: Path) -> bool:
    return where.is_dir() or where.suffix not in (".zip", SUFFIX)


def _prune(folder: Path, keep: int) -> list[Path]:
    """Delete the oldest backups of a folder; only what bears our own name."""
    gone = sorted(folder.glob(ANY_NAME))[:-keep]
    for path in gone:
        path.unlink()
    return gone


def _told(path: Path, contents: Contents) -> dict[str, Any]:
    return {
        "path": str(path),
        "bytes": path.stat().st_size,
        "made_at": contents.made_at,
        "revision": contents.revision,
        "rows": contents.rows,
        "tables": {name: digest.rows for name, digest in contents.tables.items()},
        "versions": contents.versions,
        "labels": contents.labels,
        "verified": True,
    }
