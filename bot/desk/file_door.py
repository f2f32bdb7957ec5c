"""Files at the desk: a colleague sends one into a dialogue, and sees those that are in it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import RedirectResponse

from bot.channels.web import Clean, file_path, keep_file
from bot.conversation import MAX_TEXT
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm
from bot.desk.talk_forms import to_talk
from bot.desk.views import ShownFile
from bot.http import WebContext, WithContext, documented
from feedback.db import DialogueTurn
from feedback.files import KeptFile, NewFile

router = APIRouter(tags=["desk"], route_class=AuditedRoute)


@router.post(
    "/desk/dialogues/{dialogue_id}/files",
    response_class=RedirectResponse,
    status_code=303,
    responses=documented(403, 404, 409, 415, 422, 503),
)
async def send_file(
    dialogue_id: str,
    context: WithContext,
    staff: StaffForm,
    file: Annotated[UploadFile, File()],
    text: Annotated[Clean, Form(max_length=MAX_TEXT)] = "",
) -> RedirectResponse:
    """Send the shopper a picture or PDF, with a few words or none."""
    new = NewFile(
        file_id=context.new_id(),
        dialogue_id=dialogue_id,
        name=file.filename or "",
        content=await file.read(),
        sender="staff",
        client_id=context.new_id(),
    )
    await context.call(_send, context, new, text.strip(), staff.staff)
    context.notifier.wake(dialogue_id)
    return to_talk(dialogue_id)


def shown_files(
    context: WebContext, dialogue_ids: Iterable[str]
) -> Callable[[DialogueTurn], Sequence[ShownFile]]:
    """Tells the files of a turn of these dialogues."""
    sent = {one: context.files.sent_in(one) for one in dialogue_ids}

    def of_turn(turn: DialogueTurn) -> list[ShownFile]:
        files = sent.get(turn.dialogue_id, {}).get(turn.client_id or "", ())
        return [_shown(context, file) for file in files]

    return of_turn


def _shown(context: WebContext, file: KeptFile) -> ShownFile:
    small = file_path(context, file.file_id, thumbnail=True) if file.is_picture else None
    return ShownFile(file.name, file_path(context, file.file_id), small)


def _send(context: WebContext, new: NewFile, text: str, author: str) -> None:
    kept = keep_file(context, new)
    context.store.record_staff_turn(
        new.dialogue_id, text or kept.name, author, context.clock(), client_id=new.client_id
    )
