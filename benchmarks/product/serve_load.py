"""Open-loop load generator: calls at a steady rate, with a record of each."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from benchmarks.product.figures import median_and_p99
from serving.ranker import RankerUnavailable, Ranking


class CallRecord(NamedTuple):
    """One call: what was asked, when, what it took, who answered; no ranking: nobody did."""

    dialogue: str
    at: float
    seconds: float
    ranking: Ranking | None
    error: str = ""


@dataclass
class Load:
    """`callers` threads that make `per_second` calls between them; a context manager.

    A slow answer delays its own caller alone. With `per_second` None each asks again at once.
    """

    ask: Callable[[str], Ranking]
    dialogues: Sequence[str]
    callers: int
    per_second: float | None = None
    seen: list[CallRecord] = field(
        default_factory=list
    )  # appended to by many threads: atomic in CPython
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        began = time.monotonic()
        for number in range(self.callers):
            thread = threading.Thread(target=self._call, args=(number, began), daemon=True)
            self._threads.append(thread)
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _call(self, number: int, began: float) -> None:
        turn = number
        while not self._stop.is_set():
            if self.per_second is not None:
                pause = began + turn / self.per_second - time.monotonic()
                if pause > 0 and self._stop.wait(pause):
                    return
            self.seen.append(self._one(self.dialogues[turn % len(self.dialogues)]))
            turn += self.callers

    def _one(self, dialogue: str) -> CallRecord:
        at = time.monotonic()
        try:
            ranking = self.ask(dialogue)
        except RankerUnavailable as error:
            return CallRecord(dialogue, at, time.monotonic() - at, None, str(error))
        return CallRecord(dialogue, at, time.monotonic() - at, ranking)

    def figures(self) -> dict[str, Any]:
        """Counts, and the times of all calls."""
        unanswered = [seen for seen in self.seen if seen.ranking is None]
        return {
            "calls": len(self.seen),
            "unanswered": len(unanswered),
            "first_error": unanswered[0].error if unanswered else None,
            **median_and_p99([seen.seconds for seen in self.seen] or [0.0]),
        }
