"""The desk's page of order actions: what waits for approval, the newest, the emergency stop."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.actions import steps_by_hand
from bot.channels.web import Clean
from bot.desk.audit import AuditedRoute, note_read
from bot.desk.login import StaffForm, WithStaff
from bot.http import Problem, WebContext, WithContext, address_of, documented, render
from feedback.actions import ActionHistory, RunMoveNotAllowed, action_title, pieces_of, with_pieces
from feedback.db import ActionRun
from serving.contract import ACTIONS, NO_ACTION

PAGE = "/desk/actions"
NEWEST = 50
LABELS = tuple(name for name in ACTIONS if name != NO_ACTION)

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get(PAGE, responses=documented())
async def actions(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show what shoppers said yes to and a colleague has to approve, and the newest actions."""
    waiting = await context.call(context.action_decisions.waiting)
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
        title=action_title,
        steps=steps_by_hand,
        pieces=pieces_of,
        history=await context.call(_histories, context, waiting),
        lost=await context.call(context.action_labels.lost, context.clock()),
        labels=[*LABELS, NO_ACTION],
        stopped=await context.call(context.actions.stopped),
    )


def _histories(context: WebContext, waiting: Sequence[ActionRun]) -> dict[str, str]:
    history = ActionHistory(context.db)
    return {run.run_id: history.line(run) for run in waiting}


@router.post("/desk/actions/labels", responses=documented(403, 404, 422))
async def label(
    context: WithContext,
    staff: StaffForm,
    impression_id: Annotated[Clean, Form(max_length=100)],
    action: Annotated[Clean, Form(max_length=60)],
) -> RedirectResponse:
    """Say what a shopper wanted done; the model learns it at the next retraining."""
    if action not in (*LABELS, NO_ACTION):
        raise Problem("invalid", f"{action!r:.60} is none of the actions; choose one of the list.")
    put = partial(context.action_labels.put, staff=staff.staff, now=context.clock())
    if not await context.call(put, impression_id, action):
        raise Problem("not-found", "These words are not kept any more; look at the page anew.")
    return RedirectResponse(f"{PAGE}#lost", 303)


@router.post("/desk/actions/{run_id}/decide", responses=documented(403, 404, 409, 422))
async def decide(
    run_id: str,
    context: WithContext,
    staff: StaffForm,
    verdict: Annotated[Literal["approve", "decline", "fulfil"], Form()],
    words: Annotated[Clean, Form(max_length=1_000)] = "",
) -> RedirectResponse:
    """Approve an action, decline it, or say that it is done by hand; the first word counts.

    The words are for the shopper.
    """
    by, now = staff.staff, context.clock()
    try:
        run = await context.call(context.action_decisions.decide, run_id, verdict, by, now, words)
    except RunMoveNotAllowed as decided:
        raise Problem("action-decided", str(decided)) from None
    return _back_to_page(run)


@router.post("/desk/actions/{run_id}/change", responses=documented(403, 404, 409, 422))
async def change(
    run_id: str,
    context: WithContext,
    staff: StaffForm,
    keep: Annotated[list[int], Form()],
    words: Annotated[Clean, Form(max_length=1_000)] = "",
) -> RedirectResponse:
    """Approve a part of what was asked for: the shopper is asked for their yes to it."""
    known = await context.call(context.actions.get, run_id)
    changed = with_pieces(known.arguments, keep) if known else None
    if known is not None and changed is None:
        raise Problem("action-unchanged", "Leave at least one piece out, and one in.")
    by, now = staff.staff, context.clock()
    try:
        run = await context.call(
            context.action_decisions.offer, run_id, changed or {}, by, now, words
        )
    except RunMoveNotAllowed as decided:
        raise Problem("action-decided", str(decided)) from None
    return _back_to_page(run)


def _back_to_page(run: ActionRun | None) -> RedirectResponse:
    if run is None:
        raise Problem("not-found", "No such action is known; look at /desk/actions anew.")
    return RedirectResponse(PAGE, 303)


@router.post("/desk/actions/stop", responses=documented(403, 422))
async def stop(context: WithContext, staff: StaffForm) -> RedirectResponse:
    """The emergency stop: no order is changed any more, in whatever channel."""
    await context.call(context.action_decisions.stop, staff.staff, context.clock())
    return RedirectResponse(PAGE, 303)


@router.post("/desk/actions/resume", responses=documented(403, 422))
async def resume(context: WithContext, staff: StaffForm) -> RedirectResponse:
    """End the emergency stop."""
    await context.call(context.action_decisions.resume)
    return RedirectResponse(PAGE, 303)
