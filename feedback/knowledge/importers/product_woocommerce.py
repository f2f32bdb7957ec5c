"""Reads WooCommerce's products: its CSV export, and the objects its API and webhooks send.

A product is known by its number, as orders name it. Its page is `/?p=<number>`, which WordPress
leads on to the real address: the export holds no address.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from feedback.knowledge.importers.csv_rows import Table
from feedback.knowledge.importers.fields import (
    identifier,
    list_or_nothing,
    loose_text,
    money,
    object_of,
    text_of,
    written_money,
)
from feedback.knowledge.importers.grouped import Row, grouped
from feedback.knowledge.importers.html_text import plain_text, without_entities
from feedback.knowledge.importers.records import BadLine, BadShape, ProductLine, VariantLine

NEEDED: Final = ("id", "type", "name", "regular price")  # by these the export is known
MAX_QUANTITY: Final = 1_000_000_000
PARENT = re.compile(r"id:(\d+)")


def is_woocommerce(headings: list[str]) -> bool:
    """Whether these are the headings of WooCommerce's export."""
    return all(heading in headings for heading in NEEDED)


def read_woocommerce(table: Table, bad: list[BadLine], currency: str) -> Iterator[ProductLine]:
    """Products with their variations, which name their parent by number or stock-keeping unit."""
    for product_id, rows in grouped(_keyed(table, bad), table.headings):
        parents = [(number, row) for number, row in rows if not row.get("parent")]
        if not parents:
            number = rows[0][0]
            bad.append(BadLine(table.path, number, f"the parent {product_id} is not in the file"))
            continue
        number, parent = parents[0]
        sold = [one for one in rows if one[1].get("parent")] or [(number, parent)]
        variants = []
        for line, row in sold:
            try:
                variants.append(_variant(row, parent, currency))
            except BadShape as wrong:
                bad.append(BadLine(table.path, line, str(wrong)))
        if not parent.get("name"):
            bad.append(BadLine(table.path, number, f"the product {product_id} has no Name"))
        elif variants:
            yield _product(product_id, parent, tuple(variants))


def _keyed(table: Table, bad: list[BadLine]) -> Iterator[tuple[str, int, Row]]:
    by_sku: dict[str, str] = {}
    for number, row in table.rows:
        own, parent = row.get("id", ""), row.get("parent", "")
        if not own.isdecimal():
            bad.append(BadLine(table.path, number, f"the ID is no number: {own!r:.40}"))
            continue
        if not parent and row.get("sku"):
            by_sku[row["sku"]] = own
        if match := PARENT.fullmatch(parent):
            own = match[1]
        elif parent and parent in by_sku:
            own = by_sku[parent]
        elif parent:
            bad.append(BadLine(table.path, number, f"its parent {parent!r:.40} is not above it"))
            continue
        yield own, number, row


def _product(product_id: str, row: Row, variants: tuple[VariantLine, ...]) -> ProductLine:
    described = row.get("description") or row.get("short description", "")
    categories = row.get("categories", "").strip(" ,")
    finest = categories.split(",")[0].split(">")[-1]
    images = [part.strip() for part in row.get("images", "").split(",") if part.strip()]
    return ProductLine(
        product_id=product_id,
        title=without_entities(row["name"]),
        body=_plain(described),
        vendor=without_entities(row.get("brands", "")),
        # "Clothing > Shirts": the finest word says what it is, the others are kept as tags.
        category=without_entities(finest.strip()),
        tags=_parts(f"{row.get('tags', '')},{categories}".replace(">", ",")),
        image=images[0] if images else "",
        url=row.get("external url") or f"/?p={product_id}",
        active=row.get("published", "1") in ("1", "true")
        and row.get("visibility in catalog", "visible") != "hidden",
        variants=variants,
    )


def _variant(row: Row, parent: Row, currency: str) -> VariantLine:
    regular = row.get("regular price") or parent.get("regular price", "")
    sale = row.get("sale price") or ""
    if not regular and not sale:
        raise BadShape(f"the product {row.get('id')} has no Regular price")
    usual = written_money(regular, "Regular price", currency) if sale and regular else None
    return VariantLine(
        variant_id=row["id"],
        options=_options(row) if row.get("parent") else {},
        sku=row.get("sku", ""),
        price=written_money(sale or regular, "Regular price", currency),
        compare_at=usual,
        quantity=_quantity(row),
        cost=_cost(row.get("cost of goods"), currency),
    )


def _cost(written: str | None, currency: str) -> Decimal | None:
    return written_money(written, "Cost of goods", currency) if written else None


def _parts(listed: str) -> list[str]:
    return [without_entities(part.strip()) for part in listed.split(",") if part.strip()]


def _options(row: Row) -> dict[str, str]:
    pairs = (
        (row.get(f"attribute {n} name"), row.get(f"attribute {n} value(s)")) for n in range(1, 10)
    )
    return {
        without_entities(name): without_entities(value) for name, value in pairs if name and value
    }


