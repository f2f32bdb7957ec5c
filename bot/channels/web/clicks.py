"""Counts a shopper's click on a product card or link and sends them on, to the shop only."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from bot.http import Parts, Problem, WebConfig, WithParts, address_of, documented
from bot.tokens import CLICK_PARAMETER, BadToken, ClickToken

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
async def click(request: Request, token: str, parts: WithParts) -> RedirectResponse:
    """Record the click and go on to the product."""
    parts.limits.check("page", address_of(request))
    try:
        clicked = parts.tokens.read_click(token)
    except BadToken as error:
        raise _bad_link(f"{error}.") from None
    if not leads_to_shop(clicked.url, parts.config):
        raise _bad_link("It leads away from the shop.")
    origin = parts.tokens.origin(address_of(request))
    await parts.call(_record, parts, clicked, origin)
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
        parts = urlsplit(url)
    except ValueError:  # a catalogue's address that is none
        return False
    if not parts.scheme and not parts.netloc:
        return url.startswith("/") and not url.startswith("//")
    return parts.scheme in {"http", "https"} and parts.netloc.lower() in config.hosts


def with_click(url: str, token: str) -> str:
    """`url` with the click's token, which the shop's landing address then carries to the order.

    >>> with_click("/products/mug?size=s#top", "abc")
    '/products/mug?size=s&shopclerk_click=abc#top'
    """
    parts = urlsplit(url)
    query = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if pair[0] != CLICK_PARAMETER
    ]
    return urlunsplit(parts._replace(query=urlencode([*query, (CLICK_PARAMETER, token)])))


def _record(parts: Parts, clicked: ClickToken, origin: str) -> None:
    if parts.store.impression(clicked.impression_id) is None:
        log.info("click.of_unknown_impression", impression_id=clicked.impression_id)
        return  # erased meanwhile; the shopper still gets to the product
    parts.signals.record_click(
        click_id=parts.new_id(),
        impression_id=clicked.impression_id,
        kind="product",
        target=clicked.target,
        origin=origin,
        now=parts.clock(),
    )


def _bad_link(why: str) -> Problem:
    return Problem("bad-link", f"{why} Open the product from the shop's own pages.")
