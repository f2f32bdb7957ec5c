"""Serves the widget, and the style sheets and scripts of our own pages."""

from fastapi import APIRouter, Request, Response

from bot.http import Problem, all_assets, chat_mark, chat_scripts, documented, widget

YEAR = "public, max-age=31536000, immutable"  # the address changes with the content
SOON = "public, max-age=300"  # shops embed the bare name: a new version reaches them in minutes

router = APIRouter(tags=["widget"])


@router.get("/widget.js", responses={**documented(), 304: {"description": "Not changed"}})
def widget_script(request: Request) -> Response:
    """Get the chat widget, a script for any page: `<script src="…/widget.js" defer></script>`."""
    cross_origin = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return widget().answer(request, **{"Cache-Control": SOON}, **cross_origin)


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
