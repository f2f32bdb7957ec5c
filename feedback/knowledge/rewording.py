"""Rewording: whether a changed text still says the same. Pure."""

import re
from difflib import SequenceMatcher
from typing import Final

from feedback.languages import topic_words

# What may not change by a letter: slots, numbers, and words that turn a sentence round.
EXACT: Final = re.compile(
    r"\{[\w.]+\}|\d+(?:[.,]\d+)*|\b(?:not|no|never|without|only|cannot|\w+n[\u2019']t)\b|[不没无别非仅]",
    re.IGNORECASE,
)
MISSPELT: Final = 0.8  # of likeness: "recieve" and "receive" are 0.86 alike


def says_otherwise(before: str, after: str) -> bool:
    """Whether the new text means something else: other numbers, other slots, or other words.

    >>> says_otherwise("Returns within 30 days.", "Returns within 14 days.")
    True
    >>> says_otherwise("We recieve it: 30 days", "We receive it. 30 days!")
    False
    >>> says_otherwise("Returns are free.", "Returns are not free.")
    True
    """
    if _exact(before) != _exact(after):
        return True
    old, new = set(topic_words(before)), set(topic_words(after))
    gone, come = old - new, new - old
    return any(not _misspelt(word, come) for word in gone) or any(
        not _misspelt(word, gone) for word in come
    )


def _exact(text: str) -> list[str]:
    return sorted(EXACT.findall(text.lower()))


def _misspelt(word: str, others: set[str]) -> bool:
    return any(SequenceMatcher(None, word, other).ratio() >= MISSPELT for other in others)
