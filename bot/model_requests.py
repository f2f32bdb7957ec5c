"""Asks the schedule to change the model (retrain, promote, …), and waits for what came of it."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.controls import ModelNotChanged
from feedback.db import ModelRequests

LOOK_S: Final = 0.2
NOBODY_THERE: Final = (
    "nobody carried it out: the schedule does not run, or is busy. Start it with `shopclerk"
    " schedule` (`shopclerk up` has it), and ask again."
)


class AskModelRequests:
    """Has the schedule do something with the model, and waits for its word."""

    def __init__(
        self,
        requests: ModelRequests,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        taken_within_s: float = 20.0,  # the schedule looks twice a second, but may be at another
        done_within_s: float = 120.0,  # a promotion waits for the model server: 25 s on slow cores
    ) -> None:
        """Ask through `requests`."""
        self._requests = requests
        self._clock = clock
        self._new_id = new_id
        self._taken_within_s = taken_within_s
        self._done_within_s = done_within_s

    def __call__(self, act: str, person: str, version: int | None = None) -> str:
        """The sentence to tell `person`.

        Raises:
            ModelNotChanged: it was not done, or nobody is there to do it.
        """
        request_id, since = self._new_id(), time.monotonic()
        self._requests.ask(request_id, act, person, self._clock(), version)
        while (waited := time.monotonic() - since) < self._done_within_s:
            request = self._requests.get(request_id)
            if request is None:
                break
            if request.finished_at is not None:
                if request.refused:
                    raise ModelNotChanged(request.sentence)
                return request.sentence or ""
            late = request.taken_at is None and waited > self._taken_within_s
            if late and self._requests.withdraw(request_id, self._clock()):
                raise ModelNotChanged(NOBODY_THERE)
            time.sleep(LOOK_S)
        return "It takes longer than usual; look again in a minute."
