"""Typo generator: a letter left out, doubled, changed or swapped, as people type on a phone."""

from typing import Final

import numpy as np

WORDS: Final = 0.3  # share of the words typed wrong
SHORTEST: Final = 3  # letters; "of" typed wrong is any word


def mistype(text: str, chance: np.random.Generator, share: float = WORDS) -> str:
    """A letter wrong in a share of the longer Latin words."""
    return " ".join(
        _wrong(word, chance)
        if len(word) >= SHORTEST and word.isascii() and chance.random() < share
        else word
        for word in text.split(" ")
    )


def _wrong(word: str, chance: np.random.Generator) -> str:
    at = int(chance.integers(1, len(word)))
    other = chr(ord("a") + int(chance.integers(26)))
    return (
        word[:at] + word[at + 1 :],
        word[:at] + other + word[at:],
        word[:at] + other + word[at + 1 :],
        word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
    )[int(chance.integers(4))]
