"""Counts calls and times them, in the Prometheus text that TensorFlow Serving writes."""

import bisect
import threading
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

COUNT: Final = ":tensorflow:serving:request_count"
LATENCY: Final = ":tensorflow:serving:request_latency"
# Microseconds: 10, then each 1.8 times the one before, up to some 26 minutes.
BOUNDS: Final = tuple(10.0 * 1.8**step for step in range(33))


class Meter:
    """Safe to use from many threads."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._lock = threading.Lock()
        self._counts: dict[tuple[str, str], int] = defaultdict(int)
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._sums: dict[tuple[str, str], float] = defaultdict(float)

    def count(self, model: str, status: str, entrypoint: str, seconds: float) -> None:
        """One Predict call of `model` ended with `status`; only answers are timed."""
        micros = seconds * 1e6
        with self._lock:
            self._counts[model, status] += 1
            if status == "OK":
                buckets = self._buckets.setdefault((model, entrypoint), [0] * (len(BOUNDS) + 1))
                buckets[bisect.bisect_left(BOUNDS, micros)] += 1
                self._sums[model, entrypoint] += micros

    def text(self) -> str:
        """All of it, in Prometheus' text format."""
        with self._lock:
            return "\n".join([*self._count_lines(), *self._latency_lines()]) + "\n"

    def _count_lines(self) -> Iterator[str]:
        yield f"# TYPE {COUNT} counter"
        for (model, status), count in sorted(self._counts.items()):
            yield f'{COUNT}{{model_name="{_escaped(model)}",status="{status}"}} {count}'

    def _latency_lines(self) -> Iterator[str]:
        yield f"# TYPE {LATENCY} histogram"
        for (model, entrypoint), buckets in sorted(self._buckets.items()):
            labels = f'model_name="{_escaped(model)}",API="Predict",entrypoint="{entrypoint}"'
            total = 0
            for bound, count in zip([*BOUNDS, None], buckets, strict=True):
                total += count
                limit = "+Inf" if bound is None else f"{bound:g}"
                yield f'{LATENCY}_bucket{{{labels},le="{limit}"}} {total}'
            yield f"{LATENCY}_sum{{{labels}}} {self._sums[model, entrypoint]:.1f}"
            yield f"{LATENCY}_count{{{labels}}} {total}"


def _escaped(value: str) -> str:
    r"""A label's value.

    >>> print(_escaped('a"b'))
    a\"b
    """
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
