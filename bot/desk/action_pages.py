"""The desk's page of order actions: what waits for approval, the newest, the emergency stop."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean
from bot.desk.audit import AuditedRoute, note_read
from bot.desk.login import StaffForm, WithStaff
from bot.http import Problem, WithContext, address_of, documented, render
from feedback.actions import RunMoveNotAllowed

PAGE = "/desk/actions"
NEWEST = 50

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get(PAGE, responses=documented())
async def actions(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show what shoppers said yes to and a colleague has to approve, and the newest actions."""
    waiting = await context.call(context.actions.waiting)
    newest = await context.call(context.actions.newest, NEWEST)
    shown = [run.dialogue_id for run in [*waiting, *newest]]
    await note_read(context, staff, dict.fromkeys(shown), address_of(request))
    return render(
        request,
        "desk_actions.html",
        staff=staff,
        here="actions",
        waiting=waiting,
        newest=newest,
        stopped=await context.call(context.actions.stopped),
    )


@router.post("/desk/actions/{run_id}/decide", responses=documented(403, 404, 409, 422))
async def decide(
    run_id: str,
    context: WithContext,
    staff: StaffForm,
    verdict: Annotated[Literal["approve", "decline"], Form()],
    words: Annotated[Clean, Form(max_length=1_000)] = "",
) -> RedirectResponse:
    """Approve an action, or decline it with words for the shopper; the first word counts."""
    try:
        run = await context.call(
            context.actions.decide, run_id, verdict, staff.staff, context.clock(), words
        )
    except RunMoveNotAllowed as decided:
        raise Problem("action-decided", str(decided)) from None
    if run is None:
        raise Problem("not-found", "No such action is known; look at /desk/actions anew.")
    return RedirectResponse(PAGE, 303)


@router.post("/desk/actions/stop", responses=documented(403, 422))
async def stop(context: WithContext, staff: StaffForm) -> RedirectResponse:
    """The emergency stop: no order is changed any more, in whatever channel."""
    await context.call(context.actions.stop, staff.staff, context.clock())
    return RedirectResponse(PAGE, 303)


@router.post("/desk/actions/resume", responses=documented(403, 422))
async def resume(context: WithContext, staff: StaffForm) -> RedirectResponse:
    """End the emergency stop."""
    await context.call(context.actions.resume)
    return RedirectResponse(PAGE, 303)
