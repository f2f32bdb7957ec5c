"""`Controls`: what the staff may ask of the model (retrain, promote, roll back, …)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from bot.languages import ago
from bot.messages import Answer

OFFERED: Final = 5  # versions with a button to promote them


class ModelNotChanged(Exception):
    """What was asked of the model was not done; the message says why, to who asked."""


class OpenRetraining(NamedTuple):
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
    retraining: OpenRetraining | None = None


@dataclass(frozen=True)
class Controls:
    """Every action may block; they are called in a thread.

    An act on the model is done for a person, named last, and returns the sentence to tell; it
    raises `ModelNotChanged`.

    Attributes:
        model: The model in charge.
        retrain: Start one turn of the loop.
        promote: Make a version answer.
        keep: End a trial, the champion stays.
        roll_back: Go back to the version before.
        report: The newest weekly report as text; "" where there is none.
        preview: One answer to a question of the staff, outside the experiment.
    """

    model: Callable[[], ModelState]
    retrain: Callable[[str], str]
    promote: Callable[[int, str], str]
    roll_back: Callable[[str], str]
    keep: Callable[[int, str], str]
    report: Callable[[], str]
    preview: Callable[[str], Answer | None]


def offered_versions(model: ModelState) -> list[int]:
    """The versions that could answer instead, the newest first."""
    return [one for one in reversed(model.versions) if one != model.stable][:OFFERED]


def model_words(model: ModelState, now: datetime) -> str:
    """Which model answers and how old it is, in a sentence."""
    if model.stable is None:
        return f"There is no model yet: keyword search answers.{retraining_words(model.retraining)}"
    age = f", made {ago(model.made_at, now)}" if model.made_at else ""
    trial = f" Version {model.canary} is on trial." if model.canary else ""
    return f"Version {model.stable} answers{age}.{trial}{retraining_words(model.retraining)}"


def retraining_words(open_one: OpenRetraining | None) -> str:
    """What the open retraining is busy with.

    >>> retraining_words(OpenRetraining("train", "learning, round 2 of 4", 0.42))
    ' Retraining: learning, round 2 of 4 (42 %).'
    >>> retraining_words(OpenRetraining("canary")), retraining_words(None)
    ('', '')
    """
    if open_one is None or open_one.stage == "canary":  # the trial is told already
        return ""
    done = f" ({100 * open_one.done:.0f} %)" if open_one.done is not None else ""
    return f" Retraining: {open_one.doing or open_one.stage}{done}."
