"""Precision and recall of abuse detection, on our lists and on files of real messages.

    python -m benchmarks.abuse [FILE…]

First our own labelled lists (tests/bot/words/abuse.*.jsonl), then every file of questions named
(JSON Lines with `question` or `turns`, .gz too): what is found there is printed to be looked at,
since those files have no label for it.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.conversation.abuse import find_abuse

LISTS = Path(__file__).parents[1] / "tests" / "bot" / "words"


def labelled(path: Path) -> dict[str, Any]:
    """Precision and recall on one of our lists, and the lines that are told wrongly."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [(row["text"], row["abuse"], find_abuse(row["text"]) is not None) for row in rows]
    right = sum(is_abuse and told for _, is_abuse, told in found)
    told = sum(told for _, _, told in found)
    abusive = sum(is_abuse for _, is_abuse, _ in found)
    return {
        "list": path.name,
        "lines": len(found),
        "abusive": abusive,
        "precision": round(right / told, 3) if told else None,
        "recall": round(right / abusive, 3),
        "wrong": [text for text, is_abuse, told in found if is_abuse != told],
    }


def unlabelled(path: Path) -> dict[str, Any]:
    """How many texts of a file are found to be abuse, and by which words."""
    texts = set(_texts(path))
    hits = [(text, found.words) for text in sorted(texts) if (found := find_abuse(text))]
    return {"file": path.name, "texts": len(texts), "found": len(hits), "hits": hits}


def _texts(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if "question" in row:
                yield row["question"]
            for turn in row.get("turns", ()):
                if turn["speaker"] == "shopper":
                    yield turn["text"]


def main(files: list[str]) -> None:
    """One line of JSON for each list and file."""
    for path in sorted(LISTS.glob("abuse.*.jsonl")):
        print(json.dumps(labelled(path), ensure_ascii=False))
    for name in files:
        print(json.dumps(unlabelled(Path(name)), ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
