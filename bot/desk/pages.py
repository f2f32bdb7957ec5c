"""The desk's pages: the queue of waiting dialogues, answers to review, reply book, reports."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean, Words
from bot.conversation import MAX_TEXT
from bot.desk.audit import AuditedRoute, note_read
from bot.desk.file_door import shown_files
from bot.desk.login import StaffForm, WithStaff
from bot.desk.report_page import draw, show_report
from bot.desk.views import show_recent, show_waiting
from bot.http import Problem, WebContext, WithContext, address_of, documented, render
from feedback.db import UnknownDialogue, UnknownImpression
from feedback.desk import Seat
from feedback.dialogues import StaffAct
from feedback.knowledge import Supersessions
from feedback.languages import LANGUAGES

RECENT = 30
MONTH = timedelta(days=30)  # of which the answers to the last question are counted
WAITING = 30  # shown at once: a page of two thousand took 3 s, and browsers gave up drawing it

NO_REPORT = "There is no report of that week; run: shopclerk report --last-week --post"

Back = Annotated[Literal["queue", "conversations"], Form()]

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get("/desk", responses=documented())
async def queue(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show the dialogues that wait for the staff, and the newest answers."""
    found = await context.call(_queue, context)
    shown = [one.dialogue_id for one in found["waiting"]]
    await note_read(context, staff, shown, address_of(request))
    return _page(request, staff, "desk_queue.html", here="queue", **found)


@router.post("/desk/dialogues/{dialogue_id}/send", responses=documented(403, 404, 422))
async def send(
    dialogue_id: str,
    context: WithContext,
    staff: StaffForm,
    text: Annotated[Words, Form(max_length=MAX_TEXT)],
    reply_id: Annotated[Clean, Form(max_length=200)] = "",
    back: Back = "queue",
) -> RedirectResponse:
    """Send the shopper a text, or a reply of the reply book, from which the model learns."""
    await context.call(_send, context, dialogue_id, staff.staff, text, reply_id or None)
    return _back(context, dialogue_id, back)


@router.post("/desk/dialogues/{dialogue_id}/state", responses=documented(403, 404, 422))
async def change_state(
    dialogue_id: str,
    context: WithContext,
    staff: StaffForm,
    act: Annotated[StaffAct, Form()],
    back: Back = "queue",
) -> RedirectResponse:
    """Take the dialogue over, give it back to the clerk, or close it."""
    try:
        await context.call(context.store.hand_on, dialogue_id, act, context.clock())
    except UnknownDialogue as error:
        raise Problem("unknown-dialogue", str(error)) from None
    return _back(context, dialogue_id, back)


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
    await context.call(_review, context, impression_id, staff.staff, verdict, reply_id or None)
    return RedirectResponse("/desk#answered", 303)


@router.get("/desk/replies", responses=documented())
async def book(
    request: Request,
    context: WithContext,
    staff: WithStaff,
    question: Annotated[Clean, Query(max_length=500)] = "",
) -> str:
    """Show the reply book; `question` is one to write a reply for."""
    replies = await context.call(context.book.replies)
    by_id: dict[str, list[Any]] = {}
    for reply in sorted(replies, key=lambda reply: (reply.reply_id, reply.locale)):
        by_id.setdefault(reply.reply_id, []).append(reply)
    return _page(
        request,
        staff,
        "desk_replies.html",
        here="replies",
        replies=by_id,
        superseded=await context.call(Supersessions(context.db).all),
        question=question,
        languages=LANGUAGES.values(),
    )


@router.get("/desk/reports", responses=documented())
async def reports(request: Request, context: WithContext, staff: WithStaff) -> str:
    """List the weekly reports."""
    found = await context.call(context.runs.reports)
    locale = context.config.locale
    weeks = [(week.week, show_report(week.report, locale)) for week in found]
    now = context.clock()
    csat = await context.call(context.surveys.csat, now - MONTH, now)
    return _page(request, staff, "desk_reports.html", here="reports", weeks=weeks, csat=csat)


@router.get("/reports/latest", responses=documented())
async def latest_report(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show the newest weekly report."""
    return await _weekly(request, context, staff, await context.call(context.runs.latest_report))


@router.get("/reports/latest.png", response_class=Response, responses=documented(404))
async def latest_picture(context: WithContext, staff: WithStaff) -> Response:
    """Get the newest weekly report as a PNG image."""
    return await _picture(context, await context.call(context.runs.latest_report))


@router.get("/reports/{week}.png", response_class=Response, responses=documented(404))
async def picture(week: str, context: WithContext, staff: WithStaff) -> Response:
    """Get the report of an ISO week, such as 2026-W48, as a PNG image."""
    return await _picture(context, await context.call(context.runs.report_of, week))


@router.get("/reports/{week}", responses=documented(404))
async def report(week: str, request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show the report of an ISO week, such as 2026-W48."""
    found = await context.call(context.runs.report_of, week)
    if found is None:
        raise Problem("not-found", NO_REPORT)
    return await _weekly(request, context, staff, found)


async def _weekly(request: Request, context: WebContext, staff: Seat, weekly: Any) -> str:
    weeks = [each.week for each in await context.call(context.runs.reports)]
    return _page(
        request,
        staff,
        "desk_report.html",
        here="reports",
        week=weekly.week if weekly else "",
        weeks=weeks,
        report=show_report(weekly.report, context.config.locale) if weekly else None,
    )


async def _picture(context: WebContext, weekly: Any) -> Response:
    if weekly is None:
        raise Problem("not-found", NO_REPORT)
    drawn = await context.call(draw, weekly.report, context.config.locale)
    return Response(drawn, media_type="image/png")


def _queue(context: WebContext) -> dict[str, Any]:
    now = context.clock()
    replies = context.book.replies()
    facts = {lang: context.book.facts(lang) for lang in LANGUAGES}
    waiting = context.queue.waiting(WAITING)
    files = shown_files(context, [one.dialogue.dialogue_id for one in waiting])
    return {
        "waiting": show_waiting(waiting, replies, facts, now, files),
        "count": context.queue.count_waiting(),
        "recent": show_recent(context.queue.recent(RECENT), now),
        "reply_ids": sorted({reply.reply_id for reply in replies}),
    }


def _send(
    context: WebContext, dialogue_id: str, staff: str, text: str, reply_id: str | None
) -> None:
    waiting = context.queue.waiting_dialogue(dialogue_id)
    try:
        context.store.record_staff_turn(dialogue_id, text, staff, context.clock())
    except UnknownDialogue as error:
        raise Problem("unknown-dialogue", str(error)) from None
    if waiting is not None and waiting.about is not None:
        _review(
            context,
            waiting.about.impression_id,
            staff,
            "corrected",
            reply_id,
            None if reply_id else text,
        )


def _review(
    context: WebContext,
    impression_id: str,
    staff: str,
    verdict: str,
    reply_id: str | None,
    text: str | None = None,
) -> None:
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


def _back(context: WebContext, dialogue_id: str, back: str) -> RedirectResponse:
    """To the page whose form it was."""
    context.notifier.wake(dialogue_id)
    place = "/desk" if back == "queue" else f"/desk/conversations?dialogue={quote(dialogue_id)}"
    return RedirectResponse(place, 303)


def _page(request: Request, staff: Seat, template: str, *, here: str, **values: Any) -> str:
    return render(request, template, staff=staff, here=here, **values)
