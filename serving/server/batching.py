"""Dynamic batching: concurrent calls share one run of the graph, as in TensorFlow Serving.

Calls of one signature that wait at the same time are run together, and each is given its own rows.
The first caller runs the batch in its own thread; the others wait. So a lone client pays nothing
for it. Where callers come side by side, a run may wait a moment for those who usually do
(`crowd_timeout_micros`), since a run of four rows costs little more than a run of one. A call that
the graph refuses, or whose rows have another shape, spoils no other: it is then run alone, where
TensorFlow Serving would fail the whole batch.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, Final

import numpy as np

from serving.client import error_codes_pb2
from serving.errors import CallFailed
from serving.server.status_codes import FAILED_PRECONDITION, INVALID_ARGUMENT
from serving.server.tfs_parameter_files import BatchingParameters

Array = np.ndarray[Any, Any]
Arrays = Sequence[Array]

UNAVAILABLE: Final = error_codes_pb2.UNAVAILABLE

_FULL: Final = "The batch scheduling queue to which this task was submitted is full"
_FORGOTTEN: Final = 0.1  # of a larger crowd, at each call that meets a smaller one


class _Task:
    """A call that waits: `woken` once it has its outputs, or when it is to lead the next batch."""

    def __init__(self, inputs: Arrays, rows: int) -> None:
        self.inputs = inputs
        self.rows = rows
        self.woken = threading.Event()
        self.leads = False
        self.outputs: Arrays = ()
        self.error: Exception | None = None


class Batcher:
    """Runs one signature for many callers; safe to use from many threads."""

    def __init__(self, run: Callable[..., Arrays], parameters: BatchingParameters) -> None:
        """`run` takes arrays of B rows each and answers arrays of B rows each."""
        self._run = run
        self._parameters = parameters
        self._lock = threading.Lock()
        self._came = threading.Condition(self._lock)
        self._waiting: deque[_Task] = deque()
        self._rows = 0  # that wait
        self._leading = 0
        self._inside = 0  # callers, waiting or being answered
        self._crowd = 1.0  # how many of them there usually are

    def __call__(self, *inputs: Array) -> Arrays:
        """The outputs for `inputs`.

        Raises:
            CallFailed: its rows are too many, or too many wait.
            Exception: whatever `run` raises for these rows.
        """
        rows, parameters = _rows_of(inputs), self._parameters
        if rows == 0:
            return self._run(*inputs)
        if rows > parameters.max_batch_size:
            raise CallFailed(
                INVALID_ARGUMENT,
                f"Task size {rows} is larger than maximum input batch size"
                f" {parameters.max_batch_size}",
            )
        step = parameters.largest_run
        if rows <= step or not parameters.enable_large_batch_splitting:
            return self._wait(_Task(inputs, rows))
        parts = [
            self._wait(_Task([array[start : start + step] for array in inputs], step))
            for start in range(0, rows, step)
        ]
        return [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]

    def _wait(self, task: _Task) -> Arrays:
        task.rows = len(task.inputs[0])
        self._enter(task)
        try:
            if not task.leads:
                task.woken.wait()
            if task.leads:
                self._lead(task)
        finally:
            with self._lock:
                self._inside -= 1
        if task.error is not None:
            raise task.error
        return task.outputs

    def _enter(self, task: _Task) -> None:
        """Queue up; lead, if fewer lead than may."""
        parameters = self._parameters
        with self._lock:
            if self._rows + task.rows > parameters.max_enqueued_batches * parameters.max_batch_size:
                raise CallFailed(UNAVAILABLE, _FULL)
            self._waiting.append(task)
            self._rows += task.rows
            self._inside += 1
            smaller = self._crowd - _FORGOTTEN * (self._crowd - self._inside)
            self._crowd = max(self._inside, smaller)
            if self._leading < parameters.num_batch_threads:
                self._leading += 1
                task.leads = True
            self._came.notify_all()

    def _lead(self, task: _Task) -> None:
        """Run the batch that begins with `task`, then give the lead to one that still waits."""
        with self._lock:
            self._gather()
            batch = self._take(task)
        try:
            self._answer(batch)
        finally:
            with self._lock:
                heir = next((other for other in self._waiting if not other.leads), None)
                if heir is None:
                    self._leading -= 1
                else:
                    heir.leads = True
                    heir.woken.set()
            for other in batch:
                other.woken.set()

    def _gather(self) -> None:
        """Let others join, until the batch is full, the usual crowd is here or the time is up."""
        parameters = self._parameters
        self._came.wait_for(self._is_full, parameters.batch_timeout_micros / 1e6)
        crowd = round(self._crowd)
        if crowd > 1:
            self._came.wait_for(
                lambda: len(self._waiting) >= crowd or self._is_full(),
                parameters.crowd_timeout_micros / 1e6,
            )

    def _is_full(self) -> bool:
        return self._rows >= self._parameters.largest_run

    def _take(self, first: _Task) -> list[_Task]:
        """`first` and those behind it that fit in; a task that leads takes itself."""
        batch, rows = [first], first.rows
        for task in self._waiting:
            fits = task.leads or rows + task.rows <= self._parameters.largest_run
            if not fits:
                break
            if not task.leads and self._alike(task, first):
                batch.append(task)
                rows += task.rows
        for task in batch:
            self._waiting.remove(task)
        self._rows -= rows
        return batch

    def _alike(self, task: _Task, first: _Task) -> bool:
        """Whether their rows can be put into one array."""
        pairs = list(zip(task.inputs, first.inputs, strict=True))
        if self._parameters.pad_variable_length_inputs:
            return all(one.ndim == other.ndim for one, other in pairs)
        return all(one.shape[1:] == other.shape[1:] for one, other in pairs)

    def _answer(self, batch: Sequence[_Task]) -> None:
        try:
            for task, outputs in zip(batch, self._run_together(batch), strict=True):
                task.outputs = outputs
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for task in batch:  # whose fault it was shows when each is run alone
                self._answer([task])

    def _run_together(self, batch: Sequence[_Task]) -> list[Arrays]:
        """Each task's outputs."""
        rows = sum(task.rows for task in batch)
        size = self._parameters.padded(rows)
        if len(batch) == 1 and size == rows:
            return [self._run(*batch[0].inputs)]
        columns = zip(*(task.inputs for task in batch), strict=True)
        outputs = self._run(*(_merged(arrays, size) for arrays in columns))
        if any(output.ndim == 0 for output in outputs):
            raise CallFailed(FAILED_PRECONDITION, "Batched output tensor has 0 dimensions")
        if any(len(output) != size for output in outputs):
            raise CallFailed(
                FAILED_PRECONDITION,
                "Batched output tensor's 0th dimension does not equal the sum of the 0th dimension"
                " sizes of the input tensors",
            )
        ends = list(accumulate(task.rows for task in batch))
        return [
            [output[end - task.rows : end] for output in outputs]
            for task, end in zip(batch, ends, strict=True)
        ]


