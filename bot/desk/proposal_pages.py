"""The desk's page of proposals: replies of past tickets to take, and wishes for people's data."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean, Words
from bot.conversation import MAX_TEXT
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.desk.reply_fields import check_slots, same_lines
from bot.http import Problem, WebContext, WithContext, documented, render
from feedback.knowledge import (
    FILL,
    NotReady,
    Proposals,
    UnknownProposal,
    proposed_name,
)
from feedback.sales import ODD_SHOWN, ShopConnections

SHOWN = 50  # proposals a page

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get("/desk/proposals", responses=documented())
async def proposals(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show replies proposed from past tickets, and customers' open requests for their data."""
    store = context.db
    found = await context.call(Proposals(store).open)
    wishes = await context.call(ShopConnections(store).data_requests)
    oddities = await context.call(ShopConnections(store).oddities, context.clock() - ODD_SHOWN)
    shown = [
        (one, proposed_name(one.text, one.proposal_id), bool(FILL.search(one.text)))
        for one in found[:SHOWN]
    ]
    return render(
        request,
        "desk_proposals.html",
        staff=staff,
        here="proposals",
        proposals=shown,
        count=len(found),
        wishes=wishes,
        oddities=oddities,
    )


@router.post("/desk/proposals/{proposal_id}/take", responses=documented(403, 404, 422))
async def take(
    proposal_id: str,
    context: WithContext,
    staff: StaffForm,
    text: Annotated[Words, Form(max_length=MAX_TEXT)],
    reply_id: Annotated[Clean, Form(max_length=80)],
) -> RedirectResponse:
    """Accept a proposed reply into the reply book, with the questions it answered."""
    await context.call(_take, context, proposal_id, reply_id.strip(), same_lines(text), staff.staff)
    return RedirectResponse("/desk/proposals", 303)


@router.post("/desk/proposals/{proposal_id}/leave", responses=documented(403, 404, 422))
async def leave(proposal_id: str, context: WithContext, staff: StaffForm) -> RedirectResponse:
    """Reject a proposed reply; it is not proposed again."""
    try:
        await context.call(
            Proposals(context.db).leave, proposal_id, staff=staff.staff, now=context.clock()
        )
    except UnknownProposal as error:
        raise Problem("not-found", str(error)) from None
    return RedirectResponse("/desk/proposals", 303)


@router.post("/desk/wishes/{source}/{request_id}/done", responses=documented(403, 404, 422))
async def data_given(
    source: str, request_id: str, context: WithContext, staff: StaffForm
) -> RedirectResponse:
    """Mark a customer's request for their data as answered."""
    known = ShopConnections(context.db)
    if not await context.call(known.data_given, source, request_id, context.clock()):
        raise Problem("not-found", f"There is no such request of {source[:40]!r}.")
    return RedirectResponse("/desk/proposals", 303)


def _take(context: WebContext, proposal_id: str, reply_id: str, text: str, staff: str) -> None:
    check_slots(context, text)
    try:
        Proposals(context.db).take(
            proposal_id, reply_id=reply_id, text=text, staff=staff, now=context.clock()
        )
    except UnknownProposal as error:
        raise Problem("not-found", str(error)) from None
    except NotReady as error:
        raise Problem("invalid", str(error)) from None
