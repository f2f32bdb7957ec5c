"""`shopclerk bench NAME`: what the product costs on this machine, as one object of figures."""

from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

BOOKS: Final = (2_000, 50_000)  # replies: a large shop's, and replies and products together
EXAMPLES: Final = 1_000_000
QUICK_EXAMPLES: Final = 100_000
SHOPPERS: Final = 1_055_000  # ten million events
QUICK_SHOPPERS: Final = 2_000


def serve(models_dir: Path | None, *, quick: bool) -> dict[str, Any]:
    """Answers over gRPC: one question, batches, a long book beside a short one, memory."""
    from shopclerk.bench.serve import bench_serve

    singles, batches = (100, 10) if quick else (1_000, 60)
    return bench_serve(models_dir, replies=BOOKS, singles=singles, batches=batches)


def train(parts: Collection[str], *, examples: int | None, quick: bool) -> dict[str, Any]:
    """Trainings: their pace beside the machine's own, their seconds, their memory."""
    from shopclerk.bench.train import bench_train

    counted = examples or (QUICK_EXAMPLES if quick else EXAMPLES)
    return bench_train(parts, examples=counted, quick=quick)


def chat(models_dir: Path | None, *, quick: bool) -> dict[str, Any]:
    """Messages a second through the chat's HTTP API, by the model or by keywords."""
    from shopclerk.bench.chat import bench_chat

    return bench_chat(models_dir, messages=100 if quick else 2_000)


def report(*, shoppers: int | None, database: str | None, quick: bool) -> dict[str, Any]:
    """Seconds, memory and growth of the weekly report."""
    from shopclerk.bench.report import bench_report

    asked = shoppers or (QUICK_SHOPPERS if quick else SHOPPERS)
    return bench_report(shoppers=asked, database_url=database)
