"""Presence at the desk: who writes, and how many shoppers wait. Too often for the audit log."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.desk.login import StaffForm, WithStaff
from bot.http import WebContext, WithContext, documented
from feedback.desk import Presences, Seat, Staff, waits_now

router = APIRouter(tags=["desk"])


@router.post("/desk/dialogues/{dialogue_id}/typing", status_code=204, responses=documented(403))
async def typing(dialogue_id: str, context: WithContext, staff: StaffForm) -> None:
    """Show the shopper and colleagues that somebody writes, for some seconds, and has read it."""
    await context.call(_typing, context, dialogue_id, staff)
    context.notifier.wake(dialogue_id)


@router.get("/desk/waits", response_class=JSONResponse, responses=documented())
async def waits(context: WithContext, staff: WithStaff) -> dict[str, int | str | None]:
    """Tell how many shoppers wait for nobody in particular or for this colleague, and since when.

    The page rings where `newest` is later than the one that it knew.
    """
    now = await context.call(waits_now, context.db, staff.actor, context.clock())
    return {"count": now.shoppers, "newest": now.newest.isoformat() if now.newest else None}


def _typing(context: WebContext, dialogue_id: str, seat: Seat) -> None:
    now = context.clock()
    context.attention.staff_type(dialogue_id, now)
    Presences(context.db).writes(dialogue_id, Staff(seat.actor, seat.staff), now)
