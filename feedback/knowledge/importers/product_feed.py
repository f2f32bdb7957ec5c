"""Reads Google Merchant feeds, tab-separated or XML; a product's offers are grouped."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from feedback.db import read_number
from feedback.knowledge.importers.csv_rows import Table, unreadable
from feedback.knowledge.importers.fields import currency_of, money
from feedback.knowledge.importers.grouped import Row, grouped
from feedback.knowledge.importers.html_text import plain_text, without_entities
from feedback.knowledge.importers.json_lines import Packed, open_bytes
from feedback.knowledge.importers.records import (
    BadLine,
    BadShape,
    FileUnreadable,
    ProductLine,
    VariantLine,
)

FIELDS: Final = [
    "id", "title", "description", "link", "image_link", "availability", "price", "sale_price",
    "brand", "google_product_category", "product_type", "item_group_id", "color", "size",
    "material", "pattern", "gender", "age_group", "quantity", "gtin", "mpn",
    "cost_of_goods_sold",
]  # fmt: skip
NEEDED: Final = ("id", "title", "price", "availability")
OPTIONS: Final = {"color": "Color", "size": "Size", "material": "Material", "pattern": "Pattern"}
NAMES: Final = {*OPTIONS, "title", "brand", "google_product_category", "product_type"}
PRICE = re.compile(r"(?P<before>[A-Za-z]{3})?\s*(?P<amount>\d[\d.,]*)\s*(?P<after>[A-Za-z]{3})?")
IN_STOCK: Final = {"in stock", "backorder", "preorder"}  # the shop takes an order for these
MAX_OFFER_CHARS: Final = 1_000_000
# A DOCTYPE may define entities that grow to gigabytes or name other files; no feed needs one.
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def is_feed(headings: list[str]) -> bool:
    """Whether these are the headings of a tab-separated feed."""
    return all(heading in [_plain_name(one) for one in headings] for heading in NEEDED)


def read_feed(table: Table, bad: list[BadLine]) -> Iterator[ProductLine]:
    """Products from a tab-separated feed."""
    rows = ((number, _read_names(row)) for number, row in table.rows)
    return _products(table.path, rows, bad)


def read_xml_feed(path: Path, bad: list[BadLine]) -> Iterator[ProductLine]:
    """Products from an RSS 2.0 or Atom feed; a bad row is named by its place among the offers.

    Raises:
        FileUnreadable: it is not XML, or defines entities.
    """
    return _products(path, _offers(path), bad)


def _read_names(row: Row) -> Row:
    """A row of a table with its names read; XML's parser has done that for its own rows."""
    named = {_plain_name(heading): cell for heading, cell in row.items()}
    return {name: without_entities(cell) if name in NAMES else cell for name, cell in named.items()}


def _offers(path: Path) -> Iterator[tuple[int, Row]]:
    with open_bytes(path) as stream:
        if DOCTYPE.search(stream.read(4_096)):
            raise FileUnreadable(path, "it holds a DOCTYPE", "Export the feed without one.")
        stream.seek(0)
        number = 0
        try:
            for _, node in ElementTree.iterparse(stream, events=("end",)):  # noqa: S314 (see above)
                if _local(node.tag) in ("item", "entry"):
                    number += 1
                    yield number, _cells(node)
                    node.clear()
        except (ElementTree.ParseError, *Packed) as wrong:
            raise FileUnreadable(
                path, f"it is not XML from offer {number + 1} on ({wrong})", "Export it again."
            ) from wrong


def _cells(node: ElementTree.Element) -> Row:
    cells: Row = {}
    for child in node:
        name = _local(child.tag)
        text = child.get("href") if name == "link" and child.get("href") else child.text
        if text and name not in cells:
            cells[name] = text.strip()[:MAX_OFFER_CHARS]
    return cells


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def _plain_name(heading: str) -> str:
    """Headings as the specification, its translations' spaces and prefixes write them.

    >>> _plain_name("g:image link")
    'image_link'
    """
    return heading.strip().lower().removeprefix("g:").replace(" ", "_")


def _products(
    path: Path, rows: Iterator[tuple[int, Row]], bad: list[BadLine]
) -> Iterator[ProductLine]:
    for product_id, offers in grouped(_keyed(path, rows, bad), FIELDS):
        variants = []
        for number, row in offers:
            try:
                variants.append(_variant(row))
            except BadShape as wrong:
                bad.append(BadLine(path, number, str(wrong)))
        first = offers[0][1]
        if not first["title"]:
            bad.append(BadLine(path, offers[0][0], f"the offer {first['id']} has no title"))
        elif variants:
            yield _product(product_id, first, tuple(variants))


def _keyed(
    path: Path, rows: Iterator[tuple[int, Row]], bad: list[BadLine]
) -> Iterator[tuple[str, int, Row]]:
    for number, row in rows:
        if reason := unreadable(list(row.values())):
            bad.append(BadLine(path, number, reason))
        elif not row.get("id"):
            bad.append(BadLine(path, number, "the offer has no id"))
        else:
            yield row.get("item_group_id") or row["id"], number, row


def _product(product_id: str, row: Row, variants: tuple[VariantLine, ...]) -> ProductLine:
    shelves = [
        part.strip()
        for part in (row["product_type"] or row["google_product_category"]).split(">")
        if part.strip() and not part.strip().isdecimal()
    ]
    about = [row[name] for name in ("gender", "age_group", "material") if row[name]]
    return ProductLine(
        product_id=product_id,
        title=row["title"],
        body=plain_text(row["description"]),
        vendor=row["brand"],
        category=shelves[-1] if shelves else "",
        tags=[*shelves, *about],
        image=row["image_link"],
        url=row["link"],
        active=True,
        variants=variants,
    )


def _variant(row: Row) -> VariantLine:
    amount, currency = read_price(row["price"], "price")
    reduced = read_price(row["sale_price"], "sale_price")[0] if row["sale_price"] else amount
    available = row["availability"].lower().replace("_", " ")
    quantity = int(row["quantity"]) if row["quantity"].isdecimal() else None
    return VariantLine(
        variant_id=row["id"],
        options={name: row[key] for key, name in OPTIONS.items() if row[key]},
        sku=row["mpn"] or row["gtin"] or row["id"],
        price=min(amount, reduced),
        compare_at=amount if reduced < amount else None,
        quantity=quantity if available in IN_STOCK else 0,
        currency=currency,
        cost=_cost(row["cost_of_goods_sold"], currency),
    )


def _cost(written: str, currency: str | None) -> Decimal | None:
    """What the shop paid, where it is told in the currency of the price."""
    if not written:
        return None
    amount, told = read_price(written, "cost_of_goods_sold")
    return amount if told == currency else None


def read_price(written: str, key: str) -> tuple[Decimal, str | None]:
    """An amount and the currency written next to it.

    >>> read_price("1,299.00 USD", "price"), read_price("1.500 KWD", "price")
    ((Decimal('1299.00'), 'USD'), (Decimal('1.500'), 'KWD'))

    Raises:
        BadShape: it is no price.
    """
    match = PRICE.fullmatch(written.strip())
    if match is None:
        raise BadShape(f'"{key}" is no price: {written!r:.40}; write it as 15.00 USD')
    code = match["after"] or match["before"]
    currency = currency_of({"currency": code}) if code else None
    try:
        return money(read_number(match["amount"], currency), key), currency
    except InvalidOperation as wrong:
        raise BadShape(f'"{key}" is no price: {written!r:.40}; write it as 15.00 USD') from wrong
