"""What a stage of a retraining comes to, and how a retraining fits and judges its model."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from training.evaluation import Behave, CanaryTrial
from training.model import Hyperparameters


class LostRun(Exception):
    """The run stands elsewhere than its worker thinks: another has it, or it begins again."""


class RunEnded(NamedTuple):
    """The run is over."""

    state: Literal["promoted", "refused", "rolled_back", "kept"]
    sentence: str


class RunWaits(NamedTuple):
    """The run goes on another time; `begun`: the trial has begun just now."""

    sentence: str
    begun: bool = False


Came = RunEnded | RunWaits | None  # None: the next stage


@dataclass(frozen=True)
class RetrainOptions:
    """How a retraining fits its model, and what judges it."""

    hyperparameters: Hyperparameters = field(default_factory=Hyperparameters)
    teacher: Path | None = None  # the Python whose teachers read the shop's own texts
    behave: Behave | None = None  # the clerk's acts for a ranking; None: the log is not asked
    trial: CanaryTrial | None = None  # None: what passes the gate is promoted at once
    code_version: str | None = None
