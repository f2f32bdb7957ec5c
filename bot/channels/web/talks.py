"""A shopper's dialogues: the list of them, how far one was read, how it was in the end."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from bot.channels.web.auth import WithShopper, json_only
from bot.channels.web.schemas import Clean, ListedDialogue, ListedDialogues
from bot.http import Problem, WebContext, WithContext, address_of, documented
from bot.reply_addresses import new_reply_key
from bot.tokens import SessionToken
from feedback.db import UnknownDialogue
from feedback.mail import MailWish

# Enough to keep a header a header; whether it exists shows when mail comes back.
ADDRESS = r"^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
LISTED = 20  # of a shopper's dialogues

router = APIRouter(prefix="/api/chat", tags=["chat"])


class SeenRequest(BaseModel):
    """Up to where the shopper has read."""

    message_id: Annotated[int, Field(ge=0, lt=2**63)]


class EmailRequest(BaseModel):
    """Where a shopper wants to be written to, which sending it agrees to."""

    email: str = Field(max_length=254, pattern=ADDRESS)
    answers: bool = Field(True, description="Answers that were not read in the chat.")
    transcript: bool = Field(False, description="The whole dialogue, once.")


class SurveyRequest(BaseModel):
    """What the shopper says at the end; the last one counts."""

    solved: bool
    grade: int | None = Field(None, ge=1, le=5)
    comment: Clean = Field("", max_length=2_000)


@router.get("/dialogues", responses=documented(401, 403, 429))
async def dialogues(
    request: Request, context: WithContext, shopper: WithShopper
) -> ListedDialogues:
    """List the shopper's dialogues, the newest first; a new session may name one to go on with."""
    context.limits.check("address", address_of(request))
    talks = await context.call(context.store.past_talks, shopper.shopper_id, LISTED)
    return ListedDialogues(
        dialogues=[
            ListedDialogue(
                dialogue_id=talk.dialogue_id,
                state=talk.state,
                last_at=talk.last_at,
                first_words=talk.first_words[:200],
                here=talk.dialogue_id == shopper.dialogue_id,
            )
            for talk in talks
        ]
    )


@router.post(
    "/seen",
    status_code=204,
    dependencies=[Depends(json_only)],
    responses=documented(400, 401, 403, 415, 422, 429),
)
async def seen(
    request: Request, context: WithContext, shopper: WithShopper, body: SeenRequest
) -> None:
    """Say up to which message the shopper has read: what they have seen is not mailed to them."""
    context.limits.check("page", address_of(request))
    await context.call(context.attention.shopper_read, shopper.dialogue_id, body.message_id)


@router.post(
    "/email",
    status_code=204,
    dependencies=[Depends(json_only)],
    responses=documented(400, 401, 403, 404, 415, 422, 429, 503),
)
async def email(
    request: Request, context: WithContext, shopper: WithShopper, body: EmailRequest
) -> None:
    """Have answers, or the whole dialogue, sent to an e-mail address."""
    if context.config.mail_replies is None:
        raise Problem("not-configured", "This shop sends no mail; set SHOPCLERK_SMTP_URL.")
    counted = [("mail", address_of(request))]
    await context.limited(counted, _agree, context, shopper, body)


def _agree(context: WebContext, shopper: SessionToken, body: EmailRequest) -> None:
    dialogue = context.store.dialogue(shopper.dialogue_id)
    if dialogue is None:
        raise Problem("unknown-dialogue", "The dialogue is gone; POST /api/chat/sessions.")
    wish = MailWish(
        dialogue_id=dialogue.dialogue_id,
        address=body.email,
        reply_key=new_reply_key(),
        locale=dialogue.locale,
        answers=body.answers,
        transcript=body.transcript,
    )
    context.mail_addresses.agree(wish, context.clock())


@router.post(
    "/survey",
    status_code=204,
    dependencies=[Depends(json_only)],
    responses=documented(400, 401, 403, 404, 415, 422, 429),
)
async def survey(
    request: Request, context: WithContext, shopper: WithShopper, body: SurveyRequest
) -> None:
    """Say whether the dialogue solved it, with a grade and a word."""
    context.limits.check("address", address_of(request))
    try:
        await context.call(
            context.surveys.answer,
            shopper.dialogue_id,
            solved=body.solved,
            grade=body.grade,
            comment=body.comment.strip(),
            now=context.clock(),
        )
    except UnknownDialogue as error:
        raise Problem("unknown-dialogue", str(error)) from None
