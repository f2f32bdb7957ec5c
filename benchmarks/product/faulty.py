"""Fault-injecting TCP proxy: cuts, stalls, resets, or answers nonsense for its servers.

Before several it is a small balancer: each connection goes to the next server that takes it.
"""

import itertools
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Literal, Self

Fault = Literal["none", "gone", "stalled", "resetting", "garbage", "delayed", "throttled"]
CHUNK: Final = 1 << 16
DELAY_SECONDS: Final = 0.1  # of every piece that passes
THROTTLED_BYTES: Final = 512  # in a piece, each DELAY_SECONDS / 10: 50 kB a second
UNIX: Final = "unix:"
GARBAGE: Final = b"\x00\xff\x13 HTTP/1.1 418 I am no model server\r\n\r\n" * 64


class FaultyProxy:
    """Passes bytes on to `target` until it is told to misbehave; a context manager.

    `gone`: nobody listens behind it. `stalled`: bytes are held until the fault ends. `resetting`:
    connections are cut. `garbage`: the server seems to talk nonsense. `delayed`, `throttled`: a
    line that is long, or thin.
    """

    def __init__(self, *targets: str) -> None:
        """Listen on a free port of loopback; a target is `host:port` or `unix:/path`."""
        self._targets = itertools.cycle(targets)
        self._tries = len(targets)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._fault: Fault = "none"
        self._passing = threading.Event()
        self._passing.set()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closed = False

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._listener.close()
        self.do("none")
        self._cut(reset=False)

    def do(self, fault: Fault) -> None:
        """Misbehave so from now on; `none`: behave."""
        self._fault = fault
        if fault == "stalled":
            self._passing.clear()
        else:
            self._passing.set()
        if fault in ("gone", "resetting", "garbage"):
            self._cut(reset=fault == "resetting")

    def _accept(self) -> None:
        while not self._closed:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            if self._fault in ("gone", "resetting"):
                _close(caller, reset=True)
            elif self._fault == "garbage":
                self._spawn(self._talk_nonsense, caller)
            else:
                self._connect(caller)

    def _connect(self, caller: socket.socket) -> None:
        server = self._next_server()
        if server is None:
            _close(caller, reset=True)
            return
        with self._lock:
            self._open |= {caller, server}
        self._spawn(self._pass_on, caller, server)
        self._spawn(self._pass_on, server, caller)

    def _next_server(self) -> socket.socket | None:
        """A connection to the next server that takes one."""
        for target in itertools.islice(self._targets, self._tries):
            with suppress(OSError):
                return _connected(target)
        return None

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(CHUNK):
                self._passing.wait()
                self._send(other, data)
        for end in (one, other):
            self._forget(end)

    def _send(self, other: socket.socket, data: bytes) -> None:
        if self._fault == "throttled":
            for start in range(0, len(data), THROTTLED_BYTES):
                time.sleep(DELAY_SECONDS / 10)
                other.sendall(data[start : start + THROTTLED_BYTES])
            return
        if self._fault == "delayed":
            time.sleep(DELAY_SECONDS)
        other.sendall(data)

    def _talk_nonsense(self, caller: socket.socket) -> None:
        with self._lock:
            self._open.add(caller)
        with suppress(OSError):
            caller.sendall(GARBAGE)
            caller.recv(CHUNK)
        self._forget(caller)

    def _cut(self, *, reset: bool) -> None:
        with self._lock:
            cut, self._open = self._open, set()
        for end in cut:
            _close(end, reset=reset)

    def _forget(self, end: socket.socket) -> None:
        with self._lock:
            self._open.discard(end)
        _close(end, reset=False)

    @staticmethod
    def _spawn(work: Callable[..., Any], *arguments: Any) -> None:
        threading.Thread(target=work, args=arguments, daemon=True).start()


def _connected(target: str) -> socket.socket:
    if target.startswith(UNIX):
        server = socket.socket(socket.AF_UNIX)
        server.connect(target.removeprefix(UNIX))
        return server
    host, _, port = target.rpartition(":")
    server = socket.create_connection((host, int(port)), timeout=1.0)
    server.settimeout(None)
    return server


def _close(end: socket.socket, *, reset: bool) -> None:
    with suppress(OSError):
        if reset:  # an end of no courtesy: the other side reads "connection reset by peer"
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00" + b"\x00" * 4)
            # Another thread that reads it holds it open, and is woken so without a word sent.
            end.shutdown(socket.SHUT_RD)
        else:
            end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
