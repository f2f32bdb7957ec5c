"""Epochs of a training: falling learning rate, early stopping, the best weights restored."""

import math
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import structlog

from training.data import Array
from training.fitting.checkpoint import Checkpoint, key_of
from training.fitting.learner import Learner

WARM_UP: Final = 0.05  # of all steps, in which the rate rises: Adam's moments are noise before
LAST_RATE: Final = 0.1  # of the full rate, for taking in the part kept aside

Progress = Callable[[float, str], None]

log = structlog.get_logger()


class FitHistory(NamedTuple):
    """What it came to."""

    epochs: int  # until the best, those over everything left out
    loss: float  # of the best, on the part kept aside
    pairs: int  # seen in all
    curve: tuple[float, ...] = ()  # the loss after each epoch


def run_epochs(
    learner: Learner,
    learn: Array,
    aside: Array,
    progress: Progress,
    backup: Checkpoint | None = None,
) -> FitHistory:
    """Train on `learn` until `aside` gets no better, and keep the weights that were best there.

    With a `backup` each epoch is kept on disk, and one that was killed goes on behind it.
    """
    config = learner.config
    steps = math.ceil(len(learn) / config.batch)
    total = max(1, steps * config.epochs)

    def tell(at: int) -> None:
        round_ = min(1 + at // max(steps, 1), config.epochs)
        progress(at / total, f"learning, round {round_} of {config.epochs}")

    def rate(step: int) -> float:
        return config.learning_rate * min((step + 1) / (WARM_UP * total), 1.0 - step / total)

    best, best_epoch, weights = math.inf, 0, learner.snapshot()
    step, worse, done, curve = 0, 0, 0, list[float]()
    key = key_of(learn, aside, config, learner.model, learner.seed)
    kept = backup.load(key) if backup is not None else None
    if kept is not None:
        weights = kept.arrays.pop("best")
        learner.restore_state(kept.arrays)
        done, step, worse, best_epoch = (
            int(kept.facts[name]) for name in ("epoch", "at", "worse", "best_epoch")
        )
        best, curve = float(kept.facts["loss"]), [float(loss) for loss in kept.facts["curve"]]
        log.info("training.resumed", epoch=done, step=step)
    for epoch in range(done + 1, config.epochs + 1):
        if worse >= config.patience:
            break
        loss, taken = learner.epoch(learn, rate, step, tell)
        step += taken
        learner.refresh_bank()
        losses = learner.check(aside) if len(aside) else np.array([loss])
        checked, chance = float(losses.mean()), float(losses.std()) / math.sqrt(len(losses))
        curve.append(checked)
        log.debug("training.epoch", epoch=epoch, loss=round(loss, 4), checked=round(checked, 4))
        # Later rounds, at a lower rate, generalise better than a small part kept aside can show:
        # only a loss past its own standard error counts against them.
        worse = worse + 1 if checked > best + chance else 0
        if not worse:
            best, best_epoch, weights = min(best, checked), epoch, learner.snapshot()
        if backup is not None:
            facts: dict[str, Any] = {"epoch": epoch, "at": step, "worse": worse}
            facts |= {"best_epoch": best_epoch, "loss": best, "curve": curve}
            backup.save(key, facts, {**learner.state(), "best": weights})
    if worse:
        learner.restore(weights)
        learner.refresh_bank()
    return FitHistory(best_epoch, best, step * config.batch, tuple(curve))


def take_in(learner: Learner, everything: Array, progress: Progress) -> int:
    """A few gentle epochs over all pairs, those kept aside too; returns the pairs seen.

    A reply with ten questions would otherwise lose one of them to calibration for good.
    """
    config = learner.config
    steps = math.ceil(len(everything) / config.batch)
    total = max(1, steps * config.take_in)
    first = 1_000_000  # apart from the course's own steps, which seed the order of the pairs

    def rate(step: int) -> float:
        return LAST_RATE * config.learning_rate * (1.0 - (step - first) / total)

    for epoch in range(config.take_in):
        learner.epoch(
            everything,
            rate,
            first + epoch * steps,
            lambda at: progress((at - first) / total, "taking in the part kept aside"),
        )
    learner.refresh_bank()
    return total * config.batch
