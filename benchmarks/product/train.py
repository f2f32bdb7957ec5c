"""Training benchmark: seconds, memory and speed, each training in a process of its own."""

import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

from benchmarks.product.apart import apart
from benchmarks.product.beside import bench_beside
from benchmarks.product.figures import machine, tell

PARTS: Final = ("gemm", "full", "warm", "memory", "beside")
QUESTIONS: Final = 20_000
NEW_QUESTIONS: Final = 2_000
FEWEST: Final = 1_000  # examples: with fewer all memory is the libraries' own


def bench_train(
    parts: Collection[str], *, examples: int, quick: bool, models_dir: Path | None = None
) -> dict[str, Any]:
    """Figures of each of `parts`; `quick` measures a tenth of the questions.

    The chat during a training answers by the newest model in `models_dir`, else by keywords.
    """
    busy = machine()
    found: dict[str, Any] = {}
    questions, new = (number // (10 if quick else 1) for number in (QUESTIONS, NEW_QUESTIONS))
    if "gemm" in parts:
        tell("the machine's matrix product beside training steps …")
        found["gemm"] = apart("benchmarks.product.pace:bench_pace", 2 if quick else 5)
    with tempfile.TemporaryDirectory(prefix="bench-train-") as folder:
        models = Path(folder)
        if {"full", "warm"} & set(parts):
            tell(f"a full training on {questions} questions …")
            full = apart("benchmarks.product.trainings:full", models, questions)
            found.update({"full": full} if "full" in parts else {})
        if "warm" in parts:
            tell(f"a retraining with {new} new questions, from the weights of before …")
            found["warm"] = apart("benchmarks.product.trainings:warm", models, questions, new)
        if "memory" in parts:
            found["memory"] = _memory(models, examples)
    if "beside" in parts:
        found["beside"] = bench_beside(models_dir, quick=quick)
    return {**busy, **found}


def _memory(models: Path, examples: int) -> dict[str, Any]:
    """Of so many examples, and of a tenth, which says what each further one costs."""
    found = {}
    for name, count in (("tenth", examples // 10), ("all", examples)):
        if count >= FEWEST:
            tell(f"one pass over {count} examples …")
            found[name] = apart("benchmarks.product.trainings:one_pass", models, count)
    return {**found["all"], "peak_mb_of_a_tenth": found.get("tenth", {}).get("peak_mb")}
