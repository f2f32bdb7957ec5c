"""Time until a new written reply serves, beside a training: writes one, asks until it answers.

    ./clerk up --port 8711 &           # any shop, with a model
    .clerk/venv/bin/python benchmarks/new_reply.py http://127.0.0.1:8711 [REPLIES] [--training]

With `--training` a `shopclerk train` on the same store runs meanwhile. Where the time goes is read
from outside: when the job's process began, when it published the version, when that answers.
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from feedback.db import Database
from feedback.knowledge import QuestionLine, ReplyBook, ReplyLine
from shopclerk.settings import read_settings

PATIENCE_S = 180.0


def seconds_until(look: Callable[[], object], began: float) -> float:
    """How long after `began` something is found."""
    while time.monotonic() - began < PATIENCE_S:
        if look():
            return round(time.monotonic() - began, 1)
        time.sleep(0.2)
    return PATIENCE_S


def post(address: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
    """One request of the chat."""
    headers = {"content-type": "application/json"}
    headers |= {"authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(address, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def answers(chat: str, question: str, reply_id: str, number: list[int]) -> bool:
    """Whether the chat answers with the reply; a new shopper asks each time."""
    number[0] += 1
    token = post(f"{chat}/api/chat/sessions", {"locale": "en"})["token"]
    said = {"text": question, "client_id": f"bench-{number[0]}"}
    reply = post(f"{chat}/api/chat/messages", said, token)["reply"]
    offered = [choice.get("reply_id") for choice in reply.get("choices") or []]
    return reply_id in [*reply["reply_ids"], *offered]


def refresh_runs() -> bool:
    """Whether the re-export's process is there."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"refresh" in command:
            return True
    return False


def measure(chat: str, book: ReplyBook, models: Path, place: int) -> dict[str, float]:
    """Write one reply, and see when it goes through each door."""
    name = f"bench_{int(time.time())}_{place}"
    words = ("engraving", "candles", "carpets", "umbrellas", "kites", "lanterns")[place % 6]
    question = f"do you repair old {words} {name[-6:]}"
    before = set(models.iterdir())
    now = datetime.now(UTC)
    began = time.monotonic()
    text = f"Yes, we repair {words}: bring them to the shop."
    book.put_replies([ReplyLine(name, text, "en")], now)
    book.put_questions([QuestionLine(question, name, "en")], now)
    asked = [0]
    return {
        "job_began": seconds_until(refresh_runs, began),
        "published": seconds_until(lambda: set(models.iterdir()) - before, began),
        "serves": seconds_until(lambda: answers(chat, question, name, asked), began),
    }


def main() -> None:
    """Measure, print a JSON object."""
    given = argparse.ArgumentParser()
    given.add_argument("chat")
    given.add_argument("replies", type=int, nargs="?", default=3)
    given.add_argument("--training", action="store_true")
    options = given.parse_args()
    settings = read_settings()
    book = ReplyBook(Database(settings.database_url))
    with TemporaryDirectory() as folder:
        training = None
        if options.training:
            command = [sys.executable, "-m", "shopclerk", "train", "--models", folder]
            training = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            models = Path(settings.models_dir) / "clerk"
            found = [measure(options.chat, book, models, n) for n in range(options.replies)]
            still = training is not None and training.poll() is None
        finally:
            if training is not None:
                training.terminate()
                training.wait()
    print(json.dumps({"training_beside": still, "seconds": found}))


if __name__ == "__main__":
    main()
