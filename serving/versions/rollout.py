"""Rollout: moves the labels `stable` and `canary` without a lost answer; promote, roll back.

The labels live in `MODELS_DIR/models.config`, the file TensorFlow Serving reads at its start
(`--model_config_file`), so that the embedded server and a real one restart with the same labels. A
running server is taken through the three steps TensorFlow Serving asks for, because a label may
only point to a version that is loaded: load old and new, wait until both are available, move the
label.

A crash at any point leaves a file that works, with the labels before or after the move. What was
begun is noted in `rollout.json`, so that the same command again goes on from there, and a rollback
that crashed after its last step does not go back twice. One process at a time moves labels.
"""

import fcntl
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from serving import contract
from serving.errors import NothingToRollBack, RolloutBusy
from serving.versions.config_file import CONFIG
from serving.versions.folder import VersionFolder
from serving.versions.label_moves import POLL_SECONDS, LabelMover, ModelServer
from serving.versions.rollout_journal import PendingMove, RolloutJournal

LOCK = "rollout.lock"
LOAD_SECONDS = 120.0
KEEP = 5  # versions on disk, besides those labelled and the one a rollback would return to


class Rollout:
    """Moves the labels; `server` None: no server runs, the next start reads the file."""

    def __init__(
        self,
        folder: VersionFolder,
        server: ModelServer | None = None,
        *,
        keep: int = KEEP,
        load_seconds: float = LOAD_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Work on `folder` and, where one runs, on `server`; `keep` versions stay on disk."""
        self.folder = folder
        self.config_path = folder.models_dir / CONFIG
        self._journal = RolloutJournal(folder.models_dir)
        self._mover = LabelMover(
            self.config_path,
            folder.base,
            server,
            load_seconds=load_seconds,
            sleep=sleep,
            monotonic=monotonic,
        )
        self._keep = keep
        self._load_seconds = load_seconds
        self._sleep = sleep
        self._monotonic = monotonic

    def labels(self) -> dict[str, int]:
        """Where the labels point, as the config file says; empty before the first promotion."""
        return self._mover.labels()

    def stable(self) -> int | None:
        """The champion's version."""
        return self.labels().get(contract.STABLE)

    def predecessor(self) -> int | None:
        """The version a rollback would return to."""
        return self._newest_but(self.stable())

    def needed(self) -> set[int]:
        """The versions that labels name, and the one a rollback would return to."""
        before = self.predecessor()
        return {*self.labels().values(), *([] if before is None else [before])}

    def promote(self, version: int) -> None:
        """Make `version` the champion; a challenger of that number ends its trial.

        Versions that nobody needs any more are deleted.

        Raises:
            UnknownVersion: it does not exist.
            BrokenVersion: it is not as it was published here.
            VersionNotLoaded: the server did not load it; the labels stay as they were.
            RolloutBusy: another process moves labels.
        """
        with self.alone():
            self.folder.verify(version)
            before = self._begun_by("promote", version)
            with self._journal.noted(PendingMove("promote", version, before), self.stable):
                labels = self.labels()
                if labels.get(contract.CANARY) == version:
                    del labels[contract.CANARY]
                self._mover.move(
                    {**labels, contract.STABLE: version}, way_back=self._newest_but(version)
                )
                history = self.history()
                if history[-1:] != [version]:
                    self.write_history([*history, version])
            self._prune()

    def renew(self, version: int, before: int) -> bool:
        """Make `version` the champion instead of `before`, whose weights it has.

        A rollback then leads to where it would have led from `before`, not back to that.

        Returns:
            False: `before` is the champion no more, and nothing was moved.

        Raises:
            As `promote` does.
        """
        with self.alone():
            if self.stable() not in (before, version):
                return False
            self.folder.verify(version)
            with self._journal.noted(PendingMove("promote", version, before), self.stable):
                self._mover.move(
                    {**self.labels(), contract.STABLE: version},
                    way_back=self._newest_but(before, version),
                )
                earlier = [one for one in self.history() if one not in (before, version)]
                self.write_history([*earlier, version])
            self._prune()
            return True

    def history(self) -> list[int]:
        """The versions `stable` has pointed to, oldest first."""
        return self._journal.history()

    def write_history(self, history: list[int]) -> None:
        """Keep the newest of `history`."""
        self._journal.write_history(history)

    def canary(self, version: int | None) -> None:
        """Give `version` the label of the challenger; None takes the label away.

        Raises:
            UnknownVersion: it does not exist.
            BrokenVersion: it is not as it was published here.
            VersionNotLoaded: the server did not load it.
            RolloutBusy: another process moves labels.
        """
        with self.alone():
            if version is not None:
                self.folder.verify(version)
            labels = self.labels()
            labels.pop(contract.CANARY, None)
            if version is not None:
                labels[contract.CANARY] = version
            self._mover.move(labels, way_back=self.predecessor())

    def withdraw(self, versions: Collection[int]) -> list[int]:
        """Delete versions, a challenger among them; the champion stays. Returns those deleted.

        Raises:
            RolloutBusy: another process moves labels.
        """
        if self.labels().get(contract.CANARY) in versions:
            self.canary(None)
        with self.alone():
            gone = sorted({*versions} & {*self.folder.versions()} - {*self.labels().values()})
            # The way back is loaded: the server lets go of it before its files are deleted.
            self.write_history([one for one in self.history() if one not in gone])
            self._mover.move(self.labels(), way_back=self._newest_but(self.stable(), *gone))
            for version in gone:
                self.folder.delete(version)
            return gone

    def rollback(self) -> int:
        """Move `stable` back to where it was before; returns that version.

        A promotion that crashed midway is undone, a rollback that did is finished.

        Raises:
            NothingToRollBack: it was nowhere else, or that version is gone.
            RolloutBusy: another process moves labels.
        """
        with self.alone():
            pending, current = self._journal.pending(), self.stable()
            target = self.predecessor()
            if pending is not None:
                target = pending.version if pending.action == "rollback" else pending.before
            if target is None:
                raise NothingToRollBack(current)
            self.folder.verify(target)
            with self._journal.noted(PendingMove("rollback", target, current), self.stable):
                self._mover.move({**self.labels(), contract.STABLE: target})
                history = self.history()
                # What was rolled back is forgotten: rolling back again goes further, not forth.
                if target in history:
                    history = history[: history.index(target)]
                self.write_history([*[v for v in history if v != target], target])
            return target

    def _prune(self) -> None:
        self.folder.prune(self._keep, needed=self.needed())

    def _newest_but(self, *leaving: int | None) -> int | None:
        """The newest former champion that is still there, these left out."""
        there = set(self.folder.versions()) - {*leaving}
        return next((one for one in reversed(self.history()) if one in there), None)

    def _begun_by(self, action: str, version: int) -> int | None:
        """Where `stable` was before a move that may have been begun already."""
        pending = self._journal.pending()
        if pending is not None and (pending.action, pending.version) == (action, version):
            return pending.before
        return self.stable()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One process at a time; the lock ends with its holder, however that ends."""
        self.folder.models_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.folder.models_dir / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            deadline = self._monotonic() + self._load_seconds
            while not _locked(descriptor):
                if self._monotonic() >= deadline:
                    raise RolloutBusy(self.folder.models_dir / LOCK, self._load_seconds)
                self._sleep(POLL_SECONDS)
            yield
        finally:
            os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
