"""Serving benchmark: latency and throughput of the embedded model server over gRPC.

The servers of all books run side by side and are asked in turns, so that other work on the machine
slows each of them alike and their ratio stays true.
"""

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

from benchmarks.product.apart import apart
from benchmarks.product.figures import machine, median_and_p99, memory_mb, tell, timed
from benchmarks.product.shop import make_dialogues
from serving.client import TFServingRanker
from serving.contract import STABLE
from serving.server import start_embedded
from serving.versions import Keys, VersionFolder
from shopclerk.settings import child_environment

BATCH: Final = 64
TURN: Final = 50  # calls to one server, then the next one's turn
WARM_UP: Final = 30  # calls whose time is not taken: the first ones allocate
SECONDS: Final = 60.0  # a call's deadline: a busy machine makes it slow, not wrong
LOADING: Final = 900.0  # several servers load at once
OWN: Final = "own"
SMALL: Final = 200  # replies: a small shop's


@dataclass
class Served:
    """A running server and the times of its calls."""

    ranker: TFServingRanker
    pid: int
    one: list[float] = field(default_factory=list)
    batch: list[float] = field(default_factory=list)


def bench_serve(
    models_dir: Path | None, *, replies: Sequence[int], singles: int, batches: int
) -> dict[str, Any]:
    """Figures of books of so many `replies`, and of the newest version in `models_dir` if named."""
    busy = machine()
    with tempfile.TemporaryDirectory(prefix="bench-serve-") as folder, ExitStack() as running:
        folders = {str(count): Path(folder) / str(count) for count in replies}
        tell(f"writing books of {', '.join(folders)} replies …")
        sizes = {path: int(name) for name, path in folders.items()}
        apart("benchmarks.product.books:write_books", sizes)
        if models_dir is not None:
            folders[OWN] = Path(folder) / OWN
            copy_newest(models_dir, folders[OWN])
        tell("starting a model server for each book …")
        servers = {
            name: running.enter_context(running_server(path)) for name, path in folders.items()
        }
        tell("asking …")
        _ask(servers, singles=singles, batches=batches)
        books = {name: _figures(server) for name, server in servers.items()}
    first, last = (books[str(count)]["median_ms"] for count in (replies[0], replies[-1]))
    return {
        **busy,
        "singles": singles,
        "batches": batches,
        "batch": BATCH,
        "books": books,
        "ratio_of_medians": round(last / first, 3),
    }


def _ask(servers: Mapping[str, Served], *, singles: int, batches: int) -> None:
    """One question a call, then many a call; to each server in turn, the same questions."""
    asked = [dialogue for dialogue, _ in make_dialogues(max(singles, BATCH * batches), seed=1)]
    for server in servers.values():
        for dialogue in asked[:WARM_UP]:
            server.ranker.rank(dialogue, locale="en", label=STABLE)
        server.ranker.rank_many(asked[:BATCH])
    for start in range(0, singles, TURN):
        for server in servers.values():
            server.one += [
                timed(lambda: server.ranker.rank(dialogue, locale="en", label=STABLE))  # noqa: B023
                for dialogue in asked[start : min(start + TURN, singles)]
            ]
    for start in range(0, BATCH * batches, BATCH):
        for server in servers.values():
            many = asked[start : start + BATCH]
            server.batch.append(timed(lambda: server.ranker.rank_many(many)))  # noqa: B023


def _figures(server: Served) -> dict[str, Any]:
    return {
        **median_and_p99(server.one),
        "batch_ms": round(1_000 * median(server.batch), 3),
        "questions_per_second": round(BATCH / median(server.batch), 1),
        "server_mb": memory_mb(server.pid),
        "server_peak_mb": memory_mb(server.pid, "VmHWM"),
    }


@contextmanager
def running_server(models_dir: Path) -> Iterator[Served]:
    """An embedded server on `models_dir`, and a client of it."""
    child = start_embedded(models_dir, environment=child_environment(), wait_seconds=LOADING)
    ranker = TFServingRanker(child.address, timeout=SECONDS)
    try:
        yield Served(ranker, child.pid)
    finally:
        ranker.close()
        child.stop()


def copy_newest(models_dir: Path, target: Path, keys: Keys = ()) -> None:
    """Publish its newest version to `target`, to leave a server that runs there alone."""
    folder = VersionFolder(models_dir)
    newest = folder.path(folder.newest())
    VersionFolder(target, keys).publish(
        lambda path: shutil.copytree(newest, path, dirs_exist_ok=True)
    )


def publish_some(models_dir: Path | None, target: Path, keys: Keys = ()) -> None:
    """Version 1 in `target`: the newest of `models_dir`, else one of a small made-up book."""
    if models_dir is None:
        with tempfile.TemporaryDirectory(prefix="bench-book-") as made:
            apart("benchmarks.product.books:write_book", Path(made), SMALL)
            copy_newest(Path(made), target, keys)
    else:
        copy_newest(models_dir, target, keys)
