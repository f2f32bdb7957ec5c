"""Question sets of two trades that no lesson of the starter has read, for development.

    python benchmarks/unread_trades/write.py FOLDER
    python benchmarks/questions_vs_peers.py FOLDER --sets beekeeping,printing --shots 5 ...

Each file here holds 30 replies, `## id: text`, with ten questions each. Every other question is
learned from, the rest are asked. `beekeeping` is English, `printing` (in 3D) Chinese.
"""

import gzip
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(HERE.glob("*.txt")):
        name, locale = path.name.split(".")[:2]
        replies, questions = read(path, locale)
        write(folder / f"{name}_replies.jsonl", replies)
        for split, rows in (("train", questions[::2]), ("test", questions[1::2])):
            write(folder / f"{name}_questions_{split}.jsonl.gz", rows)


def read(path, locale):
    """The replies, and the questions in their order, ten of each reply."""
    replies, questions = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("##"):
            reply_id, text = (part.strip() for part in line[2:].split(":", 1))
            replies.append({"reply_id": reply_id, "text": text, "locale": locale})
        elif line and not line.startswith("#"):
            asked = {"question": line, "reply_id": reply_id, "locale": locale}
            questions.append(asked)
    return replies, questions


def write(path, rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if path.suffix == ".gz":
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write(text)
    else:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
