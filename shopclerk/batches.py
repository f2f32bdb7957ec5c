"""Batched writes: many lines into the store, a few at a time."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Any, Final

from shopclerk.wiring import utc_now

BATCH: Final = 500  # lines a transaction: memory stays flat, and a stop loses at most one batch

Put = Callable[[list[Any], datetime], int]


def put_in_batches(
    lines: Iterable[Any], put: Put, progress: Callable[[int], None] = lambda count: None
) -> int:
    """Hand `lines` to `put`, a batch a transaction; returns how many were taken in."""
    iterator = iter(lines)
    count = 0
    while batch := list(islice(iterator, BATCH)):
        put(batch, utc_now())
        count += len(batch)
        progress(count)
    return count
