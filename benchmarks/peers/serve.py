"""Latency and throughput of a sentence encoder: one question, and many at once.

    python serve.py TASK.json RESULT.json

TASK: {"questions": [text], "singles": N, "batches": N, "batch": N}. Encoding alone: finding the
nearest reply and any server around it would come on top.
"""

import json
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import minilm

WARM_UP = 20


def main():
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    model, asked, size = minilm.load(), task["questions"], task["batch"]
    for text in asked[:WARM_UP]:
        minilm.encode(model, [text])
    one = [timed(model, [text]) for text in asked[: task["singles"]]]
    many = [timed(model, asked[at : at + size]) for at in range(0, size * task["batches"], size)]
    found = {
        "median_ms": round(1_000 * median(one), 3),
        "batch_ms": round(1_000 * median(many), 3),
        "questions_per_second": round(size / median(many), 1),
    }
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


def timed(model, texts):
    started = perf_counter()
    minilm.encode(model, texts)
    return perf_counter() - started


if __name__ == "__main__":
    main()
