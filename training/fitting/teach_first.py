"""Teach first: the shop's own texts teach the encoder before its labelled questions do."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from training.data import Array, Material
from training.fitting.learner import Learner
from training.starter import TaughtTexts, Tell, teach_own_texts

MEASURED: Final = 2_000  # labelled questions by which the round is judged
MAY_LOSE: Final = 0.01  # of them: less is chance


def teach_first(
    learner: Learner,
    material: Material,
    taught: TaughtTexts,
    *,
    tell: Tell,
    clock: Callable[[], float],
) -> dict[str, Any]:
    """A round over the texts, kept unless labelled questions then find their like more seldom.

    Returns what it came to: `nearest_before` and `nearest_after` are the shares of labelled
    questions whose nearest other one has the same reply.
    """
    started = clock()
    numbers = _measured(material, learner.seed)
    label = material.examples.label[numbers]
    before = nearest_right(learner.encode(numbers), label)
    encoder = [variable.numpy() for variable in learner.encoder.trainable_variables]
    found = teach_own_texts(encoder, taught, learner.model, seed=learner.seed, tell=tell)
    _take(learner, found)
    after = nearest_right(learner.encode(numbers), label)
    kept = after >= before - MAY_LOSE
    if kept:
        learner.begin(found)
    else:
        _take(learner, encoder)
    return {
        "texts": len(taught.texts),
        "seconds": round(clock() - started, 1),
        "nearest_before": round(before, 4),
        "nearest_after": round(after, 4),
        "kept": kept,
    }


def nearest_right(vectors: Array, label: Array) -> float:
    """The share of questions whose nearest other one has the same label; 0.0 without any.

    >>> vectors = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]])
    >>> nearest_right(vectors, np.array([1, 1, 2, 1]))
    0.5
    """
    if len(label) < 2:
        return 0.0
    alike = vectors @ vectors.T
    np.fill_diagonal(alike, -np.inf)
    return float((label[alike.argmax(axis=1)] == label).mean())


def _measured(material: Material, seed: int) -> Array:
    """Some of the questions whose reply is known and has another one."""
    label = material.examples.label[material.alone]
    asked = np.flatnonzero(label > 0)
    often = np.bincount(label[asked], minlength=1) > 1
    found = asked[often[label[asked]]]
    chosen = np.random.default_rng(seed).permutation(found)[:MEASURED]
    numbers: Array = np.sort(chosen).astype(np.int32)
    return numbers


def _take(learner: Learner, encoder: Sequence[Array]) -> None:
    for variable, weight in zip(learner.encoder.trainable_variables, encoder, strict=True):
        variable.assign(weight)
