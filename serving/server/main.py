"""The embedded model server: TensorFlow Serving's gRPC API over the same folders and config file.

Started as `python -m serving.server.main`, with TensorFlow Serving's flag names. It binds loopback
only: the API has no login, and a reload can load any path. When it listens it prints one JSON line
with its address, so that port 0 can be asked for.
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import structlog
from google.protobuf import text_format

from serving.client import model_service_pb2_grpc, prediction_service_pb2_grpc
from serving.errors import BadParameters
from serving.sched_batch import interrupt_nobody
from serving.server.exit_with_parent import stop_with_parent
from serving.server.grpc_service import ModelService, PredictionService
from serving.server.predict_calls import ServingCalls
from serving.server.servable import Servable
from serving.server.status_codes import FAILED_PRECONDITION
from serving.server.tfs_parameter_files import BatchingParameters, read_parameters
from serving.server.version_manager import (
    RequestRefused,
    VersionManager,
    empty_config,
)
from serving.versions import MANIFEST, Keys, check_operations, verify

# Three bots with 16 shoppers: a question takes the server 3.3 ms of processor time without waiting
# for the crowd, 2.3 with 5 ms; with 10 it takes 2.2, and with 20 the cores stand idle.
OWN_BATCHING = BatchingParameters(crowd_timeout_micros=5_000)
WORKERS = 64  # calls at once: most of them wait for a batch, and a waiting thread costs nothing
DRAIN_SECONDS = 2.0  # the longest a call may take, by the client's deadline
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),  # as the stock server: up to what gRPC itself allows
    ("grpc.max_send_message_length", -1),
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a share of the calls
)

log = structlog.get_logger()


class EmbeddedServer:
    """A running server: the manager of versions, polled, behind the two gRPC services."""

    def __init__(self, manager: VersionManager, config_file: Path, *, port: int) -> None:
        """Bind the port; nothing is loaded before `run`.

        Raises:
            RuntimeError: the port is taken.
        """
        self._manager = manager
        self._config_file = config_file
        self._taken: str | None = None  # the config file's text, once it was taken
        self._complaint = ""
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._server = grpc.server(futures.ThreadPoolExecutor(WORKERS), options=_OPTIONS)
        calls = ServingCalls(manager, self._wake.set)
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            PredictionService(calls), self._server
        )
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(ModelService(calls), self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port(f'127.0.0.1:{port}')}"

    def run(self, *, poll_seconds: float) -> None:
        """Answer until `stop`; look at the config file and the folders every `poll_seconds`."""
        self._server.start()
        print(json.dumps({"address": self.address}), flush=True)  # noqa: T201
        while not self._stopping.is_set():
            self._wake.clear()
            self._read_config()
            self._manager.work()
            # 0, as in TensorFlow Serving: look once, then only when a reload says so
            self._wake.wait(poll_seconds if poll_seconds > 0 else None)
        self._server.stop(DRAIN_SECONDS).wait()

    def stop(self) -> None:
        """End `run` after the calls under way."""
        self._stopping.set()
        self._wake.set()

    def _read_config(self) -> None:
        """Take the config file if it has changed since it was read; a bad one changes nothing."""
        try:
            text = self._config_file.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:  # not there, or no text
            self._complain("config.unreadable", error)
            return
        if text == self._taken:
            return
        try:
            config = text_format.Parse(text, empty_config())
        except text_format.ParseError as error:
            self._complain("config.unreadable", error)
            return
        try:
            self._manager.configure(config)
        except RequestRefused as error:
            self._complain("config.refused", error)
            if error.code == FAILED_PRECONDITION:  # a label to what is not loaded yet
                self._manager.prepare(config)
            return
        self._taken, self._complaint = text, ""

    def _complain(self, event: str, error: Exception) -> None:
        """Log what is wrong with the config file once, though it is read at every poll."""
        if str(error) != self._complaint:
            log.error(event, path=str(self._config_file), error=str(error))
        self._complaint = str(error)


def loader(
    keys: Keys, *, batching: BatchingParameters | None, packed: bool
) -> Callable[[Path], Servable]:
    """What makes a version's folder into something that answers, once it is known to be harmless.

    With `keys`, only what one of them signed is loaded; without, a version that carries a manifest
    is compared with it, and one from elsewhere is loaded if its graph does what a model may.
    """

    def load(path: Path) -> Servable:
        if keys or (path / MANIFEST).is_file():
            verify(path, keys)
        else:
            check_operations(path)
        return Servable(path, batching=batching, packed=packed)

    return load


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, Ctrl-C or, when asked, the end of the parent."""
    flags = _parse(arguments)
    interrupt_nobody()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        server = _build(flags)
    except (BadParameters, NothingToServe) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except RuntimeError:
        sys.stderr.write(f"port {flags.port} is in use; choose another with --port.\n")
        return 1
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: server.stop())
    if flags.stop_with_parent:
        stop_with_parent(server.stop)
    server.run(poll_seconds=flags.file_system_poll_wait_seconds)
    return 0


class NothingToServe(Exception):
    """Neither a config file nor a model is named, or the file is not there."""


def _build(flags: Any) -> EmbeddedServer:
    keys = _read_keys() if flags.signing_keys_on_stdin else ()
    batching = None
    if flags.enable_batching:
        named = flags.batching_parameters_file
        batching = read_parameters(named) if named else OWN_BATCHING
    manager = VersionManager(
        loader(keys, batching=batching, packed=flags.enable_serialization_as_tensor_content),
        allow_unavailable_labels=flags.allow_version_labels_for_unavailable_models,
        max_retries=flags.max_num_load_retries,
        retry_seconds=flags.load_retry_interval_micros / 1e6,
    )
    if flags.model_config_file is None or not flags.model_config_file.is_file():
        raise NothingToServe(f"there is no model config file {flags.model_config_file}.")
    return EmbeddedServer(manager, flags.model_config_file, port=flags.port)


def _read_keys() -> Keys:
    """One line of JSON on standard input: neither arguments nor files show a key."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return [bytes.fromhex(key) for key in json.loads(line)]


def _parse(arguments: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(prog="python -m serving.server.main", description=__doc__)
    parser.add_argument("--port", type=int, default=8500)
    parser.add_argument("--model_config_file", type=Path, required=True)
    parser.add_argument("--file_system_poll_wait_seconds", type=float, default=1.0)
    parser.add_argument("--batching_parameters_file", type=Path)
    parser.add_argument("--max_num_load_retries", type=int, default=5)
    parser.add_argument("--load_retry_interval_micros", type=int, default=60_000_000)
    for name in (
        "allow_version_labels_for_unavailable_models",
        "enable_batching",
        "enable_serialization_as_tensor_content",
    ):
        parser.add_argument(f"--{name}", type=_truth, default=False, nargs="?", const=True)
    parser.add_argument("--stop_with_parent", action="store_true", help="end when stdin closes")
    parser.add_argument("--signing_keys_on_stdin", action="store_true", help="JSON, hexadecimal")
    return parser.parse_args(arguments)


def _truth(text: str) -> bool:
    return text.lower() in ("true", "1")


if __name__ == "__main__":
    sys.exit(main())
