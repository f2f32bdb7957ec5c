"""Serves the widget, and the style sheets and scripts of our own pages."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from bot.http import (
    Problem,
    WebContext,
    WithContext,
    all_assets,
    chat_mark,
    chat_scripts,
    documented,
    widget,
)
from feedback.sales import WIDGET, ShopConnections

YEAR = "public, max-age=31536000, immutable"  # the address changes with the content
SOON = "public, max-age=300"  # shops embed the bare name: a new version reaches them in minutes

router = APIRouter(tags=["widget"])


@router.get("/widget.js", responses={**documented(), 304: {"description": "Not changed"}})
async def widget_script(request: Request, context: WithContext) -> Response:
    """Get the chat widget, a script for any page: `<script src="…/widget.js" defer></script>`."""
    cross_origin = {"Cross-Origin-Resource-Policy": "cross-origin"}
    asset = widget(visits=context.visits is not None)
    answer = asset.answer(request, **{"Cache-Control": SOON}, **cross_origin)
    if _of_the_shop(request, context):
        known = ShopConnections(context.db)
        answer.background = BackgroundTask(context.call, known.heard, WIDGET, context.clock())
    return answer


def _of_the_shop(request: Request, context: WebContext) -> bool:
    """Whether a page of the shop asked, not one of ours: the desk ticks the step off."""
    page = urlsplit(request.headers.get("referer", "")[:2_000])
    return f"{page.scheme}://{page.netloc}" in context.config.allowed_origins


@router.get("/widget/chat-{locale}.js", include_in_schema=False)
def chat_script(request: Request, locale: str, v: str = "") -> Response:
    """The chat behind the launcher, which loads it as a module; any page may."""
    asset = chat_scripts().get(locale)
    if asset is None:
        raise Problem("not-found", f"The chat does not speak {locale[:20]!r}.")
    headers = {
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": YEAR if v == chat_mark() else SOON,
    }
    return asset.answer(request, **headers)


@router.get("/static/{name}", include_in_schema=False)
def static_file(request: Request, name: str) -> Response:
    """A style sheet or script of our own pages."""
    asset = all_assets().get(name)
    if asset is None:
        raise Problem("not-found", f"There is no file named {name[:60]!r}.")
    return asset.answer(request, **{"Cache-Control": YEAR})
