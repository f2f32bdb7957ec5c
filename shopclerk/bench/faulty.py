"""A TCP proxy that stands before a server and does to its callers what networks do."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, Literal, Self

Fault = Literal["none", "gone", "stalled", "resetting", "garbage"]
CHUNK: Final = 1 << 16
GARBAGE: Final = b"\x00\xff\x13 HTTP/1.1 418 I am no model server\r\n\r\n" * 64


class FaultyProxy:
    """Passes bytes on to `target` until it is told to misbehave; a context manager.

    `gone`: nobody listens behind it. `stalled`: bytes are held until the fault ends. `resetting`:
    connections are cut. `garbage`: the server seems to talk nonsense.
    """

    def __init__(self, target: str) -> None:
        """Listen on a free port of loopback."""
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
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
        try:
            server = socket.create_connection(self._target, timeout=1.0)
        except OSError:
            _close(caller, reset=True)
            return
        server.settimeout(None)
        with self._lock:
            self._open |= {caller, server}
        self._spawn(self._pass_on, caller, server)
        self._spawn(self._pass_on, server, caller)

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(CHUNK):
                self._passing.wait()
                other.sendall(data)
        for end in (one, other):
            self._forget(end)

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


def _close(end: socket.socket, *, reset: bool) -> None:
    with suppress(OSError):
        if reset:  # an end of no courtesy: the other side reads "connection reset by peer"
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00" + b"\x00" * 4)
        else:
            end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
