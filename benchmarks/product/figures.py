"""Shared by all benchmarks: median and p99, memory, the machine, progress on stderr."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any


def machine() -> dict[str, Any]:
    """Cores, and how busy they were before: other work makes figures worse."""
    return {"cores": os.cpu_count(), "load_before": round(os.getloadavg()[0], 2)}


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def median_and_p99(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds.

    >>> median_and_p99([0.001, 0.002, 0.003])
    {'median_ms': 2.0, 'p99_ms': 3.0}
    """
    p99 = quantiles(seconds, n=100, method="inclusive")[-1] if len(seconds) > 100 else max(seconds)
    return {"median_ms": round(1_000 * median(seconds), 3), "p99_ms": round(1_000 * p99, 3)}


def memory_mb(pid: int, kind: str = "VmRSS") -> float | None:
    """Memory a process holds, or (`VmHWM`) has held at most; None where the system tells not."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kilobytes = next((line.split()[1] for line in lines if line.startswith(f"{kind}:")), None)
    return None if kilobytes is None else round(int(kilobytes) / 1024, 1)


def tell(line: str) -> None:
    """Progress goes to standard error."""
    sys.stderr.write(f"  {line}\n")
    sys.stderr.flush()
