"""Health of the store: whether it takes writes and is whole, asked every few seconds.

A probe commits one small row: a write that is rolled back never reaches the disk, and succeeds on a
full one. It may still fit where the write of a message did not. So when a real write has failed,
the store counts as failing until a write larger than any message has been committed.

SQLite's own check for damaged pages reads the whole file. It runs in a thread of its own, at the
first probe and then for at most a hundredth of the time.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

from feedback.db.database import Database
from feedback.db.errors import StoreDamaged, StoreUnreadable

FRESH_S: Final = 1.0  # several probes of one second are one
LOOK_S: Final = 60.0  # between looks for damage, where a look takes no longer than
SHARE: Final = 0.01  # this much of the time
FIRST_LOOK_S: Final = 0.5  # what the first probe waits for it: Kubernetes' own patience is 1 s


class Health:
    """One process's view of its store."""

    def __init__(self, db: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Watch `db`."""
        self.db = db
        self._monotonic = monotonic
        self._probing = threading.Lock()
        self._good_until = monotonic()
        self._looking: threading.Thread | None = None
        self._look_at = monotonic()
        self._damage: StoreUnreadable | None = None

    def check(self) -> None:
        """Write, and see what is known of the file.

        Raises:
            StoreUnreadable: writes fail, or the file is damaged.
        """
        with self._probing:
            self._look_when_due()
            if self._damage is not None:
                raise self._damage.with_traceback(None)
            if self._monotonic() < self._good_until and self.db.failing is None:
                return
            failing = self.db.failing
            if isinstance(failing, StoreDamaged):
                raise failing.with_traceback(None)  # until a look has found the file whole
            self.db.check_writable(thoroughly=failing is not None)
            self.db.forgive(failing)
            self._good_until = self._monotonic() + FRESH_S

    def look(self) -> None:
        """Look for damage, now."""
        began, failing = self._monotonic(), self.db.failing
        try:
            self.db.check_whole()
        except StoreUnreadable as damage:
            self._damage = damage
        else:
            self._damage = None
            if isinstance(failing, StoreDamaged):
                self.db.forgive(failing)
        took = self._monotonic() - began
        self._look_at = self._monotonic() + max(LOOK_S, took / SHARE)

    def _look_when_due(self) -> None:
        if self._monotonic() < self._look_at or (self._looking and self._looking.is_alive()):
            return
        first = self._looking is None
        self._looking = threading.Thread(target=self.look, name="store-health", daemon=True)
        self._looking.start()
        if first:
            self._looking.join(FIRST_LOOK_S)
