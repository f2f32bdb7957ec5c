"""Names of products in a text: the longest title that stands there, in any language."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, Protocol

from feedback.languages import LANGUAGES

# Words and numbers; of scripts without spaces each letter is one.
_WORDS: Final = re.compile(
    "["
    + "".join(each.script for each in LANGUAGES.values() if not each.spaced)
    + r"]|[a-z0-9ß-öø-ɏ]+"
)


class NamedProduct(NamedTuple):
    """A product's name in a text."""

    start: int
    end: int
    product_id: str


class FindsProducts(Protocol):
    """Finds products by their names in a text."""

    def find(self, text: str) -> Iterator[NamedProduct]:
        """Where names stand, in order."""
        ...


class ProductNames:
    """A catalogue's titles, found by their words whatever the case, and signs between them."""

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        """`titles`: each with its product's id; of equal ones the first counts."""
        self._ids: dict[tuple[str, ...], str] = {}
        self._beginnings: set[tuple[str, ...]] = set()
        for title, product_id in titles:
            words = tuple(word for word, _, _ in _words(title))
            if words:
                self._ids.setdefault(words, product_id)
                self._beginnings.update(words[:count] for count in range(1, len(words) + 1))

    def find(self, text: str) -> Iterator[NamedProduct]:
        """The names in a text, each at its longest.

        >>> names = ProductNames([("Firefly Camp Lantern", "lantern"), ("山脊双肩包", "ridge")])
        >>> [name.product_id for name in names.find("is the firefly camp-lantern like 山脊双肩包?")]
        ['lantern', 'ridge']
        """
        words = list(_words(text))
        at = 0
        while at < len(words):
            longest, count = None, 1
            while (said := tuple(w for w, _, _ in words[at : at + count])) in self._beginnings:
                if said in self._ids:
                    longest = NamedProduct(words[at][1], words[at + count - 1][2], self._ids[said])
                if at + count == len(words):
                    break
                count += 1
            if longest is not None:
                yield longest
            at += 1 if longest is None else sum(words[at][1] <= w[1] < longest.end for w in words)


def _words(text: str) -> Iterator[tuple[str, int, int]]:
    return ((found[0], found.start(), found.end()) for found in _WORDS.finditer(text.lower()))
