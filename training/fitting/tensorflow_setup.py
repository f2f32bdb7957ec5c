"""TensorFlow's set-up for training: threads that suit a GRU, memory that is kept."""

import ctypes
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from serving.optional_modules import left_out

M_TRIM_THRESHOLD: Final = -1  # of glibc's mallopt
M_MMAP_THRESHOLD: Final = -3
KEPT_BYTES: Final = 1 << 30


def keep_freed_memory() -> None:
    """Let glibc reuse large blocks instead of giving each back to the kernel.

    A training step allocates and frees some hundred of them; asking the kernel for zeroed pages
    each time took a quarter of a step (183 ms instead of 120 to 153, batches of 128 questions).
    Elsewhere than with glibc nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, KEPT_BYTES)
        mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)


# Keras loads both where they are installed, and works without: a training starts in 2.7 s of
# processor time instead of 3.8, in 500 MB instead of 588.
UNUSED: Final = ("matplotlib", "pandas")


def import_tensorflow(*, wake: bool = True) -> None:
    """Import TensorFlow and wake it, without the lines it writes before its log can be set.

    Once it is awake it can be neither forked nor told of other workers: anyone who wants that, says
    `wake=False`. An import that fails says what it had to say.
    """
    keep_freed_memory()
    with _held_back_errors(), left_out(*UNUSED):
        importlib.import_module("keras")
        tensorflow = importlib.import_module("tensorflow")
        _share_out(os.cpu_count() or 1, tensorflow.config.threading)
        if wake:
            tensorflow.constant(0)


def _share_out(cores: int, threading: Any) -> None:
    """Give each direction of the GRU half of the cores.

    By itself TensorFlow shares every product out among all of them, and those of one step are too
    small for that: on two cores a step of 128 questions then uses 0.9 of them, this way 1.3.
    """
    threading.set_inter_op_parallelism_threads(cores)
    threading.set_intra_op_parallelism_threads(max(1, cores // 2))


@contextmanager
def _held_back_errors() -> Iterator[None]:
    """Keep what C++ writes to standard error; show it only if the block fails."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as kept:
        before = os.dup(2)
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(before, 2)
            kept.seek(0)
            sys.stderr.write(kept.read().decode(errors="replace"))
            raise
        finally:
            os.dup2(before, 2)
            os.close(before)
