"""Reads products in whatever form a shop brings them; what a file is shows in its first line."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from feedback.knowledge.importers.csv_rows import open_table
from feedback.knowledge.importers.json_lines import Packed, open_bytes
from feedback.knowledge.importers.product_csv import read_export
from feedback.knowledge.importers.product_feed import is_feed, read_feed, read_xml_feed
from feedback.knowledge.importers.product_json import read_shopify_json
from feedback.knowledge.importers.product_woocommerce import is_woocommerce, read_woocommerce
from feedback.knowledge.importers.records import BadLine, ProductLine


def read_products(
    paths: Iterable[Path], bad: list[BadLine], currency: str = "USD"
) -> Iterator[ProductLine]:
    """Products with their variants, prices in `currency` where none is named; `.gz` is unpacked.

    Taken are Shopify's CSV export and JSON, WooCommerce's CSV export, and Google Merchant feeds,
    tab-separated or XML.
    """
    for path in paths:
        yield from _read(Path(path), bad, currency)


def _read(path: Path, bad: list[BadLine], currency: str) -> Iterator[ProductLine]:
    start = _start(path)
    if start.startswith(b"<"):
        return read_xml_feed(path, bad)
    if start[:1] in (b"{", b"["):
        return read_shopify_json(path, bad)
    table = open_table(path, bad)
    if is_woocommerce(table.headings):
        return read_woocommerce(table, bad, currency)
    if is_feed(table.headings):
        return read_feed(table, bad)
    return read_export(table, bad, currency)


def _start(path: Path) -> bytes:
    with open_bytes(path) as stream:
        try:
            return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
        except Packed:
            return b""  # the reader of tables says it better
