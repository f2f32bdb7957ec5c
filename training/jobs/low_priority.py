"""Low priority for a training: shoppers on the same machine go first, memory has a limit."""

import contextlib
import os
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Final

import structlog

LOOK_S: Final = 0.5
TOO_MUCH: Final = 77  # our exit code then; the run's next worker would end the same way
FIRST_TO_GO: Final = 500  # of 1000: when memory runs out the kernel ends the training, not the chat

log = structlog.get_logger()


def step_back(most_mb: int) -> None:
    """Run when nobody else wants to, and end when this process holds more than `most_mb`.

    SCHED_IDLE rather than a nice value: anyone who wakes up to answer a shopper takes the core at
    once, where a nice process would first finish its turn. Not there (macOS): nice.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except (AttributeError, OSError):
        with contextlib.suppress(OSError):
            os.nice(19)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO), encoding="ascii")
    Thread(target=_watch, args=(most_mb,), name="memory", daemon=True).start()


def held_mb(pid: int | str = "self") -> float:
    """The memory a process holds; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _watch(most_mb: int) -> None:
    while True:
        held = held_mb()
        if held > most_mb:
            log.error(
                "training.too_much_memory",
                held_mb=round(held),
                most_mb=most_mb,
                remedy="raise SHOPCLERK_TRAIN_MEMORY_MB, or train on a larger machine",
            )
            os._exit(TOO_MUCH)  # not an exception: TensorFlow's threads would go on allocating
        sleep(LOOK_S)
