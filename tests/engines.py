"""Firefox and WebKit as Debian has them, driven as people use them: by pointer and keyboard.

Playwright brings patched builds of its own, which no package here holds. WebKit is asked over
WebDriver, Firefox over Marionette, which says the same in other envelopes.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import httpx
import pytest

from tests.bot.serving import wait_until

MINI_BROWSER: Final = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
INSTALL: Final = "apt-get install -y firefox-esr webkit2gtk-driver xvfb"
SECONDS: Final = 120.0
ENGINES: Final = ("firefox", "webkit")
# Pages of tests are served by this machine alone; nothing is looked up, updated or told.
QUIET: Final = """
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("marionette.port", %d);
"""


class Wire(Protocol):
    """Sends one command of WebDriver's, in the browser's own envelope."""

    def ask(self, name: str, path: str, body: Mapping[str, Any]) -> Any:
        """What the browser answers."""


class Engine:
    """A browser with one window."""

    def __init__(self, wire: Wire) -> None:
        """Drive it over `wire`."""
        self._wire = wire

    def go(self, address: str) -> None:
        """Open a page."""
        self._wire.ask("Navigate", "url", {"url": address})

    def js(self, script: str, *arguments: Any) -> Any:
        """What a script of the page returns."""
        body = {"script": script, "args": list(arguments)}
        return self._wire.ask("ExecuteScript", "execute/sync", body)

    def becomes(self, expression: str) -> None:
        """Wait until an expression of the page is true."""
        wait_until(lambda: bool(self.js(f"return Boolean({expression})")), SECONDS)

    def press(self, element: str) -> None:
        """Press an element with the pointer; `element` is an expression of the page."""
        self.becomes(f"({element})?.getBoundingClientRect().width > 0")
        x, y = self.js(
            f"const box = ({element}).getBoundingClientRect();"
            "return [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];"
        )
        steps = [
            {"type": "pointerMove", "duration": 0, "x": x, "y": y, "origin": "viewport"},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self._act({"type": "pointer", "id": "mouse", "actions": steps})

    def type(self, text: str) -> None:
        """Type, key by key; `\\ue007` is Enter."""
        steps = [{"type": act, "value": key} for key in text for act in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": steps})

    def _act(self, source: Mapping[str, Any]) -> None:
        self._wire.ask("PerformActions", "actions", {"actions": [source]})


@contextmanager
def launched(engine: str) -> Iterator[Engine]:
    """The browser of this name; where it is not installed the test is skipped, and says how."""
    with firefox() if engine == "firefox" else webkit() as wire:
        yield Engine(wire)


class Marionette:
    """Firefox's own protocol: JSON behind its length, one answer for each command."""

    def __init__(self, port: int) -> None:
        """Connect, and begin a session."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._read()  # its greeting
        self._number = 0
        self.ask("NewSession", "", {})

    def ask(self, name: str, path: str, body: Mapping[str, Any]) -> Any:
        """See `Wire`."""
        self._number += 1
        sent = json.dumps([0, self._number, f"WebDriver:{name}", dict(body)]).encode()
        self._socket.sendall(b"%d:%s" % (len(sent), sent))
        _, _, error, answer = self._read()
        assert error is None, error
        return answer["value"] if isinstance(answer, dict) and "value" in answer else answer

    def end(self) -> None:
        """Hang up."""
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._more(1)
        return json.loads(self._more(int(length[:-1])))

    def _more(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            piece = self._socket.recv(count - len(read))
            assert piece, "Firefox hung up"
            read += piece
        return read


class WebDriver:
    """WebDriver over HTTP."""

    def __init__(self, port: int, wanted: Mapping[str, Any]) -> None:
        """Begin a session."""
        self._web = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS)
        begun = self._web.post("/session", json={"capabilities": {"alwaysMatch": dict(wanted)}})
        self._session = f"/session/{begun.json()['value']['sessionId']}"

    def ask(self, name: str, path: str, body: Mapping[str, Any]) -> Any:
        """See `Wire`."""
        answer = self._web.post(f"{self._session}/{path}", json=dict(body))
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]

    def end(self) -> None:
        """Close the browser."""
        self._web.delete(self._session)
        self._web.close()


@contextmanager
def firefox() -> Iterator[Wire]:
    """Firefox without a window, with a fresh profile."""
    program = shutil.which("firefox-esr") or _missing("Firefox")
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        (Path(profile) / "user.js").write_text(QUIET % port)
        asked = [program, "--headless", "--marionette", "--no-remote", "--profile", profile]
        environment = {**os.environ, "HOME": profile, "MOZ_CRASHREPORTER_DISABLE": "1"}
        with running(asked, environment):
            wait_until(lambda: listens(port), SECONDS)
            wire = Marionette(port)
            try:
                yield wire
            finally:
                wire.end()


@contextmanager
def webkit() -> Iterator[Wire]:
    """WebKitGTK's small browser, on a screen that nobody sees."""
    driver = shutil.which("WebKitWebDriver") or _missing("WebKit")
    screen = shutil.which("Xvfb") or _missing("Xvfb")
    port = free_port()
    with screen_of(screen) as display, tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "DISPLAY": display,
            "HOME": home,
            "GDK_BACKEND": "x11",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # root may not make one here
        }
        with running([driver, f"--port={port}"], environment):
            wait_until(lambda: listens(port), SECONDS)
            options = {"binary": str(MINI_BROWSER), "args": ["--automation"]}
            wire = WebDriver(port, {"webkitgtk:browserOptions": options})
            try:
                yield wire
            finally:
                wire.end()


@contextmanager
def screen_of(program: str) -> Iterator[str]:
    """A screen in memory; its name."""
    asked = [program, "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield f":{process.stdout.readline().strip()}"
        finally:
            process.terminate()


@contextmanager
def running(asked: list[str], environment: Mapping[str, str]) -> Iterator[None]:
    """A process until the end."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(asked, env=dict(environment), stdout=quiet, stderr=quiet) as process:
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody answers there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _missing(what: str) -> str:
    pytest.skip(f"{what} is not installed: {INSTALL}")
