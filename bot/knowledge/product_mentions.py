"""Mentions of products in a text, so that a ranker reads a placeholder in the place of a name.

A model that never heard of a "ridge backpack" is less sure what "can i return the ridge backpack"
asks than of "can i return the [product]". What the reply book's own questions say it knows.
"""

from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Final

from bot.knowledge.product_index import ProductIndex
from bot.knowledge.product_names import NAMED_BY_ONE_WORD
from bot.knowledge.search_terms import WORD, indexed_words, singular
from feedback.entities import NamedProduct

KEPT: Final = 2_048  # texts read
MOST_BETWEEN: Final = 1  # words inside a name that are none of its own: "the ridge 22 l backpack"
LONGEST: Final = 200  # letters; what is longer is a reply, and no question with a name in it


class ProductMentions:
    """Finds products by their names, short ones too, whose words the reply book does not use."""

    def __init__(
        self, index: Callable[[], ProductIndex], known: Callable[[], Collection[str]]
    ) -> None:
        """`known` gives the words of the reply book's questions."""
        self._index = index
        self._known = known
        self._read = lru_cache(KEPT)(self._read_anew)

    def find(self, text: str) -> Iterator[NamedProduct]:
        """Where names stand, in order."""
        if len(text) <= LONGEST:
            yield from self._read(text, self._index().version)

    def _read_anew(self, text: str, version: int) -> tuple[NamedProduct, ...]:
        del version  # of the index: the same words may name another product by then
        index, known, lower = self._index(), self._known(), text.lower()
        written = list(indexed_words(text))
        words = index.corrected(written)
        found = []
        for entry, hit in index.named(words, text):
            misspelt = len(hit.words) == 1 and hit.words.isdisjoint(written)
            if hit.share < NAMED_BY_ONE_WORD or hit.words.issubset(known) or misspelt:
                continue
            titles = (entry.title, *entry.titles.values())
            whole = next((t for each in titles if (t := each.lower()) in lower), None)
            span = _span(text, hit.words, index)
            if whole is not None:
                start = lower.index(whole)
                span = start, start + len(whole)
            if span is not None:
                found.append(NamedProduct(*span, entry.product_id))
        return tuple(sorted(found))


def _span(text: str, words: Collection[str], index: ProductIndex) -> tuple[int, int] | None:
    """From the first of a name's words to the last; None where other words part them."""
    said = list(WORD.finditer(text.lower()))
    called = index.corrected(singular(each[0]) for each in said)
    own = [number for number, word in enumerate(called) if word in words]
    if not own or own[-1] - own[0] + 1 - len(own) > MOST_BETWEEN:
        return None
    return said[own[0]].start(), said[own[-1]].end()
