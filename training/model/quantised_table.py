"""Quantised table: an encoder's word vectors as int8 with a scale a row, for serving.

In float32 the table is 50 of a version's 60 MB; so it is 13. The starter's table is stored alike,
and rows that no training has moved come back to the last bit. A table that was read back and is
quantised again is the same again.
"""

from typing import Any, Final

import numpy as np
import tensorflow as tf

LEVELS: Final = 127
LEAST: Final = 1e-7  # of a scale: float16 has nothing smaller

Array = np.ndarray[Any, Any]


class QuantisedTable(tf.Module):  # type: ignore[misc]
    """Rows of int8, each with its scale."""

    def __init__(self, table: Array) -> None:
        """Round `table`, float32 [N,W]."""
        super().__init__()
        highest = np.abs(table).max(axis=1, keepdims=True)
        scale = np.maximum(highest / LEVELS, LEAST).astype(np.float16)
        levels = np.round(table / scale.astype(np.float32)).clip(-LEVELS, LEVELS)
        self.levels = tf.Variable(levels.astype(np.int8), trainable=False)
        self.scale = tf.Variable(scale, trainable=False)

    def rows(self, places: Any) -> Any:
        """The rows at `places` [P], float32 [P,W], inside the graph."""
        levels, scale = tf.gather(self.levels, places), tf.gather(self.scale, places)
        return tf.cast(levels, tf.float32) * tf.cast(scale, tf.float32)


def read_table(loaded: Any) -> Array:
    """The table of a loaded version, float32 [N,W]."""
    found: Array = loaded.levels.numpy().astype(np.float32) * loaded.scale.numpy().astype("f4")
    return found
