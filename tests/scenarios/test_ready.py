"""`/readyz` and `check` of a real bot whose disk fills up or whose file is damaged."""

import json
import resource
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedback.db.database import Database
from tests.factories import NOW, answer, make_store, open_dialogue
from tests.feedback.db.test_health import damage
from tests.scenarios.running import Shop, post
from tests.slack_peer import free_port

pytestmark = pytest.mark.slow

NO_MODEL = "127.0.0.1:1"  # keyword search answers


def asked(address: str) -> tuple[int, dict[str, Any]]:
    """What `/readyz` says; 0: nothing yet."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)
    except OSError:
        return 0, {}


def awaited(address: str, status: int) -> dict[str, Any]:
    """What `/readyz` says once its status is this one."""
    deadline = time.monotonic() + 240
    while (found := asked(address))[0] != status:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    return found[1]


@pytest.fixture
def shop(tmp_path: Path, migrated_file: Path) -> Shop:
    """A store in which something was said, and no model server."""
    store_path = tmp_path / "data" / "shopclerk.db"
    store_path.parent.mkdir()
    store_path.write_bytes(migrated_file.read_bytes())
    database = Database(f"sqlite:///{store_path}")
    store = make_store(database)
    for number in range(200):
        answer(store, open_dialogue(store, shopper_id=f"s{number}", now=NOW), now=NOW)
    database.close()
    return Shop(tmp_path, free_port(), SERVING_ADDRESS=NO_MODEL)


@pytest.fixture
def bot(shop: Shop) -> Iterator["subprocess.Popen[bytes]"]:
    """`shopclerk bot`, which may not be ready."""
    command = [sys.executable, "-m", "shopclerk", "bot", "--port", str(shop.port)]
    with (shop.folder / "bot.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=shop.folder, env=shop.environment, stdout=log, stderr=log
        )
        yield process
        process.send_signal(signal.SIGTERM)
        process.wait(120)


class TestDisk:
    def test_full_it_is_not_ready_until_there_is_room(self, shop, bot):
        """The system refuses the bot's files to grow, as a full disk does; sessions are refused."""
        awaited(shop.address, 200)
        largest = max(path.stat().st_size for path in (shop.folder / "data").iterdir())
        grow(bot.pid, largest)
        refused = [status for status in map(session, [shop.address] * 400) if status != 200]

        assert {503} == set(refused[:1])
        assert "disk" in awaited(shop.address, 503)["parts"]["store"]
        time.sleep(2)
        assert 503 == asked(shop.address)[0]
        grow(bot.pid, resource.RLIM_INFINITY)
        awaited(shop.address, 200)


class TestDamage:
    @pytest.mark.usefixtures("bot")
    def test_a_damaged_file_is_not_ready_and_check_says_so(self, shop):
        """As soon as a shopper's message meets it; `check` ends with 1. Both with the remedy."""
        awaited(shop.address, 200)
        damage(Database(f"sqlite:///{shop.folder / 'data' / 'shopclerk.db'}"))
        for _ in range(5):
            session(shop.address)
        parts = awaited(shop.address, 503)["parts"]
        done = shop.run("check")

        assert 1 == done.returncode
        (line,) = [line for line in done.stdout.splitlines() if "damaged" in line]
        assert "shopclerk restore FILE" in line
        assert "damaged" in parts["store"]


def grow(pid: int, size: int) -> None:
    """Files of the process may become as large as this."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def session(address: str) -> int:
    """Open a chat; the status."""
    try:
        post(f"{address}/api/chat/sessions", {"page": "https://shop.example/" + "a" * 200})
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code
    return 200
