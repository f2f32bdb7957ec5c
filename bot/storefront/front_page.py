"""The page at `/`: the demo storefront, or of a real shop how to embed its clerk."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from bot.http import WithContext, documented, render
from bot.storefront import pages

router = APIRouter(tags=["storefront"], default_response_class=HTMLResponse)


@router.get("/", responses=documented(422))
async def front(
    request: Request,
    context: WithContext,
    shelf: Annotated[str | None, Query(max_length=100)] = None,
    page: Annotated[int, Query(ge=1, le=pages.MOST_PAGES)] = 1,
) -> str:
    """Show the demo shop's products; for a real shop, how to embed the chat."""
    if await pages.is_open(context):
        return await pages.home(request, context, shelf, page)
    return render(request, "running.html", public_url=context.config.public_url)
