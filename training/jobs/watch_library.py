"""Watches the library for changes and has the champion re-exported, debounced.

It looks every few seconds, because the store hears of a reply from many sides: Slack, the desk, an
import, a webhook, another replica. A look is one cheap statement; only a change reads more.
"""

import threading
from collections.abc import Callable
from typing import Any, Final

import structlog

LOOK_S: Final = 2.0
SETTLE_S: Final = 3.0  # without a further change: an import writes for a while
AT_MOST_S: Final = 15.0  # then it is taken as it is: somebody writes one reply after the other

log = structlog.get_logger()


class Poller:
    """Calls `look` again and again, in a thread of its own."""

    def __init__(self, name: str, look: Callable[[], object], *, every_s: float) -> None:
        self._look = look
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Look until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; what runs is waited for."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            try:
                self._look()
            except Exception as error:  # the store was away for a moment: the next look finds it
                reason = f"{type(error).__name__}: {error}"
                log.warning("watch.not_looked", watch=self._thread.name, reason=reason)


class LibraryWatch:
    """Debounced: many changes in a row make one version."""

    def __init__(
        self,
        *,
        stamp: Callable[[], Any],
        is_outdated: Callable[[], bool],
        refresh: Callable[[], object],
        monotonic: Callable[[], float],
    ) -> None:
        """Watch a store.

        Args:
            stamp: changes whenever the library or the champion does, and costs little.
            is_outdated: whether the champion's library is not the store's.
            refresh: makes and promotes a version; may take a minute, and fail.
            monotonic: the clock.
        """
        self._stamp = stamp
        self._is_outdated = is_outdated
        self._refresh = refresh
        self._monotonic = monotonic
        self._settled: Any = None  # the stamp that was dealt with
        self._seen: Any = None
        self._seen_at = self._since = 0.0

    def look(self) -> bool:
        """One look; True: a version was asked for."""
        now, stamp = self._monotonic(), self._stamp()
        if stamp == self._settled:
            self._seen = None
            return False
        if self._seen is None:
            self._since = now
        if stamp != self._seen:
            self._seen, self._seen_at = stamp, now
        if now - self._seen_at < SETTLE_S and now - self._since < AT_MOST_S:
            return False
        # Whatever comes of it: what failed is not tried again until something changes.
        self._settled, self._seen = stamp, None
        if not self._is_outdated():
            return False
        self._refresh()
        return True
