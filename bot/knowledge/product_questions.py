"""Reads a turn as a question about products: names, cues, filters, what it points at, what is left.

Pure but for the index. What a turn does not say, the dialogue's state does: see `product_focus`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, Literal, get_args

from bot.knowledge.indexed_product import IndexedProduct
from bot.knowledge.product_facts import NOTHING_ASKED, AskedFacts, facts_asked
from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_names import NAMED_BY_ONE_WORD
from bot.knowledge.product_query import ProductQuery, read_product_query
from bot.knowledge.search_terms import indexed_words, query_words
from bot.languages import LanguagePack, all_packs

Extreme = Literal["cheapest", "dearest"]
Cue = Literal["cheaper", "dearer", "others", "price", "sizes", "colours", "stock"]
CUES: Final[tuple[Cue, ...]] = get_args(Cue)  # the first that is said counts
EXTREMES: Final[tuple[Extreme, ...]] = get_args(Extreme)
LAST: Final = -1
BEHIND_THE: Final = 2  # "the cruise watch"
NUMBER: Final = re.compile(r"(?<![\d.,$€£¥])\d{2}(?![\d.,%])")


@dataclass(frozen=True)
class ProductQuestion:
    """A turn, as far as it speaks of products."""

    named: tuple[IndexedProduct, ...]
    cue: Cue | None  # what is asked of them
    wanted: bool  # "show me", "looking for"
    points: bool  # "it", "that one"
    of_it: bool  # what "it" is or does is asked, whatever else is named
    ordinal: int | None  # "the second one" of those shown, from 0; LAST
    filters: ProductQuery
    rest: tuple[str, ...]  # words that are none of these
    words: tuple[str, ...]  # the same, with those that name products
    sold: tuple[str, ...]  # those of them that say what is looked for
    by_one_word: bool = False  # named by a single rare word of a title, which may mean other things
    loosely: bool = False  # a word of it that alone means little: "the evening"
    numbers: tuple[str, ...] = ()  # "sneakers 40": sizes, where the product has some
    only: tuple[IndexedProduct, ...] = ()  # the one product that these call by its kind
    facts: AskedFacts = NOTHING_ASKED  # of it, asked for in words that descriptions lack
    asks: bool = False  # rather than names or wishes for something
    serves: bool = False  # it asks what the shop does with a product: sends it, takes it back
    definite: bool = False  # "the folding one"
    sells: bool = False  # it asks whether the shop has such things: "do you sell cacti"
    extreme: Extreme | None = None  # of those that were shown, by price
    which: bool = False  # of those that were shown: "which one is lighter"
    popular: bool = False  # it asks for what is bought most
    goes_on: bool = False  # it asks the same of something else: "what about plants"
    seeks: bool = False  # it looks for something of the shop's, by its name or its purpose
    conditioned: bool = False  # "something for a dark corner"

    @property
    def is_bare(self) -> bool:
        """Whether nothing is left once names, cues and filters are read."""
        return not self.rest and not self.facts.told

    @property
    def is_about_products(self) -> bool:
        """Whether any of its words says so: "thanks" leaves nothing over, and asks nothing."""
        return bool(
            self.named
            or self.only
            or self.cue
            or self.wanted
            or self.points
            or self.ordinal is not None
            or self.filters.narrows
            or self.numbers
            or self.extreme
            or self.facts.told
        )

    @property
    def asks_for_a_deed(self) -> bool:
        """Whether a question has a product's words by chance: "can you test water", of a kit."""
        of_product = self.named or self.definite or self.points or self.ordinal is not None
        return self.asks and not (of_product or self.wanted or self.seeks)

    def of(self, product: IndexedProduct) -> "ProductQuestion":
        """The same, asked of a product that some of the words point out: "the folding one"."""
        if self.named or not self.definite:
            return self
        called = product.words | product.kinds
        return replace(
            self,
            rest=tuple(word for word in self.rest if word not in called),
            sold=tuple(word for word in self.sold if word not in called),
        )


def read_product_question(text: str, index: ProductIndex, locale: str) -> ProductQuestion:
    """Read a turn; the names of products are read first, so that "22 L" in one is no size."""
    cues = _cues(all_packs())
    words = index.corrected(query_words(_without_cues(text, cues), locale))
    definite = bool(cues.definite.search(text))
    hits = index.named(words, text, definite=_behind_the(text, cues, locale, index))
    named = tuple(entry for entry, _ in hits)
    unnamed = _without_titles(text, named)
    filters = read_product_query(unnamed, index.currency, index.coloured_kinds)
    plain = filters.words
    cue = next((name for name in CUES if cues[name].search(plain)), None)
    taken = frozenset[str]().union(*(hit.words for _, hit in hits))
    left = index.corrected(query_words(_without_cues(plain, cues), locale))
    rest = tuple(word for word in left if word not in taken)
    if not left and not named and cue is None:
        rest = tuple(kinds_said(plain, index))
    sold = tuple(word for word in rest if index.sells(word))
    only = next(
        (one for count in (len(sold), 1) if (one := index.only(sold[:count])) is not None), None
    )
    if only is not None and not named:
        rest = tuple(word for word in rest if word not in only.words)
    return ProductQuestion(
        named=named,
        cue=cue,
        wanted=bool(cues.show.search(plain)),
        points=bool(cues.it.search(plain)),
        of_it=bool(cues.of_it.search(text)),
        ordinal=ordinal_of(plain),
        filters=filters,
        rest=rest,
        words=_all_words(text, cues, index, locale),
        sold=sold,
        by_one_word=any(len(hit.words) == 1 and hit.share < 1 for _, hit in hits),
        loosely=any(hit.share < NAMED_BY_ONE_WORD for _, hit in hits),
        numbers=tuple(NUMBER.findall(plain)),
        only=(only,) if only is not None and not named else (),
        facts=facts_asked(_without_words(text, taken.union(only.words if only else ()))),
        asks=bool(cues.questions.search(text)),
        serves=bool(cues.service.search(plain)),
        definite=definite,
        sells=bool(cues.sells.search(text)),
        extreme=next((name for name in EXTREMES if cues.extremes[name].search(plain)), None),
        which=bool(cues.which.search(plain)),
        popular=bool(cues.popular.search(plain)),
        goes_on=bool(cues.goes_on.search(text)),
        seeks=bool(cues.seeks.search(text)),
        conditioned=bool(cues.something.search(text)),
    )


