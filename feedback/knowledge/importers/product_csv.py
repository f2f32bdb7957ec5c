"""Reads Shopify's product export: several rows a product, one for each variant and picture."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from feedback.knowledge.importers.csv_rows import Table
from feedback.knowledge.importers.fields import written_money
from feedback.knowledge.importers.grouped import Row, grouped
from feedback.knowledge.importers.html_text import plain_text, without_entities
from feedback.knowledge.importers.records import (
    BadLine,
    BadShape,
    FileUnreadable,
    ProductLine,
    Translation,
    VariantLine,
)
from feedback.knowledge.importers.told_kind import told_kind

# Shopify's import template of 2024 has other headings than its export: both are read.
ALIASES = {
    "url handle": "handle",
    "description": "body (html)",
    "sku": "variant sku",
    "price": "variant price",
    "compare-at price": "variant compare at price",
    "inventory tracker": "variant inventory tracker",
    "inventory quantity": "variant inventory qty",
    "product image url": "image src",
    "published on online store": "published",
}
TRANSLATED = re.compile(r"(?:title|body) \(([a-z]{2,3})\)")
MAX_QUANTITY = 1_000_000_000


def read_export(table: Table, bad: list[BadLine], currency: str) -> Iterator[ProductLine]:
    """Products with their variants from an export as it is.

    Besides Shopify's columns `URL` is read where it is there, and `Title (zh)`, `Body (zh)` and the
    like for any other language.

    Raises:
        FileUnreadable: a needed column is missing.
    """
    path = table.path
    headings = [ALIASES.get(heading, heading) for heading in table.headings]
    for needed in ("handle", "title", "variant price"):
        if needed not in headings:
            table.close()
            kind = told_kind(dict.fromkeys(name.replace(" ", "_") for name in headings), "products")
            raise FileUnreadable(
                path,
                kind or f"the column {needed.title()} is missing",
                "Export the products in Shopify's admin (Products, Export, Plain CSV file), in"
                " WooCommerce's (Products, Export), or as a Google Merchant feed.",
            )
    for handle, rows in grouped(_keyed(table, bad), headings):
        first_line, first = rows[0]
        if not first.get("title"):
            bad.append(BadLine(path, first_line, f"the product {handle} has no Title"))
            continue
        variants = tuple(_variants(path, rows, bad, currency))
        if not variants:
            bad.append(BadLine(path, first_line, f"the product {handle} has no Variant Price"))
            continue
        yield _product(handle, [row for _, row in rows], variants)


def _keyed(table: Table, bad: list[BadLine]) -> Iterator[tuple[str, int, Row]]:
    for number, named in table.rows:
        row = {ALIASES.get(name, name): cell for name, cell in named.items()}
        if handle := row.get("handle", ""):
            yield handle, number, row
        else:
            bad.append(BadLine(table.path, number, "the column Handle is empty"))


def _product(handle: str, rows: list[Row], variants: tuple[VariantLine, ...]) -> ProductLine:
    first = rows[0]
    images = [row["image src"] for row in rows if row.get("image src")]
    return ProductLine(
        product_id=handle,
        title=without_entities(first["title"]),
        body=plain_text(first.get("body (html)", "")),
        vendor=without_entities(first.get("vendor", "")),
        category=without_entities(first.get("type") or first.get("product category", "")),
        tags=[
            without_entities(tag.strip()) for tag in first.get("tags", "").split(",") if tag.strip()
        ],
        image=images[0] if images else "",
        url=first.get("url", ""),
        active=first.get("status", "active").lower() in ("", "active")
        and first.get("published", "true").lower() != "false",
        variants=variants,
        translations=_translations(first),
    )


def _translations(row: Row) -> tuple[Translation, ...]:
    locales = {match[1] for heading in row if (match := TRANSLATED.fullmatch(heading))}
    found = (
        Translation(
            locale,
            without_entities(row.get(f"title ({locale})", "")),
            plain_text(row.get(f"body ({locale})", "")),
        )
        for locale in sorted(locales)
    )
    return tuple(each for each in found if each.title or each.body)


def _variants(
    path: Path, rows: list[tuple[int, Row]], bad: list[BadLine], currency: str
) -> Iterator[VariantLine]:
    names = [rows[0][1].get(f"option{n} name", "") for n in (1, 2, 3)]
    seen: set[str] = set()
    for number, row in rows:
        if not row.get("variant price"):
            continue  # one more picture
        try:
            variant = _variant(row, names, currency)
        except BadShape as wrong:
            bad.append(BadLine(path, number, str(wrong)))
            continue
        if variant.variant_id in seen:
            bad.append(BadLine(path, number, f"the variant {variant.variant_id} is there twice"))
            continue
        seen.add(variant.variant_id)
        yield variant


def _variant(row: Row, names: list[str], currency: str) -> VariantLine:
    values = [row.get(f"option{n} value", "") for n in (1, 2, 3)]
    options = {
        without_entities(name) or f"Option {n}": without_entities(value)
        for n, (name, value) in enumerate(zip(names, values, strict=True), 1)
        if value and value != "Default Title"
    }
    compare_at = row.get("variant compare at price")
    return VariantLine(
        variant_id="/".join([row["handle"], *options.values()]),  # the export names no ids
        options=options,
        sku=row.get("variant sku", "").lstrip("'"),  # Excel's guard of leading zeros
        price=written_money(row["variant price"], "Variant Price", currency),
        compare_at=_discounted_from(compare_at, currency) if compare_at else None,
        quantity=_quantity(row),
        cost=_cost(row.get("cost per item"), currency),
    )


def _discounted_from(written: str, currency: str) -> Decimal | None:
    return written_money(written, "Variant Compare At Price", currency) or None


def _cost(written: str | None, currency: str) -> Decimal | None:
    return written_money(written, "Cost per item", currency) if written else None


def _quantity(row: Row) -> int | None:
    written = row.get("variant inventory qty", "")
    untracked = "variant inventory tracker" in row and not row["variant inventory tracker"]
    sells_on = row.get("variant inventory policy") == "continue"
    if untracked or sells_on or not written:
        return None
    if not re.fullmatch(r"-?\d{1,10}(\.0*)?", written):
        raise BadShape(f"Variant Inventory Qty is no number: {written!r:.40}")
    return max(0, min(int(float(written)), MAX_QUANTITY))
