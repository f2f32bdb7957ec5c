"""Finds products a shopper may like, by words, model, price, colour and size; always in stock."""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from urllib.parse import parse_qs, quote, urlsplit

from bot.answer import NOWHERE, Card, Place
from bot.language import HAN
from bot.money import read_price
from bot.phrases import phrases
from bot.suggestions import Asked, Suggestions, blend
from bot.wishes import Wish, colours_in, read_wish, sizes_in
from feedback.book import Book, CatalogueItem
from feedback.models import Variant
from serving.contract import Turn, render_dialogue
from serving.ranker import Recommender

MAX_CARDS: Final = 4
# How much a word counts, by where it stands.
TITLE, CATEGORY, TAG, OPTION, BODY = 3.0, 2.5, 2.0, 1.5, 0.5

# Words that wish for something but do not say for what.
STOP_WORDS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a about also an and any anything are as at available be best bigger boyfriend brother
        but buy can cheap cheaper color colour could dad different do does else father find for
        friend get girlfriend give good got great have hello help her hey hi him his how husband
        i idea ideas im in instead is it item items just kid less like look looking love maybe
        me mom more mother mum my need nice no not of ok okay on one ones only or other our out
        perfect please popular prefer preferably present price product products rather really
        recommend recommendation sell shop shopping show sister size smaller some someone
        something still stock stuff suggest suggestion thank thanks that the them then there
        thing things this to too under us very wanna want was we what whats which wife will with
        would yes you your
        """,
    )
)
STOP_HAN = re.compile(
    r"推荐|什么|有没有|可以|适合|想要|需要|帮我|看看|一下|一个|一件|一款|多少|价格|便宜|商品|东西|产品|现货|有货|库存"
    r"|妈妈|爸爸|女朋友|男朋友|朋友|老婆|老公|男友|女友|你们|我们|您好|你好|请问|颜色|哪些|哪个|哪款|[我你您他她的了吗呢吧啊想要买找有没给送个件款些种和或与在是请把来好]"
)
HAN_RUN = re.compile(rf"{HAN.pattern}+")


@dataclass(frozen=True, eq=False)
class _Entry:
    item: CatalogueItem
    variants: tuple[Variant, ...]  # those in stock
    colours: frozenset[str]  # named in the title or the tags: they hold for every variant


@dataclass(frozen=True)
class _Index:
    stamp: str
    entries: Sequence[_Entry]
    postings: dict[str, list[tuple[int, float]]]  # word → (entry, weight)
    places: dict[str, int]  # product → entry
    pages: dict[str, int]  # path (and number) of a product's page → entry

    def at(self, page: str | None) -> _Entry | None:
        """The product whose page this is, if it is in stock."""
        number = self.pages.get(page_key(page)) if page else None
        return None if number is None else self.entries[number]


class Catalogue:
    """The products in memory, indexed anew when the book's stamp changes."""

    def __init__(
        self, book: Book, *, public_url: str, recommender: Recommender | None = None
    ) -> None:
        """Index nothing yet; `public_url` completes addresses the shop gave without a host."""
        self._book = book
        self._suggestions = Suggestions(recommender)
        self._public_url = public_url.rstrip("/")
        self._index: _Index | None = None

    def search(
        self,
        texts: Sequence[str],
        *,
        locale: str,
        limit: int = MAX_CARDS,
        asked: Asked | None = None,
        place: Place = NOWHERE,
    ) -> tuple[Card, ...]:
        """The best products in stock for a wish.

        Args:
            texts: The shopper's turns, newest first. A turn that only narrows ("under 50?") takes
                its words from the one before.
            locale: The language of titles and prices.
            limit: At most so many cards.
            asked: What the clerk asked the model with; None where the model is not to be asked: in
                the holdout words alone decide.
            place: The page and basket the shopper is on: "in blue?" asks for the page's product,
                "something to go with it" looks near it, and what is in the basket is not shown.
        """
        newest, *before = (read_wish(text) for text in texts[:2])
        wish = newest
        if before and newest.narrows and not query_words(newest.words):
            wish = replace(newest, words=before[0].words)
            # The model too is asked as it was when the turn before was said.
            asked = asked and asked._replace(dialogue=_rendered(texts[1]))
        index = self._current()
        suggested = self._suggestions.of(asked)
        words, here = query_words(wish.words), index.at(place.page)
        ranked = _ranked(index, words, suggested)
        if here is not None and not words:
            ranked = _near(here, ranked, first=wish.narrows)
        fitting = (
            (entry, variants)
            for entry in ranked
            if entry.item.product.product_id not in place.basket
            and (variants := _fitting(entry, wish))
        )
        return tuple(
            self._card(entry, variants, locale) for entry, variants in islice(fitting, limit)
        )

    def _card(self, entry: _Entry, variants: Sequence[Variant], locale: str) -> Card:
        product = entry.item.product
        prices = [variant.price for variant in variants]
        price = read_price(min(prices), variants[0].currency)
        if min(prices) != max(prices):
            price = phrases(locale).from_price.format(price=price)
        return Card(
            product_id=product.product_id,
            title=(product.title_zh if locale == "zh" else "") or product.title,
            price=price,
            image=self._absolute(product.image) if product.image else "",
            url=self._absolute(product.url or f"/products/{quote(product.product_id)}"),
            in_stock=True,
            variant_id=variants[0].variant_id if len(variants) == 1 else "",
        )

    def _absolute(self, address: str) -> str:
        if address.startswith(("http://", "https://")):
            return address
        return f"{self._public_url}/{address.lstrip('/')}"

    def _current(self) -> _Index:
        stamp = self._book.stamp()
        index = self._index
        if index is None or index.stamp != stamp:
            index = _build_index(stamp, self._book.products())
            self._index = index
        return index


