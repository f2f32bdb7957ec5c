"""Figures of sources, pages and passages: answers, opened links, thumbs, staleness."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.http import WebContext
from bot.languages import ago
from feedback.db import Page, Period, Source
from feedback.knowledge import Sources
from feedback.report import PageRow, PassageRow, answered_questions, page_rows, passage_rows

TOLD_OF: Final = timedelta(days=30)  # answers and thumbs
STALE: Final = timedelta(days=365)
SHOWN_STALE: Final = 10


class ShownSource(NamedTuple):
    """A source in the list."""

    source: Source
    name: str
    state: str
    read: str
    pages: int
    passages: int
    failed: int
    quoted: int
    clicked: int
    up: int
    down: int


class ShownPage(NamedTuple):
    """A page in the list; `why` says what is wrong with it."""

    page: Page
    title: str
    state: str
    changed: str
    quoted: int
    up: int
    down: int
    clicked: int
    why: str = ""


def sources_read(context: WebContext) -> tuple[list[ShownSource], list[ShownPage]]:
    """All sources, and the pages that are worth a look."""
    now = context.clock()
    rows = _rows(context, now)
    known = Sources(context.db)
    shown, stale = [], []
    for source, pages, passages, failed in known.counts():
        read = known.pages(source.source_id)
        own = [row for one in read if (row := _row(one, rows))]
        shown.append(
            ShownSource(
                source,
                source.address,
                "waits to be read" if source.state == "waiting" else source.state,
                ago(source.read_at, now) if source.read_at else "",
                pages,
                passages,
                failed,
                quoted=sum(row.shown for row in own),
                clicked=sum(row.clicked for row in own),
                up=sum(row.up for row in own),
                down=sum(row.down for row in own),
            )
        )
        stale += [one for page in read if (one := _shown(page, rows, now)).why]
    stale.sort(key=lambda one: (-one.down, one.page.dated_at or now))
    return shown, stale[:SHOWN_STALE]


def pages_of(context: WebContext, source_id: str) -> list[ShownPage]:
    """A source's pages: what is wrong first, then what is quoted most."""
    now = context.clock()
    rows = _rows(context, now)
    found = [_shown(one, rows, now) for one in Sources(context.db).pages(source_id)]
    return sorted(found, key=lambda one: (not one.page.problem, -one.quoted, one.page.url))


def _rows(context: WebContext, now: datetime) -> dict[tuple[str, str], PageRow]:
    """What came of each page of late, by its title and address; a file is quoted without one."""
    with context.db.reading() as session:
        rows = page_rows(session, Period(now - TOLD_OF, now))
    return {(row.title, row.url): row for row in rows}


def passage_figures(
    context: WebContext, passage_ids: Collection[str]
) -> dict[str, tuple[PassageRow, list[str]]]:
    """What came of passages of late, and what they answered."""
    now = context.clock()
    period = Period(now - TOLD_OF, now)
    with context.db.reading() as session:
        rows = passage_rows(session, period)
        asked = answered_questions(session, period, passage_ids)
    return {row.passage_id: (row, asked.get(row.passage_id, [])) for row in rows}


def _shown(page: Page, rows: dict[tuple[str, str], PageRow], now: datetime) -> ShownPage:
    row = _row(page, rows)
    quoted, up, down, clicked = (row.shown, row.up, row.down, row.clicked) if row else (0,) * 4
    return ShownPage(
        page,
        page.title or page.url,
        "taken away" if not page.active else page.state,
        ago(page.changed_at, now) if page.changed_at else "",
        *(quoted, up, down, clicked),
        why=_why_stale(page, now, down=down, up=up),
    )


def _row(page: Page, rows: dict[tuple[str, str], PageRow]) -> PageRow | None:
    return rows.get((page.title, page.url)) or rows.get((page.title, ""))


def _why_stale(page: Page, now: datetime, *, down: int, up: int) -> str:
    if page.state != "read" or not page.active:
        return ""
    if down > up:
        return f"{down} thumbs down of late"
    if page.dated_at is not None and page.dated_at < now - STALE:
        return f"it says it is of {page.dated_at:%Y-%m-%d}"
    return ""
