"""A Slack that we did not write, for tests: local-slack, started on a free port of this machine.

It speaks Slack's Web API, Socket Mode and signed events, and a control API with which a test acts
as a person. Its npm package is found in the folder SHOPCLERK_TEST_SLACK_PEER names (a
`node_modules`) or in ./node_modules; where it is missing the test is skipped with the line that
installs it.
"""

import asyncio
import json
import os
import platform
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar

import aiohttp
import pytest

from bot.channels.slack.block_rules import broken_rules, broken_view_rules

Found = TypeVar("Found")
Message = dict[str, Any]

PACKAGE = "local-slack-linux-x64"
INSTALL = f"npm install --ignore-scripts --no-save --prefix . {PACKAGE}@0.1.8"

# It listens on every interface of its own accord; a test's server has no business outside.
LOOPBACK = 'const s=Bun.serve; Bun.serve=o=>s({...o,hostname:"127.0.0.1"});'

TEAM = "T0SHOP"
BOT_USER = "U0BOT"
ALICE = "U01ALICE"
BOB = "U02BOB"
MIA = "U03MIA"
SUPPORT = "C01"
REPORTS = "C02"
REVIEW = "C03"
BOT_TOKEN = "xoxb-test"
APP_TOKEN = "xapp-test"
SIGNING_SECRET = "signing-secret-of-the-test"


