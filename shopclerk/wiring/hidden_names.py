"""Product names hidden in what a model learns, as they are in what it is asked.

The ranker of replies reads `[product]` where a shopper names a product in words that the book's
questions do not use; dialogues that were accepted are learned so, too.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.knowledge import CatalogueSource, ProductSearch, ReplyBookCache
from feedback.db import Database
from feedback.entities import FindsProducts, masked
from feedback.knowledge import Catalogue, ReplyBook
from feedback.signals import Gathered, Logged


def names_of(database: Database) -> FindsProducts:
    """Finds the names of the shop's products, as the bot does."""
    cache = ReplyBookCache(ReplyBook(database))
    cache.refresh()
    products = ProductSearch(Catalogue(database), public_url="")
    return CatalogueSource(products).mentions(cache.words)


def without_names(gathered: Gathered, names: FindsProducts) -> Gathered:
    """What is learned from, each turn as the ranker reads it."""
    examples = [
        replace(
            each,
            turns=tuple((who, masked(text, products=names)) for who, text in each.turns),
        )
        for each in gathered.examples
    ]
    return gathered._replace(examples=examples)


def log_without_names(log: Sequence[Logged], names: FindsProducts) -> list[Logged]:
    """The decisions that a later model is judged by, each question as the ranker reads it."""
    return [each._replace(question=masked(each.question, products=names)) for each in log]


def texts_without_names(texts: Sequence[str], names: FindsProducts) -> list[str]:
    """Messages as the ranker reads them."""
    return [masked(text, products=names) for text in texts]
