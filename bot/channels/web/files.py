"""Files of the chat: a shopper's upload, and the signed addresses at which files are seen."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from bot.channels.web.auth import WithShopper
from bot.channels.web.schemas import Clean, FileShape
from bot.channels.web.serialize import Lines
from bot.http import Problem, WebContext, WithContext, address_of, documented
from bot.tokens import BadToken
from feedback.db import UnknownDialogue
from feedback.files import FileRefused, KeptFile, NewFile, TooManyFiles

# What a browser makes of a file: a picture or a download, never a page of ours.
PRIVATE = {
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the chat stands in the shop's pages
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
BINARY = {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}, "required": True}

router = APIRouter(tags=["chat"])


@router.post(
    "/api/chat/files",
    responses=documented(401, 403, 404, 409, 415, 422, 429, 503),
    openapi_extra={"requestBody": BINARY},
)
async def upload(
    request: Request,
    context: WithContext,
    shopper: WithShopper,
    name: Annotated[Clean, Query(max_length=300, description="What the sender calls it.")] = "",
) -> FileShape:
    """Keep a picture or PDF, sent as the body itself; it is shown once a message names it."""
    context.limits.check("address", address_of(request))
    content = await request.body()
    new = NewFile(context.new_id(), shopper.dialogue_id, name, content, "shopper")
    kept = await context.call(keep_file, context, new)
    return Lines(context).file(kept)


@router.get(
    "/files/{token}",
    response_class=Response,
    responses={**documented(404), 200: {"content": {"image/jpeg": {}, "application/pdf": {}}}},
)
async def see(token: str, context: WithContext) -> Response:
    """Get a file, or its thumbnail, by an address that was given to who may see it."""
    try:
        file_id, thumbnail = context.tokens.read_file(token)
    except BadToken as error:
        raise Problem("bad-link", f"{error}; open the chat again.") from None
    opened = await context.call(context.files.open, file_id, thumbnail=thumbnail)
    if opened is None:
        raise Problem("unknown-file", "The file is no longer kept.")
    headers = dict(PRIVATE)
    if not opened.media_type.startswith("image/"):
        headers["Content-Disposition"] = f'attachment; filename="file{_suffix(opened.name)}"'
    return Response(opened.content, media_type=opened.media_type, headers=headers)


def keep_file(context: WebContext, new: NewFile) -> KeptFile:
    """Keep a file.

    Raises:
        Problem: it is not taken; the problem says why, and what to send instead.
    """
    try:
        return context.files.keep(new, context.clock())
    except FileRefused as error:
        raise Problem(error.kind, str(error)) from None
    except TooManyFiles as error:
        raise Problem("too-many-files", str(error)) from None
    except UnknownDialogue as error:
        raise Problem("unknown-dialogue", str(error)) from None


def _suffix(name: str) -> str:
    return name[name.rfind(".") :]
