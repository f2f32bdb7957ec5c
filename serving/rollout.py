"""Which version answers: the labels `stable` and `canary`, moved without a lost answer.

The labels live in `MODELS_DIR/models.config`, the file TensorFlow Serving reads at its start
(`--model_config_file`), so that the embedded server and a real one restart with the same labels. A
running server is taken through the three steps TensorFlow Serving asks for, because a label may
only point to a version that is loaded: load old and new, wait until both are available, move the
label.

The file is written between the steps as well: a crash at any point leaves a configuration that
works, and the same command again goes on from there.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from google.protobuf import text_format

from serving import contract
from serving.errors import NothingToRollBack, VersionNotLoaded
from serving.stubs import model_server_config_pb2
from serving.tfserving import AVAILABLE, END, STATE_NAMES, VersionState
from serving.versions import VersionFolder

CONFIG = "models.config"
HISTORY = "stable.json"  # the versions `stable` has pointed to, oldest first
HISTORY_LENGTH = 50
LOAD_SECONDS = 120.0
POLL_SECONDS = 0.1


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
        load_seconds: float = LOAD_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Work on `folder` and, where one runs, on `server`."""
        self.folder = folder
        self.config_path = folder.models_dir / CONFIG
        self._history_path = folder.models_dir / HISTORY
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

    def stable(self) -> int | None:
        """The champion's version."""
        return self.labels().get(contract.STABLE)

    def promote(self, version: int) -> None:
        """Make `version` the champion; a challenger of that number ends its trial.

        Raises:
            UnknownVersion: it does not exist.
            BrokenVersion: it is not whole.
            VersionNotLoaded: the server did not load it; the labels stay as they were.
        """
        labels = self.labels()
        if labels.get(contract.CANARY) == version:
            del labels[contract.CANARY]
        self._move({**labels, contract.STABLE: version})
        history = self._history()
        if history[-1:] != [version]:
            self._write_history([*history, version])

    def canary(self, version: int | None) -> None:
        """Give `version` the label of the challenger; None takes the label away.

        Raises:
            UnknownVersion: it does not exist.
            BrokenVersion: it is not whole.
            VersionNotLoaded: the server did not load it.
        """
        labels = self.labels()
        labels.pop(contract.CANARY, None)
        self._move(labels if version is None else {**labels, contract.CANARY: version})

    def rollback(self) -> int:
        """Move `stable` back to where it was before; returns that version.

        Raises:
            NothingToRollBack: it was nowhere else, or that version is gone.
        """
        there = set(self.folder.versions())
        current = self.stable()
        earlier = [v for v in self._history() if v != current and v in there]
        if not earlier:
            raise NothingToRollBack(current)
        target = earlier[-1]
        self._move({**self.labels(), contract.STABLE: target})
        history = self._history()
        # What was rolled back is forgotten: rolling back again goes further, not forth.
        self._write_history([*[v for v in history[: history.index(target)] if v != target], target])
        return target

    def _move(self, labels: dict[str, int]) -> None:
        before = self.labels()
        for version in set(labels.values()) - set(before.values()):
            self.folder.verify(version)
        both = sorted(set(labels.values()) | set(before.values()))
        if self._server is not None:
            kept = _available(self._server, before)
            needed = {
                version
                for label, version in labels.items()
                if label == contract.STABLE or before.get(label) != version
            }
            self._apply(both, kept)
            try:
                for version in needed:
                    self._await_loaded(self._server, version)
            except VersionNotLoaded:
                self._apply(sorted(set(before.values())), kept)
                _write(self.config_path, self._config(sorted(set(before.values())), before))
                raise
            # A challenger that could not be loaded must not stand in the way of rolling back.
            labels = {
                label: version
                for label, version in labels.items()
                if version in needed or label in kept
            }
            self._apply(both, labels)
        self._apply(sorted(set(labels.values())), labels)

    def _apply(self, versions: Sequence[int], labels: dict[str, int]) -> None:
        if not versions:  # an empty list would unload everything
            return
        text = self._config(versions, labels)
        _write(self.config_path, text)
        if self._server is not None:
            self._server.reload(text)

    def _config(self, versions: Sequence[int], labels: dict[str, int]) -> str:
        return write_config(self.folder.base.resolve(), versions, labels)

    def _await_loaded(self, server: ModelServer, version: int) -> None:
        deadline = self._monotonic() + self._load_seconds
        state = "unknown"
        while self._monotonic() < deadline:
            for seen in server.status():
                if seen.version != version:
                    continue
                if seen.state == AVAILABLE:
                    return
                state = STATE_NAMES.get(seen.state, str(seen.state))
                if seen.state == END and seen.error:
                    raise VersionNotLoaded(version, self._load_seconds, seen.error)
            self._sleep(POLL_SECONDS)
        raise VersionNotLoaded(version, self._load_seconds, state)

    def _history(self) -> list[int]:
        try:
            history = json.loads(self._history_path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return []
        return [version for version in history if isinstance(version, int)]

    def _write_history(self, history: list[int]) -> None:
        _write(self._history_path, json.dumps(history[-HISTORY_LENGTH:]))


def _available(server: ModelServer, labels: dict[str, int]) -> dict[str, int]:
    """The labels whose versions answer: a server refuses a config that labels any other."""
    loaded = {seen.version for seen in server.status() if seen.state == AVAILABLE}
    return {label: version for label, version in labels.items() if version in loaded}


def write_config(base: Path, versions: Sequence[int], labels: dict[str, int]) -> str:
    """A ModelServerConfig in text form.

    >>> print(write_config(Path("/models/clerk"), [3], {"stable": 3}))
    model_config_list {
      config {
        name: "clerk"
        base_path: "/models/clerk"
        model_platform: "tensorflow"
        model_version_policy { specific { versions: 3 } }
        version_labels { key: "stable" value: 3 }
      }
    }
    <BLANKLINE>
    """
    wanted = " ".join(f"versions: {version}" for version in versions)
    pointing = "".join(
        f"\n    version_labels {{ key: {json.dumps(label)} value: {version} }}"
        for label, version in sorted(labels.items())
    )
    return (
        "model_config_list {\n"
        "  config {\n"
        f"    name: {json.dumps(contract.MODEL_NAME)}\n"
        f"    base_path: {json.dumps(str(base))}\n"
        '    model_platform: "tensorflow"\n'
        f"    model_version_policy {{ specific {{ {wanted} }} }}"
        f"{pointing}\n"
        "  }\n"
        "}\n"
    )


def read_labels(config: str) -> dict[str, int]:
    """The labels of the model in a ModelServerConfig's text form.

    >>> sorted(read_labels(write_config(Path("/m"), [3, 4], {"stable": 3, "canary": 4})).items())
    [('canary', 4), ('stable', 3)]
    """
    parsed = text_format.Parse(config, model_server_config_pb2.ModelServerConfig())
    for model in parsed.model_config_list.config:
        if model.name == contract.MODEL_NAME:
            return dict(model.version_labels)
    return {}


def _write(path: Path, text: str) -> None:
    """Replace `path` at once: whoever reads it sees the old or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)  # a model server may run as another user
    Path(name).replace(path)
