"""The desk's account pages for owners: who may log in, and the audit log."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean, Words
from bot.desk.audit import AuditedRoute
from bot.desk.login import OwnerForm, WithOwner
from bot.http import Problem, WithContext, documented, render
from feedback.desk import LONGEST_NAME, LONGEST_PASSWORD, SHORTEST_PASSWORD, BadAccount, login_of
from feedback.privacy import NotToCancel

NEWEST = 200  # lines of the audit log on its page; `shopclerk audit` shows more

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get("/desk/staff", responses=documented(403))
async def people(request: Request, context: WithContext, staff: WithOwner) -> str:
    """List the staff's accounts."""
    return render(
        request,
        "desk_staff.html",
        staff=staff,
        here="staff",
        accounts=await context.call(context.accounts.all),
        shortest=SHORTEST_PASSWORD,
    )


@router.post("/desk/staff", responses=documented(403, 422))
async def put_account(
    request: Request,
    context: WithContext,
    staff: OwnerForm,
    name: Annotated[Words, Form(max_length=LONGEST_NAME)],
    password: Annotated[Clean, Form(max_length=LONGEST_PASSWORD)],
    role: Annotated[Literal["staff", "owner"], Form()],
) -> RedirectResponse:
    """Create an account, or change its password and role, which ends its sessions."""
    request.state.subject = login_of(name)
    try:
        await context.call(context.accounts.put, name, password, role, context.clock())
    except BadAccount as error:
        raise Problem("invalid", str(error)) from None
    return RedirectResponse("/desk/staff", 303)


@router.post("/desk/staff/close", responses=documented(403, 422))
async def close_account(
    request: Request,
    context: WithContext,
    staff: OwnerForm,
    login: Annotated[Words, Form(max_length=2 * LONGEST_NAME)],
) -> RedirectResponse:
    """Close an account; its sessions end at once."""
    request.state.subject = login
    try:
        await context.call(context.accounts.close, login, context.clock())
    except BadAccount as error:
        raise Problem("invalid", str(error)) from None
    return RedirectResponse("/desk/staff", 303)


@router.get("/desk/audit", responses=documented(403))
async def audit(request: Request, context: WithContext, staff: WithOwner) -> str:
    """Show the newest entries of the audit log, and deletions that shop systems asked for."""
    lines = await context.call(context.audit.newest, NEWEST)
    waiting = await context.call(context.deletions.waiting)
    return render(
        request, "desk_audit.html", staff=staff, here="audit", lines=lines, waiting=waiting
    )


@router.post("/desk/deletions/{request_id}/cancel", responses=documented(403, 422))
async def cancel_deletion(
    request_id: str, context: WithContext, staff: OwnerForm
) -> RedirectResponse:
    """Cancel a deletion that a shop system asked for."""
    try:
        await context.call(context.deletions.cancel, request_id, context.clock())
    except NotToCancel as error:
        raise Problem("invalid", str(error)) from None
    return RedirectResponse("/desk/audit", 303)
