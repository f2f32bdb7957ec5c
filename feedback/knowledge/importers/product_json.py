"""Reads Shopify's products as JSON: what its Admin API, its webhooks and `/products.json` send."""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from feedback.knowledge.importers.fields import (
    list_or_nothing,
    loose_text,
    money,
    object_of,
    text_of,
)
from feedback.knowledge.importers.html_text import plain_text, without_entities
from feedback.knowledge.importers.json_lines import Packed, json_lines, open_bytes, parse_object
from feedback.knowledge.importers.records import (
    BadLine,
    BadShape,
    FileUnreadable,
    ProductLine,
    VariantLine,
)

MAX_QUANTITY: Final = 1_000_000_000
CHUNK: Final = 1 << 16  # characters
START = re.compile(r'^\s*(?:\{\s*"products"\s*:\s*)?\[')


def read_shopify_json(path: Path, bad: list[BadLine]) -> Iterator[ProductLine]:
    """Products of a JSON file: `{"products": […]}`, a list, or one object a line.

    A bad product is named by its place in the list.

    Raises:
        FileUnreadable: it is not JSON.
    """
    for number, fields in _objects(path, bad):
        try:
            yield product_from_shopify(fields)
        except BadShape as wrong:
            bad.append(BadLine(path, number, str(wrong)))


def product_from_shopify(payload: Mapping[str, Any]) -> ProductLine:
    """One product; its handle is its id here, as in Shopify's own export.

    Raises:
        BadShape: a field is missing or wrong; the message names it.
    """
    handle = text_of(payload, "handle")
    options = [
        without_entities(loose_text(object_of(one, "an option").get("name")))
        for one in list_or_nothing(payload, "options")
    ]
    images = [object_of(one, "an image") for one in list_or_nothing(payload, "images")]
    picture = payload.get("image") or (images[0] if images else {})
    tags = payload.get("tags")
    # The Admin API joins them, /products.json does not.
    tags = tags.split(",") if isinstance(tags, str) else list_or_nothing(payload, "tags")
    variants = [object_of(one, "a variant") for one in list_or_nothing(payload, "variants")]
    if not variants:
        raise BadShape(f"the product {handle!r:.60} has no variants")
    return ProductLine(
        product_id=handle,
        title=without_entities(text_of(payload, "title")),
        body=plain_text(loose_text(payload.get("body_html"))),
        vendor=without_entities(loose_text(payload.get("vendor"))),
        category=without_entities(loose_text(payload.get("product_type"))),
        tags=[without_entities(tag.strip()) for tag in map(loose_text, tags) if tag.strip()],
        image=loose_text(picture.get("src")) if isinstance(picture, dict) else "",
        url=f"/products/{handle}",
        active=payload.get("status", "active") == "active"
        and payload.get("published_at", "now") is not None,
        variants=tuple(_variant(handle, one, options) for one in variants),
        number=loose_text(payload.get("id")),
    )


def _variant(handle: str, fields: Mapping[str, Any], names: list[str]) -> VariantLine:
    values = [fields.get(f"option{n}") for n in (1, 2, 3)]
    options = {
        (names[n] if n < len(names) and names[n] else f"Option {n + 1}"): without_entities(
            loose_text(value)
        )
        for n, value in enumerate(values)
        if value and value != "Default Title"
    }
    before = fields.get("compare_at_price")
    return VariantLine(
        # As the CSV export makes it, so that a webhook brings up to date what a file brought in.
        variant_id="/".join([handle, *options.values()]),
        options=options,
        sku=loose_text(fields.get("sku")),
        price=money(fields.get("price"), "price"),
        compare_at=(money(before, "compare_at_price") or None) if before else None,
        quantity=_quantity(fields),
    )


def _quantity(fields: Mapping[str, Any]) -> int | None:
    """None where the shop does not count it, or sells on when it is gone."""
    if fields.get("inventory_policy") == "continue":
        return None
    counted = fields.get("inventory_management") or fields.get("inventory_quantity")
    if "inventory_quantity" in fields and counted is not None:
        quantity = fields["inventory_quantity"]
        if not isinstance(quantity, int) or isinstance(quantity, bool):
            raise BadShape(f'"inventory_quantity" has to be a whole number, not {quantity!r:.40}')
        untracked = "inventory_management" in fields and fields["inventory_management"] is None
        return None if untracked else max(0, min(quantity, MAX_QUANTITY))
    return 0 if fields.get("available") is False else None


def _objects(path: Path, bad: list[BadLine]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each product's place and object, one at a time: an export may be larger than the memory."""
    with open_bytes(path) as stream:
        try:
            head = stream.read(256).decode("utf-8-sig", "replace")
        except Packed as broken:
            raise FileUnreadable(path, "the gzip file is broken", "Pack it again.") from broken
    if START.match(head):
        yield from _listed(path, bad)
    else:
        yield from ((n, fields) for n, fields in json_lines(path, bad))


def _listed(path: Path, bad: list[BadLine]) -> Iterator[tuple[int, dict[str, Any]]]:
    decoder, number, text = json.JSONDecoder(), 0, ""
    with open_bytes(path) as stream:
        pieces = _decoded(path, stream)
        text = next(pieces, "")
        match = START.match(text)
        place = match.end() if match else 0
        while True:
            place = _after_comma(text, place)
            if text[place : place + 1] == "]":
                return
            try:
                _, end = decoder.raw_decode(text, place)
            except json.JSONDecodeError as cut:
                more = next(pieces, None)
                if more is None:
                    reason = f"it is not JSON from product {number + 1} on ({cut.msg})"
                    raise FileUnreadable(path, reason, "Export it again.") from cut
                text, place = text[place:] + more, 0
                continue
            except RecursionError as deep:
                reason = f"product {number + 1} is nested too deeply"
                raise FileUnreadable(path, reason, "Export it again.") from deep
            number += 1
            try:
                yield number, parse_object(text[place:end].encode())
            except BadShape as wrong:
                bad.append(BadLine(path, number, str(wrong)))
            place = end


def _decoded(path: Path, stream: Any) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    try:
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk)
    except Packed as broken:
        raise FileUnreadable(path, "the gzip file is broken", "Pack it again.") from broken


def _after_comma(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \r\n\t,":
        place += 1
    return place
