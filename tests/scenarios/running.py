"""shopclerk as people run it: `shopclerk up` in a folder of its own, with its own settings."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ORDERS_SECRET = "orders-secret-of-the-test"
START_SECONDS = 400.0  # the first model is trained meanwhile, on a machine that may be busy


class Shop:
    """A folder, its settings, and the commands run in it."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        """`settings` without their prefix; Slack's own with theirs."""
        self.folder = folder
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        named = {
            name if name.startswith("SLACK_") else f"SHOPCLERK_{name}": value
            for name, value in settings.items()
        }
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SHOPCLERK_", "SLACK_"))
        }
        secret = {"SHOPCLERK_ORDERS_SECRET": ORDERS_SECRET}
        self.environment = {**kept, "PYTHONPATH": str(ROOT), **secret, **named}

    def run(
        self, *arguments: str, timeout: float = START_SECONDS
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "shopclerk", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def json(self, *arguments: str) -> Any:
        """Run a command that must succeed, and read the one JSON object it prints."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self) -> "Up":
        """`shopclerk up`, until it is ready."""
        return Up(self)


class Up:
    """A running `shopclerk up`; as a context it is ended by Ctrl-C."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.log = (shop.folder / "up.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shopclerk", "up", "--port", str(shop.port)],
            cwd=shop.folder,
            env=shop.environment,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        began = time.monotonic()
        while not self._ready():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - began < START_SECONDS, self.said()
            time.sleep(0.2)
        self.seconds = time.monotonic() - began

    def __enter__(self) -> "Up":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> int:
        """Ctrl-C; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(120)
        self.log.close()
        return code

    def said(self) -> str:
        """All it printed so far."""
        return Path(self.log.name).read_text(encoding="utf-8")

    def _ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.shop.address}/readyz", timeout=2) as answer:
                return "version" in answer.read().decode()
        except OSError:
            return False


def post(address: str, body: Any, **headers: str) -> Any:
    """POST JSON, read JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, data, sent, method="POST")
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)
