"""Shared by the scripts: import path, child processes that read and write JSON files."""

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OURS = Path(sys.executable)


def child(python, script, task):
    """Run `benchmarks/SCRIPT IN.json OUT.json` under `python`; what it wrote. stderr passes on."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        given, wanted = Path(folder) / "in.json", Path(folder) / "out.json"
        given.write_text(json.dumps(task), encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
        command = [str(python), str(HERE / script), str(given), str(wanted)]
        subprocess.run(command, check=True, env=environment, stdout=sys.stderr)
        return json.loads(wanted.read_text(encoding="utf-8"))


def lines(path):
    """The objects of a JSON Lines file, gzipped or not; none where there is no file."""
    if not path.exists():
        return []
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def say(text):
    """Progress goes to standard error."""
    print(text, file=sys.stderr, flush=True)


def machine():
    """Cores, and how busy they were when it began."""
    return {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2)}


def means(rows):
    """Key by key, over the runs; None where a run has none."""
    return {key: _mean([row[key] for row in rows]) for key in rows[0]}


def few_shots(questions, shots, seed):
    """So many questions of each reply, drawn at random, and twice as many that no reply fits."""
    chance = random.Random(seed)
    by_reply = {}
    for question in questions:
        by_reply.setdefault(question["reply_id"], []).append(question)
    return [
        question
        for reply_id, asked in sorted(by_reply.items(), key=lambda item: item[0] or "")
        for question in chance.sample(asked, min(len(asked), shots * (1 if reply_id else 2)))
    ]


ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = {  # on the keyboard: left, right, above and below
    letter: "".join(
        near[max(0, at - (0 if near != row else 1)) : at + 2].replace(letter, "")
        for near in ROWS[max(0, number - 1) : number + 2]
    )
    for number, row in enumerate(ROWS)
    for at, letter in enumerate(row)
}


def mistyped(text, chance):
    """One letter of every third word replaced by one next to it on the keyboard."""
    words = text.split()
    for place in range(chance.randrange(3), len(words), 3):
        letters = [i for i, letter in enumerate(words[place]) if letter.lower() in BESIDE]
        if letters:
            hit = chance.choice(letters)
            word = words[place]
            wrong = chance.choice(BESIDE[word[hit].lower()])
            words[place] = word[:hit] + wrong + word[hit + 1 :]
    return " ".join(words)


def _mean(values):
    return None if None in values else round(mean(values), 6)
