"""The mail channel's routes: replies that come in, and the page that ends the mails."""

from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Header, Request
from fastapi.responses import HTMLResponse

from bot.channels.mail.read import read_mail
from bot.channels.mail.take import take_mail
from bot.http import Problem, WithContext, address_of, documented, render
from bot.shops import NotSigned, check_signature

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
    outcome = await context.call(take_mail, context, read_mail(body))
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
