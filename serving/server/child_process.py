"""Child process with the embedded model server: started, restarted, or found already running.

The child ends with its parent, by a pipe that closes. If it crashes it is started again on the same
port; keyword search answers meanwhile. Nothing here imports TensorFlow.
"""

import collections
import contextlib
import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

from serving.client import AVAILABLE, END, TFServingRanker, VersionState
from serving.errors import NoVersions, ServingError
from serving.ranker import RankerUnavailable
from serving.server.discovery import Announcement, ServedElsewhere
from serving.versions import CONFIG, Keys, Rollout, VersionFolder, relocate

WAIT_SECONDS = 60.0  # loading takes 5 s on two idle cores
STOP_SECONDS = 5.0
LAST_LINES = 20
RESTART_PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

log = structlog.get_logger()


class ModelServerFailed(ServingError):
    """The embedded model server did not come up."""

    def __init__(self, models_dir: Path, reason: str) -> None:
        """Name the folder."""
        super().__init__(
            f"the model server could not serve {models_dir}: {reason}\n"
            "If a version is broken, shopclerk rollback returns to the one before; if there is no"
            " other, remove its folder and run shopclerk retrain."
        )


class EmbeddedChild:
    """A running child; `address` stays the same when it is started again."""

    def __init__(
        self,
        models_dir: Path,
        environment: Mapping[str, str],
        port: int,
        keys: Keys = (),
        flags: Sequence[str] = (),
        *,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """Start it; `start_embedded` waits until it answers."""
        self._models_dir = models_dir.resolve()
        self._keys = json.dumps([key.hex() for key in keys])
        self._flags = [*flags, *(["--signing_keys_on_stdin"] if keys else [])]
        self._environment = dict(environment)
        self._lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
        self._stopping = threading.Event()
        self._starting = threading.Lock()  # so that none is started once it is to stop
        self._process = self._start(port)
        self.address = self._read_address(wait_seconds)
        try:
            self._announcement = Announcement(self._models_dir)
        except ServedElsewhere:
            self._end()
            raise
        self._announcement.publish(self.address, self.pid)
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def await_available(self, seconds: float) -> None:
        """Wait until the champion's version is loaded.

        Raises:
            ModelServerFailed: it was not in time, or its folder is broken.
        """
        client = TFServingRanker(self.address)
        stable = Rollout(VersionFolder(self._models_dir)).stable()
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                if self._process.poll() is not None:
                    raise ModelServerFailed(self._models_dir, self._last_words())
                states = {state.version: state for state in _states(client)}
                found = states.get(stable) if stable is not None else None
                if found is not None and found.state == AVAILABLE:
                    return
                if found is not None and found.state == END and found.error:
                    raise ModelServerFailed(self._models_dir, found.error)
                time.sleep(0.05)
        finally:
            client.close()
        raise ModelServerFailed(
            self._models_dir, f"version {stable} was not loaded within {seconds:.0f} s"
        )

    def watch(self) -> None:
        """From now on, start it again when it crashes."""
        self._watcher.start()

    def withdraw(self) -> None:
        """Answer who asks already, and be found by nobody else: it will be stopped soon."""
        with self._starting:
            self._announcement.withdraw()

    def stop(self) -> None:
        """End it, after the calls under way."""
        with self._starting:
            self._stopping.set()
            self._announcement.withdraw()
            self._end()

    def _start(self, port: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "serving.server.main", "--stop_with_parent"]
        command += [f"--port={port}", f"--model_config_file={self._models_dir / CONFIG}"]
        command += ["--allow_version_labels_for_unavailable_models=true", "--enable_batching=true"]
        command += self._flags
        process = subprocess.Popen(
            command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, which then ends us in good order
        )
        threading.Thread(target=self._collect, args=(process,), daemon=True).start()
        if "--signing_keys_on_stdin" in self._flags:
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it has ended, and its lines say why
                process.stdin.write(f"{self._keys}\n".encode())
                process.stdin.flush()
        return process

    def _read_address(self, seconds: float) -> str:
        stdout = self._process.stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], seconds)
        line = stdout.readline() if ready else b""
        try:
            told = json.loads(line)
            return str(told["address"])
        except (ValueError, KeyError):
            self._end()
            raise ModelServerFailed(self._models_dir, self._last_words()) from None

    def _collect(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                self._lines.append(line.decode(errors="replace").rstrip())

    def _last_words(self) -> str:
        time.sleep(0.1)  # the collecting thread reads what was just written
        return "\n".join(self._lines) or "it ended without a word"

    def _watch(self) -> None:
        crashes = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            self._process.wait()
            if self._stopping.is_set():
                return
            crashes = 0 if time.monotonic() - began > WAIT_SECONDS else crashes + 1
            pause = RESTART_PAUSES[min(crashes, len(RESTART_PAUSES) - 1)]
            log.error("model_server.crashed", code=self._process.returncode, pause_s=pause)
            self._close_pipes()
            self._stopping.wait(pause)
            with self._starting:
                if self._stopping.is_set():
                    return
                self._process = self._start(int(self.address.rpartition(":")[2]))
                self._announcement.publish(self.address, self.pid)

    def _end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close_pipes()

    def _close_pipes(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def start_embedded(
    models_dir: Path,
    *,
    environment: Mapping[str, str],
    port: int = 0,
    wait_seconds: float = WAIT_SECONDS,
    keys: Keys = (),
    flags: Sequence[str] = (),
) -> EmbeddedChild:
    """Start the embedded server on `models_dir` and wait until it answers.

    With `keys`, it loads only versions that one of them signed. `flags` are more of its own, named
    as TensorFlow Serving's.

    A folder whose labels were never set (fresh from `shopclerk train`) gets its newest version as
    champion first.

    Raises:
        NoVersions: there is nothing to serve.
        BrokenVersion: the champion's folder is not whole.
        ModelServerFailed: the server did not come up; the message holds its last lines.
        ServedElsewhere: another process runs one on this folder.
    """
    folder = VersionFolder(models_dir, keys)
    rollout = Rollout(folder)
    stable = rollout.stable()
    if not folder.versions():
        raise NoVersions(folder.base)
    if stable is None:
        rollout.promote(folder.newest())
    else:
        folder.verify(stable)
        relocate(rollout)
    child = EmbeddedChild(models_dir, environment, port, keys, flags, wait_seconds=wait_seconds)
    try:
        child.await_available(wait_seconds)
    except BaseException:
        child.stop()
        raise
    child.watch()
    return child


def _states(client: TFServingRanker) -> list[VersionState]:
    try:
        return client.status()
    except RankerUnavailable:
        return []
