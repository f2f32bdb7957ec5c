"""SCHED_BATCH scheduling policy for processes that answer many, so that they preempt nobody."""

import os
from contextlib import suppress


def interrupt_nobody() -> None:
    """Threads that wake, those to come too, wait until the working one's turn is over.

    Linux would let them take the core at once, some twenty times a message, and what was in its
    caches is gone: by `SCHED_BATCH` three bots, their model server and the database answered a
    tenth more. A training, which has `SCHED_IDLE`, is interrupted all the same.
    """
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):  # a container may forbid it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
