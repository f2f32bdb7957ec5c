"""Circuit breaker: after repeated failures a server is left alone for a while."""

import threading
import time
from collections.abc import Callable

FAILURES = 3  # in a row; one slow call is no outage
PAUSE_SECONDS = 5.0  # then one call may try again


class CircuitBreaker:
    """Counts failures in a row; open, it lets one call through each `pause` seconds."""

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        pause: float = PAUSE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start closed."""
        self._limit = failures
        self._pause = pause
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._retry_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are being kept back."""
        return self._failures >= self._limit

    def allows(self) -> bool:
        """Whether a call may be made now; open, only one of those who ask at once may."""
        with self._lock:
            if not self.is_open:
                return True
            now = self._monotonic()
            if now < self._retry_at:
                return False
            self._retry_at = now + self._pause
            return True

    def succeeded(self) -> None:
        """A call was answered: close."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """A call failed; enough in a row open the breaker."""
        with self._lock:
            self._failures += 1
            if self.is_open:
                self._retry_at = self._monotonic() + self._pause
