"""Group commit: writes of several threads in one transaction.

A commit waits for the disk, and each change of hands between threads costs as much as a statement.
So a write that comes during another is written with the others, by the first of them, when that
one is done. With sixteen shoppers at once 245 messages a second were answered without it, and 300
with it; a lone one waits for nobody.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection

from feedback.db.errors import StoreUnreadable

T = TypeVar("T")
Work = Callable[[Connection], Callable[[], Any]]
Begin = Callable[[], AbstractContextManager[Connection]]


class _Task:
    """What one thread wants written; `woken` when it is, or when its thread has to act."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.woken = threading.Event()
        self.leads = False
        self.is_alone = False  # the group's transaction failed: it needs one of its own
        self.outcome: Callable[[], Any] = lambda: None
        self.error: BaseException | None = None


class GroupCommit:
    """Runs works in transactions they share; safe to use from many threads."""

    def __init__(self, together: Begin, alone: Begin) -> None:
        """Ways to open a transaction; `together` must not wait long for what others hold."""
        self._together = together
        self._alone = alone
        self._lock = threading.Lock()
        self._waiting: list[_Task] = []
        self._is_led = False

    def __call__(self, work: Callable[[Connection], Callable[[], T]]) -> T:
        """What the function says that `work` returns, asked once all is committed.

        It may be run twice, the first time without effect: where any of a group fails, or meets a
        lock that is held elsewhere, each is run in a transaction of its own, and no other suffers.

        Raises:
            StoreUnreadable: the database does not answer; nothing of the group was written.
            Exception: whatever `work` raises.
        """
        task = _Task(work)
        with self._lock:
            self._waiting.append(task)
            task.leads, self._is_led = not self._is_led, True
        if not task.leads:
            task.woken.wait()
        if task.leads:
            self._lead(task)
        if task.is_alone:
            with self._alone() as connection:
                task.outcome = work(connection)
        if task.error is not None:
            raise task.error
        outcome: T = task.outcome()
        return outcome

    def _lead(self, task: _Task) -> None:
        """Write all that wait, `task` among them; then the first that came meanwhile leads."""
        with self._lock:
            group, self._waiting = self._waiting, []
        try:
            self._write(group)
        finally:
            with self._lock:
                heir = self._waiting[0] if self._waiting else None
                self._is_led = heir is not None
            if heir is not None:
                heir.leads = True
                heir.woken.set()
            for other in group:
                other.woken.set()

    def _write(self, group: list[_Task]) -> None:
        try:
            with self._together() as connection:
                for task in group:
                    task.outcome = task.work(connection)
        except BaseException as error:
            # A database that does not answer one does not answer the others either.
            is_away = isinstance(error, StoreUnreadable)
            for task in group:
                task.error, task.is_alone = (error, False) if is_away else (None, True)
