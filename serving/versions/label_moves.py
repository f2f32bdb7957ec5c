"""Label moves: a running model server and its config file are taken to new labels.

A label may only point to a version that is loaded: load old and new, wait until both are available,
move the label. The file holds labels that a server can start with at each of these steps.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Final, Protocol

from serving import contract
from serving.client import AVAILABLE, END, STATE_NAMES, VersionState
from serving.errors import VersionNotLoaded
from serving.ranker import RankerUnavailable
from serving.versions.config_file import read_labels, write_config
from serving.versions.manifest import replace_file

POLL_SECONDS: Final = 0.1

Labels = Mapping[str, int]


class ModelServer(Protocol):
    """What rollout needs of a running model server."""

    def status(self, version: int | None = None) -> list[VersionState]:
        """The states of the model's versions."""
        ...

    def reload(self, config: str) -> None:
        """Take a whole new model config."""
        ...


class LabelMover:
    """Moves the labels in the config file and, where one runs, in a server."""

    def __init__(
        self,
        config_path: Path,
        base: Path,
        server: ModelServer | None,
        *,
        load_seconds: float,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
    ) -> None:
        """Of versions below `base`; loading one may take `load_seconds`."""
        self.config_path = config_path
        self._base = base
        self._server = server
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

    def move(self, labels: dict[str, int], *, way_back: int | None = None) -> None:
        """Move the labels; the way back stays loaded, so that going it takes no loading.

        Raises:
            VersionNotLoaded: the server did not load it; the labels stay as they were.
        """
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
        return write_config(self._base.resolve(), sorted(versions), labels)

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


def _available(server: ModelServer, labels: Labels) -> dict[str, int]:
    """The labels whose versions answer: a server refuses a config that labels any other."""
    loaded = {seen.version for seen in server.status() if seen.state == AVAILABLE}
    return {label: version for label, version in labels.items() if version in loaded}
