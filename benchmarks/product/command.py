"""Entry points of `shopclerk bench NAME`: each benchmark as one object of figures."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

BOOKS: Final = (2_000, 50_000)  # replies: a large shop's, and replies and products together
QUICK_BOOKS: Final = (500, 10_000)  # the second is looked through twice, as the longest is
EXAMPLES: Final = 1_000_000
QUICK_EXAMPLES: Final = 100_000
SHOPPERS: Final = 1_055_000  # ten million events
QUICK_SHOPPERS: Final = 2_000


def serve(models_dir: Path | None, parts: Collection[str], *, quick: bool) -> dict[str, Any]:
    """Answers over gRPC: books of two lengths, one caller and many, promotions, faults, imports.

    `books` stand at the top of what is returned, each other part under its name.
    """
    from benchmarks.product.serve import bench_serve
    from benchmarks.product.serve_embedded import bench_client, bench_embedded
    from benchmarks.product.serve_faults import bench_faults
    from benchmarks.product.serve_promotions import bench_promotions

    singles, batches = (100, 10) if quick else (1_000, 60)
    promotions, corrupt, rate = (3, 2, 20.0) if quick else (20, 5, 200.0)
    figures: dict[str, Any] = {}
    if "books" in parts:
        figures |= bench_serve(
            models_dir, replies=QUICK_BOOKS if quick else BOOKS, singles=singles, batches=batches
        )
    if "embedded" in parts:
        seconds = 2.0 if quick else 30.0
        figures["embedded"] = bench_embedded(models_dir, singles=singles, seconds=seconds)
    if "promotions" in parts:
        figures["promotions"] = bench_promotions(
            models_dir, promotions=promotions, corrupt=corrupt, per_second=rate
        )
    if "faults" in parts:
        figures["faults"] = bench_faults(models_dir, seconds=1.0 if quick else 600.0)
    if "client" in parts:
        figures["client"] = bench_client()
    return figures


def train(
    models_dir: Path | None, parts: Collection[str], *, examples: int | None, quick: bool
) -> dict[str, Any]:
    """Trainings: their pace against the machine's own, seconds, memory; the chat during one."""
    from benchmarks.product.train import bench_train

    counted = examples or (QUICK_EXAMPLES if quick else EXAMPLES)
    return bench_train(parts, examples=counted, quick=quick, models_dir=models_dir)


def chat(models_dir: Path | None, *, quick: bool) -> dict[str, Any]:
    """Messages a second with open streams, idle streams' memory, a catalogue's import."""
    from benchmarks.product.chat import bench_chat

    return bench_chat(models_dir, messages=160 if quick else 4_000, quick=quick)


def replicas(models_dir: Path | None, database: str, *, count: int, quick: bool) -> dict[str, Any]:
    """Messages a second over several replicas and one PostgreSQL; nothing lost, nothing twice."""
    from benchmarks.product.replicas import bench_replicas

    messages = 160 if quick else 4_000
    return bench_replicas(models_dir, database, replicas=count, messages=messages)


def report(*, shoppers: int | None, database: str | None, quick: bool) -> dict[str, Any]:
    """Seconds, memory and growth of the weekly report."""
    from benchmarks.product.report import bench_report

    asked = shoppers or (QUICK_SHOPPERS if quick else SHOPPERS)
    return bench_report(shoppers=asked, database_url=database)
