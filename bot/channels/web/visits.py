"""Visits: whether a page shows the chat's button, where the shop compares it with no chat at all.

The launcher asks once a day a browser, and the browser's own cache answers in between; there is no
cookie. Browsers that call themselves a robot are shown the button and are not counted.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from bot.channels.web.bot_traffic import is_robot
from bot.http import WithContext, address_of, documented
from feedback.dialogues import traits_of

DAY: Final = "private, max-age=86400"
NEVER: Final = "no-store"

router = APIRouter(prefix="/api/chat", tags=["chat"])
Name = Annotated[
    str,
    Query(min_length=16, max_length=64, pattern=r"^[\w-]+$", description="The browser's own name."),
]


class VisitAsked(BaseModel):
    """What a page tells of its visitor: how the browser calls itself, and where it came from."""

    id: Annotated[str, Field(min_length=16, max_length=64, pattern=r"^[\w-]+$")]
    page: Annotated[str | None, Field(max_length=2_000)] = None
    referrer: Annotated[str | None, Field(max_length=2_000)] = None
    language: Annotated[str | None, Field(max_length=35)] = None
    been_before: bool | None = None


class VisitAnswer(BaseModel):
    """Whether the button is shown, and what leads from the visitor's order to them."""

    shown: bool
    shopper_token: str | None = Field(
        None, description="For the order's `shopclerk_shopper`, chat or no chat."
    )


@router.get("/visit", responses=documented(400, 403, 422, 429))
async def visit(
    request: Request,
    response: Response,
    context: WithContext,
    asked: Annotated[VisitAsked, Query()],
) -> VisitAnswer:
    """Ask whether this visitor is shown the chat. A browser that asks again gets the same."""
    request.app.state.origins.check(request)
    context.limits.check("page", address_of(request))
    user_agent = request.headers.get("user-agent")
    if context.visits is None or is_robot(user_agent, public=context.config.is_public):
        response.headers["Cache-Control"] = NEVER
        return VisitAnswer(shown=True)
    traits = traits_of(
        user_agent=user_agent,
        page=asked.page,
        referrer=asked.referrer,
        language=asked.language,
        been_before=asked.been_before,
    )
    met = await context.call(context.visits.meet, asked.id, traits, context.clock())
    response.headers["Cache-Control"] = DAY
    token = context.tokens.shopper(met.shopper_id) if met.shopper_id else None
    return VisitAnswer(shown=met.shown, shopper_token=token)


@router.post("/visit", status_code=204, responses=documented(400, 403, 422, 429))
async def moved_a_hand(request: Request, context: WithContext, id: Name) -> None:  # noqa: A002
    """Tell that somebody scrolled, pointed or typed: robots that draw pages do not."""
    request.app.state.origins.check(request)
    context.limits.check("page", address_of(request))
    if context.visits is not None:
        await context.call(context.visits.moved_a_hand, id)
