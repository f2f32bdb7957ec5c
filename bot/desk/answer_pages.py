"""The desk's page of the clerk's newest answers, each to be judged."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.desk.views import show_recent
from bot.http import Problem, WebContext, WithContext, documented, render
from feedback.db import UnknownImpression

PAGE: Final = "/desk/answers"
RECENT: Final = 30

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get(PAGE, responses=documented())
async def answers(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show the newest answers with their questions, thumbs and verdicts."""
    found = await context.call(_answers, context)
    return render(request, "desk_answers.html", staff=staff, here="answers", **found)


@router.post("/desk/impressions/{impression_id}/review", responses=documented(403, 404, 422))
async def review(
    impression_id: str,
    context: WithContext,
    staff: StaffForm,
    verdict: Annotated[Literal["approved", "rejected", "corrected"], Form()],
    reply_id: Annotated[Clean, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Review an answer: approve it, reject it, or name the reply that would have been right."""
    if verdict == "corrected" and not reply_id:
        raise Problem(
            "invalid", "reply_id is missing; choose the reply that would have been right."
        )
    right = (reply_id or None, None)
    await context.call(keep_review, context, impression_id, staff.staff, verdict, right)
    return RedirectResponse(PAGE, 303)


def keep_review(
    context: WebContext,
    impression_id: str,
    staff: str,
    verdict: str,
    right: tuple[str | None, str | None],
) -> None:
    """Keep what a colleague made of an answer; `right`: the reply, or else the words, instead.

    Raises:
        Problem: there is no such answer.
    """
    reply_id, text = right
    try:
        context.signals.review(
            review_id=context.new_id(),
            impression_id=impression_id,
            staff=staff,
            verdict=verdict,
            reply_id=reply_id,
            text=text,
            now=context.clock(),
        )
    except UnknownImpression as error:
        raise Problem("unknown-impression", str(error)) from None


def _answers(context: WebContext) -> dict[str, Any]:
    return {
        "recent": show_recent(context.queue.recent(RECENT), context.clock()),
        "reply_ids": sorted({reply.reply_id for reply in context.book.replies()}),
    }
