"""The desk's pages of sources: what the clerk has read, what each page answered, what none did."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final, NamedTuple

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean, Words
from bot.conversation import MAX_TEXT
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.desk.try_question import Tried, try_question
from bot.desk.unanswered_pages import group_of, unanswered_groups
from bot.http import Problem, WebContext, WithContext, documented, render
from bot.languages import ago
from bot.shops import shop_systems
from feedback.db import FeedbackError, Page, Period, Source
from feedback.desk import Seat
from feedback.knowledge import (
    Contradictions,
    NoWebAddress,
    Passages,
    Sources,
    UnknownContradiction,
    UnknownSource,
    is_site,
    site_url,
)
from feedback.report import PageRow, page_rows

TOLD_OF: Final = timedelta(days=30)  # answers and thumbs
STALE: Final = timedelta(days=365)
SHOWN_STALE: Final = 10
SHOWN_PAGES: Final = 200
SHOWN_UNANSWERED: Final = 15

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


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


@router.get("/desk/sources", responses=documented())
async def sources(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show what the clerk has read, and what no page answered."""
    return await _list(request, context, staff)


@router.post("/desk/sources/try", responses=documented(403, 422))
async def try_out(
    request: Request,
    context: WithContext,
    staff: StaffForm,
    question: Annotated[Words, Form(min_length=1, max_length=MAX_TEXT)],
) -> str:
    """Show what the clerk would say to a question, and why; nothing is recorded."""
    tried = await context.call(try_question, context.clerk.knowledge, question)
    return await _list(request, context, staff, tried)


@router.post("/desk/sources", responses=documented(403, 422))
async def add_source(
    request: Request,
    context: WithContext,
    staff: StaffForm,
    address: Annotated[Clean, Form(min_length=1, max_length=500)],
) -> RedirectResponse:
    """Name a site or a page; it is read within a minute."""
    request.state.subject = address[:200]
    await context.call(_name, context, address)
    return RedirectResponse("/desk/sources", 303)


@router.get("/desk/sources/{source_id}", responses=documented(404))
async def source(source_id: str, request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show a source's pages."""
    found = await context.call(_found, Sources(context.db).source, source_id)
    pages = await context.call(_pages, context, source_id)
    return render(
        request,
        "desk_source.html",
        staff=staff,
        here="sources",
        source=found,
        pages=pages[:SHOWN_PAGES],
        count=len(pages),
    )


@router.post("/desk/sources/{source_id}/read", responses=documented(403, 404, 422))
async def read_again(source_id: str, context: WithContext, staff: StaffForm) -> RedirectResponse:
    """Look at a source again, within a minute."""
    known = Sources(context.db)
    await context.call(_found, known.source, source_id)
    await context.call(known.put_state, source_id, "waiting")
    return RedirectResponse("/desk/sources", 303)


@router.post("/desk/sources/{source_id}/remove", responses=documented(403, 404, 422))
async def remove(source_id: str, context: WithContext, staff: StaffForm) -> RedirectResponse:
    """Take a source away: nothing of it is said any more."""
    await context.call(_found, Sources(context.db).take_away, source_id)
    await context.call(Passages(context.db).settle, context.clock())
    return RedirectResponse("/desk/sources", 303)


@router.post("/desk/contradictions/{contradiction_id}/dismiss", responses=documented(403, 404, 422))
async def dismiss(
    contradiction_id: str, context: WithContext, staff: StaffForm
) -> RedirectResponse:
    """Let two sentences stand that were taken for a contradiction."""
    known = Contradictions(context.db)
    try:
        await context.call(known.dismiss, contradiction_id, staff=staff.staff, now=context.clock())
    except UnknownContradiction as error:
        raise Problem("not-found", str(error)) from None
    return RedirectResponse("/desk/sources#contradictions", 303)


@router.get("/desk/pages/{page_id}", responses=documented(404))
async def page(
    page_id: str,
    request: Request,
    context: WithContext,
    staff: WithStaff,
    asked: Annotated[Clean, Query(max_length=200)] = "",
) -> str:
    """Show a page as the clerk knows it: its passages.

    `asked` is the impression of an unanswered question that one of them should have answered.
    """
    found = await context.call(_found, Sources(context.db).page, page_id)
    passages = await context.call(Passages(context.db).of_page, page_id)
    group = await context.call(group_of, context, asked) if asked else None
    return render(
        request,
        "desk_page.html",
        staff=staff,
        here="sources",
        page=found,
        passages=passages,
        group=group,
    )


@router.post("/desk/pages/{page_id}/state", responses=documented(403, 404, 422))
async def change_page(
    page_id: str,
    context: WithContext,
    staff: StaffForm,
    active: Annotated[bool, Form()],
) -> RedirectResponse:
    """Say nothing of a page any more, or say it again."""
    await context.call(_found, Sources(context.db).put_page_active, page_id, active)
    await context.call(Passages(context.db).settle, context.clock())
    return RedirectResponse(f"/desk/pages/{page_id}", 303)


async def _list(
    request: Request, context: WebContext, staff: Seat, tried: Tried | None = None
) -> str:
    found = await context.call(_overview, context)
    return render(request, "desk_sources.html", staff=staff, here="sources", tried=tried, **found)


def _overview(context: WebContext) -> dict[str, Any]:
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
                up=sum(row.up for row in own),
                down=sum(row.down for row in own),
            )
        )
        stale += [one for page in read if (one := _shown(page, rows, now)).why]
    stale.sort(key=lambda one: (-one.down, one.page.dated_at or now))
    groups = unanswered_groups(context, now)
    return {
        "sources": shown,
        "stale": stale[:SHOWN_STALE],
        "unanswered": groups[:SHOWN_UNANSWERED],
        "unanswered_count": len(groups),
        "shops": _shops(context),
        "contradictions": Contradictions(context.db).open(),
    }


def _pages(context: WebContext, source_id: str) -> list[ShownPage]:
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


def _shops(context: WebContext) -> list[str]:
    """The shop systems whose API gives what the shop has written."""
    values = context.config.shop_settings
    return [system.name for system in shop_systems() if system.gives_pages(values)]


def _name(context: WebContext, address: str) -> None:
    known = Sources(context.db)
    if address in _shops(context):
        named = known.name("shop", address, {}, context.clock())
        known.put_state(named.source_id, "waiting")
        return
    try:
        url = site_url(address.strip())
    except NoWebAddress as wrong:
        raise Problem("invalid", str(wrong)) from None
    named = known.name("site" if is_site(url) else "page", url, {}, context.clock())
    known.put_state(named.source_id, "waiting")


def _found(act: Any, *about: Any) -> Any:
    try:
        return act(*about)
    except UnknownSource as error:
        raise Problem("not-found", str(error)) from None
    except FeedbackError as error:
        raise Problem("invalid", str(error)) from None
