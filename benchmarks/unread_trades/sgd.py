"""Question set of service trades that no lesson has read, with unlabelled messages of theirs: SGD.

    python benchmarks/unread_trades/sgd.py DATA FOLDER [--messages 2000]
    python benchmarks/questions_vs_peers.py FOLDER --sets sgd --shots 10,5 --ours-only
        --unlabelled FOLDER/sgd_messages.jsonl.gz --teacher PYTHON

DATA is the folder of the data sets; SGD's licence is share-alike, so the starter never read it. A
question is what somebody begins a dialogue with, its reply the service that answers; services of
the test part that the training part lacks fit nothing. The messages are first turns too, without
their labels; they are none of the questions.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from running import lines
from write import write

FEWEST = 30  # first turns of a service; with fewer there is too little to draw from
SEED = 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--messages", type=int, default=2_000)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    train, test = (
        lines(asked.data / f"sgd_dialogues_{part}.jsonl.gz") for part in ("train", "test")
    )
    often = Counter(map(service, train))
    known = sorted(name for name, count in often.items() if count >= FEWEST)
    replies = [
        {"reply_id": name, "text": f"Reply {number}.", "locale": "en"}
        for number, name in enumerate(known, 1)
    ]
    write(asked.folder / "sgd_replies.jsonl", replies)
    rows = {
        part: once(question(each, known) for each in dialogues)
        for part, dialogues in (("train", train), ("test", test))
    }
    rows["train"] = [row for row in rows["train"] if row["reply_id"]]
    random.Random(SEED).shuffle(rows["train"])
    unlabelled, labelled = rows["train"][: asked.messages], rows["train"][asked.messages :]
    write(asked.folder / "sgd_questions_train.jsonl.gz", labelled)
    write(asked.folder / "sgd_questions_test.jsonl.gz", rows["test"])
    messages = [{"question": row["question"], "locale": "en"} for row in unlabelled]
    write(asked.folder / "sgd_messages.jsonl.gz", messages)


def service(dialogue):
    """The trade of what is asked first; hairdresser, dentist, doctor are all called Services."""
    name = dialogue["services"][0]
    return name if name.startswith("Services") else name.partition("_")[0]


def question(dialogue, known):
    name = service(dialogue)
    reply_id = name if name in known else None
    return {"question": dialogue["turns"][0]["text"], "reply_id": reply_id, "locale": "en"}


def once(rows):
    return list({row["question"]: row for row in rows}.values())


if __name__ == "__main__":
    main()
