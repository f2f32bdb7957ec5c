"""Notifier: wakes the event streams of a dialogue when something is written to it."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator


class Notifier:
    """One process's open streams; what other processes write, a bus tells or `Watch` finds."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listening: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._tell_others: list[Callable[[str], None]] = []

    def tell_others_by(self, tell: Callable[[str], None]) -> None:
        """Have `tell` called, too, with every dialogue that this process wrote to."""
        self._tell_others.append(tell)

    def wake(self, dialogue_id: str) -> None:
        """This process has written to the dialogue; callable from any thread."""
        self.heard(dialogue_id)
        for tell in self._tell_others:
            tell(dialogue_id)

    def heard(self, dialogue_id: str) -> None:
        """Somebody has written to the dialogue; callable from any thread."""
        self._soon(self._set_all, dialogue_id)

    def missed(self) -> None:
        """Anything may have been written anywhere: every stream looks; from any thread."""
        self._soon(self._set_every)

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

    def _soon(self, work: Callable[..., None], *arguments: str) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            with contextlib.suppress(RuntimeError):  # it was closed just now
                loop.call_soon_threadsafe(work, *arguments)

    def _set_every(self) -> None:
        for dialogue_id in list(self._listening):
            self._set_all(dialogue_id)

    def _set_all(self, dialogue_id: str) -> None:
        for event in self._listening.get(dialogue_id, ()):
            event.set()