def _quantity(row: Row) -> int | None:
    """None where the shop does not count it, or sells on when it is gone."""
    if row.get("in stock?", "1").lower() in ("0", "false", "no", "outofstock"):
        return 0
    if row.get("backorders allowed?", "0").lower() in ("1", "yes", "notify"):
        return None
    stock = row.get("stock", "")
    if not re.fullmatch(r"-?\d{1,10}(\.0*)?", stock):
        return None
    return max(0, min(int(float(stock)), MAX_QUANTITY))


def _plain(written: str) -> str:
    return plain_text(written.replace("\\n", "\n"))


class Variable(NamedTuple):
    """A product with variations: all of it but them, which come one by one, and their numbers."""

    product: ProductLine
    variant_ids: frozenset[str]


class Variation(NamedTuple):
    """One size or colour of a product, as it comes by itself."""

    product_id: str
    variant: VariantLine
    gone: bool  # no longer published


def product_from_api(payload: Mapping[str, Any]) -> ProductLine | None:
    """A simple product as the API and the webhooks send it; None for a draft without a price.

    Raises:
        BadShape: a field is missing or wrong.
    """
    variant = _api_variant(payload, {})
    return None if variant is None else _api_product(payload, (variant,))


def variable_from_api(payload: Mapping[str, Any]) -> Variable:
    """A product with variations: it names their numbers only.

    Raises:
        BadShape: a field is missing or wrong.
    """
    numbers = list_or_nothing(payload, "variations")
    return Variable(_api_product(payload, ()), frozenset(str(number) for number in numbers))


def variation_from_api(payload: Mapping[str, Any]) -> Variation | None:
    """A variation; None for one without a price.

    Raises:
        BadShape: a field is missing or wrong.
    """
    attributes = [object_of(one, "an attribute") for one in list_or_nothing(payload, "attributes")]
    options = {
        without_entities(str(one["name"])): without_entities(str(one["option"]))
        for one in attributes
        if one.get("name") and one.get("option")
    }
    variant = _api_variant(payload, options)
    if variant is None:
        return None
    gone = payload.get("status", "publish") != "publish"
    return Variation(identifier(payload, "parent_id"), variant, gone)


def _api_product(payload: Mapping[str, Any], variants: tuple[VariantLine, ...]) -> ProductLine:
    product_id = identifier(payload, "id")
    images = [object_of(one, "an image") for one in list_or_nothing(payload, "images")]
    categories = _names(payload, "categories")
    return ProductLine(
        product_id=product_id,
        title=without_entities(text_of(payload, "name")),
        body=plain_text(loose_text(payload.get("description") or payload.get("short_description"))),
        vendor="",
        category=categories[-1] if categories else "",
        tags=[*_names(payload, "tags"), *categories],
        image=loose_text(images[0].get("src")) if images else "",
        url=loose_text(payload.get("permalink")) or f"/?p={product_id}",
        active=payload.get("status", "publish") == "publish"
        and payload.get("catalog_visibility", "visible") != "hidden",
        variants=variants,
    )


def _api_variant(payload: Mapping[str, Any], options: dict[str, str]) -> VariantLine | None:
    regular, price = payload.get("regular_price"), payload.get("price")
    if not price and not regular:
        return None
    amount = money(str(price or regular), "price")
    usual = money(str(regular), "regular_price") if regular else amount
    return VariantLine(
        variant_id=identifier(payload, "id"),
        options=options,
        sku=loose_text(payload.get("sku")),
        price=amount,
        compare_at=usual if usual > amount else None,
        quantity=_api_quantity(payload),
        cost=_api_cost(payload),
    )


def _api_cost(payload: Mapping[str, Any]) -> Decimal | None:
    """The cost of goods, where the shop has switched that feature on."""
    total = object_of(payload.get("cost_of_goods_sold") or {}, "cost_of_goods_sold").get(
        "total_value"
    )
    return money(str(total), "total_value") if total else None


def _names(payload: Mapping[str, Any], key: str) -> list[str]:
    found = (object_of(one, key).get("name") for one in list_or_nothing(payload, key))
    return [without_entities(loose_text(name)) for name in found if name]


def _api_quantity(payload: Mapping[str, Any]) -> int | None:
    if payload.get("stock_status") == "outofstock":
        return 0
    stock = payload.get("stock_quantity")
    if payload.get("backorders_allowed") or not payload.get("manage_stock"):
        return None
    if stock is None:
        return None
    try:
        return int(max(Decimal(0), min(Decimal(str(stock)), Decimal(MAX_QUANTITY))))
    except (InvalidOperation, ValueError):
        raise BadShape(f'"stock_quantity" has to be a number, not {stock!r:.40}') from None
