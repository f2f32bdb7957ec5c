"""Names of products in a question: full and short titles, in any language, with typing errors.

A name is most of a title's rare words. "the ridge" is one where a single title has that word; one
of many lanterns is a kind of product, which a search finds.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

# Of a title's words, rare ones weighing more. "Ridge Backpack" for "Ridge Backpack 22 L" is 1;
# "backpack" for it a third.
NAMED: Final = 0.6
NAMED_BY_ONE_WORD: Final = 0.5
SHORTEST_MISSPELT: Final = 4
MOST_NAMED: Final = 3


class NameHit(NamedTuple):
    """A product's name in a question."""

    number: int  # the entry's
    share: float  # of the title's words, by their weight
    words: frozenset[str]  # that it takes of the question


class NameIndex:
    """Titles by their words."""

    def __init__(self) -> None:
        self._titles: dict[str, list[tuple[int, frozenset[str]]]] = {}  # word → entry, its title
        self._one_off: dict[str, str] = {}  # a word with a letter less → the word
        self._count = 0

    def add(self, number: int, titles: Sequence[frozenset[str]]) -> None:
        """Put an entry's titles in, each as its words."""
        self._count += 1
        for words in titles:
            for word in words:
                if word not in self._titles:
                    self._titles[word] = []
                    self._one_off.update(dict.fromkeys(_one_letter_less(word), word))
                self._titles[word].append((number, words))

    def corrected(self, word: str) -> str:
        """A title's word that a letter more, less, other or swapped makes of `word`; else itself.

        >>> names = NameIndex()
        >>> names.add(0, [frozenset({"firefly", "lantern"})])
        >>> [names.corrected(each) for each in ("lantren", "firefy", "lanterns", "late")]
        ['lantern', 'firefly', 'lantern', 'late']
        """
        if word in self._titles or len(word) < SHORTEST_MISSPELT:
            return word
        if word in self._one_off:
            return self._one_off[word]
        for shorter in _one_letter_less(word):
            if shorter in self._titles:
                return shorter
            if shorter in self._one_off:
                return self._one_off[shorter]
        return word

    def find(self, words: Sequence[str], alive: Callable[[int], bool]) -> list[NameHit]:
        """The products that `words` name, surest first; several where each has words of its own."""
        hits: list[NameHit] = []
        left = set(words)
        while left and len(hits) < MOST_NAMED:
            best = self._best(set(words), left, alive, {hit.number for hit in hits})
            if best is None:
                break
            hits.append(best)
            left -= best.words
        return hits

    def _best(
        self, words: set[str], left: set[str], alive: Callable[[int], bool], named: set[int]
    ) -> NameHit | None:
        """The best named product that takes a word of `left`; None: none, or two alike."""
        best: dict[int, tuple[float, float, NameHit]] = {}
        for word in left:
            for number, title in self._titles.get(word, ()):
                if number in named or not alive(number):
                    continue
                said = title & words
                weight = sum(map(self._rarity, said))
                share = weight / sum(map(self._rarity, title))
                least = NAMED if len(said) > 1 or len(title) == 1 else NAMED_BY_ONE_WORD
                alone = len({entry for entry, _ in self._titles[word]}) == 1
                if share < least or (len(said) == 1 and not alone and len(title) > 1):
                    continue
                found = (weight, share, NameHit(number, share, said))
                best[number] = max(best.get(number, found), found)
        ranked = sorted(best.values(), reverse=True, key=lambda each: each[:2])
        if len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]:
            return None
        return ranked[0][2] if ranked else None

    def _rarity(self, word: str) -> float:
        return math.log(1 + self._count / len(self._titles.get(word, (0,))))


def _one_letter_less(word: str) -> set[str]:
    if len(word) < SHORTEST_MISSPELT or not word.isascii():
        return set()
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}  # the first letter is right
