"""Training loop inside the graph: a hundred steps a call, Python looks between them."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import tensorflow as tf

STEPS_A_CALL: Final = 100  # then progress is told
READ_AHEAD: Final = 8  # batches

Array = np.ndarray[Any, Any]


def of_rows(work: Callable[[Any], Any]) -> Any:
    """`work` on the numbers of rows, int32 [N], as a graph: traced once, whatever N is."""
    rows = tf.TensorSpec([None], tf.int32)
    return tf.function(work, input_signature=[rows], autograph=False)


def feed(batches: Array, rates: Array) -> Any:
    """`batches` [S,B] with the rate of each [S], read ahead.

    Nothing tunes it: the thread that would sleeps 10 ms, 20, 40 and so on, and the end of a round
    sometimes waited for it. Rounds of 10.3 s then took 20.5 s.
    """
    options = tf.data.Options()
    options.autotune.enabled = False
    slices = tf.data.Dataset.from_tensor_slices((batches, rates))
    return slices.prefetch(READ_AHEAD).with_options(options)


class Loop:
    """Repeats `step`, which takes a batch's numbers and its learning rate and returns a loss."""

    def __init__(
        self, step: Callable[[Any, Any], Any], *, steps_a_call: int = STEPS_A_CALL
    ) -> None:
        """Of workers that gather rows among them, `steps_a_call` is 1 (`fitting.multi_worker`)."""
        # The loop alone is Python that has to become a graph; looking for more in all that a step
        # calls took a tenth of a small training.
        self._step = tf.autograph.experimental.do_not_convert(step)
        self._steps_a_call = steps_a_call
        self._several = tf.function(self._run, autograph=True)

    def run(self, batches: Array, rates: Array, tell: Callable[[int, float], None]) -> float:
        """A step for each of `batches` [S,B] at its rate [S]; returns the mean loss.

        `tell` hears how many steps are done, and the mean loss of the newest.
        """
        iterator = iter(feed(batches, rates))
        total = 0.0
        for start in range(0, len(batches), self._steps_a_call):
            count = min(self._steps_a_call, len(batches) - start)
            loss = float(self._several(iterator, tf.constant(count)))
            total += loss * count
            tell(start + count, loss)
        return total / max(len(batches), 1)

    def _run(self, iterator: Any, steps: Any) -> Any:
        total = tf.constant(0.0)
        for _ in tf.range(steps):
            ids, rate = next(iterator)
            total += self._step(ids, rate)
        return total / tf.cast(steps, tf.float32)
