"""Reply vectors fitted alone, with the encoder fixed, for books with few questions a reply.

The encoder stays as the starter made it. Softmax regression on its vectors, pulled towards each
reply's mean question, is convex and takes a second; so every question can be scored by a fit that
has not seen it, and the confidence is calibrated on all of them instead of on a few kept aside.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from training.data import (
    FOLDS,
    NOT_IN_BOOK,
    NULL_ROW,
    REJECTED_BOOST,
    Held,
    bereft,
    deal,
    joined,
    learned_of,
    left_out,
)
from training.fitting.calibrate import FEW_WAYS
from training.model import choose, nearness

FEW: Final = 12  # questions a reply: up to so many the encoder had better stand still
PULL: Final = 1e-2  # towards the mean question: 1e-3 and 1e-1 lose half a point at 5 and at 10
WORD_WEIGHT: Final = 0.5  # of that, beside a question
STEPS: Final = 80
RATE: Final = 0.03
SMOOTHING: Final = 0.1

Array = np.ndarray[Any, Any]


class Questions(NamedTuple):
    """N encoded questions."""

    vectors: Array  # float32 [N,D]
    label: Array  # int [N], row of the book
    weight: Array  # float32 [N]
    rejected: Array  # int [N,M], rows that were wrong, padded with NOT_IN_BOOK

    def some(self, which: Array) -> "Questions":
        """Those that `which` [N] says."""
        return Questions(*(of[which] for of in self))


class FittedVectors(NamedTuple):
    """What a fit came to."""

    own: Array  # float32 [R+1,D]
    held: Held  # each question, by a fit that has not seen it


def is_few(label: Array) -> bool:
    """Whether half of the replies asked for have at most `FEW` questions."""
    _, counts = np.unique(label[label > NULL_ROW], return_counts=True)
    return len(counts) > 0 and float(np.median(counts)) <= FEW


def median_questions(label: Array) -> float:
    """Of a reply that is asked for at all; 0 where none is."""
    _, counts = np.unique(label[label > NULL_ROW], return_counts=True)
    return float(np.median(counts)) if len(counts) else 0.0


def with_words(questions: Questions, words: Questions) -> Questions:
    """A reply's text as one more way to ask for it, where it has fewer than `FEW_WAYS` questions.

    With one question a reply that is worth 1 to 2 points in trades the encoder never read, and
    nothing elsewhere; from three questions on, nothing anywhere.

    Args:
        questions: encoded, with their replies.
        words: the replies' texts, encoded as questions.
    """
    counts = np.bincount(questions.label, minlength=int(words.label.max(initial=0)) + 1)
    few = words.some(counts[words.label] < FEW_WAYS)
    return Questions(*(np.concatenate(both) for both in zip(questions, few, strict=True)))


def fit_head(
    questions: Questions, texts: Array, words: Questions, *, scale: float, seed: int
) -> FittedVectors:
    """Find the own vectors on all questions, and score each question by a fit without it.

    Each fit leaves some replies out too, so that nothing fits their questions.

    Args:
        questions: encoded, with their replies.
        texts: the replies' texts' vectors [R+1,D], zeros where there are none.
        words: the same texts as questions, see `with_words`.
        scale: of the dot products.
        seed: deals the questions to folds.
    """
    fold = deal(questions.label, FOLDS, seed=seed)
    parts = []
    for number in range(FOLDS):
        out = left_out(len(texts), number)
        aside = (fold == number) | out[questions.label]
        known, asked = questions.some(~aside), questions.some(aside)
        learnt = with_words(known, words.some(~out[words.label]))
        book = texts + fit_vectors(learnt, texts, scale)
        near = nearness(asked.vectors, choose(learnt.vectors, learnt.label, book, seed=seed))
        held = Held(
            scale * asked.vectors @ book.T,
            near,
            asked.label,
            np.ones(len(near), np.bool_),
            learned_of(asked.label, known.label),
        )
        parts.append(bereft(held, out))
    return FittedVectors(fit_vectors(with_words(questions, words), texts, scale), joined(parts))


def centres(vectors: Array, label: Array, texts: Array) -> Array:
    """Each row's mean question, unit length [R+1,D]; its text where nobody asked for it yet."""
    found = np.zeros_like(texts)
    np.add.at(found, label, vectors)
    asked = np.isin(np.arange(len(texts)), label)
    found = np.where(asked[:, np.newaxis], found, texts)
    unit: Array = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
    return unit


