"""Limits on open event streams, in all and by address: each holds a connection for minutes."""

from collections import Counter

from bot.http.problems import Problem

RETRY = {"Retry-After": "30"}  # messages are answered meanwhile; only what the staff write waits


class OpenStreams:
    """The open streams of one process; called from its event loop alone."""

    def __init__(self, *, in_all: int, per_address: int) -> None:
        """So many at most."""
        self._in_all, self._per_address = in_all, per_address
        self._by_address: Counter[str] = Counter()

    def check(self, address: str) -> None:
        """Whether one more from `address` fits.

        Raises:
            Problem: none does.
        """
        if self._by_address[address] >= self._per_address:
            raise Problem(
                "too-many-requests",
                f"{self._per_address} streams are open from this address; close some.",
                RETRY,
            )
        if self._by_address.total() >= self._in_all:
            raise Problem("full", "As many streams are open as there is room for.", RETRY)

    def take(self, address: str) -> None:
        """Count one more.

        Raises:
            Problem: it does not fit.
        """
        self.check(address)
        self._by_address[address] += 1

    def give_back(self, address: str) -> None:
        """It is closed."""
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
