"""Snapshot of the reply book and the catalogue, named by content hashes.

A version is a complete thing, so a reply written today is unknown to it. Anyone who compares its
library with the store's knows whether it has to be made again (see `refresh`); no TensorFlow here.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from feedback.db import Database
from feedback.knowledge import Catalogue, CatalogueItem, ProductLine, ReplyBook, ReplyLine

# What a snapshot keeps of a product: price and stock are no words.
OWN_WORDS: Final = (
    "product_id", "title", "body", "vendor", "category", "tags", "image", "url", "active",
)  # fmt: skip
EXTRA: Final = "assets.extra"  # next to the SavedModel; the model server leaves this folder alone
LINEAGE: Final = "lineage.json"
CARD: Final = "model_card.md"
DIGEST_CHARS: Final = 16  # of 64: a version holds thousands of them, and nobody attacks them


class Library(NamedTuple):
    """The shop's own words, as they stand in the store."""

    replies: tuple[ReplyLine, ...]
    products: tuple[ProductLine, ...]  # those for sale or not, without their variants
    replaced: Mapping[str, str] = MappingProxyType({})  # superseded replies, and those instead

    def digests(self) -> dict[str, str]:
        """A name for each half; it changes with any word that the model reads.

        Price and stock are no words, so that a sale does not make a version.
        """
        replies = sorted([line.reply_id, line.locale, line.text] for line in self.replies)
        products = sorted(
            [line.product_id, line.title, _titles(line), line.category, line.tags]
            for line in self.products
            if line.active
        )
        return {"replies": _digest(replies), "products": _digest(products)}


def read_library(db: Database) -> Library:
    """What the store holds now."""
    book = ReplyBook(db)
    replies = (ReplyLine(row.reply_id, row.text, row.locale) for row in book.replies())
    products = from_catalogue(Catalogue(db).products())
    return Library(tuple(replies), tuple(products), book.replaced())


def from_catalogue(items: Iterable[CatalogueItem]) -> list[ProductLine]:
    """The shop's products as lines, their words alone: no price, no stock, no number."""
    return [
        ProductLine(
            **{name: getattr(item.product, name) for name in OWN_WORDS},
            variants=(),
            translations=item.translations,
        )
        for item in items
    ]


def _titles(line: ProductLine) -> list[tuple[str, str]]:
    return [(said.locale, said.title) for said in line.translations]


def digests_by_reply(texts: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """A name for all the texts of each reply, given as (reply_id, locale, text)."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for reply_id, locale, text in texts:
        found[reply_id].append((locale, text))
    return {reply_id: _digest(sorted(theirs)) for reply_id, theirs in found.items()}


def lineage(folder: Path) -> dict[str, Any]:
    """What is written next to a version: its configuration, replies, scores and lineage."""
    read: dict[str, Any] = json.loads((folder / EXTRA / LINEAGE).read_text(encoding="utf-8"))
    return read


def made_by(folder: Path, run_id: str) -> bool:
    """Whether a run made the version in `folder`; one that was made elsewhere names no run."""
    try:
        return lineage(folder).get("run_id") == run_id
    except (OSError, ValueError):
        return False


def outdated(about: Mapping[str, Any], library: Library) -> list[str]:
    """Which halves of the library of a version, by its lineage, are not the store's.

    A version made from files says nothing of a library, and is left as it is. One that an older
    program made of a store says nothing either, but held one, and nobody knows which.

    >>> empty = Library((), ())
    >>> outdated({}, empty), outdated({"library": empty.digests()}, empty)
    ([], [])
    >>> outdated({"data_hash": "ab"}, empty)
    ['replies', 'products']
    >>> outdated({"library": {"replies": "other", "products": "other"}}, empty)
    ['replies', 'products']
    """
    held = about.get("library")
    if held is None:
        if "data_hash" not in about:
            return []
        held = {}
    return [half for half, digest in library.digests().items() if held.get(half) != digest]


def _digest(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST_CHARS]