def peer_program() -> Path:
    """The peer's program; skips the test where it is not installed, fails it in CI."""
    folder = Path(os.environ.get("SHOPCLERK_TEST_SLACK_PEER", "node_modules"))
    program = folder / PACKAGE / "bin" / "local-slack"
    if program.exists():
        return program.resolve()
    reason = f"needs the Slack peer: {INSTALL}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        reason = "the Slack peer runs on Linux x86_64 only"
    pytest.skip(reason)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(look: Callable[[], Found | None], seconds: float = 120) -> Found:
    """What `look` finds at last.

    Raises:
        AssertionError: it found nothing in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := look():
                return found
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"nothing was found in {seconds} s")


class SlackPeer:
    """A running workspace with a bot, two people, #support and #reports."""

    def __init__(
        self,
        folder: Path,
        *,
        mode: Literal["socket", "events"] = "socket",
        request_url: str | None = None,
    ) -> None:
        """Keep its files in `folder`; in mode "events" it sends them to `request_url`."""
        self._folder = folder
        self._mode = mode
        self._request_url = request_url
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """The page where people would read and write."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL has to be."""
        return f"{self.url}/api/"

    def start(self) -> "SlackPeer":
        """Start, and wait until it answers."""
        program = peer_program()
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / "loopback.js").write_text(LOOPBACK)
        (self._folder / "workspace.json").write_text(json.dumps(self._workspace()))
        self._port = free_port()
        self._process = subprocess.Popen(
            [program, "--config", "workspace.json", "--port", str(self._port),
             "--base-host", "127.0.0.1", "--files-dir", "files"],
            cwd=self._folder,
            env={**os.environ, "BUN_OPTIONS": "--preload ./loopback.js"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(lambda: self._control("GET", "state"))
        return self

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)
            self._process = None

    def __enter__(self) -> "SlackPeer":
        return self.start()

    def __exit__(self, failure: object, *_: object) -> None:
        broken = [] if failure else self.broken_rules()
        self.stop()
        assert [] == broken, "Slack would refuse what the bot sent"

    @contextmanager
    def emptied_afterwards(self) -> Iterator[None]:
        """For a test among others: what the bot sent is checked, then all of it is forgotten."""
        try:
            yield
            assert [] == self.broken_rules(), "Slack would refuse what the bot sent"
        finally:
            self._control("POST", "reset", {})

    def broken_rules(self) -> list[str]:
        """What real Slack would refuse of what the bot has sent; the peer takes everything."""
        page = self._page()
        messages = [each for listed in page["messages"].values() for each in listed]
        homes = [view for views in page["homeViews"].values() for view in views.values()]
        return [
            *(
                rule
                for message in messages
                if message.get("user") == BOT_USER
                for rule in broken_rules(message.get("blocks") or [], "message")
            ),
            *(rule for view in [*homes, *page["modalStack"]] for rule in broken_view_rules(view)),
        ]

    def wait_for_socket(self) -> None:
        """Wait until a bot is connected by Socket Mode."""
        eventually(lambda: any("socket connected" in entry["summary"] for entry in self.log()))

    def say(self, channel: str, user: str, text: str, *, thread_ts: str | None = None) -> str:
        """Write as a person; a person's id as the channel is their direct message to the bot.

        Returns:
            The message's ts.
        """
        body = {"channel": channel, "user": user, "text": text, "thread_ts": thread_ts}
        ts: str = self._control("POST", "message", body)["message"]["ts"]
        return ts

    def upload(
        self,
        channel: str,
        user: str,
        files: dict[str, bytes],
        text: str = "",
        *,
        thread_ts: str | None = None,
    ) -> str:
        """Send files as a person, by name; the message's ts."""
        fields = {"channel": channel, "user": user, "text": text, "thread_ts": thread_ts or ""}
        body = [
            (f'form-data; name="{name}"', value.encode()) for name, value in fields.items() if value
        ]
        body += [
            (f'form-data; name="file"; filename="{name}"', content)
            for name, content in files.items()
        ]
        border = b"--of-the-test"
        parts = [
            b"--" + border + f"\r\nContent-Disposition: {head}\r\n\r\n".encode() + content + b"\r\n"
            for head, content in body
        ]
        request = urllib.request.Request(
            f"{self.url}/_control/upload",
            b"".join([*parts, b"--", border, b"--\r\n"]),
            {"content-type": f"multipart/form-data; boundary={border.decode()}"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            ts: str = json.load(response)["message"]["ts"]
            return ts

    def bytes_of(self, file: dict[str, Any]) -> bytes:
        """The bytes of a file that the bot has sent, as they are downloaded."""
        request = urllib.request.Request(
            file["url_private_download"], headers={"Authorization": f"Bearer {BOT_TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            found: bytes = response.read()
            return found

    def edit(self, channel: str, user: str, ts: str, text: str) -> None:
        """Change what a person wrote."""
        self._control(
            "POST", "edit-message", {"channel": channel, "user": user, "ts": ts, "text": text}
        )

    def delete(self, channel: str, user: str, ts: str) -> None:
        """Take back what a person wrote."""
        self._page({"t": "delete_message", "channel": channel, "user": user, "ts": ts})

    def react(self, channel: str, ts: str, user: str, name: str) -> None:
        """Add a reaction as a person."""
        body = {"channel": channel, "ts": ts, "user": user, "name": name, "present": True}
        self._control("POST", "reaction", body)

    def press(self, message: Message, user: str, action_id: str) -> None:
        """Press a button of a message as a person."""
        button = button_of(message, action_id)
        self._control(
            "POST",
            "interact",
            {
                "channel": message["channel"],
                "messageTs": message["ts"],
                "user": user,
                "action": {**button, "block_id": "test"},
            },
        )

    def submit(self, user: str, **fields: Any) -> None:
        """Fill in the open modal and submit it: a list ticks, "=x" chooses, "@x" is a person."""
        values = {
            block: {"value": _field(value)} for block, value in fields.items() if value is not None
        }
        self._page({"t": "view_submit", "user": user, "values": values})

    def modal(self) -> dict[str, Any]:
        """The open modal, once there is one."""

        def found() -> dict[str, Any] | None:
            stack = self._page()["modalStack"]
            return stack[-1] if stack else None

        opened = eventually(found)
        assert [] == broken_view_rules(opened)
        return opened

    def home(self, user: str) -> dict[str, Any]:
        """A person's home page, opened and drawn."""
        self._control("POST", "open-home", {"user": user})

        def found() -> dict[str, Any] | None:
            views = self._page()["homeViews"]
            return next(iter(views.get(user, {}).values()), None)

        return eventually(found)

    def command(self, channel: str, user: str, text: str) -> None:
        """Write `/clerk text` as a person."""
        body = {"channel": channel, "user": user, "command": "/clerk", "text": text}
        self._control("POST", "command", body)

    def messages(self, channel: str) -> list[Message]:
        """All messages of a channel, oldest first."""
        found: list[Message] = self._control("GET", f"messages/{channel}")["messages"]
        return found

    def bot_messages(self, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What the bot wrote, for everyone to see."""
        return [
            message
            for message in self.messages(channel)
            if message.get("user") == BOT_USER
            and message.get("subtype") != "ephemeral"
            and (thread_ts is None or message.get("thread_ts") == thread_ts)
        ]

    def whispers(self, channel: str) -> list[Message]:
        """What the bot showed to one person only."""
        return [m for m in self.messages(channel) if m.get("subtype") == "ephemeral"]

    def answer(self, channel: str, thread_ts: str, number: int = 1) -> Message:
        """The bot's first (second, …) message in a thread, once it is there."""

        def found() -> Message | None:
            messages = self.bot_messages(channel, thread_ts)
            return messages[number - 1] if len(messages) >= number else None

        return eventually(found)

    def direct_channel(self, user: str) -> str:
        """The channel of a person's direct messages with the bot."""
        channels = self._control("GET", "state")["channels"]
        return next(str(c["id"]) for c in channels if c["is_im"] and user in c["members"])

    def log(self) -> list[dict[str, Any]]:
        """What the peer and the bot told each other."""
        entries: list[dict[str, Any]] = self._control("GET", "log")["log"]
        return entries

    def _page(self, sends: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the page in a browser is told when it opens; `sends` is what it then says."""

        async def talk() -> dict[str, Any]:
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(f"{self.url}/ui") as page,
            ):
                state: dict[str, Any] = json.loads((await page.receive(10)).data)["state"]
                if sends is not None:
                    await page.send_str(json.dumps(sends))
                    await asyncio.sleep(0.5)
                return state

        # In a thread of its own: while Playwright is up its event loop runs in the test's.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(talk())).result()

    def _control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps({k: v for k, v in body.items() if v is not None}) if body else None
        request = urllib.request.Request(
            f"{self.url}/_control/{path}",
            data.encode() if data else None,
            {"content-type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def _workspace(self) -> dict[str, Any]:
        app = {
            "appId": "A0CLERK",
            "botUserId": BOT_USER,
            "botName": "clerk",
            "botToken": BOT_TOKEN,
            "appToken": APP_TOKEN,
            "signingSecret": SIGNING_SECRET,
            "mode": self._mode,
        }
        if self._request_url:
            app["requestUrl"] = self._request_url
        return {
            "workspace": {"name": "Juniper Lane", "domain": "juniper", "teamId": TEAM},
            "app": app,
            "users": [
                {"id": ALICE, "name": "alice", "real_name": "Alice Anderson"},
                {"id": BOB, "name": "bob", "real_name": "Bob Brown"},
                {"id": MIA, "name": "mia", "real_name": "Mia Moreau"},
            ],
            "channels": [
                {"id": SUPPORT, "name": "support", "members": [ALICE, BOB, BOT_USER]},
                {"id": REPORTS, "name": "reports", "members": [ALICE, BOB, MIA, BOT_USER]},
                {"id": REVIEW, "name": "desk", "members": [BOB, MIA, BOT_USER]},
            ],
        }


def _field(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        boxes = [{"value": each} for each in value]
        return {"type": "checkboxes", "selected_options": boxes}
    if value.startswith("@"):
        return {"type": "users_select", "selected_user": value[1:]}
    if value.startswith("="):
        return {"type": "static_select", "selected_option": {"value": value[1:]}}
    return {"type": "plain_text_input", "value": value}


def button_of(message: Message, action_id: str) -> dict[str, Any]:
    """A message's button, or the entry of one of its menus as it is pressed."""
    elements = [element for block in message["blocks"] for element in block.get("elements", [])]
    elements += [block["accessory"] for block in message["blocks"] if "accessory" in block]
    for element in elements:
        if element.get("action_id") == action_id:
            found: dict[str, Any] = element
            return found
        for option in element.get("options", []):
            if option["value"].partition(" ")[0] == action_id:
                return {**element, "selected_option": option}
    raise AssertionError(f"no {action_id} on {text_of(message)}")


def text_of(message: Message) -> str:
    """All the text a message's blocks show, and its fallback."""
    return json.dumps([message.get("text"), message.get("blocks")], ensure_ascii=False)
