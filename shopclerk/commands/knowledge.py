"""`shopclerk import knowledge`: sites, pages, files and folders read into passages."""

import sys
from collections.abc import Collection, Sequence
from typing import Any

from feedback.db import Database, FeedbackError
from feedback.demo_shop import DemoShop
from feedback.knowledge import PageOutcome, ReadingCounts, SourceReader
from shopclerk.settings import read_settings
from shopclerk.wiring import open_database, utc_now
from shopclerk.wiring.knowledge import PassageVectors
from shopclerk.wiring.shops import build_shop_pages, page_settings

SHOWN_REFUSALS = 20


class ShopNotSet(FeedbackError):
    """Pages of a shop system are wanted whose API is not set."""


def import_knowledge(
    names: Sequence[str], *, pages: int | None, depth: int | None, local: bool, waiting: bool
) -> dict[str, Any]:
    """Read what is named, or all that was named before; what became of it."""
    settings = read_settings()
    database = open_database(settings)
    told = _Progress()
    shops = build_shop_pages(settings)
    reader = SourceReader(database, clock=utc_now, progress=told, shops=shops)
    limits = {"pages": pages, "depth": depth, "local": 1 if local else None}
    options = {name: value for name, value in limits.items() if value is not None}
    try:
        _check_shops(names, shops)
        sources = [reader.name(name, options) for name in names]
        if names:
            _close_demo(database)
        if not names:
            sources = reader.sources.waiting() if waiting else reader.sources.all()
        read = [told.of(reader.read(source)) for source in sources]
        embedded = PassageVectors(settings, database).look()
        passages = reader.passages.count()
        return {
            "sources": [counts._asdict() for counts in read],
            "passages": passages,
            "embedded": embedded,
            "problems": [counts.problem for counts in read if counts.problem],
            "sentence": f"{passages} passages can be said now.",
        }
    finally:
        for shop in shops.values():
            shop.close()
        database.close()


def _check_shops(names: Sequence[str], shops: Collection[str]) -> None:
    """Refuse a shop system whose API is not set, before it is taken for a web address."""
    for name, settings in page_settings().items():
        if name in names and name not in shops:
            raise ShopNotSet(f"The API of {name} is not set: {' and '.join(settings)} are needed.")


def _close_demo(database: Database) -> None:
    """The demo shop's replies and facts would contradict a real shop's pages."""
    demo = DemoShop(database)
    if demo.close():
        gone = demo.make_room("replies", utc_now())
        print(
            f"This is a real shop now: the demo storefront is closed, and {gone} replies of"
            " the demo shop have made room.",
            file=sys.stderr,
        )


class _Progress:
    """Says on standard error how far it is, and which pages could not be read."""

    def __init__(self) -> None:
        self._count = 0
        self._refused: list[PageOutcome] = []

    def __call__(self, outcome: PageOutcome) -> None:
        self._count += 1
        if outcome.became == "refused":
            self._refused.append(outcome)
        print(f"  {self._count:4} {outcome.became:8}{outcome.url}", file=sys.stderr, flush=True)

    def of(self, counts: ReadingCounts) -> ReadingCounts:
        """Tell of a source that was read."""
        for outcome in self._refused[:SHOWN_REFUSALS]:
            print(f"  not read: {outcome.url}: {outcome.reason}", file=sys.stderr)
        if len(self._refused) > SHOWN_REFUSALS:
            print(f"  … and {len(self._refused) - SHOWN_REFUSALS} more.", file=sys.stderr)
        print(counts.sentence(), file=sys.stderr)
        self._count, self._refused = 0, []
        return counts
