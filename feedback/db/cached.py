"""What many ask for and seldom changes: read at most so often."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Paced(Generic[T]):
    """Gives what `read` gave last, and reads again when that is `seconds` old.

    >>> clock = iter([0.0, 0.2, 0.7])
    >>> count = iter([1, 2])
    >>> paced = Paced(lambda: next(count), 0.5, lambda: next(clock))
    >>> paced(), paced(), paced()
    (1, 1, 2)
    """

    def __init__(
        self, read: Callable[[], T], seconds: float, timer: Callable[[], float] = time.monotonic
    ) -> None:
        """`seconds` 0 reads each time."""
        self._read = read
        self._seconds = seconds
        self._timer = timer
        self._last: tuple[float, T] | None = None
        self._reading = threading.Lock()

    def __call__(self) -> T:
        """The value; while a thread reads it anew the others are given the old one."""
        now, last = self._timer(), self._last
        if last is not None and now - last[0] < self._seconds:
            return last[1]
        if last is None or self._seconds == 0:
            return self._read_at(now)
        if not self._reading.acquire(blocking=False):
            return last[1]
        try:
            return self._read_at(now)
        finally:
            self._reading.release()

    def forget(self) -> None:
        """Read anew at the next asking."""
        self._last = None

    def _read_at(self, now: float) -> T:
        value = self._read()
        self._last = (now, value)
        return value
