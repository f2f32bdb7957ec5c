"""TTL cache of one value: what many ask for and seldom changes is read again after some seconds."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cached(Generic[T]):
    """A value with a time to live: `read` is called again when the last one is `seconds` old.

    >>> clock = iter([0.0, 0.2, 0.7])
    >>> count = iter([1, 2])
    >>> cached = Cached(lambda: next(count), 0.5, lambda: next(clock))
    >>> cached(), cached(), cached()
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
        """The value; while a thread reads it again the others are given the old one."""
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
        """Read again when asked next."""
        self._last = None

    def _read_at(self, now: float) -> T:
        value = self._read()
        self._last = (now, value)
        return value
