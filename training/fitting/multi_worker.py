"""Multi-worker training: each process takes its part of every batch, gradients are averaged.

`tf.distribute.MultiWorkerMirroredStrategy` under `TF_CONFIG` is the wire: it finds the others and
reduces among them. Weights are ordinary variables that begin alike and take the same averaged
gradients, so they stay alike to the last bit; what follows the training (the confidence, the
drafts) every worker works out for itself, and the first one publishes.

A batch touches its own number of the table's rows. TensorFlow remembers the shape of what was
gathered first for as long as one call of a function lasts, so workers take one step a call.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import tensorflow as tf

CHIEF_TYPES: Final = ("", "chief")

Array = np.ndarray[Any, Any]


class UnevenBatch(ValueError):
    """A batch can not be dealt to the workers."""

    def __init__(self, batch: int, workers: int) -> None:
        super().__init__(
            f"a batch of {batch} pairs can not be dealt to {workers} workers evenly; take 2, 4, 8,"
            " 16 or 32 workers"
        )


class Workers:
    """All processes of one training, seen from one of them.

    Make it before TensorFlow has computed anything: the wire is set up at its start.
    """

    def __init__(self) -> None:
        """Read `TF_CONFIG`, and wait until everybody is there."""
        self.strategy = tf.distribute.MultiWorkerMirroredStrategy()
        resolver = self.strategy.cluster_resolver
        self.index = int(resolver.task_id or 0)
        self.count = int(self.strategy.num_replicas_in_sync)
        named = resolver.task_type in CHIEF_TYPES
        self.is_chief = named or (resolver.task_type == "worker" and self.index == 0)

    def share(self, batches: Array) -> Array:
        """This worker's part [S,B/N] of all batches [S,B].

        Raises:
            UnevenBatch: B is no multiple of the number of workers.
        """
        if batches.shape[1] % self.count:
            raise UnevenBatch(batches.shape[1], self.count)
        return np.ascontiguousarray(batches[:, self.index :: self.count])

    def everywhere(self, step: Callable[..., Any]) -> Callable[..., Any]:
        """`step` as every worker runs it at the same time; within it gradients can be averaged."""
        return lambda *given: self.strategy.run(step, args=given)

    def mean(self, gradients: Sequence[Any]) -> list[Any]:
        """The workers' gradients averaged; rows of a table stay rows."""
        context = tf.distribute.get_replica_context()
        found: list[Any] = context.all_reduce(tf.distribute.ReduceOp.MEAN, list(gradients))
        return found
