"""What Slack may ask of the rest of the shop; `shopclerk.wiring` fills it in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.answer import Answer


class Turn(NamedTuple):
    """A retraining that is open: its stage, what it is busy with and how much of that is done."""

    stage: str
    doing: str | None = None
    done: float | None = None


class ModelState(NamedTuple):
    """Which model answers, and which others there are."""

    stable: int | None
    made_at: datetime | None  # of the stable version
    canary: int | None
    versions: tuple[int, ...]  # oldest first
    turn: Turn | None = None


@dataclass(frozen=True)
class Controls:
    """Every action may block; they are called in a thread.

    Attributes:
        model: The model in charge.
        retrain: Start one turn of the loop for this person; False: one is running already.
        promote: Make a version answer, for this person; the sentence to tell.
        keep: End a trial, the champion stays; the sentence to tell.
        roll_back: Go back to the version before; the sentence to tell.
        report: The newest weekly report as text; "" where there is none.
        preview: One answer to a question of the staff, outside the experiment.
    """

    model: Callable[[], ModelState]
    retrain: Callable[[str], bool]
    promote: Callable[[int, str], str]
    roll_back: Callable[[], str]
    keep: Callable[[int, str], str]
    report: Callable[[], str]
    preview: Callable[[str], Answer | None]
