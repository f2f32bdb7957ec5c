"""Exemplars: some of a reply's own questions, remembered next to its one vector.

A reply is often asked for in several ways that have little in common, and their mean is near none
of them: three quarters of curekart gain 3.3 points by the nearest question. And how near that is
tells best whether any reply fits: AUROC 0.914 with it, 0.895 without. Where one vector says it all,
the held-out questions show it, and nearness counts for the confidence alone.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

Array = np.ndarray[Any, Any]

MOST: Final = 8_192  # vectors in all: 8 MB, read in under a millisecond
MOST_OF_A_REPLY: Final = 50
WEIGHTS: Final = (0.0, 0.5, 1.0)  # of nearness in the score, to choose from
WORTH: Final = 0.01  # of the questions: what nearness has to gain, since chance gains half of it
# In cosine: a newest turn by itself has to be so much nearer than with its dialogue. Follow-ups of
# an invented shop: 71 % right at 0, 73 at 0.05, 72 always with the dialogue; a question behind an
# unrelated one 80, 80 and 62.
NEARER_BY: Final = 0.05
FAR: Final = -1.0  # the cosine of what is nowhere near


class Exemplars(NamedTuple):
    """At most M questions for each row of a book; a row with fewer has some of them twice."""

    vectors: Array  # float32 [R+1,M,D], unit length; M is 0 where the book is too long
    weight: float = 0.0  # of nearness, next to the dot product with the row's own vector


def no_exemplars(rows: int, dimensions: int) -> Exemplars:
    """Of a book of `rows`, nothing remembered."""
    return Exemplars(np.zeros((rows, 0, dimensions), np.float32))


def sample(label: Array, *, seed: int) -> Array:
    """Places of at most `MOST_OF_A_REPLY` of each row's questions, drawn at random.

    Args:
        label: the row of each question; below 0, of none.
        seed: of the draw.
    """
    order = np.random.default_rng(seed).permutation(np.flatnonzero(label >= 0))
    order = order[np.argsort(label[order], kind="stable")]
    place = np.arange(len(order)) - np.searchsorted(label[order], label[order])
    chosen: Array = order[place < MOST_OF_A_REPLY]
    return chosen


def choose(vectors: Array, label: Array, book: Array, *, seed: int) -> Exemplars:
    """Remember some questions of each row, drawn at random; a row nobody asked for, itself.

    Args:
        vectors: the questions' [N,D], unit length.
        label: the row of each [N]; below 0, of none.
        book: the rows' vectors [R+1,D].
        seed: of the draw.
    """
    counts = np.bincount(label[label >= 0], minlength=len(book))[: len(book)]
    most = min(MOST_OF_A_REPLY, MOST // len(book), max(int(counts.max(initial=0)), 1))
    if not most:
        return no_exemplars(*book.shape)
    itself = book / np.maximum(np.linalg.norm(book, axis=1, keepdims=True), 1e-6)
    kept = np.repeat(itself[:, np.newaxis].astype(np.float32), most, axis=1)
    order = np.random.default_rng(seed).permutation(len(label))
    for row in np.flatnonzero(counts):
        own = order[label[order] == row][:most]
        kept[row] = vectors[np.resize(own, most)]
    return Exemplars(kept)


def nearness(vectors: Array, exemplars: Exemplars) -> Array:
    """The cosine [N,R+1] of each of `vectors` [N,D] with the nearest question of each row."""
    rows, most, dimensions = exemplars.vectors.shape
    if not most:
        return np.full((len(vectors), rows), FAR, np.float32)
    flat = exemplars.vectors.reshape(-1, dimensions)
    found: Array = (vectors @ flat.T).reshape(len(vectors), rows, most).max(axis=2)
    return found


def best_weight(scores: Array, near: Array, label: Array, *, scale: float) -> float:
    """With which of `WEIGHTS` most held-out questions find their reply; 0 unless it is worth it.

    Args:
        scores: of the rows' own vectors [N,R+1], of questions not learned from.
        near: their `nearness` [N,R+1] to questions learned from.
        label: the right rows [N]; row 0, no reply, is not looked at.
        scale: of the dot products.
    """
    asked = label > 0
    if not asked.any():
        return WEIGHTS[0]

    def right(weight: float) -> float:
        both = scores[asked, 1:] + weight * scale * near[asked, 1:]
        return float((both.argmax(axis=1) + 1 == label[asked]).mean())

    return max(WEIGHTS, key=lambda weight: right(weight) - (WORTH if weight else 0.0))


class Recall(tf.Module):  # type: ignore[misc]
    """The same inside the graph."""

    def __init__(self, exemplars: Exemplars) -> None:
        super().__init__()
        rows, self.most, dimensions = exemplars.vectors.shape
        self.weight = exemplars.weight
        flat = exemplars.vectors.reshape(rows * self.most, dimensions)
        self.vectors = tf.Variable(flat, trainable=False, name="exemplars")
        self.rows = rows

    def near(self, asked: Any) -> Any:
        """See `nearness`: float32 [B,R+1]."""
        if not self.most:
            return tf.fill([tf.shape(asked)[0], self.rows], FAR)
        cosine = tf.matmul(asked, self.vectors, transpose_b=True)
        return tf.reduce_max(tf.reshape(cosine, [-1, self.rows, self.most]), axis=2)

    def nearer(self, asked: Any, or_else: Any) -> Any:
        """Each question [B,D] as `asked` where that is clearly nearer to a question of a reply."""
        this, other = (tf.reduce_max(self.near(way)[:, 1:], axis=1) for way in (asked, or_else))
        return tf.where((this >= other + NEARER_BY)[:, tf.newaxis], asked, or_else)
