"""The desk's page of an order: every change of it that a shopper said yes to, and its end."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.desk.audit import AuditedRoute, note_read
from bot.desk.login import WithStaff
from bot.http import Problem, WithContext, address_of, documented, render
from feedback.actions import action_title

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get("/desk/orders/{order_id}", responses=documented(404))
async def order(order_id: str, request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show what was done to an order through the clerk: who asked, who approved, what it moved."""
    runs = await context.call(context.actions.of_order, order_id)
    if not runs:
        raise Problem("not-found", "The clerk has changed nothing of this order.")
    await note_read(
        context, staff, dict.fromkeys(run.dialogue_id for run in runs), address_of(request)
    )
    return render(
        request,
        "desk_order.html",
        staff=staff,
        here="actions",
        order_id=order_id,
        runs=runs,
        title=action_title,
    )
