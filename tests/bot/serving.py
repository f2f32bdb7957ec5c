"""Serves an app on a free port, as the bot does."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import uvicorn
from fastapi import FastAPI

from bot.http.open_connections import ConnectionLimits
from bot.http.server import BoundedConfig, Bounds


@contextlib.contextmanager
def listening(port: int = 0) -> Iterator[socket.socket]:
    """A socket on this machine; 0: on any free port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        yield listener


@contextlib.contextmanager
def served(
    app: FastAPI,
    listener: socket.socket,
    *,
    room: ConnectionLimits | None = None,
    bounds: Bounds | None = None,
) -> Iterator[None]:
    """`app`, answering at `listener` until the end of the block."""
    config = BoundedConfig(
        app, room=room, bounds=bounds, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def wait_until(happened: Callable[[], bool], seconds: float = 90.0) -> None:
    """Wait for something another thread does."""
    ends = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > ends:
            raise AssertionError(f"did not happen within {seconds} s")
        time.sleep(0.02)
