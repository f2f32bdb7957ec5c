"""Names of products in a question: full and short titles, in any language, with typing errors.

A name is most of a title's rare words. "the ridge" is one where a single title has that word; one
of many lanterns is a kind of product, which a search finds.
"""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final, NamedTuple

from bot.knowledge.search_terms import pairs, unspaced_runs

# Of a title's words, rare ones weighing more. "Ridge Backpack" for "Ridge Backpack 22 L" is 1;
# "backpack" for it a third.
NAMED: Final = 0.6
NAMED_BY_ONE_WORD: Final = 0.5
NAMED_BY_THE_WORD: Final = 0.3  # "the heron", of which there is one
SHORTEST_MISSPELT: Final = 4
SHORTEST_RUN: Final = 3  # of a name said with letters left out, in a script without spaces
MOST_NAMED: Final = 3


class NameHit(NamedTuple):
    """A product's name in a question."""

    number: int  # the entry's
    share: float  # of the title's words, by their weight
    words: frozenset[str]  # that it takes of the question


class _Left(NamedTuple):
    words: set[str]  # that no product has taken yet
    definite: frozenset[str]  # words that "the" stands before
    named: set[int]


class NameIndex:
    """Titles by their words."""

    def __init__(self) -> None:
        self._titles: dict[str, list[tuple[int, frozenset[str]]]] = {}  # word → entry, its title
        self._one_off: dict[str, str] = {}  # a word with a letter less → the word
        self._runs: dict[str, list[tuple[int, str]]] = {}  # last letter → entry, its title
        self._count = 0

    def add(self, number: int, titles: Sequence[frozenset[str]], runs: Iterable[str] = ()) -> None:
        """Put an entry's titles in, each as its words; `runs` of them in scripts without spaces."""
        self._count += 1
        for run in runs:
            if len(run) >= SHORTEST_RUN:
                self._runs.setdefault(run[-1], []).append((number, run))
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

    def find(
        self, words: Sequence[str], alive: Callable[[int], bool], *, definite: Collection[str] = ()
    ) -> list[NameHit]:
        """The products that `words` name, surest first; several where each has words of its own.

        `definite`: those of the words that "the" stands before.
        """
        hits: list[NameHit] = []
        left = set(words)
        while left and len(hits) < MOST_NAMED:
            open_to = _Left(left, frozenset(definite), {hit.number for hit in hits})
            best = self._best(set(words), open_to, alive)
            if best is None:
                break
            hits.append(best)
            left -= best.words
        return hits

    def in_run(self, text: str, alive: Callable[[int], bool]) -> list[NameHit]:
        """The products whose title stands in a text without spaces, whole or with letters left out.

        >>> names = NameIndex()
        >>> names.add(0, [], ["苍鹭公路头盔"])
        >>> [names.in_run(text, lambda number: True) != [] for text in ("我说的是苍鹭头盔", "头盔")]
        [True, False]
        """
        hits: dict[int, NameHit] = {}
        for run in unspaced_runs(text):
            for letter in dict.fromkeys(run):
                for number, title in self._runs.get(letter, ()):
                    if title in run and alive(number):
                        hits[number] = NameHit(number, 1.0, frozenset(pairs(title)))
        if hits:
            return list(hits.values())[:MOST_NAMED]
        for run in unspaced_runs(text, stop=True):
            short = {
                number: NameHit(number, NAMED, frozenset(pairs(run)))
                for number, title in self._runs.get(run[-1], ())
                if len(run) >= SHORTEST_RUN and _left_out(run, title) and alive(number)
            }
            if len(short) == 1:
                hits |= short
        return list(hits.values())[:MOST_NAMED]

    def _best(
        self, words: set[str], open_to: "_Left", alive: Callable[[int], bool]
    ) -> NameHit | None:
        """The best named product that takes a word that is left; None: none, or two alike."""
        left, definite, named = open_to
        best: dict[int, tuple[float, float, NameHit]] = {}
        for word in left:
            for number, title in self._titles.get(word, ()):
                if number in named or not alive(number):
                    continue
                said = title & words
                weight = sum(map(self._rarity, said))
                share = weight / sum(map(self._rarity, title))
                alone = any(self._alone(each) for each in said)
                # "The cruise watch" names what "the cruise" does.
                by_one_word = NAMED_BY_THE_WORD if said & definite else NAMED_BY_ONE_WORD
                least = by_one_word if alone and len(title) > 1 else NAMED
                if share < least or (len(said) == 1 and not alone and len(title) > 1):
                    continue
                found = (weight, share, NameHit(number, share, said))
                best[number] = max(best.get(number, found), found)
        ranked = sorted(best.values(), reverse=True, key=lambda each: each[:2])
        if not ranked:
            return None
        weight, share, first = ranked[0]
        taken = first.words & left
        alike = any(
            each[:2] == (weight, share) and each[2].words & left == taken for each in ranked[1:]
        )
        return None if alike else first

    def _alone(self, word: str) -> bool:
        """Whether one product alone has the word in its titles."""
        return len({number for number, _ in self._titles[word]}) == 1

    def _rarity(self, word: str) -> float:
        return math.log(1 + self._count / len(self._titles.get(word, (0,))))


def _left_out(short: str, title: str) -> bool:
    """Whether a name is a title with letters left out."""
    letters = iter(title)
    return all(letter in letters for letter in short)


def _one_letter_less(word: str) -> set[str]:
    if len(word) < SHORTEST_MISSPELT or not word.isascii():
        return set()
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}  # the first letter is right
