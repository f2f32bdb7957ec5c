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
import json
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from serving import contract
from serving.client import AVAILABLE, END, STATE_NAMES, VersionState
from serving.errors import NothingToRollBack, RolloutBusy, VersionNotLoaded
from serving.ranker import RankerUnavailable
from serving.versions.config_file import CONFIG, read_labels, write_config
from serving.versions.folder import VersionFolder
from serving.versions.manifest import replace_file

HISTORY = "stable.json"  # the versions `stable` has pointed to, oldest first
PENDING = "rollout.json"  # what was begun and is not finished
LOCK = "rollout.lock"
HISTORY_LENGTH = 50
LOAD_SECONDS = 120.0
POLL_SECONDS = 0.1
KEEP = 5  # versions on disk, besides those labelled and the one a rollback would return to

Labels = Mapping[str, int]


class PendingMove(NamedTuple):
    """A move that was begun: what for, to which version, and from which."""

    action: Literal["promote", "rollback"]
    version: int
    before: int | None


class ModelServer(Protocol):
    """What rollout needs of a running model server."""

    def status(self, version: int | None = None) -> list[VersionState]:
        """The states of the model's versions."""
        ...

    def reload(self, config: str) -> None:
        """Take a whole new model config."""
        ...


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
        self._history_path = folder.models_dir / HISTORY
        self._pending_path = folder.models_dir / PENDING
        self._server = server
        self._keep = keep
        self._load_seconds = load_seconds
        self._sleep = sleep
        self._monotonic = monotonic

    def labels(self) -> dict[str, int]:
        """Where the labels point, as the config file says; empty before the first promotion."""
        try:
            text = self.config_path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        return read_labels(text)

    def stable(self) -> int | None:
        """The champion's version."""
        return self.labels().get(contract.STABLE)

    def predecessor(self) -> int | None:
        """The version a rollback would return to."""
        return self._newest_but(self.stable())

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
            with self._noted(PendingMove("promote", version, before)):
                labels = self.labels()
                if labels.get(contract.CANARY) == version:
                    del labels[contract.CANARY]
                self._move({**labels, contract.STABLE: version}, way_back=self._newest_but(version))
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
            with self._noted(PendingMove("promote", version, before)):
                self._move(
                    {**self.labels(), contract.STABLE: version},
                    way_back=self._newest_but(before, version),
                )
                earlier = [one for one in self.history() if one not in (before, version)]
                self.write_history([*earlier, version])
            self._prune()
            return True

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
            self._move(labels, way_back=self.predecessor())

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
            self._move(self.labels(), way_back=self._newest_but(self.stable(), *gone))
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
            pending, current = self._pending(), self.stable()
            target = self.predecessor()
            if pending is not None:
                target = pending.version if pending.action == "rollback" else pending.before
            if target is None:
                raise NothingToRollBack(current)
            self.folder.verify(target)
            with self._noted(PendingMove("rollback", target, current)):
                self._move({**self.labels(), contract.STABLE: target})
                history = self.history()
                # What was rolled back is forgotten: rolling back again goes further, not forth.
                if target in history:
                    history = history[: history.index(target)]
                self.write_history([*[v for v in history if v != target], target])
            return target

    def _move(self, labels: dict[str, int], *, way_back: int | None = None) -> None:
        """Move the labels; the way back stays loaded, so that going it takes no loading."""
        spare = set() if way_back is None else {way_back}
        before = self.labels()
        if self._server is not None and (before or self._is_there(self._server)):
            labels = self._move_in(self._server, before, labels, spare)
        self._write({*labels.values(), *spare}, labels)

    def _is_there(self, server: ModelServer) -> bool:
        """Asked before the first model: a server is often started only once there is one."""
        try:
            server.status()
        except RankerUnavailable:
            return False
        return True

    def _move_in(
        self, server: ModelServer, before: Labels, labels: dict[str, int], spare: set[int]
    ) -> dict[str, int]:
        """Take a running server to `labels`; returns those of them that its versions answer to."""
        both = {*labels.values(), *before.values()}
        kept = _available(server, before)
        needed = {
            version
            for label, version in labels.items()
            if label == contract.STABLE or before.get(label) != version
        }
        # In the file the labels stay: a server that starts from it now has a champion to load.
        self._write(both, before)
        self._tell(server, both, kept)
        try:
            for version in needed:
                self._await_loaded(server, version)
        except VersionNotLoaded:
            self._write(set(before.values()), before)
            self._tell(server, set(before.values()), kept)
            raise
        # A challenger that could not be loaded must not stand in the way of rolling back.
        labels = {
            label: version
            for label, version in labels.items()
            if version in needed or label in kept
        }
        self._write(both, labels)
        self._tell(server, both, labels)
        self._tell(server, {*labels.values(), *spare}, labels)
        return labels

    def _write(self, versions: Collection[int], labels: Labels) -> None:
        if versions:  # an empty list would unload everything
            replace_file(self.config_path, self._config(versions, labels))

    def _tell(self, server: ModelServer, versions: Collection[int], labels: Labels) -> None:
        if versions:
            server.reload(self._config(versions, labels))

    def _config(self, versions: Collection[int], labels: Labels) -> str:
        return write_config(self.folder.base.resolve(), sorted(versions), labels)

    def _await_loaded(self, server: ModelServer, version: int) -> None:
        deadline = self._monotonic() + self._load_seconds
        state = "unknown"
        while self._monotonic() < deadline:
            try:
                states = server.status()
            except RankerUnavailable:  # busy with loading, on a small machine
                states, state = [], "nothing"
            for seen in states:
                if seen.version != version:
                    continue
                if seen.state == AVAILABLE:
                    return
                state = STATE_NAMES.get(seen.state, str(seen.state))
                if seen.state == END and seen.error:
                    raise VersionNotLoaded(version, self._load_seconds, seen.error)
            self._sleep(POLL_SECONDS)
        raise VersionNotLoaded(version, self._load_seconds, state)

    def _prune(self) -> None:
        needed = {*self.labels().values(), self.predecessor()} - {None}
        self.folder.prune(self._keep, needed={version for version in needed if version is not None})

    def _newest_but(self, *leaving: int | None) -> int | None:
        """The newest former champion that is still there, these left out."""
        there = set(self.folder.versions()) - {*leaving}
        return next((one for one in reversed(self.history()) if one in there), None)

    def _begun_by(self, action: str, version: int) -> int | None:
        """Where `stable` was before a move that may have been begun already."""
        pending = self._pending()
        if pending is not None and (pending.action, pending.version) == (action, version):
            return pending.before
        return self.stable()

    @contextmanager
    def _noted(self, pending: PendingMove) -> Iterator[None]:
        """Note what is begun; forgotten when it is done, or when it could not be done."""
        replace_file(self._pending_path, json.dumps(pending._asdict()))
        try:
            yield
        except Exception:
            if self.stable() == pending.before:  # it could not be done, and nothing has moved
                unlink(self._pending_path)
            raise
        unlink(self._pending_path)

    def _pending(self) -> PendingMove | None:
        found = self._read(self._pending_path, {})
        try:
            return PendingMove(**found) if found else None
        except TypeError:
            return None

    def history(self) -> list[int]:
        """The versions `stable` has pointed to, oldest first."""
        return [version for version in self._read(self._history_path, []) if type(version) is int]

    def write_history(self, history: list[int]) -> None:
        """Keep the newest of `history`."""
        replace_file(self._history_path, json.dumps(history[-HISTORY_LENGTH:]))

    @staticmethod
    def _read(path: Path, otherwise: Any) -> Any:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return otherwise
        return found if isinstance(found, type(otherwise)) else otherwise

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


def unlink(path: Path) -> None:
    """Remove a file that may be gone."""
    path.unlink(missing_ok=True)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _available(server: ModelServer, labels: Labels) -> dict[str, int]:
    """The labels whose versions answer: a server refuses a config that labels any other."""
    loaded = {seen.version for seen in server.status() if seen.state == AVAILABLE}
    return {label: version for label, version in labels.items() if version in loaded}
