"""Version manager of the embedded server: policies, polling, labels, states, as TensorFlow Serving.

A version is unloaded only after one that is wanted has become available, so that somebody always
answers. A version that fails to load is tried again five times, a minute apart, and never served.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from serving.client import error_codes_pb2, model_server_config_pb2
from serving.server.status_codes import FAILED_PRECONDITION, INVALID_ARGUMENT

START, LOADING, AVAILABLE, UNLOADING, END = 10, 20, 30, 40, 50
MAX_RETRIES = 5
RETRY_SECONDS = 60.0
TENSORFLOW = "tensorflow"  # the only platform here

NOT_FOUND = error_codes_pb2.NOT_FOUND

log = structlog.get_logger()


class RequestRefused(Exception):
    """A configuration or a question the manager can not take; `code` is one of gRPC's."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass
class VersionStatus:
    """What GetModelStatus says of a version."""

    state: int = START
    error_code: int = 0
    error: str = ""
    failures: int = 0
    retry_at: float = 0.0


@dataclass
class ConfiguredModel:
    """A model of the configuration, its loaded versions and the states of all it has seen."""

    name: str
    base_path: Path
    policy: Any
    platform: str = ""
    missing: bool = False  # the folder is not there, and the log says so
    labels: dict[str, int] = field(default_factory=dict)
    loaded: dict[int, Any] = field(default_factory=dict)
    states: dict[int, VersionStatus] = field(default_factory=dict)

    @property
    def asked(self) -> set[int]:
        """The versions that the policy names one by one."""
        return set(self.policy.specific.versions)


