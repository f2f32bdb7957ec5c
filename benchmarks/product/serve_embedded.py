"""Overhead of the embedded server and of its client, against the bare graph."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from benchmarks.product.apart import apart
from benchmarks.product.figures import machine, median_and_p99, tell, timed
from benchmarks.product.serve import WARM_UP, publish_some, running_server
from benchmarks.product.serve_load import Load
from benchmarks.product.shop import make_dialogues
from serving.contract import DIALOGUE, RANK, STABLE
from serving.ranker import Ranking
from serving.versions import VersionFolder
from shopclerk.settings import child_environment

CALLERS: Final = 32
CLOSE: Final = 1e-4  # scores in a batch and alone differ in their last bits
# Memory is what the process holds: its peak (ru_maxrss) would be inherited from who started it.
IMPORTS: Final = """
import json, os, sys, time
def held():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
if "bare" not in sys.argv:
    import grpc, numpy
before, began = held(), time.perf_counter()
worked = time.process_time()
import serving.client.tfserving
print(json.dumps({
    "seconds": round(time.perf_counter() - began, 3),
    "cpu_seconds": round(time.process_time() - worked, 3),
    "added_mb": round(held() - before, 1),
    "loads_tensorflow": "tensorflow" in sys.modules,
}))
"""


def bench_embedded(models_dir: Path | None, *, singles: int, seconds: float) -> dict[str, Any]:
    """One caller's times against the bare graph's, then many callers at once for `seconds`."""
    busy = machine()
    dialogues = [dialogue for dialogue, _ in make_dialogues(max(singles, 500), seed=1)]
    with tempfile.TemporaryDirectory(prefix="bench-embedded-") as name:
        publish_some(models_dir, Path(name))
        folder = VersionFolder(Path(name))
        tell("the graph alone …")
        bare = apart(f"{__name__}:bare_calls", folder.path(1), dialogues[:singles])
        tell("starting a model server …")
        with running_server(folder.models_dir) as server:

            def ask(dialogue: str) -> Ranking:
                return server.ranker.rank(dialogue, locale="en", label=STABLE)

            for dialogue in dialogues[:WARM_UP]:
                ask(dialogue)
            tell("one caller …")
            alone = {dialogue: ask(dialogue) for dialogue in dialogues[:500]}
            one = [timed(lambda: ask(dialogue)) for dialogue in dialogues[:singles]]  # noqa: B023
            tell(f"{CALLERS} callers …")
            began = time.monotonic()
            with Load(ask, dialogues[:500], CALLERS) as load:
                time.sleep(seconds)
            took = time.monotonic() - began
            wrong = _wrong(load, alone)
    return {
        **busy,
        "graph_median_ms": round(1_000 * median(bare), 3),
        "one_caller": median_and_p99(one),
        "overhead_ms": round(1_000 * (median(one) - median(bare)), 3),
        "callers": CALLERS,
        "calls_per_second": round(len(load.seen) / took, 1),
        **load.figures(),
        "other_answers_than_alone": wrong,
    }


def bare_calls(version: Path, dialogues: Sequence[str]) -> list[float]:
    """Seconds of each call of the graph's `rank`, in a process without a server."""
    from serving.server import Servable

    servable = Servable(version)
    run = servable.prepared(RANK)
    arrays = [np.array([dialogue.encode()], dtype=np.object_) for dialogue in dialogues]
    assert list(servable.signatures[RANK].inputs) == [DIALOGUE]
    for array in arrays[:WARM_UP]:
        run(array)
    return [timed(lambda: run(array)) for array in arrays]  # noqa: B023


def bench_client() -> dict[str, Any]:
    """What importing the client costs a process: one with gRPC and numpy loaded, a bare one."""
    return {
        **machine(),
        **{
            name: json.loads(
                subprocess.run(
                    [sys.executable, "-c", IMPORTS, name],
                    check=True,
                    capture_output=True,
                    env=dict(child_environment()),
                ).stdout
            )
            for name in ("bot", "bare")
        },
    }


def _wrong(load: Load, alone: Mapping[str, Ranking]) -> int:
    """How many answers given in batches were not those given alone."""
    return sum(
        seen.ranking is not None and not alike(seen.ranking, alone[seen.dialogue])
        for seen in load.seen
    )


def alike(one: Ranking, other: Ranking) -> bool:
    """Whether two rankings differ by rounding alone: replies that tie may have changed places."""
    known = {candidate.reply_id: candidate.score for candidate in other.candidates}
    return abs(one.confidence - other.confidence) < CLOSE and all(
        _close(a.score, b.score) and _close(a.score, known.get(a.reply_id, b.score))
        for a, b in zip(one.candidates, other.candidates, strict=True)
    )


def _close(score: float, other: float) -> bool:
    return abs(score - other) < CLOSE * max(1.0, abs(other))
