"""Pointing at items and orders by a version's vectors: settled rightly, settled wrongly.

    python -m benchmarks.actions.pointing [data/models/clerk/1]

Without a version it is the encoder that every version begins with.

Items: a text in other words than the title's, and what it means of three ("none": it has to be
asked for); the confidence was chosen on the part called "first". Orders: Chinese words for what is
in one of two or three orders whose titles are English, drawn by a seed.
"""

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.actions.pointing import POINT_SURE, Pointer, VectorPointer

HERE: Final = Path(__file__).parent
SEED: Final = 3
DRAWN: Final = 150  # pairs of order tasks


class PointingTask(NamedTuple):
    """What is said, the candidates by their names, and which is meant; None: none of them."""

    kind: str
    said: str
    candidates: tuple[tuple[str, ...], ...]
    means: int | None


def item_tasks() -> Iterator[PointingTask]:
    """Those written by hand."""
    for line in (HERE / "pointing.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        items = tuple((title,) for title in told["items"])
        for said, means in told["said"]:
            yield PointingTask(f"items {told['part']} {told['locale']}", said, items, means)


def order_tasks() -> Iterator[PointingTask]:
    """Orders with English titles, told in Chinese."""
    lines = (HERE / "titles.tsv").read_text(encoding="utf-8").splitlines()
    chinese = dict(line.split("\t") for line in lines)
    chance = random.Random(SEED)
    for _ in range(DRAWN):
        pool = chance.sample(list(chinese), 9)
        orders = [
            tuple(pool[3 * place : 3 * place + chance.choice([1, 2, 3])])
            for place in range(chance.choice([2, 3]))
        ]
        means = chance.randrange(len(orders))
        told = chance.sample(orders[means], chance.randint(1, len(orders[means])))
        named = [chinese[title] for title in told]
        swapped = f"把{named[0]}换成大一号的"
        alone = f"{named[0]}退掉" if chance.random() < 0.5 else swapped
        for said in (f"有{'、'.join(named)}的那个订单", alone):
            yield PointingTask("orders", said, tuple(orders), means)


def measure(tasks: Sequence[PointingTask], pointer: Pointer) -> dict[str, dict[str, int]]:
    """By kind: how many, settled rightly, settled wrongly; the rest is asked for."""
    counted: dict[str, Counter[str]] = {}
    for task in tasks:
        kind = counted.setdefault(task.kind, Counter(tasks=0, right=0, wrong=0))
        kind["tasks"] += 1
        place = pointer(task.said, task.candidates)
        if place is not None:
            kind["right" if place == task.means else "wrong"] += 1
    return {kind: dict(found) for kind, found in counted.items()}


class EmbedsOnce:
    """The vectors of a version, or of the starter, each text asked once."""

    def __init__(self, version: Path | None, texts: Sequence[str]) -> None:
        import tensorflow as tf

        if version is None:
            from training.reader.build import starter_encoder

            found = starter_encoder()[1](texts)
        else:
            signature = tf.saved_model.load(str(version)).signatures["embed"]
            found = signature(text=tf.constant(list(texts)))["vector"].numpy()
        self._known = dict(zip(texts, found, strict=True))

    def __call__(self, texts: Sequence[str]) -> Any:
        """As the model server answers."""
        return np.array([self._known[text] for text in texts])


def main() -> int:
    """Measure the version named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", type=Path, nargs="?", help="its folder: data/models/clerk/1")
    tasks = [*item_tasks(), *order_tasks()]
    texts = sorted({t for task in tasks for t in (task.said, *sum(task.candidates, ()))})
    pointer = VectorPointer(EmbedsOnce(parser.parse_args().version, texts))
    told = {"confidence": POINT_SURE, **measure(tasks, pointer)}
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