def _rows_of(inputs: Arrays) -> int:
    if any(array.ndim == 0 for array in inputs):
        raise CallFailed(
            INVALID_ARGUMENT,
            "Batching session Run() input tensors must have at least one dimension",
        )
    sizes = {len(array) for array in inputs}
    if len(sizes) > 1:
        raise CallFailed(
            INVALID_ARGUMENT,
            "Batching session Run() input tensors must have equal 0th-dimension size",
        )
    return sizes.pop() if sizes else 0


def _merged(arrays: Sequence[Array], size: int) -> Array:
    """All rows, each filled up to the longest, and copies of the first row up to `size` rows."""
    longest = np.max([array.shape[1:] for array in arrays], axis=0) if arrays[0].ndim > 1 else ()
    filled = [_filled(array, tuple(longest)) for array in arrays]
    missing = size - sum(len(array) for array in arrays)
    return np.concatenate([*filled, np.repeat(filled[0][:1], missing, axis=0)])


def _filled(array: Array, longest: tuple[int, ...]) -> Array:
    if array.shape[1:] == longest:
        return array
    nothing = b"" if array.dtype == np.object_ else 0
    whole = np.full((len(array), *longest), nothing, array.dtype)
    whole[tuple(slice(size) for size in array.shape)] = array
    return whole
