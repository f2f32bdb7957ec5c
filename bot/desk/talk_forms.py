"""Forms of a conversation at the desk: an answer, an internal note, who goes on with it."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse

from bot.channels.web import Clean, Words
from bot.conversation import MAX_TEXT
from bot.desk.answer_pages import keep_review
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm
from bot.http import Problem, WebContext, WithContext, documented
from feedback.db import UnknownDialogue
from feedback.desk import InternalNotes
from feedback.dialogues import StaffAct

router = APIRouter(tags=["desk"], route_class=AuditedRoute)

TALK: Final = "/desk?dialogue={}#talk"


@router.post("/desk/dialogues/{dialogue_id}/send", responses=documented(403, 404, 422))
async def send(
    dialogue_id: str,
    context: WithContext,
    staff: StaffForm,
    text: Annotated[Words, Form(max_length=MAX_TEXT)],
    reply_id: Annotated[Clean, Form(max_length=200)] = "",
) -> RedirectResponse:
    """Send the shopper a text, or a reply of the reply book, from which the model learns."""
    await context.call(_send, context, dialogue_id, staff.staff, text, reply_id or None)
    context.notifier.wake(dialogue_id)
    return to_talk(dialogue_id)


@router.post("/desk/dialogues/{dialogue_id}/notes", responses=documented(403, 404, 422))
async def keep_note(
    dialogue_id: str,
    context: WithContext,
    staff: StaffForm,
    note: Annotated[Words, Form(max_length=MAX_TEXT)],
) -> RedirectResponse:
    """Keep an internal note: the staff read it next to the talk, the shopper never."""
    try:
        notes = InternalNotes(context.db)
        await context.call(notes.add, dialogue_id, note, staff.staff, context.clock())
    except UnknownDialogue as error:
        raise Problem("unknown-dialogue", str(error)) from None
    return to_talk(dialogue_id)


@router.post("/desk/dialogues/{dialogue_id}/state", responses=documented(403, 404, 422))
async def change_state(
    dialogue_id: str, context: WithContext, staff: StaffForm, act: Annotated[StaffAct, Form()]
) -> RedirectResponse:
    """Take the dialogue over, give it back to the clerk, or close it."""
    try:
        await context.call(context.store.hand_on, dialogue_id, act, context.clock())
    except UnknownDialogue as error:
        raise Problem("unknown-dialogue", str(error)) from None
    context.notifier.wake(dialogue_id)
    return to_talk(dialogue_id)


def to_talk(dialogue_id: str) -> RedirectResponse:
    """Back to the conversation whose form it was."""
    return RedirectResponse(TALK.format(quote(dialogue_id)), 303)


def _send(
    context: WebContext, dialogue_id: str, staff: str, text: str, reply_id: str | None
) -> None:
    waiting = context.queue.waiting_dialogue(dialogue_id)
    try:
        context.store.record_staff_turn(dialogue_id, text, staff, context.clock())
    except UnknownDialogue as error:
        raise Problem("unknown-dialogue", str(error)) from None
    if waiting is not None and waiting.about is not None:
        own = None if reply_id else text
        keep_review(context, waiting.about.impression_id, staff, "corrected", (reply_id, own))
