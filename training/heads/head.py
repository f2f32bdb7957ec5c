"""Head: a calibrated softmax on the encoder's vector of the newest turn, as arrays and as graph."""

from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf

Array = np.ndarray[Any, Any]


class Head(NamedTuple):
    """F features of a turn to the probability of each of N labels."""

    names: tuple[str, ...]
    weights: Array  # float32 [F,N]
    bias: Array  # float32 [N]


class Heads(NamedTuple):
    """What a version says of a turn besides ranking."""

    acts: Head
    actions: Head


class HeadLookup(tf.Module):  # type: ignore[misc]
    """The same inside the graph."""

    def __init__(self, head: Head) -> None:
        super().__init__()
        self.names = tf.Variable(head.names, dtype=tf.string, trainable=False)
        self.weights = tf.Variable(head.weights, trainable=False)
        self.bias = tf.Variable(head.bias, trainable=False)

    def probabilities(self, turns: Any) -> tuple[Any, Any]:
        """Of `turns` [B,F]: the names [B,N], and the probability of each [B,N]."""
        shares = tf.nn.softmax(tf.matmul(turns, self.weights) + self.bias)
        return tf.tile(self.names[tf.newaxis], [tf.shape(turns)[0], 1]), shares


def read_heads(loaded: Any) -> Heads | None:
    """The heads of a loaded version; None of one that has none."""
    if not hasattr(loaded, "acts"):
        return None
    return Heads(_read(loaded.acts), _read(loaded.actions))


def _read(lookup: Any) -> Head:
    names = tuple(name.decode() for name in lookup.names.numpy())
    return Head(names, lookup.weights.numpy(), lookup.bias.numpy())
