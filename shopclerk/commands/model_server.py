"""Model server of `shopclerk up`: one that runs already, or a child process.

Keyword search answers wherever there is no model server yet.
"""

import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import structlog

from serving.errors import ServingError
from serving.server import (
    EmbeddedChild,
    ServedElsewhere,
    find_running,
    is_held,
    start_embedded,
)
from shopclerk.printing import say
from shopclerk.settings import Settings, child_environment
from shopclerk.wiring import version_folder, version_keys
from shopclerk.wiring.processes import own_command

CLOSING_S = 60.0  # the longest that an `up` before us may take to end
LOOK_S = 0.5
STOP_S = 10.0

log = structlog.get_logger()


class RunningModelServer:
    """Where a model server is, or will be; `withdraw` before it is stopped."""

    def __init__(self, address: str, child: EmbeddedChild | None = None) -> None:
        self.address = address
        self.child = child

    def withdraw(self) -> None:
        """Be found by nobody any more: this `up` ends."""
        if self.child is not None:
            self.child.withdraw()


@contextlib.contextmanager
def running_model_server(
    settings: Settings, *, rebuild: bool = False
) -> Iterator[RunningModelServer]:
    """The one that is set, one that runs on this folder already, or a child of our own.

    `rebuild`: where there is no version, make one meanwhile.
    """
    if settings.serving_address:
        yield RunningModelServer(settings.serving_address)
        return
    if rebuild and not version_folder(settings).versions():
        with _rebuilt(settings) as server:
            yield server
        return
    server = _found_or_started(settings)
    try:
        yield server
    finally:
        if server.child is not None:
            server.child.stop()


def _found_or_started(settings: Settings) -> RunningModelServer:
    """Wait for a process that holds the folder until it serves, or has ended.

    Raises:
        ServedElsewhere: it did neither.
    """
    deadline = time.monotonic() + CLOSING_S
    said = False
    while True:
        if there := find_running(settings.models_dir):
            say(f"The model server at {there} answers; it ends with the shopclerk that runs it.")
            return RunningModelServer(there)
        if not is_held(settings.models_dir):
            say("Starting the model server …")
            child = _started(settings)
            return RunningModelServer(child.address, child)
        if time.monotonic() > deadline:
            raise ServedElsewhere(settings.models_dir)
        if not said:
            say("Another shopclerk on this folder starts or ends; waiting for it …")
            said = True
        time.sleep(LOOK_S)


def _started(settings: Settings, port: int = 0) -> EmbeddedChild:
    return start_embedded(
        settings.models_dir,
        environment=child_environment(),
        keys=version_keys(settings),
        port=port,
    )


@contextlib.contextmanager
def _rebuilt(settings: Settings) -> Iterator[RunningModelServer]:
    """A server that comes once a model was made from the store; its address is known before."""
    say("There is no whole model: one is made from the store; keyword search answers meanwhile.")
    port = _free_port()
    server, stopping = RunningModelServer(f"127.0.0.1:{port}"), threading.Event()
    training = subprocess.Popen(
        own_command("retrain", "--trigger", "first model", "--background"),
        env=child_environment(),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )

    def serve() -> None:
        training.wait()
        if stopping.is_set():
            return
        try:
            server.child = _started(settings, port)
            log.info("model.rebuilt", address=server.address)
        except ServingError:
            log.exception("model.not_rebuilt")

    rebuilding = threading.Thread(target=serve, name="rebuild", daemon=True)
    rebuilding.start()
    try:
        yield server
    finally:
        stopping.set()
        training.terminate()
        try:
            training.wait(STOP_S)
        except subprocess.TimeoutExpired:
            training.kill()
        rebuilding.join()
        if server.child is not None:
            server.child.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
