"""The desk's pages of unanswered questions: grouped by meaning, led to the page that answers."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.desk.try_question import try_question
from bot.http import Problem, WebContext, WithContext, documented, render
from feedback.knowledge import PageLabels, Passages, Sources, UnknownPassage
from feedback.report import Unanswered, grouped_by_meaning, read_unanswered

LOOKED_BACK: Final = timedelta(days=30)
MOST: Final = 300  # wordings that are grouped, the most asked first
# Cosine of two questions that mean the same. Of 700 questions to 60 replies of the demo shop 92 %
# of those in a group belong there; at 0.70 it is 84 %, at 0.80 96 %, but then half stand alone.
ALIKE: Final = 0.75
SHOWN_PAGES: Final = 200

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get("/desk/unanswered/{impression_id}", responses=documented(404))
async def unanswered(
    impression_id: str, request: Request, context: WithContext, staff: WithStaff
) -> str:
    """Show what the clerk finds for a question that went unanswered, and all pages."""
    group = await context.call(_group, context, impression_id)
    tried = await context.call(try_question, context.clerk.knowledge, group.question)
    pages = await context.call(_pages, context)
    return render(
        request,
        "desk_unanswered.html",
        staff=staff,
        here="sources",
        group=group,
        tried=tried,
        pages=pages[:SHOWN_PAGES],
        count=len(pages),
    )


@router.post("/desk/unanswered/{impression_id}", responses=documented(403, 404, 422))
async def label(
    impression_id: str,
    context: WithContext,
    staff: StaffForm,
    passage_id: Annotated[Clean, Form(min_length=1, max_length=100)],
) -> RedirectResponse:
    """Say which passage should have answered: it answers such questions within a minute."""
    await context.call(_label, context, impression_id, passage_id, staff.staff)
    return RedirectResponse("/desk/sources#unanswered", 303)


@router.post("/desk/passages/{passage_id}/unlabel", responses=documented(403, 404, 422))
async def take_label_back(
    passage_id: str, context: WithContext, staff: StaffForm
) -> RedirectResponse:
    """Forget what a passage was said to answer."""
    try:
        await context.call(PageLabels(context.db).take_back, passage_id, context.clock())
        (passage,) = await context.call(Passages(context.db).known, [passage_id])
    except UnknownPassage as error:
        raise Problem("not-found", str(error)) from None
    return RedirectResponse(f"/desk/pages/{passage.page_id}", 303)


def unanswered_groups(context: WebContext, now: datetime) -> list[Unanswered]:
    """What nobody could answer of late, the same meaning once, the most asked first."""
    found = read_unanswered(context.db, now - LOOKED_BACK, now, most=MOST)
    if not found:
        return []
    vectors = context.embed([one.question for one in found])
    return grouped_by_meaning(found, vectors, ALIKE)


def group_of(context: WebContext, impression_id: str) -> Unanswered | None:
    """The group that holds the question of an impression; None: somebody has answered it."""
    groups = unanswered_groups(context, context.clock())
    return next((one for one in groups if impression_id in _questions(one)), None)


def _group(context: WebContext, impression_id: str) -> Unanswered:
    found = group_of(context, impression_id)
    if found is None:
        raise Problem("not-found", "Nobody waits for this answer any more; see the list.")
    return found


def _label(context: WebContext, impression_id: str, passage_id: str, staff: str) -> None:
    questions = _questions(_group(context, impression_id))
    try:
        PageLabels(context.db).put(passage_id, questions, staff=staff, now=context.clock())
    except UnknownPassage as error:
        raise Problem("not-found", str(error)) from None


def _questions(group: Unanswered) -> dict[str, str]:
    """Each wording of a group by the impression it led to."""
    return {one.impression_id: one.question for one in (group, *group.alike)}


def _pages(context: WebContext) -> list[Any]:
    known = Sources(context.db)
    read = [page for source in known.all() for page in known.pages(source.source_id)]
    said = [page for page in read if page.state == "read" and page.active]
    return sorted(said, key=lambda page: (page.title.casefold(), page.url))
