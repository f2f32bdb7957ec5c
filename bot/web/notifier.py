"""Wakes the event streams of a dialogue the moment something was written to it."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator


class Notifier:
    """One process's open streams; what other processes write, `Watch` finds in the store."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listening: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def wake(self, dialogue_id: str) -> None:
        """Something new was written to the dialogue; callable from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._set_all, dialogue_id)

    @property
    def listeners(self) -> int:
        """How many dialogues have an open stream here."""
        return len(self._listening)

    def count(self, dialogue_id: str) -> int:
        """How many streams of the dialogue are open here."""
        return len(self._listening.get(dialogue_id, ()))

    @contextlib.contextmanager
    def listening(self, dialogue_id: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the dialogue is woken; the listener clears it."""
        self._loop = asyncio.get_running_loop()
        event = asyncio.Event()
        self._listening[dialogue_id].add(event)
        try:
            yield event
        finally:
            self._listening[dialogue_id].discard(event)
            if not self._listening[dialogue_id]:
                del self._listening[dialogue_id]

    def _set_all(self, dialogue_id: str) -> None:
        for event in self._listening.get(dialogue_id, ()):
            event.set()
