"""A product as the index in memory holds it: what a search, a card and an answer need of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from bot.knowledge.product_query import ProductFilters, colours_in, is_size, sizes_in
from bot.knowledge.search_terms import indexed_words, last_word, name_words
from bot.languages import all_packs
from feedback.knowledge import CatalogueItem

# How much a word counts, by where it stands.
TITLE, CATEGORY, TAG, OPTION, BODY = 3.0, 2.5, 2.0, 1.5, 0.5
CLAUSE_END: Final = re.compile(r"[,;:.!?，。；：！？\n]")
NO_TITLES: Final[Mapping[str, str]] = MappingProxyType({})  # one for all: entries are many


class IndexedVariant(NamedTuple):
    """A size or colour of a product."""

    variant_id: str
    in_stock: bool
    values: tuple[str, ...]  # of its options, as the catalogue names them
    price: Decimal
    currency: str
    colours: frozenset[str]  # its own options'
    sizes: tuple[frozenset[str], ...]  # of each option that is a size


@dataclass(frozen=True, eq=False, slots=True)
class IndexedProduct:
    """A product for sale, as far as a search, a card and an answer need it."""

    product_id: str
    title: str
    titles: Mapping[str, str]  # by locale, where it has one of its own there
    category: str
    image: str
    url: str
    colours: frozenset[str]  # named in the title or the tags: they hold for every variant
    variants: tuple[IndexedVariant, ...]
    words: frozenset[str] = frozenset()  # of its titles and its category: what it is called
    kinds: frozenset[str] = frozenset()  # of its category, its tags, and what its titles end in

    @property
    def offers(self) -> list[IndexedVariant]:
        """The variants in stock."""
        return [variant for variant in self.variants if variant.in_stock]

    def title_in(self, locale: str) -> str:
        """Its name in a language."""
        return self.titles.get(locale, self.title)

    def fitting(self, query: ProductFilters) -> list[IndexedVariant]:
        """The offers that meet the query's price, colour and size."""
        return [offer for offer in self.matching(query) if offer.in_stock]

    def matching(self, query: ProductFilters) -> list[IndexedVariant]:
        """The variants, in stock or not, that meet the query's price, colour and size.

        Where variants tell colours of their own, one that tells none we know ("Mustard") has none
        of the title's and the tags' either.
        """
        of_all = frozenset() if any(each.colours for each in self.variants) else self.colours
        return [
            offer
            for offer in self.variants
            if (query.low is None or offer.price >= query.low)
            and (query.high is None or offer.price <= query.high)
            and (not query.colours or set(query.colours) & (offer.colours or of_all))
            # A variant without a size option fits everyone.
            and (
                not query.sizes
                or not offer.sizes
                or any(named & set(query.sizes) for named in offer.sizes)
            )
        ]


def entry_of(item: CatalogueItem) -> IndexedProduct | None:
    """The product as it is searched for; None where it is not for sale."""
    product = item.product
    if not product.active or not item.variants:
        return None
    titles = {said.locale: said.title for said in item.translations if said.title}
    named = " ".join([product.title, *titles.values(), *product.tags])
    return IndexedProduct(
        product_id=product.product_id,
        title=product.title,
        titles=titles or NO_TITLES,
        category=product.category,
        image=product.image,
        url=product.url,
        colours=colours_in(named),
        words=frozenset().union(
            *map(name_words, (product.title, *titles.values(), product.category))
        ),
        kinds=frozenset(map(last_word, (product.title, *titles.values()))).union(
            *map(name_words, (product.category, *product.tags))
        ),
        variants=tuple(
            IndexedVariant(
                variant_id=one.variant_id,
                in_stock=one.quantity is None or one.quantity > 0,
                values=tuple(one.options.values()),
                price=one.price,
                currency=one.currency,
                colours=colours_in(" ".join(one.options.values())),
                sizes=tuple(
                    sizes_in(value) for name, value in one.options.items() if is_size(name)
                ),
            )
            for one in item.variants
        ),
    )


def weights_of(item: CatalogueItem) -> dict[str, float]:
    """Each word of a product with the weight of the best place it stands in."""
    product, translations = item.product, item.translations
    bodies = (product.body, *(said.body for said in translations))
    options = " ".join(value for variant in item.variants for value in variant.options.values())
    places = [
        (BODY, " ".join([*map(_not_denied, bodies), product.vendor])),
        (OPTION, options),
        (TAG, " ".join(product.tags)),
        (CATEGORY, product.category),
        (TITLE, " ".join([product.title, *(said.title for said in translations)])),
    ]
    weights: dict[str, float] = {}
    for weight, text in places:
        for word in indexed_words(text):
            weights[word] = max(weight, weights.get(word, 0.0))
    return weights


def _not_denied(body: str) -> str:
    """A description without the clauses that deny something: who looks for it is not shown this.

    >>> _not_denied("Likes shade, but is toxic to cats. Water it weekly.")
    'Likes shade Water it weekly'
    """
    clauses = CLAUSE_END.split(body)
    return " ".join(each.strip() for each in clauses if not _denied().search(each)).strip()


@cache
def _denied() -> re.Pattern[str]:
    """How a description denies, in every language."""
    patterns = [pack.products.denied for pack in all_packs() if pack.products.denied]
    return re.compile("|".join(f"(?:{each})" for each in patterns) or "(?!)", re.IGNORECASE)
