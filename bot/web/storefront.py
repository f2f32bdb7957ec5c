"""The demo storefront: products, basket, and a checkout that reports its order like a real shop."""

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, Field

from bot.web.chat_shapes import Clean
from bot.web.limits import address_of
from bot.web.pages import language, render
from bot.web.parts import Parts, WithParts
from bot.web.problems import Problem, documented
from bot.web.shop_window import Quote, order_payload, quote, shelves_of, show
from bot.web.shopper import json_only
from bot.web.signatures import sign
from bot.web.webhooks import take_signed
from bot.web.words import named, shelf_of
from feedback import shop_window as window
from feedback.book import CatalogueItem

MAX_PICTURE_NAME = 100
ALSO_LIKED = 4
HIGHLIGHTS = 3
PAGE = 24  # products: rows of two, three and four come out even
MOST_PAGES = 10_000
SHELVES = 24  # named above the products; a shop may have thousands
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

router = APIRouter(tags=["storefront"], default_response_class=HTMLResponse)


class Wanted(BaseModel):
    """A variant and how many of it."""

    variant_id: Clean = Field(max_length=200)
    quantity: int = Field(1, ge=1, le=20)


class Basket(BaseModel):
    """What the browser keeps of a basket: no prices."""

    items: list[Wanted] = Field(max_length=50)


class OrderNumbers:
    """Numbers people can read out: seconds since 2026 began, never the same twice in a process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._last = 0
        self._lock = threading.Lock()

    def next(self) -> str:
        """The next number, eight digits or more."""
        with self._lock:
            self._last = max(self._last + 1, int((self._clock() - EPOCH).total_seconds()))
            return str(self._last).zfill(8)


@router.get("/", responses=documented())
async def home(
    request: Request,
    parts: WithParts,
    shelf: Annotated[str | None, Query(max_length=100)] = None,
    page: Annotated[int, Query(ge=1, le=MOST_PAGES)] = 1,
) -> str:
    """All products, or those on one shelf, a page at a time."""
    lang = language(request)
    counted = await parts.call(request.app.state.categories)
    by_shelf = shelves_of(counted)
    within = None if shelf is None else by_shelf.get(shelf, [])
    total = sum(counted.values()) if within is None else sum(counted[each] for each in within)
    start = (page - 1) * PAGE
    items = await parts.call(window.page, parts.book.db, within, start=start, count=PAGE)
    highlights = await parts.call(_highlights, parts, by_shelf) if page == 1 and not shelf else []
    return render(
        request,
        "home.html",
        products=[show(item, lang) for item in items],
        shelves=[(name, named(name, lang)) for name in [*by_shelf][:SHELVES]],
        shelf=shelf,
        shelf_title=named(shelf, lang) if shelf else None,
        highlights=[show(item, lang) for item in highlights],
        page=page,
        pages=max(1, -(-total // PAGE)),
        total=total,
    )


@router.get("/products/{product_id}", responses=documented(404))
async def product(request: Request, product_id: str, parts: WithParts) -> str:
    """One product."""
    found = await parts.call(parts.book.product, product_id)
    lang = language(request)
    if found is None or not found.product.active or not found.variants:
        raise Problem("not-found", f"No product is called {product_id[:60]!r}; see the list at /.")
    shelf = shelf_of(found.product.category)
    within = shelves_of(await parts.call(request.app.state.categories)).get(shelf, [])
    beside = await parts.call(window.page, parts.book.db, within, count=ALSO_LIKED + 1)
    also = [item for item in beside if item.product.product_id != product_id]
    return render(
        request,
        "product.html",
        product=show(found, lang),
        shelf_title=named(shelf, lang),
        also=[show(item, lang) for item in also[:ALSO_LIKED]],
    )


@router.get("/basket", responses=documented())
async def basket(request: Request) -> str:
    """The basket; its content lies in the browser."""
    return render(request, "basket.html")


@router.get("/checkout", responses=documented())
async def checkout(request: Request) -> str:
    """Name, address, and the button that orders."""
    return render(request, "checkout.html")


@router.get("/thanks", responses=documented(422))
async def thanks(request: Request, order: Annotated[str, Query(pattern=r"^\d{1,20}$")]) -> str:
    """The order went through."""
    return render(request, "thanks.html", number=order)


@router.post(
    "/demo/quote",
    dependencies=[Depends(json_only)],
    response_class=JSONResponse,
    responses=documented(400, 415, 422, 429),
)
async def priced(request: Request, parts: WithParts, body: Basket) -> dict[str, Any]:
    """Price a basket from the catalogue."""
    parts.limits.check("page", address_of(request))
    found = await parts.call(_quote, parts, body, request)
    return {
        "lines": [{**line._asdict(), "unit": str(line.unit)} for line in found.lines],
        "total": str(found.total),
        "total_text": found.total_text,
        "gone": found.gone,
    }


@router.post(
    "/demo/checkout",
    status_code=303,
    response_class=RedirectResponse,
    responses={
        **documented(400, 422, 429, 503),
        303: {"description": "To the thank-you page."},
    },
)
async def order(
    request: Request,
    parts: WithParts,
    items: Annotated[str, Form(max_length=20_000)],
    email: Annotated[Clean, Form(max_length=254, pattern=r"^\s*[^@\s]+@[^@\s]+\s*$")],
    shopclerk_shopper: Annotated[str, Form(max_length=2_000)] = "",
    shopclerk_click: Annotated[str, Form(max_length=2_000)] = "",
) -> RedirectResponse:
    """Place the order: signed and taken in exactly like any shop's webhook."""
    parts.limits.check("page", address_of(request))
    if parts.config.orders_secret is None:
        raise Problem("not-configured", "Set SHOPCLERK_ORDERS_SECRET; the checkout signs with it.")
    bought = await parts.call(_quote, parts, _basket_of(items), request)
    if not bought.lines:
        raise Problem("invalid", "The basket is empty; put something into it first.")
    number = request.app.state.order_numbers.next()
    body = json.dumps(
        order_payload(
            bought,
            number=number,
            email=email.strip(),
            placed_at=parts.clock().isoformat(),
            currency=parts.config.currency,
            shopper_token=shopclerk_shopper or None,
            click_token=shopclerk_click or None,
        )
    ).encode()
    await take_signed(parts, body, sign(parts.config.orders_secret, body))
    lang = f"&lang={language(request)}" if "lang" in request.query_params else ""
    return RedirectResponse(f"/thanks?order={number}{lang}", 303)


