"""The demo shop's storefront: products, basket and checkout."""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, Field

from bot.channels.web import Clean, json_only
from bot.http import Problem, WebContext, WithContext, address_of, documented, language, render
from bot.languages import named, shelf_of
from bot.shops import intake_of, read_generic_order
from bot.storefront.catalogue_view import Quote, order_payload, quote, shelves_of, show
from feedback.demo_shop import DEMO_SOURCE
from feedback.knowledge import (
    BadShape,
    CatalogueItem,
    of_variants,
    read_catalogue_page,
    with_picture,
)

MAX_PICTURE_NAME = 100
ALSO_LIKED = 4
HIGHLIGHTS = 3
PAGE = 24  # products: rows of two, three and four come out even
MOST_PAGES = 10_000
SHELVES = 24  # named above the products; a shop may have thousands
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


async def is_open(context: WebContext) -> bool:
    """Whether the store holds the demo shop; asked for each page, for an import may end it."""
    return context.config.demo_dir is not None and await context.call(context.demo.is_open)


async def only_demo(context: WithContext) -> None:
    """Let nobody into a storefront that a real shop does not have.

    Raises:
        Problem: the store holds a real shop.
    """
    if not await is_open(context):
        raise Problem("not-found", "This is a real shop: the demo storefront is closed here.")


router = APIRouter(
    tags=["storefront"],
    default_response_class=HTMLResponse,
    dependencies=[Depends(only_demo)],
)
# Cards in the chat show them for as long as the demo's products are in the catalogue.
pictures = APIRouter(tags=["storefront"])


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


async def home(request: Request, context: WebContext, shelf: str | None, page: int) -> str:
    """All products, or those on one shelf, a page at a time."""
    lang = language(request)
    counted = await context.call(request.app.state.categories)
    by_shelf = shelves_of(counted)
    within = None if shelf is None else by_shelf.get(shelf, [])
    total = sum(counted.values()) if within is None else sum(counted[each] for each in within)
    start = (page - 1) * PAGE
    items = await context.call(
        read_catalogue_page, context.catalogue.db, within, start=start, count=PAGE
    )
    highlights = (
        await context.call(_highlights, context, by_shelf) if page == 1 and not shelf else []
    )
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
async def product(request: Request, product_id: str, context: WithContext) -> str:
    """One product."""
    found = await context.call(context.catalogue.product, product_id)
    lang = language(request)
    if found is None or not found.product.active or not found.variants:
        raise Problem("not-found", f"No product is called {product_id[:60]!r}; see the list at /.")
    shelf = shelf_of(found.product.category)
    within = shelves_of(await context.call(request.app.state.categories)).get(shelf, [])
    same_shelf = await context.call(
        read_catalogue_page, context.catalogue.db, within, count=ALSO_LIKED + 1
    )
    also = [item for item in same_shelf if item.product.product_id != product_id]
    return render(
        request,
        "product.html",
        product=show(found, lang),
        shelf_title=named(shelf, lang),
        also=[show(item, lang) for item in also[:ALSO_LIKED]],
    )


@router.get("/basket", responses=documented(404))
async def basket(request: Request) -> str:
    """The basket; its content lies in the browser."""
    return render(request, "basket.html")


@router.get("/checkout", responses=documented(404))
async def checkout(request: Request) -> str:
    """Name, address, and the button that orders."""
    return render(request, "checkout.html")


@router.get("/thanks", responses=documented(404, 422))
async def thanks(request: Request, order: Annotated[str, Query(pattern=r"^\d{1,20}$")]) -> str:
    """The order went through."""
    return render(request, "thanks.html", number=order)


@router.post(
    "/demo/quote",
    dependencies=[Depends(json_only)],
    response_class=JSONResponse,
    responses=documented(400, 404, 415, 422, 429),
)
async def priced(request: Request, context: WithContext, body: Basket) -> dict[str, Any]:
    """Price a basket from the catalogue."""
    context.limits.check("page", address_of(request))
    found = await context.call(_quote, context, body, request)
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
        **documented(400, 404, 422, 429),
        303: {"description": "To the thank-you page."},
    },
)
async def order(
    request: Request,
    context: WithContext,
    items: Annotated[str, Form(max_length=20_000)],
    email: Annotated[Clean, Form(max_length=254, pattern=r"^\s*[^@\s]+@[^@\s]+\s*$")],
    shopclerk_shopper: Annotated[str, Form(max_length=2_000)] = "",
    shopclerk_click: Annotated[str, Form(max_length=2_000)] = "",
) -> RedirectResponse:
    """Place the order. No secret of a shop signs it: it counts where the demo shop is, or not."""
    context.limits.check("page", address_of(request))
    bought = await context.call(_quote, context, _basket_of(items), request)
    if not bought.lines:
        raise Problem("invalid", "The basket is empty; put something into it first.")
    number = request.app.state.order_numbers.next()
    payload = order_payload(
        bought,
        number=number,
        email=email.strip(),
        placed_at=context.clock().isoformat(),
        currency=context.config.currency,
        shopper_token=shopclerk_shopper or None,
        click_token=shopclerk_click or None,
    )
    try:
        purchase = read_generic_order(intake_of(context), payload, DEMO_SOURCE)
    except BadShape as error:
        raise Problem("invalid", f"{error}. Nothing was ordered; mend it and try again.") from None
    await context.call(context.orders.record, purchase, context.clock())
    lang = f"&lang={language(request)}" if "lang" in request.query_params else ""
    return RedirectResponse(f"/thanks?order={number}{lang}", 303)


@router.get(
    "/demo/checkout",
    status_code=303,
    response_class=RedirectResponse,
    responses={**documented(404), 303: {"description": "To the form."}},
)
async def ordered_already() -> RedirectResponse:
    """Anyone who opens the order's own address, which takes forms, is led to the form."""
    return RedirectResponse("/checkout", 303)


@pictures.get("/demo/pictures/{name}", response_class=FileResponse, responses=documented(404))
async def picture(name: str, context: WithContext) -> FileResponse:
    """A drawn picture of a product."""
    folder = context.config.demo_dir
    known = {path.name: path for path in (folder / "pictures").glob("*.svg")} if folder else {}
    if name not in known:  # looked up, never joined: a name cannot climb out of the folder
        raise Problem("not-found", f"There is no picture named {name[:MAX_PICTURE_NAME]!r}.")
    headers = {
        "Cache-Control": "public, max-age=3600",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return FileResponse(known[name], media_type="image/svg+xml", headers=headers)


def _highlights(context: WebContext, by_shelf: Mapping[str, list[str]]) -> list[CatalogueItem]:
    """Three things from three shelves, for the top of the page."""
    found: list[CatalogueItem] = []
    for categories in [*by_shelf.values()][:SHELVES]:
        if len(found) < HIGHLIGHTS:
            item = with_picture(context.catalogue.db, categories[:SHELVES])
            found += [item] if item is not None else []
    return found


def _quote(context: WebContext, basket: Basket, request: Request) -> Quote:
    wanted = {item.variant_id: item.quantity for item in basket.items}
    return quote(of_variants(context.catalogue.db, wanted), wanted, language(request))


def _basket_of(text: str) -> Basket:
    try:
        return Basket.model_validate_json(f'{{"items": {text}}}')
    except ValueError:
        raise Problem("invalid", "The basket cannot be read; empty it and fill it again.") from None
