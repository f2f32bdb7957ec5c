"""Chat latency while a training runs on the same cores, against latency without one.

Three stretches, alone, with a training, and alone again, so that other work on the machine is seen:
the two without a training should agree.
"""

import asyncio
import importlib
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from benchmarks.product.chat import ask_all, client_of, dealt_questions, demo_chat, session
from benchmarks.product.figures import machine, median_and_p99, tell
from shopclerk.settings import quieten_tensorflow
from training.fitting import import_tensorflow
from training.jobs import step_back

SHOPPERS: Final = 4  # who write at once
MESSAGES: Final = 2_000  # a stretch
QUICK_MESSAGES: Final = 400
QUESTIONS: Final = 200_000  # so many that the training outlasts the stretch
QUICK_QUESTIONS: Final = 40_000
PATIENCE_S: Final = 900.0
MOST_MB: Final = 8_000


def bench_beside(models_dir: Path | None, *, quick: bool) -> dict[str, Any]:
    """Median and p99 with and without a training; by the newest model, else by keywords."""
    messages = QUICK_MESSAGES if quick else MESSAGES
    with demo_chat(models_dir) as (folder, address, _):
        asyncio.run(_stretch(address, messages // 4))  # warm
        tell(f"{SHOPPERS} shoppers ask {messages} questions …")
        alone = asyncio.run(_stretch(address, messages))
        with _training(Path(folder) / "trained", QUICK_QUESTIONS if quick else QUESTIONS):
            tell("… and again while a training runs …")
            beside = asyncio.run(_stretch(address, messages))
        tell("… and again without it")
        after = asyncio.run(_stretch(address, messages))
    both = min(alone["p99_ms"], after["p99_ms"]), max(alone["p99_ms"], after["p99_ms"])
    return {
        **machine(),
        "answered_by": "keywords" if models_dir is None else "model",
        "shoppers": SHOPPERS,
        "messages": messages,
        "alone": alone,
        "beside_training": beside,
        "alone_again": after,
        "p99_ratio": round(2 * beside["p99_ms"] / sum(both), 3),
        "p99_ratio_of_the_two_alone": round(both[1] / max(both[0], 1e-9), 3),
    }


async def _stretch(address: str, messages: int) -> dict[str, Any]:
    async with client_of(address) as http:
        tokens = [await session(http) for _ in range(SHOPPERS)]
        started = perf_counter()
        dealt = zip(tokens, dealt_questions(messages, SHOPPERS), strict=True)
        times = await asyncio.gather(*(ask_all(http, *share) for share in dealt))
        seconds = perf_counter() - started
    answered = [one for part in times for one in part]
    return {"per_second": round(len(answered) / seconds, 1), **median_and_p99(answered)}


@contextmanager
def _training(models_dir: Path, questions: int) -> Iterator[None]:
    """A training in the background, from when it learns until the block ends."""
    fresh = multiprocessing.get_context("spawn")
    burning = fresh.Event()
    process = fresh.Process(target=train_behind, args=(models_dir, questions, burning), daemon=True)
    process.start()
    ends = time.monotonic() + PATIENCE_S
    try:
        while not burning.wait(0.5):
            if not process.is_alive() or time.monotonic() > ends:
                raise NoTraining
        yield
        if not process.is_alive():
            raise NoTraining
    finally:
        process.kill()
        process.join(10)


class NoTraining(Exception):
    """The training ended before the answers did."""

    def __init__(self) -> None:
        super().__init__(
            "the training beside the chat did not run as long as the answers took; the machine has"
            " too little memory, or is so quick that it takes more questions"
        )


def train_behind(models_dir: Path, questions: int, burning: Any) -> None:
    """As the schedule trains: it stands back; `burning` is set when it learns."""
    quieten_tensorflow()
    step_back(MOST_MB)
    import_tensorflow()
    importlib.import_module("benchmarks.product.trainings").behind(models_dir, questions, burning)
