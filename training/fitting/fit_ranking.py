"""Ranking fit: reply vectors, exemplars and calibrated confidence."""

from typing import Any, NamedTuple

import numpy as np

from training.data import (
    FOLDS,
    NULL_ROW,
    Array,
    Held,
    Material,
    bereft,
    folds,
    joined,
    left_out,
    with_copies_bereft,
)
from training.fitting import epochs
from training.fitting.calibrate import NAMED_NULLS, UNNAMED_NULLS, Calibration, Scored, calibrated
from training.fitting.checkpoint import Checkpoint
from training.fitting.epochs import FitHistory, Progress
from training.fitting.fit_reply_vectors import STEPS, Questions, fit_head, is_few
from training.fitting.learner import Learner
from training.model import Exemplars, best_weight, choose, nearness, sample


class Ranked(NamedTuple):
    """What finding the ranking came to."""

    exemplars: Exemplars
    calibration: Calibration
    scores: dict[str, Any]
    pairs: int  # seen in all


def find_ranking(
    learner: Learner, material: Material, progress: Progress, backup: Checkpoint | None = None
) -> Ranked:
    """Teach `learner` the pairs of `material`, in the way that suits how many there are.

    A long training goes on from its `backup`; the short ones of small books start again.
    """
    alone = material.examples.label[material.alone]
    if material.spoken:
        return _many(learner, material, progress, backup)
    if learner.knows and is_few(alone):
        return _few(learner, material, progress)
    if len(alone) <= learner.config.crossed and not material.was_given_calibration:
        return _crossed(learner, material, progress)
    return _many(learner, material, progress, backup)


def _few(learner: Learner, material: Material, progress: Progress) -> Ranked:
    """Only the replies' own vectors, with every question; see `fit_reply_vectors`."""
    progress(0.1, "learning the replies")
    learner.restart(material.everything)
    examples = material.examples
    alone = material.alone[examples.label[material.alone] >= 0]
    label = examples.label[alone]
    questions = Questions(
        learner.encode(alone), label, examples.weight[alone], examples.rejected[alone]
    )
    texts = learner.text_vectors().numpy()
    head = fit_head(questions, texts, scale=learner.model.scale, seed=learner.seed)
    learner.own.assign(head.own)
    exemplars = _remembered(learner, alone)
    held = head.held
    if material.was_given_calibration:
        held = _asked(learner, material.aside, exemplars)
    return _settled(learner, material, exemplars, held, epochs=0, pairs=STEPS * len(alone))


def _crossed(learner: Learner, material: Material, progress: Progress) -> Ranked:
    """Encoder and replies together, several times over: a part aside would say too little.

    Each question is scored by a training that has not seen it; the last one sees all.
    """
    examples, alone = material.examples, material.alone
    label, rows = examples.label[alone], len(examples.book.reply_ids) + 1
    parts, seen = [], 0
    for number, fold in enumerate(folds(examples, alone, FOLDS, seed=learner.seed)):
        out = left_out(rows, number)
        aside = np.isin(alone, fold) | out[label]
        seen += _taught(learner, alone[~aside], _turn(progress, number)).pairs
        exemplars = _remembered(learner, alone[~aside])
        parts.append(bereft(_asked(learner, alone[aside], exemplars), out))
    came = _taught(learner, material.everything, _turn(progress, FOLDS))
    exemplars = _remembered(learner, alone)
    held = joined(parts)
    pairs = seen + came.pairs
    return _settled(learner, material, exemplars, held, epochs=came.epochs, pairs=pairs)


def _taught(learner: Learner, learn: Array, progress: Progress) -> FitHistory:
    learner.restart(learn)
    return epochs.run_epochs(learner, learn, np.zeros(0, np.int32), progress)


def _turn(progress: Progress, number: int) -> Progress:
    times = FOLDS + 1
    return lambda share, text: progress(
        (number + share) / times, f"{text}, time {number + 1} of {times}"
    )


def _many(
    learner: Learner, material: Material, progress: Progress, backup: Checkpoint | None
) -> Ranked:
    """Encoder and replies together, epoch by epoch; then, gently, what was kept aside too."""

    def until_then(share: float, text: str) -> None:
        progress(0.85 * share, text)

    learner.restart(material.learn)
    came = epochs.run_epochs(learner, material.learn, material.aside, until_then, backup)
    learnt = np.intersect1d(material.learn, material.alone)
    exemplars = _remembered(learner, learnt)
    held = with_copies_bereft(_asked(learner, material.aside, exemplars))
    ranked = _settled(
        learner, material, exemplars, held, epochs=came.epochs, loss=came.loss, pairs=came.pairs
    )
    if not len(material.aside) or material.was_given_calibration or not learner.config.take_in:
        return ranked
    more = epochs.take_in(
        learner, material.everything, lambda share, text: progress(0.85 + 0.15 * share, text)
    )
    everything = _remembered(learner, material.alone)._replace(weight=ranked.exemplars.weight)
    return ranked._replace(exemplars=everything, pairs=ranked.pairs + more)


def _remembered(learner: Learner, numbers: Array) -> Exemplars:
    """Some of the questions `numbers` of each reply, as the encoder reads them now."""
    label = learner.examples.label[numbers]
    chosen = sample(label, seed=learner.seed)
    book = learner.reply_vectors().numpy()
    return choose(learner.encode(numbers[chosen]), label[chosen], book, seed=learner.seed)


def _asked(learner: Learner, aside: Array, exemplars: Exemplars) -> Held:
    """The questions kept aside that the book can answer, or nothing can."""
    aside = aside[learner.examples.label[aside] >= 0]
    vectors = learner.encode(aside)
    own = np.ones(len(aside), np.bool_)
    near = nearness(vectors, exemplars)
    return Held(learner.scores(vectors), near, learner.examples.label[aside], own)


def _settled(
    learner: Learner,
    material: Material,
    exemplars: Exemplars,
    held: Held,
    *,
    pairs: int,
    **told: float,
) -> Ranked:
    """How much the nearest question counts, and how sure to be, by questions not learned from."""
    told = {name: round(value, 4) for name, value in told.items()}
    if not len(held.label):
        return Ranked(exemplars, Calibration(), {**told, "n": 0}, pairs)
    scale = learner.model.scale
    weight = best_weight(held.scores, held.near, held.label, scale=scale)
    near = scale * held.near
    scored = Scored(held.scores + weight * near, near)
    nulls = UNNAMED_NULLS
    if material.nulls_named:
        named = learner.examples.label[material.alone] == NULL_ROW
        nulls = max(NAMED_NULLS, named.sum() / max((~named).sum(), 1))
    counted = held.own if material.nulls_named else np.ones_like(held.own)
    sure, scores = calibrated(scored, held.label, counted, nulls=nulls)
    scores = {**told, "nearness": weight, **scores}
    return Ranked(exemplars._replace(weight=weight), sure, scores, pairs)
