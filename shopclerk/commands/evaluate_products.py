"""Catalogue questions for `shopclerk evaluate --knowledge`: what the chat says of products."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from feedback.db import EPOCH, Database
from feedback.knowledge import BadLine, Catalogue, read_products

if TYPE_CHECKING:
    from bot.knowledge import Knowledge, KnowledgeQuery, SentenceEmbedder

PREFIX: Final = "products_"  # of a collection that is a catalogue


def is_catalogue(collection: str) -> bool:
    """Whether a collection is a catalogue: `SOURCES/products_demo/demo.csv`."""
    return collection.startswith(PREFIX)


class CatalogueExam:
    """A catalogue, answered from as in the chat."""

    def __init__(self, knowledge: "Knowledge", file: str) -> None:
        """`file` is what its products are cited by: `products/demo.csv#…`."""
        self._knowledge = knowledge
        self._file = file

    def answer(self, query: "KnowledgeQuery") -> tuple[list[dict[str, str]], float]:
        """What is said, with the product it is said of, and how sure it is; nothing: silence."""
        from bot.knowledge import Composed

        ranking = self._knowledge.rank(query)
        if not ranking.candidates:
            return [], 0.0
        said = self._knowledge.compose(ranking.candidates[0], query)
        if not isinstance(said, Composed) or not said.products:
            return [], 0.0
        text = said.citations[0].text if said.citations else said.text
        source = f"products/{self._file}#{said.products[0].product_id}"
        return [{"source": source, "text": text}], ranking.confidence


@contextmanager
def opened_catalogue(
    folder: Path, reader: "SentenceEmbedder", bad: list[BadLine]
) -> Iterator[CatalogueExam]:
    """The products of a folder's files, in a store of its own for as long as it is asked."""
    from bot.knowledge import CatalogueSource, Knowledge, ProductSearch, ProductTexts

    paths: Sequence[Path] = sorted(path for path in folder.glob("*") if path.is_file())
    if not paths:
        bad.append(BadLine(folder, 0, "no such folder of product files"))
    with tempfile.TemporaryDirectory(prefix="shopclerk-") as store:
        database = Database(f"sqlite:///{store}/products.db")
        database.migrate()
        catalogue = Catalogue(database)
        catalogue.put_products(list(read_products(paths, bad)), EPOCH)
        products = ProductSearch(catalogue, public_url="")
        texts = ProductTexts(products, reader)
        knowledge: Any = Knowledge(CatalogueSource(products, descriptions=texts), texts)
        yield CatalogueExam(knowledge, paths[0].name if paths else "")
        database.close()
