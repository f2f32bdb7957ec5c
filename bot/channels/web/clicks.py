"""Click tracking: counts a click and redirects to the shop's own pages only."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from bot.http import Problem, WebConfig, WebContext, WithContext, address_of, documented
from bot.tokens import CLICK_PARAMETER, BadToken, ClickToken
from feedback.dialogues import remember_look

log = structlog.get_logger()
router = APIRouter(tags=["clicks"])


@router.get(
    "/c/{token}",
    status_code=302,
    response_class=RedirectResponse,
    responses={
        **documented(404, 429),
        302: {"description": "On to the shop, with `shopclerk_click` added."},
    },
)
async def click(request: Request, token: str, context: WithContext) -> RedirectResponse:
    """Record a click on a product or a source and redirect to it, at the shop's addresses only."""
    context.limits.check("page", address_of(request))
    try:
        clicked = context.tokens.read_click(token)
    except BadToken as error:
        raise _bad_link(f"{error}.") from None
    if not leads_to_shop(clicked.url, context.config):
        raise _bad_link("It leads away from the shop.")
    origin = context.tokens.origin(address_of(request))
    await context.call(_record, context, clicked, origin)
    return RedirectResponse(
        with_click(clicked.url, token),
        302,
        headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"},
    )


def leads_to_shop(url: str, config: WebConfig) -> bool:
    """Whether `url` is an address of the shop: relative, or on one of its hosts."""
    if any(char in url for char in "\\\r\n\t\x00 "):
        return False  # browsers read "\\" and tabs in their own way
    try:
        address = urlsplit(url)
    except ValueError:  # a catalogue's address that is none
        return False
    if not address.scheme and not address.netloc:
        return url.startswith("/") and not url.startswith("//")
    return address.scheme in {"http", "https"} and address.netloc.lower() in config.hosts


def with_click(url: str, token: str) -> str:
    """`url` with the click's token, which the shop's landing address then carries to the order.

    >>> with_click("/products/mug?size=s#top", "abc")
    '/products/mug?size=s&shopclerk_click=abc#top'
    """
    address = urlsplit(url)
    query = [
        pair
        for pair in parse_qsl(address.query, keep_blank_values=True)
        if pair[0] != CLICK_PARAMETER
    ]
    return urlunsplit(address._replace(query=urlencode([*query, (CLICK_PARAMETER, token)])))


def _record(context: WebContext, clicked: ClickToken, origin: str) -> None:
    shown = context.store.impression(clicked.impression_id)
    if shown is None:
        log.info("click.of_unknown_impression", impression_id=clicked.impression_id)
        return  # erased meanwhile; the shopper still gets to the page
    of_product = any(card["product_id"] == clicked.target for card in shown.products)
    context.signals.record_click(
        click_id=context.new_id(),
        impression_id=clicked.impression_id,
        kind="product" if of_product else "link",
        target=clicked.target,
        origin=origin,
        now=context.clock(),
    )
    if of_product:
        remember_look(context.store.db, shown.dialogue_id, clicked.target)


def _bad_link(why: str) -> Problem:
    return Problem("bad-link", f"{why} Open the product from the shop's own pages.")
