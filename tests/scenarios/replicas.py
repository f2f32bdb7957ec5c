"""Three bots of one shop behind one address, as processes that can be killed."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.product.chat_server import free_port
from benchmarks.product.faulty import FaultyProxy

ROOT = Path(__file__).parents[2]
NO_MODEL_SERVER = "127.0.0.1:9"  # nobody listens there: keyword search answers
START_SECONDS = 240.0  # on a machine that may be busy


class Replica:
    """One `shopclerk bot`."""

    def __init__(self, folder: Path, database_url: str, **settings: str) -> None:
        """Start it; `wait` until it is ready."""
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        named = {
            "SHOPCLERK_DATABASE_URL": database_url,
            "SHOPCLERK_SERVING_ADDRESS": NO_MODEL_SERVER,
            "SHOPCLERK_SECRET_KEY": "the-secret-of-three-replicas",
            "SHOPCLERK_ORDERS_SECRET": "the-secret-of-three-replicas",
            "SHOPCLERK_DESK_PASSWORD": "the-password-of-the-desk",
            "SHOPCLERK_PUBLIC_URL": "http://shop.example",
            "SHOPCLERK_HOLDOUT_SHARE": "0",
            **{f"SHOPCLERK_{name}": value for name, value in settings.items()},
        }
        self.log = folder / f"replica-{self.port}.log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shopclerk", "bot", "--port", str(self.port)],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **named},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Until it can answer."""
        ends = time.monotonic() + START_SECONDS
        while True:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < ends, self.log.read_text()
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=5):
                    return
            except OSError:
                time.sleep(0.2)

    def kill(self) -> None:
        """`kill -9`."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """SIGTERM; how it ended, which is to be by itself."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(START_SECONDS)


class Event(NamedTuple):
    """A server-sent event."""

    id: int
    name: str
    data: Any


class Chat:
    """A shopper's browser: it tries again, with the same client_id, as the widget does."""

    def __init__(self, balancer: FaultyProxy) -> None:
        """Begin a chat with whoever answers."""
        self.address = f"http://{balancer.address}"
        self.headers = {"Content-Type": "application/json"}
        session = self.post("/api/chat/sessions", {})
        self.dialogue_id = session["dialogue_id"]
        self.headers["Authorization"] = f"Bearer {session['token']}"

    def ask(self, text: str, client_id: str) -> Any:
        """A message and its answer, whoever dies meanwhile."""
        return self.post("/api/chat/messages", {"text": text, "client_id": client_id})

    def post(self, path: str, body: Any, tries: int = 40) -> Any:
        """POST JSON; a cut line and a server that is not ready are tried again."""
        while True:
            tries -= 1
            request = urllib.request.Request(
                self.address + path, json.dumps(body).encode(), self.headers
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as refused:
                if refused.code != 503 or not tries:
                    raise
            except OSError:
                if not tries:
                    raise
            time.sleep(0.25)

    def events(self, after: int = 0, *, at: str | None = None) -> Iterator[Event]:
        """The stream after an event's id, until it is cut; at one replica, or whoever answers."""
        headers = {**self.headers, "Last-Event-ID": str(after)}
        request = urllib.request.Request((at or self.address) + "/api/chat/events", headers=headers)
        fields: dict[str, str] = {}
        try:
            with urllib.request.urlopen(request, timeout=60) as stream:
                for raw in stream:
                    line = raw.decode().rstrip("\n")
                    if line:
                        name, _, value = line.partition(": ")
                        fields[name] = value
                    elif "event" in fields:
                        data = json.loads(fields["data"])
                        yield Event(int(fields.get("id", 0)), fields["event"], data)
                        fields = {}
        except OSError:
            return
