"""Ends a child process when its parent ends."""

import os
from collections.abc import Callable
from threading import Thread


def stop_with_parent(stop: Callable[[], object]) -> None:
    """Call `stop`, in a thread, when standard input closes: the parent holds its other end."""

    def wait() -> None:
        # Not sys.stdin: a thread that waits in its buffer aborts the interpreter's end (SIGABRT).
        while os.read(0, 4_096):
            pass
        stop()

    Thread(target=wait, daemon=True).start()
