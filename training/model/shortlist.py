"""Maximum inner product search inside the graph; a long book is searched in two passes.

One question against 50,000 vectors of 256 numbers reads 51 MB, which takes longer than all the
rest. So a long book is first looked through along the few directions in which its vectors differ
most, and only the best of that look are compared in full.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

LONG: Final = 8_192  # vectors; fewer are read whole in under a millisecond
FEW: Final = 48  # directions of the first look
LISTED: Final = 512  # compared in full: at 50,000 random vectors the best ten are among them
SPREAD_SAMPLE: Final = 20_000  # vectors that the directions are found from

Array = np.ndarray[Any, Any]


class TopMatches(NamedTuple):
    """The best of a look, best first, and how much all of them weigh."""

    scores: Any  # float32 [B,K]
    places: Any  # int32 [B,K]
    total: Any  # float32 [B,1], the logarithm of the sum of all exp(score)


class Shortlist(tf.Module):  # type: ignore[misc]
    """R vectors, to be ranked by dot product times `scale`."""

    def __init__(self, vectors: Array, *, shown: int, scale: float) -> None:
        super().__init__()
        self.shown = min(shown, len(vectors))
        self.scale = scale
        self.vectors = tf.Variable(vectors, trainable=False, name="vectors")
        self.is_long = len(vectors) > LONG
        if self.is_long:
            axes = _directions(vectors)
            self.axes = tf.Variable(axes, trainable=False, name="axes")
            self.first_look = tf.Variable(vectors @ axes, trainable=False, name="first_look")

    def best(self, asked: Any, more: Any = 0.0) -> TopMatches:
        """The best for each of `asked` [B,D]; `more` [B,R] adds to the scores of a short book."""
        return self._long(asked) if self.is_long else self._short(asked, more)

    def _short(self, asked: Any, more: Any) -> TopMatches:
        scores = self.scale * tf.matmul(asked, self.vectors, transpose_b=True) + more
        best, places = tf.math.top_k(scores, self.shown)
        return TopMatches(best, places, tf.reduce_logsumexp(scores, axis=1, keepdims=True))

    def _long(self, asked: Any) -> TopMatches:
        near = tf.matmul(asked, self.axes)
        rough = self.scale * tf.matmul(near, self.first_look, transpose_b=True)
        listed_rough, listed = tf.math.top_k(rough, LISTED, sorted=False)
        vectors = tf.gather(self.vectors, listed)
        scores = self.scale * tf.einsum("bd,bld->bl", asked, vectors)
        best, order = tf.math.top_k(scores, self.shown)
        # Those compared in full count in full, the rest as the first look saw them.
        both = tf.concat([rough, scores], axis=1)
        top = tf.reduce_max(both, axis=1, keepdims=True)
        weight = (
            tf.reduce_sum(tf.exp(rough - top), axis=1, keepdims=True)
            - tf.reduce_sum(tf.exp(listed_rough - top), axis=1, keepdims=True)
            + tf.reduce_sum(tf.exp(scores - top), axis=1, keepdims=True)
        )
        total = top + tf.math.log(tf.maximum(weight, 1e-20))
        return TopMatches(best, tf.gather(listed, order, batch_dims=1), total)


def _directions(vectors: Array) -> Array:
    """The directions [D,FEW] that hold most of the vectors [R,D]."""
    sample = vectors[:: max(1, len(vectors) // SPREAD_SAMPLE)].astype(np.float64)
    _, directions = np.linalg.eigh(sample.T @ sample)
    found: Array = np.ascontiguousarray(directions[:, ::-1][:, :FEW], np.float32)
    return found
