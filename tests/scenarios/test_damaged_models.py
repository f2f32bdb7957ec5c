"""`shopclerk up` on a models folder that was moved, and on one whose only version is damaged."""

import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from serving.versions.folder import VersionFolder
from tests.scenarios.running import START_SECONDS, Shop, post
from tests.serving.conftest import ENVIRONMENT
from tests.slack_peer import free_port

pytestmark = pytest.mark.slow

REPLIES = [
    {"reply_id": "returns", "text": "Send it back within 30 days.", "locale": "en"},
    {"reply_id": "shipping", "text": "Delivery costs $6.", "locale": "en"},
]
QUESTIONS = [
    {"question": text, "reply_id": reply_id, "locale": "en"}
    for reply_id, texts in {
        "returns": ["can i send it back", "return policy", "i want to return this", "give it back"],
        "shipping": ["what is shipping", "delivery price", "how much is postage", "cost of post"],
        None: ["what is the weather", "sing a song", "who won the match", "tell a joke"],
    }.items()
    for text in texts
]


@contextmanager
def up(shop: Shop) -> Iterator[Path]:
    """`shopclerk up`, whatever it is ready for; its log."""
    log = shop.folder / "up.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "shopclerk", "up", "--port", str(shop.port)]
        process = subprocess.Popen(
            command, cwd=shop.folder, env=shop.environment, stdout=out, stderr=out
        )
        try:
            yield log
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def awaited(shop: Shop, part: str) -> None:
    """Wait until `/readyz` says this of the model server."""
    deadline, found = time.monotonic() + START_SECONDS, ""
    while part not in found:
        assert time.monotonic() < deadline, (found, (shop.folder / "up.log").read_text())
        time.sleep(0.5)
        try:
            with urllib.request.urlopen(f"{shop.address}/readyz", timeout=20) as answer:
                found = json.load(answer)["parts"]["model server"]
        except OSError:
            continue


def asked(shop: Shop, text: str) -> str:
    """The answer's text."""
    token = post(f"{shop.address}/api/chat/sessions", {"locale": "en"})["token"]
    said = {"text": text, "client_id": "one"}
    answer = post(f"{shop.address}/api/chat/messages", said, Authorization=f"Bearer {token}")
    return str(answer["reply"]["text"])


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A small shop of its own, and a first version that answers."""
    shop = Shop(tmp_path / "before", free_port(), TRAIN_MEMORY_MB="8000")
    shop.folder.mkdir()
    for kind, lines in (("replies", REPLIES), ("questions", QUESTIONS)):
        path = shop.folder / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        assert 0 == shop.run("import", kind, str(path)).returncode
    toys = tmp_path / "toys"
    toys.mkdir()
    command = [sys.executable, "-m", "tests.serving.toy_model", str(toys), "one"]
    subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True)
    VersionFolder(shop.folder / "data" / "models").publish(
        lambda path: shutil.copytree(toys / "one", path, dirs_exist_ok=True)
    )
    return shop


class TestUp:
    def test_moved_and_then_damaged_it_starts_answers_and_mends_itself(self, shop, tmp_path):
        """Moved: the same version. Damaged: keyword search at once, a new version by itself."""
        with up(shop):
            awaited(shop, "version 1")
        moved = tmp_path / "after"
        shutil.move(shop.folder, moved)
        shop.folder = moved
        with up(shop):
            awaited(shop, "version 1")

        graph = moved / "data" / "models" / "clerk" / "1" / "saved_model.pb"
        data = bytearray(graph.read_bytes())
        data[len(data) // 2] ^= 1
        graph.chmod(0o600)
        graph.write_bytes(data)
        checked = shop.run("check")
        with up(shop) as log:
            awaited(shop, "keyword search answers")
            answered = asked(shop, "what does delivery cost, the price of shipping?")
            awaited(shop, "version 2")
            said = log.read_text()

        assert "saved_model.pb was changed after it was published" in checked.stdout
        assert "Damaged: " in said
        assert "keyword search answers meanwhile" in said
        assert answered
        assert (moved / "data" / "models" / "clerk" / "broken-1").is_dir()
