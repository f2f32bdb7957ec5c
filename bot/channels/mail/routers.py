"""The mail channel's routes: replies that come in, and the page that ends the mails."""

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse

from bot.channels.mail.read import IncomingMail, read_mail
from bot.http import Problem, WebContext, WithContext, address_of, documented, render
from bot.languages import phrases_in
from bot.shops import NotSigned, check_signature
from feedback.desk import note_undelivered
from feedback.files import FileRefused, NewFile, TooManyFiles

SIGNATURE: Final = "X-Shopclerk-Signature"
RAW: Final = {"content": {"message/rfc822": {"schema": {"type": "string"}}}, "required": True}

log = structlog.get_logger()
router = APIRouter()


@router.post(
    "/webhooks/mail",
    tags=["webhooks"],
    responses=documented(401, 503),
    openapi_extra={"requestBody": RAW},
)
async def receive(
    request: Request,
    context: WithContext,
    signature: Annotated[str, Header(alias=SIGNATURE, max_length=200)] = "",
) -> dict[str, str]:
    """Take a mail as it came (RFC 822), signed: base64 of HMAC-SHA256 over the raw body.

    A reply to a mail of ours becomes the shopper's next message, and waits for a person.
    """
    secret = context.config.mail_secret
    if secret is None:
        raise Problem("not-configured", "Set SHOPCLERK_MAIL_SECRET and SHOPCLERK_MAIL_REPLY_TO.")
    body = await request.body()
    try:
        check_signature(secret, body, signature, setting="SHOPCLERK_MAIL_SECRET", header=SIGNATURE)
    except NotSigned as wrong:
        raise Problem("bad-signature", str(wrong)) from None
    outcome = await context.call(_take, context, read_mail(body))
    log.info("mail.taken", outcome=outcome)
    return {"status": outcome}


@router.get("/mail/end/{token}", include_in_schema=False, response_class=HTMLResponse)
async def ask_to_end(request: Request, token: str, context: WithContext) -> str:
    """Ask whether no more mails shall come; programs that look into links end nothing."""
    context.limits.check("page", address_of(request))
    return render(request, "mail_end.html", ended=False, token=token)


@router.post("/mail/end/{token}", include_in_schema=False, response_class=HTMLResponse)
async def end(request: Request, token: str, context: WithContext) -> str:
    """End the mails, by the page's button or a mail program's own."""
    context.limits.check("page", address_of(request))
    replies = context.config.mail_replies
    key = replies.key_in(token) if replies else None
    if key is not None:
        await context.call(context.mail_addresses.end, key)
    return render(request, "mail_end.html", ended=True, token=token)


MAIL_ROUTERS: Final[tuple[APIRouter, ...]] = (router,)


def _take(context: WebContext, mail: IncomingMail) -> str:
    """What a mail came to. Whatever it says is said to a person, and nothing is done."""
    replies = context.config.mail_replies
    keys = (replies.key_of(each) for each in mail.recipients) if replies else ()
    key = next((key for key in keys if key), None)
    known = context.mail_addresses.of_key(key) if key else None
    if key is None or known is None:
        return "unknown"
    dialogue_id, address = known
    if mail.kind == "bounced":
        context.mail_addresses.end(key)
        note_undelivered(context.db, dialogue_id, context.clock())
        return "bounced"
    if mail.kind != "written":
        return mail.kind
    if mail.sender.casefold() != address.casefold():
        return "stranger"
    return _say(context, dialogue_id, mail)


def _say(context: WebContext, dialogue_id: str, mail: IncomingMail) -> str:
    client_id, kept = f"mail-{mail.mail_id}", 0
    for number, file in enumerate(mail.files):
        new = NewFile(
            f"{client_id}-{number}", dialogue_id, file.name, file.content, "shopper", client_id
        )
        try:
            context.files.keep(new, context.clock())
            kept += 1
        except (FileRefused, TooManyFiles) as error:
            log.info("mail.file_refused", reason=str(error))
    dialogue = context.store.dialogue(dialogue_id)
    if dialogue is None or not (mail.text or kept):
        return "empty"
    words = mail.text or phrases_in(dialogue.locale).mail.only_files
    context.clerk.hand_over(dialogue_id, "by_mail", client_id=client_id, said=words)
    context.notifier.wake(dialogue_id)
    return "taken"
