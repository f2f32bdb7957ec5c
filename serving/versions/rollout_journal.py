"""Rollout journal: former champions, and the move that was begun and is not finished."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from serving.versions.manifest import replace_file

HISTORY: Final = "stable.json"  # the versions `stable` has pointed to, oldest first
PENDING: Final = "rollout.json"  # what was begun and is not finished
HISTORY_LENGTH: Final = 50


class PendingMove(NamedTuple):
    """A move that was begun: what for, to which version, and from which."""

    action: Literal["promote", "rollback"]
    version: int
    before: int | None


class RolloutJournal:
    """The two files next to the versions; written only by the process that holds the lock."""

    def __init__(self, models_dir: Path) -> None:
        """In `models_dir`."""
        self._history_path = models_dir / HISTORY
        self._pending_path = models_dir / PENDING

    def history(self) -> list[int]:
        """The versions `stable` has pointed to, oldest first."""
        return [version for version in self._read(self._history_path, []) if type(version) is int]

    def write_history(self, history: list[int]) -> None:
        """Keep the newest of `history`."""
        replace_file(self._history_path, json.dumps(history[-HISTORY_LENGTH:]))

    @contextmanager
    def noted(self, pending: PendingMove, stable: Callable[[], int | None]) -> Iterator[None]:
        """Note what is begun; forgotten when it is done, or when it could not be done.

        `stable` says where the label points by then.
        """
        replace_file(self._pending_path, json.dumps(pending._asdict()))
        try:
            yield
        except Exception:
            if stable() == pending.before:  # it could not be done, and nothing has moved
                unlink(self._pending_path)
            raise
        unlink(self._pending_path)

    def pending(self) -> PendingMove | None:
        """What was begun and is not finished."""
        found = self._read(self._pending_path, {})
        try:
            return PendingMove(**found) if found else None
        except TypeError:
            return None

    @staticmethod
    def _read(path: Path, otherwise: Any) -> Any:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return otherwise
        return found if isinstance(found, type(otherwise)) else otherwise


def unlink(path: Path) -> None:
    """Remove a file that may be gone."""
    path.unlink(missing_ok=True)
