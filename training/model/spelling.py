"""Spelling correction inside the graph: a mistyped word becomes the known word one letter away.

A letter left out, put in, changed, or swapped with its neighbour: of two such words, one becomes
the other, or both become the same, when a letter is left out (Garbe, SymSpell, 2012). So all that
known words become is looked up by fingerprint among sorted numbers, as in `words.py`.

The encoder reads the word that was meant next to the word that was typed, so that a name which is
none of ours keeps its own letters.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorflow as tf

from training.model.text_features import FINGERPRINTS, fingerprints

COMMON: Final = Path(__file__).parents[1] / "starter" / "words.txt"  # English, the commonest first
# Two letters are one away from any other two; longer ones than 24 are cut to it.
LATIN: Final = re.compile("[a-z]{3,24}")
MOST_WORDS: Final = 30_000  # of a shop's: 2 MB

Array = np.ndarray[Any, Any]


def known_words(own: Mapping[str, int]) -> tuple[str, ...]:
    """A shop's own words and the common ones, those first that a slip is likeliest to have meant.

    Args:
        own: how often each stands in the shop's questions, replies and products.
    """
    common = COMMON.read_text(encoding="ascii").split()
    return tuple(dict.fromkeys([*by_count(own)[:MOST_WORDS], *common]))


def by_count(counts: Mapping[str, int], *, fewest: int = 1) -> list[str]:
    """Latin words that can be meant and stand there `fewest` times, the commonest first."""
    words = [
        word
        for word, count in counts.items()
        if count >= fewest and LATIN.fullmatch(word) is not None
    ]
    return sorted(words, key=lambda word: (-counts[word], word))


class Speller(tf.Module):  # type: ignore[misc]
    """Knows words; the first of them that is one letter away is what was meant."""

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        # A variable, so that a refresh can read it back; "": none of them.
        self.words = tf.Variable([*words, ""], dtype=tf.string, trainable=False)
        self.count = len(words)
        rank: dict[str, int] = {}
        for place, word in enumerate(words):
            for variant in (word, *_shorter(word)):
                rank.setdefault(variant, place)
        prints = fingerprints(tf.constant([*rank], tf.string)).numpy()
        order = np.argsort(prints, kind="stable")
        # One more than any fingerprint closes a list, so that a search always ends inside it.
        self._prints = _constant(np.append(prints[order], FINGERPRINTS).astype(np.int64))
        ranks = np.array([*rank.values()], np.int32)[order]
        self._ranks = _constant(np.append(ranks, len(words)).astype(np.int32))
        known = np.sort(fingerprints(tf.constant(words, tf.string)).numpy())
        self._known = _constant(np.append(known, FINGERPRINTS).astype(np.int64))

    def mend(self, words: Any) -> Any:
        """What was meant by `words` [U], "" where one is known, too short or like no other."""
        _, known = _find(self._known, words)
        latin = tf.strings.regex_full_match(words, LATIN.pattern)
        places = tf.where(tf.logical_and(latin, tf.logical_not(known)))
        typed = tf.gather(words, places[:, 0])
        meant = tf.gather(self.words, tf.reduce_min(self._rank(_variants(typed)), axis=1))
        return tf.tensor_scatter_nd_update(tf.fill(tf.shape(words), ""), places, meant)

    def _rank(self, words: Any) -> Any:
        """The places of the words that `words` may stand for; their number where for none."""
        place, found = _find(self._prints, words)
        return tf.where(found, tf.gather(self._ranks, place), self.count)


def _find(listed: Any, words: Any) -> tuple[Any, Any]:
    """Where in the sorted `listed` each word's fingerprint is, and whether it is there."""
    prints = fingerprints(words)
    place = tf.reshape(tf.searchsorted(listed, tf.reshape(prints, [-1])), tf.shape(words))
    return place, tf.equal(tf.gather(listed, place), prints)


def _variants(words: Any) -> Any:
    """`words` [M] and what each becomes without one of its letters: string [M,L+1]."""
    letters = tf.strings.unicode_split(words, "UTF-8").to_tensor("")
    without = tf.eye(tf.shape(letters)[1], dtype=tf.bool)
    shorter = tf.strings.reduce_join(tf.where(without, "", letters[:, tf.newaxis]), axis=-1)
    return tf.concat([words[:, tf.newaxis], shorter], axis=1)


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _constant(numbers: Array) -> Any:
    return tf.Variable(numbers, trainable=False)