@router.get("/demo/pictures/{name}", response_class=FileResponse, responses=documented(404))
async def picture(name: str, parts: WithParts) -> FileResponse:
    """A drawn picture of a product."""
    return _svg(parts, "pictures", name)


@router.get("/demo/{name}.svg", response_class=FileResponse, responses=documented(404))
async def emblem(name: str, parts: WithParts) -> FileResponse:
    """The shop's emblem, and the clerk's portrait."""
    return _svg(parts, "", f"{name}.svg")


def _svg(parts: Parts, folder: str, name: str) -> FileResponse:
    base = parts.config.demo_dir
    known = {path.name: path for path in (base / folder).glob("*.svg")} if base else {}
    if name not in known:  # looked up, never joined: a name cannot climb out of the folder
        raise Problem("not-found", f"There is no picture named {name[:MAX_PICTURE_NAME]!r}.")
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return FileResponse(known[name], media_type="image/svg+xml", headers=headers)


def _highlights(parts: Parts, by_shelf: Mapping[str, list[str]]) -> list[CatalogueItem]:
    """Three things from three shelves, for the top of the page."""
    found: list[CatalogueItem] = []
    for categories in [*by_shelf.values()][:SHELVES]:
        if len(found) < HIGHLIGHTS:
            item = window.with_picture(parts.book.db, categories[:SHELVES])
            found += [item] if item is not None else []
    return found


def _quote(parts: Parts, basket: Basket, request: Request) -> Quote:
    wanted = {item.variant_id: item.quantity for item in basket.items}
    return quote(window.of_variants(parts.book.db, wanted), wanted, language(request))


def _basket_of(text: str) -> Basket:
    try:
        return Basket.model_validate_json(f'{{"items": {text}}}')
    except ValueError:
        raise Problem("invalid", "The basket cannot be read; empty it and fill it again.") from None
