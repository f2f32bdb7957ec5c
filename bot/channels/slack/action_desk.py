"""Decisions of the staff in Slack about order actions: each press, once. Knows no Bolt."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from feedback.actions import (
    ActionDecisions,
    ActionRuns,
    RunMove,
    RunMoveNotAllowed,
    pieces_of,
    with_pieces,
)
from feedback.db import Database
from feedback.desk import Staff

GONE: Final = "This action is not known any more."
UNCHANGED: Final = "Leave at least one piece out, and one in. Nothing was changed."


class ActionDesk:
    """Decisions on order actions; each method says what to tell who pressed, None: nothing."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        """Work on `db`."""
        self._decisions = ActionDecisions(db)
        self._runs = ActionRuns(db)
        self._clock = clock

    def decide(self, run_id: str, move: RunMove, staff: Staff, words: str = "") -> str | None:
        """Approve or decline, or say that it is done; the first who presses counts."""
        try:
            run = self._decisions.decide(run_id, move, staff.name, self._clock(), words)
        except RunMoveNotAllowed as decided:
            return str(decided)
        return None if run else GONE

    def change(self, run_id: str, keep: Sequence[int], staff: Staff, words: str) -> str | None:
        """Approve a part: the shopper is asked for their yes to it."""
        run = self._runs.get(run_id)
        changed = with_pieces(run.arguments, keep) if run else None
        if run is None or changed is None:
            return UNCHANGED if run else GONE
        try:
            self._decisions.offer(run_id, changed, staff.name, self._clock(), words)
        except RunMoveNotAllowed as decided:
            return str(decided)
        return None

    def pieces(self, run_id: str) -> list[str]:
        """The pieces it is about, as its summary names them."""
        run = self._runs.get(run_id)
        return pieces_of(run) if run else []
