"""Tells the shopper that a colleague is writing; too often for the audit log."""

from fastapi import APIRouter

from bot.desk.login import StaffForm
from bot.http import WithContext, documented

router = APIRouter(tags=["desk"])


@router.post("/desk/dialogues/{dialogue_id}/typing", status_code=204, responses=documented(403))
async def typing(dialogue_id: str, context: WithContext, _: StaffForm) -> None:
    """Show the shopper that a colleague is writing, for some seconds, and has read the rest."""
    await context.call(context.attention.staff_type, dialogue_id, context.clock())
    context.notifier.wake(dialogue_id)