class VersionManager:
    """Keeps what is loaded in step with the configuration and the folders."""

    def __init__(
        self,
        load: Callable[[Path], Any],
        *,
        allow_unavailable_labels: bool = False,
        max_retries: int = MAX_RETRIES,
        retry_seconds: float = RETRY_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`load` makes a version's folder into something that answers, or raises."""
        self._load = load
        self._allow_unavailable_labels = allow_unavailable_labels
        self._max_retries = max_retries
        self._retry_seconds = retry_seconds
        self._monotonic = monotonic
        self._models: dict[str, ConfiguredModel] = {}
        self._lock = threading.RLock()  # of the tables; never held while a version loads
        self._working = threading.Lock()  # one pass over the folders at a time

    def configure(self, config: Any) -> None:
        """Take a whole ModelServerConfig; models left out are unloaded at the next pass.

        Raises:
            Refused: the configuration is not valid; nothing has changed.
        """
        with self._lock:
            models = {}
            for entry in config.model_config_list.config:
                if entry.name in models:
                    raise RequestRefused(
                        INVALID_ARGUMENT,
                        f"Illegal to list model {entry.name} multiple times in config list",
                    )
                models[entry.name] = self._configured(entry)
            self._models = models

    def prepare(self, config: Any) -> None:
        """Load what `config` names on top of what is loaded; labels stay until it can be taken.

        A label may only point to a loaded version. So a config file that brings both at once is
        taken in two steps, and those who answer now go on answering meanwhile.
        """
        with self._lock:
            for entry in config.model_config_list.config:
                model = self._models.get(entry.name)
                if model is not None:
                    policy = type(model.policy)()
                    wanted = set(entry.model_version_policy.specific.versions) | set(model.loaded)
                    policy.specific.versions.extend(sorted(wanted))
                    model.policy = policy

    def work(self) -> None:
        """One pass: look at the folders, load what is wanted, unload what is not."""
        with self._working:
            with self._lock:
                models = list(self._models.values())
            for model in models:
                self._serve(model)

    def labelled(self, name: str, label: str) -> int:
        """The version that a label points to.

        Raises:
            Refused: it points nowhere.
        """
        with self._lock:
            model = self._models.get(name)
            labels = model.labels if model is not None else {}
            if label not in labels:
                raise RequestRefused(
                    INVALID_ARGUMENT, f"Unrecognized servable version label: {label}"
                )
            return labels[label]

    def find(self, name: str, version: int | None, label: str | None) -> tuple[Any, int]:
        """The loaded version that a request asks for, and its number.

        Raises:
            Refused: there is none; the message is TensorFlow Serving's.
        """
        with self._lock:
            model = self._models.get(name)
            if label is not None:
                version = self.labelled(name, label)
            loaded = model.loaded if model is not None else {}
            if version is None and loaded:
                version = max(loaded)
            if version is None or version not in loaded:
                asked = f"Latest({name})" if version is None else f"Specific({name}, {version})"
                raise RequestRefused(NOT_FOUND, f"Servable not found for request: {asked}")
            return loaded[version], version

    def states(self, name: str, version: int | None) -> Mapping[int, VersionStatus]:
        """The states of a model's versions, or of one of them.

        Raises:
            Refused: there are none.
        """
        with self._lock:
            model = self._models.get(name)
            states = dict(model.states) if model is not None else {}
        if not states:
            raise RequestRefused(NOT_FOUND, f"Could not find any versions of model {name}")
        if version is None:
            return dict(sorted(states.items(), reverse=True))
        if version not in states:
            raise RequestRefused(NOT_FOUND, f"Could not find version {version} of model {name}")
        return {version: states[version]}

    def _configured(self, entry: Any) -> ConfiguredModel:
        if not Path(entry.base_path).is_absolute():
            raise RequestRefused(
                INVALID_ARGUMENT,
                f"Expected model {entry.name} to have an absolute path or URI; got base_path()="
                f"{entry.base_path}",
            )
        known = self._models.get(entry.name)
        platform = entry.model_platform or TENSORFLOW
        model = ConfiguredModel(
            entry.name, Path(entry.base_path), entry.model_version_policy, platform
        )
        if known is not None and known.platform != platform:
            raise RequestRefused(
                INVALID_ARGUMENT,
                f"Illegal to change a model's platform. For model {entry.name} platform was"
                f" {known.platform} and new platform requested is {platform}",
            )
        if known is not None:
            model.loaded, model.states = known.loaded, known.states
            for version in set(entry.model_version_policy.specific.versions) - known.asked:
                if model.states.get(version, VersionStatus()).error:
                    model.states[version] = VersionStatus()  # asked for again, tried again, at once
        for label, version in entry.version_labels.items():
            in_use = known is not None and label in known.labels
            if version not in model.loaded and (in_use or not self._allow_unavailable_labels):
                raise RequestRefused(
                    FAILED_PRECONDITION,
                    f"Request to assign label to version {version} of model {entry.name}, which is"
                    " not currently available for inference",
                )
            model.labels[label] = version
        return model

    def _serve(self, model: ConfiguredModel) -> None:
        there = _versions_in(model.base_path)
        if there is None:
            if not model.missing:
                log.error(
                    "model.base_path_missing", model=model.name, base_path=str(model.base_path)
                )
            model.missing = True
            return
        model.missing = False
        wanted = _wanted(model.policy, there)
        for version in sorted(wanted - set(model.loaded), reverse=True):
            self._try_loading(model, version, there[version])
        available = wanted & set(model.loaded)
        if available or not wanted:
            self._unload(model, set(model.loaded) - wanted)

    def _try_loading(self, model: ConfiguredModel, version: int, path: Path) -> None:
        with self._lock:
            state = model.states.get(version)
            if state is None or (state.state == END and not state.error):
                state = model.states[version] = VersionStatus()
            given_up = state.failures > self._max_retries
            if given_up or self._monotonic() < state.retry_at:
                return
            state.state = LOADING
        try:
            loaded = self._load(path)
        except Exception as error:
            # Whatever a broken folder raises, the others go on answering.
            with self._lock:
                state.state, state.error = END, str(error) or type(error).__name__
                code = getattr(error, "error_code", None) or getattr(error, "code", None)
                state.error_code = code or error_codes_pb2.UNKNOWN
                state.failures += 1
                state.retry_at = self._monotonic() + self._retry_seconds
            log.error("version.load_failed", model=model.name, version=version, error=state.error)
            return
        with self._lock:
            model.loaded[version] = loaded
            model.states[version] = VersionStatus(AVAILABLE)
        log.info("version.available", model=model.name, version=version)

    def _unload(self, model: ConfiguredModel, versions: Iterable[int]) -> None:
        with self._lock:
            if self._models.get(model.name) is not model:
                return  # configured again meanwhile: the next pass knows what is wanted now
            for version in versions:
                # Calls under way hold their own reference; the session closes after the last.
                del model.loaded[version]
                model.states[version] = VersionStatus(END)
                log.info("version.unloaded", model=model.name, version=version)


def empty_config() -> Any:
    """A configuration without models."""
    return model_server_config_pb2.ModelServerConfig()


def _versions_in(base: Path) -> dict[int, Path] | None:
    """The versions under `base` (`00001` is 1); None if it is not there: then nothing changes."""
    try:
        entries = [entry for entry in base.iterdir() if _is_number(entry.name)]
        return {int(entry.name): entry for entry in entries if entry.is_dir()}
    except OSError:
        return None


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _wanted(policy: Any, there: Collection[int]) -> set[int]:
    if policy.HasField("specific"):
        return set(policy.specific.versions) & set(there)
    if policy.HasField("all"):
        return set(there)
    count = policy.latest.num_versions or 1
    return set(sorted(there)[-count:])
