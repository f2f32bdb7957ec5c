"""The desk's pages of sources: what the clerk has read, what each page answered, what none did."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean, Words
from bot.conversation import MAX_TEXT
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.desk.source_figures import pages_of, passage_figures, sources_read
from bot.desk.try_question import Tried, try_question
from bot.desk.unanswered_pages import group_of, unanswered_groups
from bot.http import Problem, WebContext, WithContext, documented, render
from bot.shops import shop_systems
from feedback.db import FeedbackError
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

SHOWN_PAGES: Final = 200
SHOWN_UNANSWERED: Final = 15

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


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
    pages = await context.call(pages_of, context, source_id)
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
        told=await context.call(passage_figures, context, [one.passage_id for one in passages]),
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
    groups = unanswered_groups(context, now)
    shown, stale = sources_read(context)
    return {
        "sources": shown,
        "stale": stale,
        "unanswered": groups[:SHOWN_UNANSWERED],
        "unanswered_count": len(groups),
        "shops": _shops(context),
        "contradictions": Contradictions(context.db).open(),
    }


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
