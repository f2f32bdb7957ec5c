"""Slow and greedy HTTP connections, and how long another shopper waits meanwhile.

python -m benchmarks.battery.connections [--megabytes 50] [--unbounded]

Each attack meets a shop of its own, in a process that may open so many files and no more;
`--unbounded` has Uvicorn serve it without our bounds, for comparison. Shoppers come from addresses
of this machine (127.0.0.x). One JSON object on standard output.
"""

import argparse
import contextlib
import http.client
import json
import logging
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import uvicorn

from bot.http.open_connections import ConnectionLimits, raise_file_limit, room_in
from bot.http.server import BoundedConfig
from feedback.db.database import Database
from shopclerk.logs import set_up_logs
from tests.bot.serving import listening
from tests.browser.shop import open_demo

HEAD: Final = b"GET /healthz HTTP/1.1\r\nHost: shop.test\r\n"
ATTACKER, OTHER = "127.0.0.2", "127.0.0.9"
PATIENCE: Final = 5.0  # seconds; anyone who waits longer has gone
ASK_EVERY: Final = 0.05
SETTLE: Final = 3.0  # how long what was opened is held


class Target:
    """A served shop, and how to reach it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect(self, source: str) -> socket.socket:
        """A connection from an address of this machine."""
        return socket.create_connection(
            ("127.0.0.1", self.port), timeout=PATIENCE, source_address=(source, 0)
        )

    def ask(self, source: str, path: str = "/healthz", body: Any = None) -> Any:
        """One request on a connection of its own; its answer."""
        line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, source_address=(source, 0)
        )
        with contextlib.closing(line):
            if body is None:
                line.request("GET", path)
            else:
                line.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
            answer = line.getresponse()
            said = answer.read()
            if answer.status >= 400:
                raise ConnectionError(f"{answer.status}")
            return json.loads(said)


def endless(megabytes: int, begun: bytes) -> Callable[[Target, contextlib.ExitStack], int]:
    """One line without an end; how many megabytes were taken."""

    def attack(target: Target, held: contextlib.ExitStack) -> int:
        taken = 0
        line = held.enter_context(target.connect(ATTACKER))
        with contextlib.suppress(OSError):
            line.sendall(begun)
            while taken < megabytes:
                line.sendall(b"x" * 1_000_000)
                taken += 1
        return taken

    return attack


def half_sent(
    count: int, addresses: int, sent: bytes = b"GET /half"
) -> Callable[[Target, contextlib.ExitStack], int]:
    """Requests that are begun and not ended; how many connections could be opened."""

    def attack(target: Target, held: contextlib.ExitStack) -> int:
        opened = 0
        for number in range(count):
            with contextlib.suppress(OSError):
                line = held.enter_context(target.connect(f"127.0.1.{1 + number % addresses}"))
                line.sendall(sent)
                opened += 1
        return opened

    return attack


def streams(sessions: int, each: int) -> Callable[[Target, contextlib.ExitStack], int]:
    """Event streams of many sessions from one address; how many were opened."""

    def attack(target: Target, held: contextlib.ExitStack) -> int:
        opened = 0
        for _ in range(sessions):
            try:
                token = target.ask(ATTACKER, "/api/chat/sessions", {})["token"]
                for _ in range(each):
                    line = held.enter_context(target.connect(ATTACKER))
                    line.sendall(
                        b"GET /api/chat/events HTTP/1.1\r\nHost: shop.test\r\n"
                        b"Authorization: Bearer " + token.encode() + b"\r\n\r\n"
                    )
                    opened += line.recv(200).startswith(b"HTTP/1.1 200")
            except (OSError, http.client.HTTPException):
                continue
        return opened

    return attack


def attacks(megabytes: int) -> dict[str, tuple[int, Callable[..., int]]]:
    """Each with the files the server may open."""
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
    body = b"POST /api/chat/sessions HTTP/1.1\r\nContent-Length: 900\r\n\r\n{"
    return {
        "nothing": (1_024, lambda *_: 0),
        "endless header": (1_024, endless(megabytes, HEAD + b"X-Long: ")),
        "endless header, twice as long": (1_024, endless(2 * megabytes, HEAD + b"X-Long: ")),
        "endless address": (1_024, endless(megabytes, b"GET /")),
        "endless trailer": (1_024, endless(megabytes, chunked + b"X-Long: ")),
        "260 half-sent requests at 256 files": (256, half_sent(260, 1)),
        "the same from 200 addresses": (256, half_sent(260, 200)),
        "half-sent bodies from 200 addresses": (256, half_sent(260, 200, body)),
        "60 sessions of 8 streams": (1_024, streams(60, 8)),
        "130 sessions of 8 streams": (1_024, streams(130, 8)),
    }


def measure(target: Target, attack: Callable[..., int]) -> dict[str, float]:
    """What another shopper meets during an attack and a moment after."""
    waits: list[float] = []
    failed = 0
    over = threading.Event()

    def other() -> None:
        nonlocal failed
        while not over.is_set():
            began = time.monotonic()
            try:
                target.ask(OTHER)
                waits.append(1_000 * (time.monotonic() - began))
            except (OSError, http.client.HTTPException):
                failed += 1
            time.sleep(ASK_EVERY)

    asking = threading.Thread(target=other)
    asking.start()
    with contextlib.ExitStack() as held:
        taken = attack(target, held)
        time.sleep(SETTLE)
        over.set()
        asking.join()
    return {
        "taken": taken,
        "asked": len(waits) + failed,
        "not_answered": failed,
        "median_ms": round(statistics.median(waits), 1) if waits else 0.0,
        "longest_ms": round(max(waits), 1) if waits else 0.0,
    }


@contextlib.contextmanager
def shop(files: int, *, unbounded: bool) -> Iterator[Target]:
    """A shop in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.battery.connections", "--serve", str(files)]
    if unbounded:
        command.append("--unbounded")
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        target = Target(int(process.stdout.readline()))
        for _ in range(100):
            with contextlib.suppress(OSError, http.client.HTTPException):
                target.ask(OTHER)
                break
            time.sleep(0.1)
        yield target
    finally:
        process.kill()
        process.communicate()


def serve(files: int, *, unbounded: bool) -> None:
    """Answer until the end, with so many files."""
    set_up_logs(logging.CRITICAL)  # nobody reads them, and a full pipe would stop the server
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    with tempfile.TemporaryDirectory() as folder, listening() as listener:
        database = Database(f"sqlite:///{Path(folder) / 'shopclerk.db'}")
        database.migrate()
        room: ConnectionLimits = room_in(raise_file_limit(), per_address=120)
        port = listener.getsockname()[1]
        limits = {"address_per_minute": 60, "streams": room.streams}
        if unbounded:
            limits = {"address_per_minute": 60, "streams": 10**9}
        app = open_demo(database, f"http://127.0.0.1:{port}", **limits).app
        config: uvicorn.Config = BoundedConfig(app, room=room, log_level="critical")
        if unbounded:
            app.state.context.streams._per_address = 10**9
            config = uvicorn.Config(app, log_level="critical", log_config=None)
        print(port, flush=True)
        uvicorn.Server(config).run(sockets=[listener])


def main() -> None:
    """Measure all of them."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--megabytes", type=int, default=50)
    asked.add_argument("--unbounded", action="store_true")
    asked.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.serve:
        serve(options.serve, unbounded=options.unbounded)
        return
    figures = {}
    for name, (files, attack) in attacks(options.megabytes).items():
        print(f"{name} …", file=sys.stderr, flush=True)
        with shop(files, unbounded=options.unbounded) as target:
            figures[name] = measure(target, attack)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