def query_words(text: str) -> list[str]:
    """The words worth searching for: Latin ones in the singular, Chinese ones in pairs.

    >>> query_words("do you have any wool socks?")
    ['wool', 'sock']
    >>> query_words("推荐一个双肩包")
    ['双肩', '肩包']
    """
    text = unicodedata.normalize("NFKC", text).lower()
    latin = [word for word in re.findall(r"[a-z]{2,}", text) if word not in STOP_WORDS]
    han = [pair for run in HAN_RUN.findall(STOP_HAN.sub(" ", text)) for pair in _pairs(run)]
    return [_singular(word) for word in latin if _singular(word) not in STOP_WORDS] + han


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _build_index(stamp: str, items: Iterable[CatalogueItem]) -> _Index:
    entries: list[_Entry] = []
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for item in items:
        in_stock = tuple(v for v in item.variants if v.quantity is None or v.quantity > 0)
        if not item.product.active or not in_stock:
            continue
        for word, weight in _weights(item).items():
            postings[word].append((len(entries), weight))
        named = " ".join([item.product.title, item.product.title_zh, *item.product.tags])
        entries.append(_Entry(item, in_stock, colours_in(named)))
    places = {entry.item.product.product_id: number for number, entry in enumerate(entries)}
    pages = {
        page_key(entry.item.product.url or f"/products/{quote(id_)}"): places[id_]
        for entry in entries
        for id_ in [entry.item.product.product_id]
    }
    return _Index(stamp, entries, dict(postings), places, pages)


def page_key(address: str) -> str:
    """What tells one product's page from another's: the path, and WordPress's number.

    >>> page_key("https://shop.example/products/mug?utm=x#top"), page_key("/?p=93&x=1")
    ('/products/mug', '/?p=93')
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # not an address; whoever sends one gets no product for it
        return address
    number = parse_qs(parts.query).get("p", [""])[0]
    return (parts.path.rstrip("/") or "/") + (f"?p={number}" if number.isdecimal() else "")


def _near(here: _Entry, ranked: Iterable[_Entry], *, first: bool) -> Iterator[_Entry]:
    """What stands near the page's product, then the rest; itself only where it is asked about."""
    if first:
        yield here
    rest = []
    for entry in ranked:
        if entry is here:
            continue
        if entry.item.product.category == here.item.product.category:
            yield entry
        else:
            rest.append(entry)
    yield from rest


def _weights(item: CatalogueItem) -> dict[str, float]:
    """Each word of a product with the weight of the best place it stands in."""
    product = item.product
    options = " ".join(value for variant in item.variants for value in variant.options.values())
    places = [
        (BODY, f"{product.body} {product.body_zh} {product.vendor}"),
        (OPTION, options),
        (TAG, " ".join(product.tags)),
        (CATEGORY, product.category),
        (TITLE, f"{product.title} {product.title_zh}"),
    ]
    weights: dict[str, float] = {}
    for weight, text in places:
        text = unicodedata.normalize("NFKC", text).lower()
        for word in re.findall(r"[a-z]{2,}", text):
            weights[_singular(word)] = weight
        for run in HAN_RUN.findall(text):
            # A lone character is a word too (包, 伞), found when it is all the shopper wrote.
            for word in {*_pairs(run), *run}:
                weights[word] = max(weight, weights.get(word, 0.0))
    return weights


def _ranked(
    index: _Index, words: Sequence[str], suggested: Mapping[str, float]
) -> Iterable[_Entry]:
    """Entries that fit the words and the model's suggestions; a varied shelf where none say what.

    What the model suggests and is not in the index is out of stock or withdrawn.
    """
    known = {index.places[id_]: score for id_, score in suggested.items() if id_ in index.places}
    best = [index.entries[number] for number in blend(_by_words(index, words), known)]
    return best if words else dict.fromkeys([*best, *_varied(index.entries)])


def _by_words(index: _Index, words: Sequence[str]) -> dict[int, float]:
    """The weight of the words that entries share with the wish, rare words counting more."""
    scores: dict[int, float] = defaultdict(float)
    for word in words:
        found = index.postings.get(word, [])
        rarity = math.log(1 + len(index.entries) / len(found)) if found else 0.0
        for number, weight in found:
            scores[number] += rarity * weight
    return scores


def _varied(entries: Sequence[_Entry]) -> list[_Entry]:
    """Every entry, one of each category first: for a wish that names none."""
    shelves: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        shelves[entry.item.product.category].append(entry)
    depth = max((len(shelf) for shelf in shelves.values()), default=0)
    return [shelf[i] for i in range(depth) for shelf in shelves.values() if i < len(shelf)]


def _fitting(entry: _Entry, wish: Wish) -> list[Variant]:
    """The variants in stock that meet the wish's price, colour and size."""
    return [
        variant
        for variant in entry.variants
        if (wish.low is None or variant.price >= wish.low)
        and (wish.high is None or variant.price <= wish.high)
        and _has_colour(entry, variant, wish.colours)
        and _has_size(variant, wish.sizes)
    ]


def _has_colour(entry: _Entry, variant: Variant, wished: frozenset[str]) -> bool:
    if not wished:
        return True
    own = colours_in(" ".join(variant.options.values()))
    return bool(wished & (own or entry.colours))


def _has_size(variant: Variant, wished: frozenset[str]) -> bool:
    """A variant without a size option fits everyone."""
    values = [
        value
        for name, value in variant.options.items()
        if any(word in name.lower() for word in ("size", "尺码", "尺寸"))
    ]
    return not wished or not values or any(wished & sizes_in(value) for value in values)


def _rendered(text: str) -> str:
    return render_dialogue([Turn("shopper", text)])
