"""How widely the starter's lessons are spread: distinct lines, 3-grams and neighbours, by trade."""

from collections import Counter
from typing import Any, Final

import numpy as np

from training.starter.lessons import Lessons

SAMPLE: Final = 3_000  # meanings whose nearest neighbour is looked for
ALIKE: Final = 0.9  # cosine from which two meanings are nearly the same

Array = np.ndarray[Any, Any]


def spread(lessons: Lessons, vectors: Array, *, seed: int) -> dict[str, Any]:
    """Counts that say whether many lessons are many different ones.

    Args:
        lessons: what is taught.
        vectors: unit vectors of the meanings [M,D].
        seed: of the sample of meanings.
    """
    texts = list(dict.fromkeys(lesson.text for lesson in lessons.lessons))
    trades = Counter(
        name.partition(".")[0]
        for name, count in zip(lessons.senses, _uses(lessons), strict=True)
        for _ in range(count)
    )
    nearest = _nearest(vectors, np.random.default_rng(seed))
    return {
        "lines": {
            "en": sum(text.isascii() for text in texts),
            "zh": sum(not text.isascii() for text in texts),
        },
        "with_history": sum(any(mark in text[1:] for mark in "\x11\x12") for text in texts),
        "words_3": len(
            {gram for text in texts if text.isascii() for gram in _grams(text[1:].split())}
        ),
        "characters_3": len(
            {gram for text in texts if not text.isascii() for gram in _grams(list(text[1:]))}
        ),
        "nearest_median": round(float(np.median(nearest)), 3),
        "nearly_the_same": round(float((nearest > ALIKE).mean()), 3),
        "trades": len(trades),
        "largest_trade": round(max(trades.values()) / sum(trades.values()), 3),
    }


def _uses(lessons: Lessons) -> list[int]:
    used = Counter(lesson.sense for lesson in lessons.lessons)
    return [used[number] for number in range(len(lessons.senses))]


def _nearest(vectors: Array, chance: np.random.Generator) -> Array:
    """The cosine of each sampled meaning with the one most like it in the sample."""
    drawn = vectors[chance.permutation(len(vectors))[:SAMPLE]]
    alike = drawn @ drawn.T
    np.fill_diagonal(alike, -1.0)
    found: Array = alike.max(axis=1)
    return found


def _grams(parts: list[str]) -> list[tuple[str, ...]]:
    return list(zip(parts, parts[1:], parts[2:], strict=False))
