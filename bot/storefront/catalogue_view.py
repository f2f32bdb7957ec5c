"""View models of the storefront's catalogue, in the reader's language. Pure."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from bot.languages import named, read_price, shelf_of
from feedback.db import Variant
from feedback.knowledge import CatalogueItem

FEW = 5  # from here on "only a few left"
MAX_QUANTITY = 20
MAX_LINES = 50
LETTER_SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
NUMBER = re.compile(r"\d+")


class BuyableVariant(NamedTuple):
    """One size and colour that can be put into the basket."""

    variant_id: str
    label: str  # "M / Moss", "" when there is nothing to choose
    price: str
    stock: str  # in_stock, few_left, sold_out: keys of the words


class ProductPage(NamedTuple):
    """A product as it stands in the window."""

    product_id: str
    url: str
    title: str
    paragraphs: list[str]
    shelf: str
    image: str
    price: str
    price_from: bool  # its variants differ in price
    option_names: str
    offers: list[BuyableVariant]
    sold_out: bool


class QuoteLine(NamedTuple):
    """A line of the basket, priced by us and not by the browser."""

    variant_id: str
    product_id: str
    title: str
    label: str
    image: str
    quantity: int
    unit: Decimal
    price: str


class Quote(NamedTuple):
    """What a basket comes to; `gone` when some of it is no longer sold."""

    lines: list[QuoteLine]
    total: Decimal
    total_text: str
    gone: bool


def show(item: CatalogueItem, lang: str) -> ProductPage:
    """A product with its offers."""
    product, variants = item.product, sorted(item.variants, key=_shelf_order)
    prices = sorted(variant.price for variant in variants) or [Decimal(0)]
    currency = variants[0].currency if variants else "USD"
    offers = [_offer(variant, lang) for variant in variants]
    return ProductPage(
        product_id=product.product_id,
        url=product.url or f"/products/{product.product_id}",
        title=item.title_in(lang),
        paragraphs=_paragraphs(item.body_in(lang)),
        shelf=shelf_of(product.category),
        image=product.image,
        price=read_price(prices[0], currency),
        price_from=prices[0] != prices[-1],
        option_names=" / ".join(
            named(name, lang)
            for name in (variants[0].options if variants else {})
            if name != "Title"
        ),
        offers=offers,
        sold_out=all(offer.stock == "sold_out" for offer in offers),
    )


def shelves_of(categories: Iterable[str]) -> dict[str, list[str]]:
    """The shelves that hold something, in the catalogue's order, each with its categories."""
    found: dict[str, list[str]] = {}
    for category in filter(None, categories):
        found.setdefault(shelf_of(category), []).append(category)
    return found


def quote(items: Iterable[CatalogueItem], basket: Mapping[str, int], lang: str) -> Quote:
    """Price a basket of variant ids and quantities from the catalogue."""
    by_variant = {
        variant.variant_id: (item, variant)
        for item in items
        if item.product.active
        for variant in item.variants
    }
    lines = []
    total, currency = Decimal(0), "USD"
    for variant_id, quantity in list(basket.items())[:MAX_LINES]:
        if variant_id not in by_variant:
            continue
        item, variant = by_variant[variant_id]
        count = max(1, min(quantity, MAX_QUANTITY))
        currency = variant.currency
        total += variant.price * count
        lines.append(
            QuoteLine(
                variant_id=variant_id,
                product_id=item.product.product_id,
                title=item.title_in(lang),
                label=_label(variant, lang),
                image=item.product.image,
                quantity=count,
                unit=variant.price,
                price=read_price(variant.price * count, currency),
            )
        )
    return Quote(lines, total, read_price(total, currency), len(lines) < len(basket))


def order_payload(
    priced: Quote,
    *,
    number: str,
    email: str,
    placed_at: str,
    currency: str,
    shopper_token: str | None,
    click_token: str | None,
) -> dict[str, Any]:
    """The order as the shop would report it to `/webhooks/orders`."""
    return {
        "order_id": number,
        "shopper": None,
        "note_attributes": [{"name": "shopclerk_shopper", "value": shopper_token or ""}],
        "landing_site": f"/?shopclerk_click={click_token}" if click_token else None,
        "email": email,
        "placed_at": placed_at,
        "currency": currency,
        "total": str(priced.total),
        "lines": [
            {
                "product_id": line.product_id,
                "title": line.title,
                "quantity": line.quantity,
                "price": str(line.unit),
            }
            for line in priced.lines
        ],
    }


def _offer(variant: Variant, lang: str) -> BuyableVariant:
    return BuyableVariant(
        variant_id=variant.variant_id,
        label=_label(variant, lang),
        price=read_price(variant.price, variant.currency),
        stock=_stock(variant.quantity),
    )


def _label(variant: Variant, lang: str) -> str:
    return " / ".join(
        named(value, lang) for value in variant.options.values() if value != "Default Title"
    )


def _shelf_order(variant: Variant) -> list[tuple[int, int, str]]:
    """Sizes from small to large, numbers by their value, the rest by the alphabet."""
    return [
        (
            LETTER_SIZES.index(value) if value in LETTER_SIZES else len(LETTER_SIZES),
            int(found[0]) if (found := NUMBER.search(value)) else 0,
            value,
        )
        for value in variant.options.values()
    ]


def _stock(quantity: int | None) -> str:
    if quantity is None or quantity > FEW:
        return "in_stock"
    return "few_left" if quantity > 0 else "sold_out"


def _paragraphs(body: str) -> list[str]:
    return [line.strip() for line in body.splitlines() if line.strip()]
