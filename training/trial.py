"""What a challenger's trial on real shoppers is to the turn of the loop that waits for it."""

from datetime import datetime
from typing import Literal, NamedTuple, Protocol

Decision = Literal["promote", "roll_back", "keep"]


class Look(NamedTuple):
    """One look at a trial: what to do, or None to wait for more; `reason` is for people."""

    decision: Decision | None
    reason: str


class Trial(Protocol):
    """Watches a challenger; each call may be made again after a crash."""

    def begin(self, version: int, champion: int, now: datetime) -> None:
        """The challenger has its label."""
        ...

    def look(self, version: int, champion: int, since: datetime, now: datetime) -> Look:
        """How it does, as far as can be said by `now`."""
        ...
