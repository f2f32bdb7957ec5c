"""Protocol of a canary trial, as the retraining that waits for its result sees it."""

from datetime import datetime
from typing import Protocol

from feedback.experiments import Look

__all__ = ["CanaryTrial", "Look"]


class CanaryTrial(Protocol):
    """Watches a challenger; each call may be made again after a crash."""

    def begin(self, version: int, champion: int, now: datetime) -> None:
        """The challenger has its label."""
        ...

    def look(self, version: int, champion: int, since: datetime, now: datetime) -> Look:
        """How it does, as far as can be said by `now`."""
        ...
