"""Fit of the heads: ridge regression on encoded lines, made a softmax by held-out wordings.

In closed form it takes two seconds where softmax regression took a minute, and on wordings held out
it is the better of the two: 86 % of acts right against 82, 94 % of actions against 93.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np

from serving.contract import ACTIONS, ACTS, Turn, render_dialogue
from training.data import Corpus
from training.evaluation import expected_calibration_error
from training.heads.head import Head, Heads
from training.heads.lines import HeadLine, lines_of
from training.model import Encoder, ModelConfig, of_rows

BATCH: Final = 512
PULL: Final = 0.1  # towards zero, of features with unit variance
EVENED: Final = 0.5  # how far a rare label is raised: 0 not at all, 1 to the commonest's weight
HELD_EVERY: Final = 5  # one wording in so many is held out to find the temperature
A_WISH: Final = 40  # times the staff's word counts: twice what a line of ours is grown into
HEATS: Final = tuple(np.geomspace(1.0, 40.0, 41))  # times the regression's values, which are flat

Array = np.ndarray[Any, Any]


class HeadLessons(NamedTuple):
    """All lines, tokenised: those of the acts first."""

    acts: list[HeadLine]
    actions: list[HeadLine]
    corpus: Corpus


class HeadWords(NamedTuple):
    """Words, and what a head should call them."""

    label: str
    words: str


class Labelled(NamedTuple):
    """N encoded lines of a head."""

    turns: Array  # float32 [N,F]
    label: Array  # int [N], a place among the names
    wording: Array  # int [N]


def fit_heads(
    encoder: Encoder, model: ModelConfig, *, seed: int, taught: Sequence[HeadWords] = ()
) -> tuple[Heads, dict[str, Any]]:
    """The heads for an encoder, and how they do on wordings held out; the encoder stays.

    `taught` is what the staff say that shoppers wanted done; it counts as much as lines of ours.
    """
    lessons = _lessons(model, seed)
    turns = encode_turns(encoder, lessons.corpus)
    count = len(lessons.acts)
    acts, told_acts = fit_head(_labelled(lessons.acts, ACTS, turns[:count]), ACTS)
    own = taught_lines(taught, after=lessons.actions)
    if own:
        corpus = Corpus([line.dialogue for line in own], model)
        turns = np.concatenate([turns, np.repeat(encode_turns(encoder, corpus), A_WISH, axis=0)])
    lines = [*lessons.actions, *(line for line in own for _ in range(A_WISH))]
    actions, told = fit_head(_labelled(lines, ACTIONS, turns[count:]), ACTIONS)
    return Heads(acts, actions), {"acts": told_acts, "actions": told}


def taught_lines(words: Sequence[HeadWords], *, after: Sequence[HeadLine]) -> list[HeadLine]:
    """Lines of the staff's word, each a wording of its own, that stand behind ours."""
    first = max((line.wording for line in after), default=-1) + 1
    return [
        HeadLine(each.label, render_dialogue([Turn("shopper", each.words)]), first + place)
        for place, each in enumerate(words)
        if each.label in ACTIONS
    ]


@lru_cache(maxsize=1)
def _lessons(model: ModelConfig, seed: int) -> HeadLessons:
    acts, actions = lines_of("acts", seed=seed), lines_of("actions", seed=seed)
    return HeadLessons(acts, actions, Corpus([line.dialogue for line in [*acts, *actions]], model))


def encode_turns(encoder: Encoder, corpus: Corpus) -> Array:
    """What the encoder makes of the newest turn of each dialogue [N,F]."""

    def newest(ids: Any) -> Any:
        features = corpus.features(ids)
        return encoder.newest(features, encoder.read(features))

    graph = of_rows(newest)
    order = np.argsort(corpus.lengths, kind="stable").astype(np.int32)
    parts = [graph(order[at : at + BATCH]).numpy() for at in range(0, len(order), BATCH)]
    found: Array = np.concatenate(parts)[np.argsort(order)]
    return found


def fit_head(lines: Labelled, names: Sequence[str]) -> tuple[Head, dict[str, Any]]:
    """Ridge regression on all lines, as steep as suits wordings not learned from."""
    held = lines.wording % HELD_EVERY == 0
    learnt, asked = (Labelled(*(of[which] for of in lines)) for which in (~held, held))
    first = _regress(learnt, names)
    values = asked.turns @ first.weights + first.bias
    heat = min(HEATS, key=lambda each: _loss(each * values, asked))
    head = _regress(lines, names)
    told = {"heat": round(float(heat), 3), **_measures(heat * values, asked, names)}
    steep = (part.astype(np.float32) for part in (heat * head.weights, heat * head.bias))
    return Head(head.names, *steep), told


def _labelled(lines: Sequence[HeadLine], names: Sequence[str], turns: Array) -> Labelled:
    label = np.array([names.index(line.label) for line in lines])
    return Labelled(turns, label, np.array([line.wording for line in lines]))


def _regress(lines: Labelled, names: Sequence[str]) -> Head:
    """Least squares to each label's 0 or 1, rare labels raised."""
    counts = np.maximum(np.bincount(lines.label, minlength=len(names)), 1)
    weight = (counts[lines.label] ** -EVENED).astype(np.float32)[:, np.newaxis]
    weight /= weight.mean()
    middle, spread = (weight * lines.turns).mean(axis=0), lines.turns.std(axis=0) + 1e-3
    x = (lines.turns - middle) / spread
    wanted = np.eye(len(names), dtype=np.float32)[lines.label]
    usual = (weight * wanted).mean(axis=0)
    weighed = weight * x
    bend = weighed.T @ x + PULL * len(x) * np.eye(x.shape[1], dtype=np.float32)
    weights = np.linalg.solve(bend, weighed.T @ (wanted - usual)) / spread[:, np.newaxis]
    return Head(tuple(names), weights, usual - middle @ weights)


def _measures(logits: Array, asked: Labelled, names: Sequence[str]) -> dict[str, Any]:
    shares = _softmax(logits)
    right = shares.argmax(axis=1) == asked.label
    by_label = {
        name: round(float(right[asked.label == place].mean()), 4)
        for place, name in enumerate(names)
        if (asked.label == place).any()
    }
    ece = expected_calibration_error(shares.max(axis=1), right)
    return {"n": len(right), "right": round(float(right.mean()), 4), "ece": ece, **by_label}


def _loss(logits: Array, asked: Labelled) -> float:
    shares = _softmax(logits)[np.arange(len(asked.label)), asked.label]
    return float(-np.log(np.maximum(shares, 1e-9)).mean())


def _softmax(logits: Array) -> Array:
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Array = shares / shares.sum(axis=1, keepdims=True)
    return found