def kinds_said(text: str, index: ProductIndex) -> list[str]:
    """The kinds of products among the words that a search leaves out: "and colour?", of films.

    The "and" of a category "Black and white" is none.
    """
    said = _bare(all_packs()).sub(" ", text)
    return [
        word for word in dict.fromkeys(indexed_words(said)) if len(word) > 1 and index.sells(word)
    ]


@cache
def _bare(packs: tuple[LanguagePack, ...]) -> re.Pattern[str]:
    """Words that say nothing of what is asked about, in any language."""
    return _any(pack.turns.bare for pack in packs)


def ordinal_of(text: str) -> int | None:
    """Which one a text counts off, from 0; LAST is -1; None where it counts none.

    >>> ordinal_of("the second one"), ordinal_of("第一个"), ordinal_of("second hand?")
    (1, 0, None)
    """
    cues = _cues(all_packs())
    if cues.last.search(text):
        return LAST
    return next((at for at, said in enumerate(cues.ordinals) if said.search(text)), None)


class _Cues:
    """The cues of all languages together: shoppers mix them."""

    def __init__(self, packs: tuple[LanguagePack, ...]) -> None:
        said = [pack.products for pack in packs]
        self._cues = {cue: _any(getattr(words, cue) for words in said) for cue in CUES}
        self.extremes = {one: _any(getattr(words, one) for words in said) for one in EXTREMES}
        self.something = _any(words.something for words in said)
        self.goes_on = _any(words.goes_on for words in said)
        self.seeks = _any(words.seeks for words in said)
        self.which = _any(words.which for words in said)
        self.popular = _any(words.popular for words in said)
        self.show = _any(words.show for words in said)
        self.it = _any(words.it for words in said)
        self.of_it = _any(words.of_it for words in said)
        self.last = _any(words.last for words in said)
        self.questions = _any(words.questions for words in said)
        self.service = _any(words.service for words in said)
        self.sells = _any(words.sells for words in said)
        self.definite = _any(words.definite for words in said)
        most = max(len(words.ordinals) for words in said)
        self.ordinals = [
            _any(words.ordinals[at] for words in said if at < len(words.ordinals))
            for at in range(most)
        ]
        self.all = [
            *self.extremes.values(),
            self.popular,
            *self._cues.values(),
            self.show,
            self.last,
            *self.ordinals,
        ]

    def __getitem__(self, cue: Cue) -> re.Pattern[str]:
        return self._cues[cue]


_cues = cache(_Cues)


def _without_cues(text: str, cues: _Cues) -> str:
    for cue in cues.all:
        text = cue.sub(" ", text)
    return text


def _all_words(text: str, cues: _Cues, index: ProductIndex, locale: str) -> tuple[str, ...]:
    """The words of a turn without cues and filters, those of products' names among them."""
    plain = read_product_query(text, index.currency, index.coloured_kinds).words
    return tuple(index.corrected(query_words(_without_cues(plain, cues), locale)))


def _without_words(text: str, words: Iterable[str]) -> str:
    """Without the words of a product's name: a "rain jacket" asks nothing about rain."""
    spaced = sorted(word for word in words if word.isascii())
    named = re.compile(rf"\b(?:{_any(map(re.escape, spaced)).pattern})(?:e?s)?\b", re.IGNORECASE)
    return named.sub(" ", text) if spaced else text


def _without_titles(text: str, named: Iterable[IndexedProduct]) -> str:
    for product in named:
        for title in (product.title, *product.titles.values()):
            text = re.sub(re.escape(title), " ", text, flags=re.IGNORECASE)
    return text


def _behind_the(text: str, cues: _Cues, locale: str, index: ProductIndex) -> list[str]:
    """The two words behind each "the"; in a script without spaces all that follow."""
    said = [text[match.end() :] for match in cues.definite.finditer(text)]
    near = [" ".join(each.split()[:BEHIND_THE]) for each in said]
    return index.corrected(word for each in near for word in query_words(each, locale))


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(each for each in patterns if each) or "(?!)", re.IGNORECASE)
