"""`shopclerk import`: files into the store, the good lines kept, the bad ones named."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from feedback import files
from feedback.book import Book
from feedback.files import BadLine
from feedback.lines import PurchaseLine
from feedback.orders import Orders, Purchase
from feedback.rates import put_rates
from shopclerk.settings import read_settings
from shopclerk.wiring import build_orders, open_database, utc_now

BATCH = 500  # lines a transaction: memory stays flat, and a stop loses at most one batch
SHOWN_BAD_LINES = 20

Put = Callable[[list[Any], datetime], int]


def import_files(kind: str, paths: Sequence[Path]) -> list[BadLine]:
    """Read files of `kind` into the store; returns the lines that could not be used."""
    settings = read_settings()
    bad: list[BadLine] = []
    database = open_database(settings)
    try:
        book = Book(database)
        orders = build_orders(settings, database)
        readers: dict[str, tuple[Iterator[Any], Put]] = {
            "replies": (files.read_replies(paths, bad), book.put_replies),
            "questions": (files.read_questions(paths, bad), book.put_questions),
            "dialogues": (files.read_dialogues(paths, bad), book.put_past_dialogues),
            "rates": (files.read_rates(paths, bad), lambda lines, _: put_rates(database, lines)),
            "facts": (files.read_facts(paths, bad), book.put_facts),
            "products": (
                files.read_products(paths, bad),
                lambda lines, now: book.put_products(lines, now, currency=settings.currency),
            ),
            "orders": (
                files.read_purchases(paths, bad),
                lambda lines, now: put_orders(orders, lines, now),
            ),
        }
        lines, put = readers[kind]
        count = put_in_batches(lines, put)
    finally:
        database.close()
    print(f"{count} {kind} imported.", file=sys.stderr)
    report_bad_lines(bad)
    return bad


def put_in_batches(lines: Iterable[Any], put: Put) -> int:
    """Hand `lines` to `put`, a batch a transaction; returns how many were taken in."""
    iterator = iter(lines)
    count = 0
    while batch := list(islice(iterator, BATCH)):
        put(batch, utc_now())
        count += len(batch)
    return count


def put_orders(orders: Orders, lines: list[PurchaseLine], now: datetime) -> int:
    """Record each order; one that is known already is brought up to date."""
    for line in lines:
        purchase = Purchase(
            order_id=line.order_id,
            number=line.order_id,
            source="import",
            placed_at=line.placed_at,
            currency=line.currency,
            total=line.total,
            lines=line.lines,
            email=line.email,
            token_shopper_id=line.shopper,
        )
        orders.record(purchase, now)
    return len(lines)


def report_bad_lines(bad: Sequence[BadLine]) -> None:
    """Name the bad lines on standard error."""
    for line in bad[:SHOWN_BAD_LINES]:
        print(line, file=sys.stderr)
    if len(bad) > SHOWN_BAD_LINES:
        print(f"… and {len(bad) - SHOWN_BAD_LINES} more.", file=sys.stderr)
    if bad:
        print(
            f"{len(bad)} bad lines were left out; mend them and import the file again"
            " (what is there already is not doubled), or pass --skip-bad.",
            file=sys.stderr,
        )