def fit_beside(
    vectors: Array, label: Array, weight: Array, book: Array, texts: Array, scale: float
) -> Array:
    """Own vectors of new rows, while all others stand still: the same regression, of a part.

    What the known rows remember is asked again with the new rows' own questions: without it a new
    row, whose one question lies near those of another, was as sure of them as of its own.

    Args:
        vectors: encoded questions [N,D].
        label: the new row each belongs to; below 0, to a known one.
        weight: of each [N].
        book: the known rows' vectors [R,D].
        texts: the new rows' texts' vectors [K,D], zeros where there are none.
        scale: of the dot products.

    Returns:
        float32 [K,D].
    """
    mine = label >= 0
    centre = centres(vectors[mine], label[mine], texts)
    share = (weight / max(float(weight.sum()), 1e-6))[:, np.newaxis]
    standing = np.concatenate(
        [
            _log_sum(scale * some @ book.T)
            for some in np.array_split(vectors, len(vectors) // 512 + 1)
        ]
    )
    wanted = np.full((len(label), len(texts)), SMOOTHING / (len(book) + len(texts)), np.float32)
    wanted[np.flatnonzero(mine), label[mine]] += 1.0 - SMOOTHING

    def slope(own: Array) -> Array:
        logits = scale * vectors @ (texts + own).T
        all_rows = np.logaddexp(standing, _log_sum(logits))
        p = np.exp(logits - all_rows[:, np.newaxis])
        found: Array = scale * ((p - wanted) * share).T @ vectors
        return found

    return _descend(centre, slope)


def _log_sum(logits: Array) -> Array:
    found: Array = np.logaddexp.reduce(logits, axis=1)
    return found


def fit_vectors(questions: Questions, texts: Array, scale: float) -> Array:
    """Own vectors [R+1,D] beside the `texts`' by softmax regression; see the module."""
    vectors, label, weight, rejected = questions
    centre = centres(vectors, label, texts)
    share = (weight / max(float(weight.sum()), 1e-6))[:, np.newaxis]
    rows = len(texts)
    wanted = np.full((len(label), rows), SMOOTHING / rows, np.float32)
    wanted[np.arange(len(label)), label] += 1.0 - SMOOTHING
    boost = np.zeros((len(label), rows), np.float32)
    asked, place = np.nonzero(rejected != NOT_IN_BOOK)
    boost[asked, rejected[asked, place]] = REJECTED_BOOST

    def slope(own: Array) -> Array:
        logits = scale * vectors @ (texts + own).T + boost
        logits -= logits.max(axis=1, keepdims=True)
        p = np.exp(logits)
        p /= p.sum(axis=1, keepdims=True)
        found: Array = scale * ((p - wanted) * share).T @ vectors
        return found

    return _descend(centre, slope)


def _descend(centre: Array, slope: Callable[[Array], Array]) -> Array:
    """From the centre, and pulled back to it: Adam at a falling rate; deterministic."""
    own, first, second = centre.copy(), np.zeros_like(centre), np.zeros_like(centre)
    for step in range(STEPS):
        down = slope(own) + 2.0 * PULL * (own - centre)
        first = 0.9 * first + 0.1 * down
        second = 0.99 * second + 0.01 * down**2
        correction = np.sqrt(1.0 - 0.99 ** (step + 1)) / (1.0 - 0.9 ** (step + 1))
        rate = RATE * (1.0 - step / STEPS) * correction
        own = own - rate * first / (np.sqrt(second) + 1e-8)
    return own.astype(np.float32)
