"""Moves between files in one answered message: how far a reader has to jump to follow it.

    python -m benchmarks.message_path

The second question of a dialogue is answered by the tests' small shop with a scripted ranker, which
looks for changes of its book and catalogue as seldom as a shop does and has answered the same in
another dialogue. Each call and return between two of our files is a move; one into a file seen
before is a return. Prints one JSON object: moves, returns, files.
"""

import json
import sys
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

FIRST, SECOND = "can i send it back", "how long do i have"
ROOT = Path(__file__).resolve().parents[1]
ROOMS = tuple(str(ROOT / name) + "/" for name in ("bot", "feedback", "serving", "shopclerk"))


def moves_of(path: list[str]) -> dict[str, int]:
    """How often `path`, the files in the order they run, goes to another one.

    >>> moves_of(["a", "a", "b", "a", "c"])
    {'moves': 3, 'returns': 1, 'files': 3}
    """
    seen, moves, returns = {path[0]}, 0, 0
    for before, after in pairwise(path):
        if before != after:
            moves += 1
            returns += after in seen
            seen.add(after)
    return {"moves": moves, "returns": returns, "files": len(seen)}


def traced(work: Any) -> list[str]:
    """The files of ours that `work` runs through, in order."""
    path: list[str] = []

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event in ("call", "return"):
            running = frame if event == "call" else frame.f_back
            while running is not None and not running.f_code.co_filename.startswith(ROOMS):
                running = running.f_back if event == "return" else None
            if running is not None:
                path.append(running.f_code.co_filename)

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return path


def main() -> None:
    """Measure and print."""
    from feedback.db import Database
    from tests.bot.shop import Shop

    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/shop.db")
        database.migrate()
        shop = Shop(database, look_every=60.0)
        for question in (FIRST, SECOND):
            shop.ranker.says(question, "return_policy", "return_how")
        for _ in range(2):
            dialogue = shop.open()
            shop.clerk.reply(dialogue, FIRST, client_id="m1")
            path = traced(partial(shop.clerk.reply, dialogue, SECOND, client_id="m2"))
        database.close()
    print(json.dumps(moves_of(path)))


if __name__ == "__main__":
    main()
