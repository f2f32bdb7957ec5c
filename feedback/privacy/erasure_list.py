"""List of erasures, kept in the store and in a file, so that a restored backup forgets again.

An entry names a shopper by the hash of their id, and orders by their ids. A store that was put back
from an older backup, or whose file was copied back by hand, lacks the newest entries: they are
applied when it is opened. The list only grows, and holds nobody's words.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import structlog
from sqlalchemy import func
from sqlmodel import Session, col, select

from feedback.db import Database, Forgetting, Shopper, insert_once
from feedback.privacy.erasure import Erasure, hash_of
from feedback.sales import OrderKey

FILE: Final = "erasures.jsonl"

log = structlog.get_logger()


class ErasureEntry(NamedTuple):
    """One erasure, as a line of the list."""

    forgetting_id: str
    erased_at: str  # ISO 8601
    shopper_hash: str
    orders: list[list[str]]  # source and id of each


class ErasureList:
    """The list as the store holds it."""

    def __init__(self, db: Database) -> None:
        """Work on `db`."""
        self.db = db

    def entries(self) -> list[ErasureEntry]:
        """All of them, the oldest first."""
        with self.db.reading() as session:
            rows = session.exec(
                select(Forgetting).order_by(
                    col(Forgetting.erased_at), col(Forgetting.forgetting_id)
                )
            )
            return [_entry(row) for row in rows if row.shopper_hash or row.orders]

    def count(self) -> int:
        """How many there are; it changes with each erasure."""
        with self.db.reading() as session:
            return int(session.exec(select(func.count()).select_from(Forgetting)).one())

    def waiting(self) -> list[Forgetting]:
        """Those whose words may still be in a version or in a training's folder."""
        with self.db.reading() as session:
            return list(
                session.exec(select(Forgetting).where(col(Forgetting.cleaned_at).is_(None)))
            )

    def cleaned(self, forgetting_ids: Sequence[str], now: datetime) -> None:
        """Note that no version holds their words any more."""
        with self.db.transaction() as session:
            for one in session.exec(
                select(Forgetting).where(col(Forgetting.forgetting_id).in_(forgetting_ids))
            ):
                one.cleaned_at = now
                session.add(one)

    def apply(self, entries: Iterable[ErasureEntry]) -> int:
        """Forget again whom the store has not forgotten yet; how many entries were new to it."""
        known = {entry.forgetting_id for entry in self.entries()}
        new = {one.forgetting_id: one for one in entries if one.forgetting_id not in known}
        if not new:
            return 0
        with self.db.reading() as session:
            by_hash = _shoppers(session, {one.shopper_hash for one in new.values()})
        erasure = Erasure(self.db)
        for entry in new.values():
            at, again = datetime.fromisoformat(entry.erased_at), entry.forgetting_id
            shopper = by_hash.get(entry.shopper_hash)
            if shopper is not None:
                erasure.erase_shopper(shopper, at, again=again)
            elif entry.orders:
                keys = [OrderKey(source, order_id) for source, order_id in entry.orders]
                erasure.erase_orders(keys, at, again=again)
            with self.db.transaction() as session:  # of nobody this store knows: it is noted, too
                insert_once(
                    session,
                    Forgetting(
                        forgetting_id=again,
                        erased_at=at,
                        examples=0,
                        shopper_hash=entry.shopper_hash,
                        orders=entry.orders,
                        cleaned_at=at,
                    ),
                )
        log.info("erasures.applied", count=len(new))
        return len(new)


def keep_list(db: Database, files: Iterable[Path]) -> int:
    """Apply what the files list and the store lacks, then list in each file what it lacks.

    Returns:
        How many erasures were applied.
    """
    store, there = ErasureList(db), list(files)
    listed = {path: read_list(path) for path in there}
    applied = store.apply(entry for entries in listed.values() for entry in entries)
    entries = store.entries()
    for path in there:
        known = {entry.forgetting_id for entry in listed[path]}
        _append(path, [entry for entry in entries if entry.forgetting_id not in known])
    return applied


def read_list(path: Path) -> list[ErasureEntry]:
    """The entries of a file, none where it is not there; the log names a line that is no entry."""
    with contextlib.suppress(FileNotFoundError):
        lines = path.read_text(encoding="utf-8").splitlines()
        return list(_parsed(path, lines))
    return []


def _parsed(path: Path, lines: Iterable[str]) -> Iterator[ErasureEntry]:
    for number, line in enumerate(lines, start=1):
        try:
            found: dict[str, Any] = json.loads(line)
            datetime.fromisoformat(found["erased_at"])
            yield ErasureEntry(**found)
        except (ValueError, KeyError, TypeError):  # cut off while it was written
            log.error("erasures.unreadable", file=str(path), line=number)


def _append(path: Path, entries: Sequence[ErasureEntry]) -> None:
    if not entries:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = file.read()
        if before and not before.endswith("\n"):
            file.write("\n")  # what was cut off stays a line of its own
        there = {entry.forgetting_id for entry in _parsed(path, before.splitlines())}
        for entry in entries:
            if entry.forgetting_id not in there:
                file.write(json.dumps(entry._asdict()) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _entry(row: Forgetting) -> ErasureEntry:
    return ErasureEntry(
        row.forgetting_id, row.erased_at.isoformat(), row.shopper_hash, list(row.orders)
    )


def _shoppers(session: Session, hashes: set[str]) -> dict[str, str]:
    """The shoppers of this store whose hashes are listed."""
    found = ((hash_of(one), one) for one in session.exec(select(Shopper.shopper_id)))
    return {digest: shopper for digest, shopper in found if digest in hashes}
