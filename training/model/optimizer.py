"""Lazy Adam: touches only the rows of the table that a step has used.

Most rows of the n-gram table are in no word of a batch; Keras's Adam would still read and write all
of them: 25 million numbers a step, 30 ms of a 20 ms step (measured on two cores).
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

BETA_1, BETA_2, EPSILON = 0.9, 0.98, 1e-8


class LazyAdam(tf.Module):  # type: ignore[misc]
    """Adam with decoupled weight decay; moments of unused rows stand still."""

    def __init__(
        self, variables: Sequence[Any], rates: Sequence[float], *, weight_decay: float = 0.0
    ) -> None:
        """`rates` are each variable's own share of the learning rate."""
        super().__init__()
        self.variables_ = list(variables)
        self.rates = list(rates)
        self.weight_decay = weight_decay
        self.first = [tf.Variable(tf.zeros_like(v), trainable=False) for v in self.variables_]
        self.second = [tf.Variable(tf.zeros_like(v), trainable=False) for v in self.variables_]
        self.step = tf.Variable(0.0, trainable=False)

    def reset(self) -> None:
        """Forget the steps taken."""
        for moment in (*self.first, *self.second, self.step):
            moment.assign(tf.zeros_like(moment))

    def apply(self, gradients: Sequence[Any], rate: Any) -> None:
        """One step down the `gradients` of the first variables, at learning rate `rate`."""
        gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
        self.step.assign_add(1.0)
        correction = tf.sqrt(1.0 - BETA_2**self.step) / (1.0 - BETA_1**self.step)
        for variable, share, first, second, gradient in zip(
            self.variables_, self.rates, self.first, self.second, gradients, strict=False
        ):
            if isinstance(gradient, tf.IndexedSlices):
                step = share * rate * correction
                self._apply_rows(variable, first, second, gradient, step)
            else:
                self._apply_all(variable, first, second, gradient, share * rate)

    def _apply_all(self, variable: Any, first: Any, second: Any, gradient: Any, rate: Any) -> None:
        variable.assign_sub(rate * self.weight_decay * variable)
        tf.raw_ops.ResourceApplyAdam(  # one pass over everything, where assigning takes a dozen
            var=variable.handle,
            m=first.handle,
            v=second.handle,
            beta1_power=BETA_1**self.step,
            beta2_power=BETA_2**self.step,
            lr=rate,
            beta1=BETA_1,
            beta2=BETA_2,
            epsilon=EPSILON,
            grad=gradient,
        )

    def _apply_rows(self, variable: Any, first: Any, second: Any, gradient: Any, rate: Any) -> None:
        rows, place = tf.unique(gradient.indices)
        summed = tf.math.unsorted_segment_sum(gradient.values, place, tf.size(rows))
        mean = BETA_1 * tf.gather(first, rows) + (1.0 - BETA_1) * summed
        spread = BETA_2 * tf.gather(second, rows) + (1.0 - BETA_2) * tf.square(summed)
        first.scatter_update(tf.IndexedSlices(mean, rows))
        second.scatter_update(tf.IndexedSlices(spread, rows))
        step = rate * mean / (tf.sqrt(spread) + EPSILON)
        variable.scatter_sub(tf.IndexedSlices(step, rows))
