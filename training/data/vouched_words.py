"""Counts the words that enough people vouch for, in examples of the store and imported pairs."""

from collections.abc import Iterable, Sequence

from feedback.signals import Example
from training.data.pairs import Pair
from training.model import vouched_words


def said_by_shoppers(examples: Iterable[Example]) -> dict[str, int]:
    """The words that shoppers vouch for; a question of the book counts as somebody's of its own."""
    return vouched_words(
        (example.turns[-1][1], example.shoppers or [f"question {place}"])
        for place, example in enumerate(examples)
    )


def said_in(pairs: Sequence[Pair]) -> dict[str, int]:
    """The same of what was read from files: a dialogue is somebody's, and so is a lone question."""
    return vouched_words(
        (text, [pair.voice or f"question {place}"])
        for place, pair in enumerate(pairs)
        for text in (pair.dialogue, pair.text)
        if text
    )
