"""What shoppers asked about: questions grouped by the model's vectors, named by their own words.

The groups are found over two weeks together, so that a topic can be seen to grow or shrink; their
number follows from how many questions there are. Without the model (it may be away) words stand in
for vectors.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from scipy.cluster.vq import kmeans2

from feedback.languages import topic_words

MOST_TOPICS: Final = 12
QUESTIONS_A_TOPIC: Final = 12  # on average; fewer do not name a topic
HASHED: Final = 512  # places for the words that stand in for vectors
TINY: Final = 1e-12
TRIES: Final = 4
SEED: Final = 7
NAME_WORDS: Final = 3


class AskedQuestion(NamedTuple):
    """A shopper's question, personal data removed, and what became of it."""

    text: str
    dialogue_id: str
    this_week: bool
    handed_over: bool
    down: bool
    clicked: bool = False
    locale: str = "en"


class QuestionGroup(NamedTuple):
    """The questions of one topic."""

    name: str
    asked: tuple[AskedQuestion, ...]
    example: str
    examples: dict[str, str]  # by language: the question nearest to the middle


def group(asked: Sequence[AskedQuestion], vectors: Any) -> list[QuestionGroup]:
    """Topics, the largest of this week first.

    Args:
        asked: the questions of two weeks.
        vectors: one row of unit length for each.
    """
    if not asked:
        return []
    table = np.asarray(vectors, dtype=np.float64)
    different = len(np.unique(table.round(6), axis=0))
    count = max(1, min(MOST_TOPICS, len(asked) // QUESTIONS_A_TOPIC, different))
    labels, centres = _clusters(table, count)
    everywhere = Counter(word for one in asked for word in set(topic_words(one.text)))
    found = []
    for number in range(len(centres)):
        places = np.flatnonzero(labels == number)
        if not len(places):
            continue
        inside = [asked[int(place)] for place in places]
        by_nearness = np.argsort(-(table[places] @ centres[number]), kind="stable")
        nearest = [inside[int(place)] for place in by_nearness]
        examples = {one.locale: one.text for one in reversed(nearest)}
        name = _name(inside, everywhere, len(asked)) or nearest[0].text[:40]
        found.append(QuestionGroup(name, tuple(inside), nearest[0].text, examples))
    return sorted(found, key=lambda one: (-sum(each.this_week for each in one.asked), one.name))


def word_vectors(texts: Sequence[str], replies: Sequence[str | None]) -> Any:
    """Vectors of unit length made of the words, rare words weighing more, and of the reply given.

    Short questions share few words; that they got the same reply holds them together.
    """
    table = np.zeros((len(texts), HASHED))
    spread = Counter(word for text in texts for word in set(topic_words(text)))
    for row, text in enumerate(texts):
        for word in topic_words(text):
            table[row, _place(word)] += np.log1p(len(texts) / spread[word])
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), TINY)
    given = np.zeros_like(table)
    for row, reply in enumerate(replies):
        if reply:
            given[row, _place(reply)] = 1.0
    both = np.hstack([table, given])
    return both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), TINY)


def _place(word: str) -> int:
    """The word's place among the hashed ones; the same in every process."""
    return int(sum(ord(char) * 31**index for index, char in enumerate(word)) % HASHED)


def _clusters(table: Any, count: int) -> tuple[Any, Any]:
    """Labels and centres of unit length: the tightest of several tries."""
    best: tuple[float, Any, Any] | None = None
    for attempt in range(TRIES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a cluster may stay empty; it is passed over above
            chance = np.random.default_rng(SEED + attempt)
            centres, labels = kmeans2(table, count, minit="++", rng=chance, missing="warn")
        spread = float(((table - centres[labels]) ** 2).sum())
        if best is None or spread < best[0]:
            best = (spread, labels, centres)
    assert best is not None
    return best[1], best[2] / np.maximum(np.linalg.norm(best[2], axis=1, keepdims=True), TINY)


def _name(inside: Sequence[AskedQuestion], everywhere: Counter[str], whole: int) -> str:
    """The words that are commoner in the topic than elsewhere, the most telling first."""
    counted = Counter(word for one in inside for word in set(topic_words(one.text)))
    least = max(2, len(inside) // 10)
    telling = {
        word: count * np.log(count / len(inside) / (everywhere[word] / whole))
        for word, count in counted.items()
        if count >= least
    }
    ranked = sorted(telling, key=lambda word: (-telling[word], word))[:NAME_WORDS]
    return ", ".join(ranked)
