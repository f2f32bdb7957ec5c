"""Polls the store for what other processes wrote to open dialogues, once for all streams.

Two thousand idle streams that each looked for themselves every two seconds would cost two cores.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import anyio
import structlog

from bot.http.notifier import Notifier
from feedback.db import StoreUnreadable

# Another process's clock may be behind ours, and its transaction takes its time to end.
OVERLAP = timedelta(seconds=10)

log = structlog.get_logger()


class StoreWatch:
    """Wakes the streams of dialogues that changed; it runs while there are any."""

    def __init__(
        self,
        notifier: Notifier,
        changed_since: Callable[[datetime], dict[str, datetime]],
        *,
        clock: Callable[[], datetime],
        seconds: float,
        limiter: anyio.CapacityLimiter,
    ) -> None:
        """`changed_since` names dialogues in which something happened, and when; it may block."""
        self._notifier = notifier
        self._changed_since = changed_since
        self._clock = clock
        self._seconds = seconds
        self._limiter = limiter
        self._known: dict[str, datetime] = {}  # what the last look found
        self._task: asyncio.Task[None] | None = None

    def ensure(self) -> None:
        """Look from now on, if nobody does yet; called from the event loop."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        await asyncio.sleep(self._seconds)
        while self._notifier.listeners:
            try:
                found = await anyio.to_thread.run_sync(
                    self._changed_since, self._clock() - OVERLAP, limiter=self._limiter
                )
            except StoreUnreadable as error:
                log.warning("watch.store_away", reason=str(error))
            else:
                self._wake(found)
            await asyncio.sleep(self._seconds)

    def _wake(self, found: dict[str, datetime]) -> None:
        """Each change wakes once, though several looks see it; other processes look themselves."""
        for dialogue_id, at in found.items():
            if self._known.get(dialogue_id) != at:
                self._notifier.heard(dialogue_id)
        self._known = found
