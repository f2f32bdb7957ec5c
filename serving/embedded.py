"""The embedded model server: TensorFlow Serving's gRPC API over the same folders and config file.

Started as `python -m serving.embedded`, with TensorFlow Serving's flag names. It binds loopback
only: the API has no login, and a reload can load any path. When it listens it prints one JSON line
with its address, so that port 0 can be asked for.
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import structlog
from google.protobuf import text_format

from serving.manager import FAILED_PRECONDITION, Manager, Refused, empty_config
from serving.servable import Servable
from serving.service import ModelService, PredictionService
from serving.stubs import model_service_pb2_grpc, prediction_service_pb2_grpc
from serving.versions import MANIFEST, verify_folder

WORKERS = 8  # threads for calls; TensorFlow has its own behind them
DRAIN_SECONDS = 2.0  # the longest a call may take, by the client's deadline
_OPTIONS = (
    ("grpc.max_receive_message_length", -1),  # as the stock server: up to what gRPC itself allows
    ("grpc.max_send_message_length", -1),
    ("grpc.so_reuseport", 0),  # a taken port is an error, not a share of the calls
)

log = structlog.get_logger()


class EmbeddedServer:
    """A running server: a manager, its polling thread and the gRPC services."""

    def __init__(self, manager: Manager, config_file: Path, *, port: int) -> None:
        """Bind the port; nothing is loaded before `run`."""
        self._manager = manager
        self._config_file = config_file
        self._taken: str | None = None  # the config file's text, once it was taken
        self._complaint = ""
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._server = grpc.server(futures.ThreadPoolExecutor(WORKERS), options=_OPTIONS)
        prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
            PredictionService(manager), self._server
        )
        model_service_pb2_grpc.add_ModelServiceServicer_to_server(
            ModelService(manager, self._wake.set), self._server
        )
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
        except Refused as error:
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


def load(path: Path) -> Servable:
    """Load a version; one that we published is compared with its manifest first."""
    if (path / MANIFEST).is_file():
        verify_folder(path)
    return Servable(path)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM, Ctrl-C or, when asked, the end of the parent."""
    flags = _parse(arguments)
    if not flags.model_config_file.is_file():
        sys.stderr.write(f"there is no model config file {flags.model_config_file}.\n")
        return 1
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    manager = Manager(
        load, allow_unavailable_labels=flags.allow_version_labels_for_unavailable_models
    )
    try:
        server = EmbeddedServer(manager, flags.model_config_file, port=flags.port)
    except RuntimeError:
        sys.stderr.write(f"port {flags.port} is in use; choose another with --port.\n")
        return 1
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: server.stop())
    if flags.stop_with_parent:
        threading.Thread(target=_await_parents_end, args=(server,), daemon=True).start()
    server.run(poll_seconds=flags.file_system_poll_wait_seconds)
    return 0


def _await_parents_end(server: EmbeddedServer) -> None:
    """The parent holds the other end of our standard input: it closes when the parent ends."""
    # Not sys.stdin: a thread that waits in its buffer aborts the interpreter's end (SIGABRT).
    while os.read(0, 4_096):
        pass
    server.stop()


def _parse(arguments: Sequence[str] | None) -> Any:
    parser = argparse.ArgumentParser(prog="python -m serving.embedded", description=__doc__)
    parser.add_argument("--port", type=int, default=8500)
    parser.add_argument("--model_config_file", type=Path, required=True)
    parser.add_argument("--file_system_poll_wait_seconds", type=float, default=1.0)
    parser.add_argument(
        "--allow_version_labels_for_unavailable_models",
        type=lambda text: text.lower() in ("true", "1"),
        default=False,
        nargs="?",
        const=True,
    )
    parser.add_argument("--stop_with_parent", action="store_true", help="end when stdin closes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
