"""`shopclerk import`: files into the store, the good lines kept, the bad ones named."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast, get_args

from feedback.db import Database
from feedback.demo_shop import DemoPart, DemoShop
from feedback.knowledge import (
    BadLine,
    Catalogue,
    HeldBack,
    PurchaseLine,
    ReplyBook,
    read_facts,
    read_labelled_questions,
    read_products,
    read_purchases,
    read_rates,
    read_sayable_replies,
    read_tickets,
)
from feedback.sales import Orders, purchase_of, put_rates
from shopclerk.batches import Put, put_in_batches
from shopclerk.commands.propose import propose_from
from shopclerk.settings import read_settings
from shopclerk.wiring import build_orders, open_database

SHOWN_BAD_LINES = 20
TOLD_EVERY = 5_000


def import_files(kind: str, paths: Sequence[Path]) -> list[BadLine]:
    """Read files of `kind`, and all files of folders, into the store; returns the bad lines."""
    paths = list(_files_in(paths))
    settings = read_settings()
    bad: list[BadLine] = []
    held_back = HeldBack()
    database = open_database(settings)
    try:
        book, catalogue = ReplyBook(database), Catalogue(database)
        orders = build_orders(settings, database)
        readers: dict[str, tuple[Iterator[Any], Put]] = {
            "replies": (read_sayable_replies(paths, bad), book.put_replies),
            "questions": (read_labelled_questions(paths, bad), book.put_questions),
            "dialogues": (read_tickets(paths, bad, held_back), book.put_past_dialogues),
            "rates": (read_rates(paths, bad), lambda lines, _: put_rates(database, lines)),
            "facts": (read_facts(paths, bad), book.put_facts),
            "products": (
                read_products(paths, bad, settings.currency),
                lambda lines, now: catalogue.put_products(lines, now, currency=settings.currency),
            ),
            "orders": (
                read_purchases(paths, bad),
                lambda lines, now: put_orders(orders, lines, now),
            ),
        }
        lines, put = readers[kind]
        put = _for_a_real_shop(database, kind, put)
        count = put_in_batches(lines, put, progress=_progress(kind))
        if kind in ("replies", "questions", "facts"):
            _tell_of_book(book)
        if kind == "dialogues":
            _tell_of_dialogues(propose_from(database, settings), held_back)
    finally:
        database.close()
    print(f"{count} {kind} imported.", file=sys.stderr)
    report_bad_lines(bad)
    return bad


def _files_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and in the place of a folder those inside it, hidden ones left out."""
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (one for one in inside if one == path or (one.is_file() and one.name[0] != "."))


def _for_a_real_shop(database: Database, kind: str, put: Put) -> Put:
    """`put`, after the demo shop has closed and what it has of this kind has made room."""
    demo = DemoShop(database)
    made_room = False

    def closed_first(lines: list[Any], now: datetime) -> int:
        nonlocal made_room
        if demo.close():
            print("This is a real shop now: the demo storefront is closed.", file=sys.stderr)
        if kind in get_args(DemoPart) and not made_room:
            made_room = True
            if gone := demo.make_room(cast(DemoPart, kind), now):
                print(f"{gone} {kind} of the demo shop have made room.", file=sys.stderr)
        return put(lines, now)

    return closed_first


def _progress(kind: str) -> Callable[[int], None]:
    """Says every few thousand lines how far it is: a large import takes its minute."""

    def tell(count: int) -> None:
        if count % TOLD_EVERY == 0:
            print(f"  {count:,} {kind} …", file=sys.stderr, flush=True)

    return tell


def _tell_of_book(book: ReplyBook) -> None:
    """Name what is odd about the book now: labels of nothing, the same said twice."""
    problems = book.problems()
    for problem in problems[:SHOWN_BAD_LINES]:
        print(f"Look at this: {problem.says}.", file=sys.stderr)
    if len(problems) > SHOWN_BAD_LINES:
        print(f"… and {len(problems) - SHOWN_BAD_LINES} more at /desk/replies.", file=sys.stderr)


def _tell_of_dialogues(found: dict[str, int], held_back: HeldBack) -> None:
    if held_back.count:
        print(
            f"{held_back.count} messages were left out: they may hold an address or a number.",
            file=sys.stderr,
        )
    print(
        f"{found['groups']} replies were given again and again, {found['new']} of them new;"
        " take or leave them at /desk/proposals.",
        file=sys.stderr,
    )


def put_orders(orders: Orders, lines: list[PurchaseLine], now: datetime) -> int:
    """Record each order; one that is known already is brought up to date where the file is newer.

    A line without `updated_at` is as old as its order: a file may have lain for months.
    """
    for line in lines:
        bridge = {"token_shopper_id": line.shopper}
        orders.record(purchase_of(line, arrived=now, from_file=True, **bridge), now)
        if line.odd:
            print(f"The order {line.order_id} is kept; {'; '.join(line.odd)}.", file=sys.stderr)
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
