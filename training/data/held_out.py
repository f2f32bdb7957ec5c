"""Held-out scores: questions scored by a model that did not learn them, to fit confidence on.

A shop names few questions that nothing fits, or none, and meets many. So some replies are left out
of each fit, and their questions are known to fit nothing then; where there is one fit only, each
question is looked at a second time with its own reply taken away.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from training.data.dataset import NULL_ROW

FOLDS: Final = 4
FAR: Final = -1e9  # the score of a reply left out

Array = np.ndarray[Any, Any]


class Held(NamedTuple):
    """N questions not learned from, against a book of R replies."""

    scores: Array  # float32 [N,R+1]; column 0: no reply fits
    near: Array  # float32 [N,R+1], the cosine with each reply's nearest question learned from
    label: Array  # int [N], the right column
    own: Array  # bool [N]: as it was given; else its reply was left out
    learned: Array  # int [N], how many questions of the right reply were learned from


def left_out(rows: int, number: int) -> Array:
    """The rows of a book that fit `number` never hears of, an eighth of a long one: bool [R+1]."""
    out = np.zeros(rows, np.bool_)
    if rows > 2 * FOLDS:
        out[1 + number :: 2 * FOLDS] = True
    return out


def bereft(held: Held, out: Array) -> Held:
    """As if the rows `out` [R+1] were not in the book: their questions fit nothing."""
    scores, near = (np.where(out, FAR, of) for of in (held.scores, held.near))
    lost = out[held.label]
    return Held(scores, near, np.where(lost, NULL_ROW, held.label), held.own & ~lost, held.learned)


def with_copies_bereft(held: Held) -> Held:
    """Each question that has a reply once more, with that reply taken away."""
    asked = Held(*(of[held.label != NULL_ROW] for of in held))
    itself = np.arange(held.scores.shape[1]) == asked.label[:, np.newaxis]
    scores, near = (np.where(itself, FAR, of) for of in (asked.scores, asked.near))
    copies = asked._replace(
        scores=scores,
        near=near,
        label=np.full_like(asked.label, NULL_ROW),
        own=np.zeros_like(asked.own),
    )
    return Held(*(np.concatenate(parts) for parts in zip(held, copies, strict=True)))


def learned_of(label: Array, learned: Array) -> Array:
    """How many questions of each one's reply were learned from: int [N].

    Args:
        label: the right rows of the questions held out [N].
        learned: those of the questions learned from.
    """
    rows, counts = np.unique(learned, return_counts=True)
    place = np.searchsorted(rows, label)
    known = np.append(rows, -1)[place] == label
    found: Array = np.where(known, np.append(counts, 0)[place], 0)
    return found


def joined(parts: list[Held]) -> Held:
    """All questions of `parts`."""
    return Held(*(np.concatenate(of) for of in zip(*parts, strict=True)))
