"""Session tokens of the chat: who is asking, for which site."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from bot.http import Problem, context_of
from bot.tokens import BadToken, SessionToken

BEARER = "bearer "
HOW = "Send the token of POST /api/chat/sessions as `Authorization: Bearer …`."

# Only for the OpenAPI document: the words and the status of a refusal are ours.
_documented = HTTPBearer(auto_error=False, description="The token of POST /api/chat/sessions.")


def bearer_token(authorization: str | None) -> str | None:
    """The token of an Authorization header."""
    if authorization is None or not authorization.lower().startswith(BEARER):
        return None
    return authorization[len(BEARER) :].strip() or None


async def shopper_of(
    request: Request, _: Annotated[object, Depends(_documented)] = None
) -> SessionToken:
    """The shopper and dialogue that the request speaks for.

    Raises:
        Problem: no token, not a valid one, or one of another site.
    """
    origin = request.app.state.origins.check(request)
    token = bearer_token(request.headers.get("authorization"))
    if token is None:
        raise Problem("no-token", f"No token came with the request. {HOW}", _challenge())
    try:
        session = context_of(request).tokens.read_session(token)
    except BadToken as error:
        raise Problem("bad-token", f"{error}; start a new session. {HOW}", _challenge()) from None
    # Browsers leave the origin out of requests to the page's own site, so only a wrong one counts.
    if origin and origin != session.origin:
        raise Problem(
            "origin-not-allowed",
            f"The token was given to {session.origin or 'a program'!r}, not to {origin[:100]!r}.",
        )
    return session


WithShopper = Annotated[SessionToken, Depends(shopper_of)]


async def json_only(request: Request) -> None:
    """Refuse a body that is not declared as JSON: browsers send such without asking first.

    Raises:
        Problem: another content type.
    """
    content_type = request.headers.get("content-type", "")
    has_body = request.headers.get("content-length", "0") != "0" or content_type
    if has_body and content_type.split(";")[0].strip().lower() != "application/json":
        raise Problem(
            "not-json-type",
            f"The content type is {content_type[:60]!r}; send application/json.",
        )


def _challenge() -> dict[str, str]:
    return {"WWW-Authenticate": "Bearer"}
