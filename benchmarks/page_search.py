"""Finding and reading passages: how long `retrieve` and `read` take, and the memory of the index.

    python -m benchmarks.page_search [PASSAGES…]

Invented help pages (those of the reader's lessons), 2,000 and 100,000 passages unless told. Vectors
are the encoder's for the first 4,000 sentences, and those moved a little for the rest. A question
is embedded, looked for and read by the graphs that a version exports, in this process, one after
the other. Prints one JSON object: medians of milliseconds by the clock and of processor time (all
threads together), and the megabytes that the index took.
"""

import json
import resource
import sys
import time
from itertools import count
from typing import Any

import numpy as np

QUESTIONS = 200
WARM = 20
REAL = 4_000
PARTS = ("embed", "search", "read", "all")
MOVED = 0.4  # how long a random step away from a real vector is


def passages_of(many: int, chance: np.random.Generator) -> tuple[list[Any], list[str]]:
    """So many passages of invented shops, and questions about them."""
    from training.reader.lessons import invent_shop, read_facts, read_values

    facts, values = read_facts("en"), read_values("en")
    passages: list[Any] = []
    asked: list[str] = []
    for number in count():
        shop = invent_shop(facts, values, chance)
        named = [
            each._replace(headings=(f"Shop {number}", *each.headings)) for each in shop.passages
        ]
        passages += named
        asked += [each.question for each in shop.asked]
        if len(passages) >= many:
            return passages[:many], asked
    return passages, asked


def vectors_of(passages: list[Any], embed: Any, chance: np.random.Generator) -> Any:
    """A unit vector for each sentence; beyond the first ones, real ones moved a little."""
    texts = [text for passage in passages for text in passage.embedded()]
    real = embed(texts[:REAL])
    found = np.empty((len(texts), real.shape[1]), np.float16)
    for start in range(0, len(texts), REAL):
        part = real[: len(texts[start : start + REAL])]
        if start:
            step = chance.normal(size=part.shape).astype(np.float32)
            part = part + MOVED * step / np.linalg.norm(step, axis=1, keepdims=True)
            part /= np.linalg.norm(part, axis=1, keepdims=True)
        found[start : start + REAL] = part
    return found


def measure(many: int, embed: Any, read: Any) -> dict[str, float]:
    """The figures for an index of so many passages."""
    from serving.passage_search import PassageIndex

    chance = np.random.default_rng(1)
    passages, asked = passages_of(many, chance)
    vectors = vectors_of(passages, embed, chance)
    before, started = memory(), time.perf_counter()
    index = PassageIndex(passages, vectors)
    built = time.perf_counter() - started
    clock: list[list[float]] = []
    cores: list[list[float]] = []
    for question in [asked[i] for i in chance.permutation(len(asked))[: WARM + QUESTIONS]]:
        at, worked = [time.perf_counter()], [time.process_time()]

        def mark(at: list[float] = at, worked: list[float] = worked) -> None:
            at.append(time.perf_counter())
            worked.append(time.process_time())

        (vector,) = embed([question])
        mark()
        found = index.search(question, vector)
        mark()
        read(question, index, found)
        mark()
        clock.append([*np.diff(at), at[-1] - at[0]])
        cores.append([*np.diff(worked), worked[-1] - worked[0]])
    return {
        "sentences": len(vectors),
        "index_s": round(built, 1),
        "index_mb": round(memory() - before),
        "clock_ms": _medians(clock),
        "processor_ms": _medians(cores),
        "clock_p99_ms": round(
            1_000 * float(np.percentile([row[-1] for row in clock[WARM:]], 99)), 1
        ),
    }


def _medians(rows: list[list[float]]) -> dict[str, float]:
    middle = 1_000 * np.median(np.array(rows[WARM:]), axis=0)
    return {name: round(float(ms), 1) for name, ms in zip(PARTS, middle, strict=True)}


def memory() -> float:
    """The most megabytes held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def main() -> None:
    """Measure and print."""
    from training.reader.build import starter_encoder
    from training.reader.confidence import graph_reader

    _, embed = starter_encoder()
    read = graph_reader()
    sizes = [int(size) for size in sys.argv[1:]] or [2_000, 100_000]
    print(json.dumps({f"{many} passages": measure(many, embed, read) for many in sizes}, indent=1))


if __name__ == "__main__":
    main()
