"""Reads Shopify's product export: several rows a product, one for each variant and picture."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

from feedback.fields import money
from feedback.lines import BadLine, BadShape, FileUnreadable, ProductLine, VariantLine
from feedback.reading import Packed, open_bytes

Row = dict[str, str]

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
BLOCKS = {"p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
SILENT = {"script", "style"}
MAX_QUANTITY = 1_000_000_000


def read_products(paths: Iterable[Path], bad: list[BadLine]) -> Iterator[ProductLine]:
    """Products with their variants, from exports as they are; `.gz` is unpacked.

    Besides Shopify's columns `Title (zh)`, `Body (zh)` and `URL` are read where they are there.
    """
    for path in paths:
        yield from _read_export(Path(path), bad)


def _read_export(path: Path, bad: list[BadLine]) -> Iterator[ProductLine]:
    products: dict[str, list[tuple[int, Row]]] = {}
    for number, row in _rows(path, bad):
        handle = row.get("handle", "")
        if not handle:
            bad.append(BadLine(path, number, "the column Handle is empty"))
        else:
            products.setdefault(handle, []).append((number, row))
    for handle, rows in products.items():
        first_line, first = rows[0]
        if not first.get("title"):
            bad.append(BadLine(path, first_line, f"the product {handle} has no Title"))
            continue
        variants = tuple(_variants(path, rows, bad))
        if not variants:
            bad.append(BadLine(path, first_line, f"the product {handle} has no Variant Price"))
            continue
        yield _product(handle, [row for _, row in rows], variants)


def _rows(path: Path, bad: list[BadLine]) -> Iterator[tuple[int, Row]]:
    """Each row under its lower-cased headings, with the number of its last line."""
    with open_bytes(path) as stream:
        # A wrong byte becomes a lone surrogate, so that only its own row is lost.
        text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
        reader = csv.reader(text)
        headings = _headings(path, reader)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                bad.append(BadLine(path, reader.line_num, f"not CSV: {wrong}"))
                continue
            except Packed:
                bad.append(BadLine(path, reader.line_num, "the gzip file is broken from here on"))
                return
            if reason := _unreadable(cells):
                bad.append(BadLine(path, reader.line_num, reason))
            elif any(cells):
                row = {name: cell.strip() for name, cell in zip(headings, cells, strict=False)}
                yield reader.line_num, row


def _headings(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        lowered = [heading.strip().lower() for heading in next(reader, [])]
    except (csv.Error, *Packed) as wrong:
        raise FileUnreadable(path, f"it is not CSV ({wrong})", "Export it again.") from wrong
    headings = [ALIASES.get(heading, heading) for heading in lowered]
    for needed in ("handle", "title", "variant price"):
        if needed not in headings:
            raise FileUnreadable(
                path,
                f"the column {needed.title()} is missing",
                "Export the products in Shopify's admin: Products, Export, Plain CSV file.",
            )
    return headings


def _unreadable(cells: list[str]) -> str | None:
    for cell in cells:
        if "\x00" in cell:
            return "holds a NUL character"
        if any("\ud800" <= char <= "\udfff" for char in cell):
            return "not UTF-8"
    return None


def _product(handle: str, rows: list[Row], variants: tuple[VariantLine, ...]) -> ProductLine:
    first = rows[0]
    images = [row["image src"] for row in rows if row.get("image src")]
    return ProductLine(
        product_id=handle,
        title=first["title"],
        title_zh=first.get("title (zh)", ""),
        body=plain_text(first.get("body (html)", "")),
        body_zh=plain_text(first.get("body (zh)", "")),
        vendor=first.get("vendor", ""),
        category=first.get("type") or first.get("product category", ""),
        tags=[tag.strip() for tag in first.get("tags", "").split(",") if tag.strip()],
        image=images[0] if images else "",
        url=first.get("url", ""),
        active=first.get("status", "active").lower() in ("", "active")
        and first.get("published", "true").lower() != "false",
        variants=variants,
    )


def _variants(path: Path, rows: list[tuple[int, Row]], bad: list[BadLine]) -> Iterator[VariantLine]:
    names = [rows[0][1].get(f"option{n} name", "") for n in (1, 2, 3)]
    seen: set[str] = set()
    for number, row in rows:
        if not row.get("variant price"):
            continue  # one more picture
        try:
            variant = _variant(row, names)
        except BadShape as wrong:
            bad.append(BadLine(path, number, str(wrong)))
            continue
        if variant.variant_id in seen:
            bad.append(BadLine(path, number, f"the variant {variant.variant_id} is there twice"))
            continue
        seen.add(variant.variant_id)
        yield variant


def _variant(row: Row, names: list[str]) -> VariantLine:
    values = [row.get(f"option{n} value", "") for n in (1, 2, 3)]
    options = {
        name or f"Option {n}": value
        for n, (name, value) in enumerate(zip(names, values, strict=True), 1)
        if value and value != "Default Title"
    }
    compare_at = row.get("variant compare at price")
    return VariantLine(
        variant_id="/".join([row["handle"], *options.values()]),  # the export names no ids
        options=options,
        sku=row.get("variant sku", "").lstrip("'"),  # Excel's guard of leading zeros
        price=money(row["variant price"], "Variant Price"),
        compare_at=_discounted_from(compare_at) if compare_at else None,
        quantity=_quantity(row),
    )


def _discounted_from(written: str) -> Decimal | None:
    return money(written, "Variant Compare At Price") or None


def _quantity(row: Row) -> int | None:
    written = row.get("variant inventory qty", "")
    untracked = "variant inventory tracker" in row and not row["variant inventory tracker"]
    sells_on = row.get("variant inventory policy") == "continue"
    if untracked or sells_on or not written:
        return None
    if not re.fullmatch(r"-?\d{1,10}(\.0*)?", written):
        raise BadShape(f"Variant Inventory Qty is no number: {written!r:.40}")
    return max(0, min(int(float(written)), MAX_QUANTITY))


class _Plain(HTMLParser):
    """Keeps the words of an HTML text, and a line's end after each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def plain_text(markup: str) -> str:
    """The words of an HTML text.

    >>> plain_text("<p>Warm &amp; dry.</p><ul><li>wool</li></ul><script>x()</script>")
    'Warm & dry.\\nwool'
    """
    parser = _Plain()
    parser.feed(markup)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return "\n".join(line for line in lines if line)
