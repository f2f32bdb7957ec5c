"""Snapshots of a store and of a shop's folder: what was made once is gone on from many times."""

import fcntl
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from feedback.db.database import Database
from feedback.db.dump import CountedLines, TableDigest, load_snapshot, store_snapshot


class StoreRows(NamedTuple):
    """All of a store, held in memory: each table's name, lines and digest."""

    revision: str
    tables: list[tuple[str, list[bytes], TableDigest]]


def dumped(database: Database) -> StoreRows:
    """Read a whole store."""
    with store_snapshot(database) as store:
        tables = []
        for name in store.tables:
            head, *lines = store.lines(name)
            counting = CountedLines(lines)
            body = list(counting)
            tables.append((name, [head, *body], counting.digest))
        return StoreRows(store.revision, tables)


class ShopSnapshot(NamedTuple):
    """A store and the folder of versions that belongs to it."""

    rows: StoreRows
    folder: Path

    def restore(self, database: Database, folder: Path) -> None:
        """Put both where a test goes on with them, whatever kind of store it runs on."""
        load_snapshot(database, *self.rows)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)


def made_once(folder: Path, make: Callable[[Path], Any]) -> Any:
    """What `make` returned when it filled `folder`; of several processes the first one makes it."""
    told = folder / "made.pickle"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            shutil.rmtree(folder, ignore_errors=True)  # half made by one that was stopped
            folder.mkdir()
            told.write_bytes(pickle.dumps(make(folder)))
    return pickle.loads(told.read_bytes())
