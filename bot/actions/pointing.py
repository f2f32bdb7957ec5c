"""Pointing by the model's vectors at an order or an item that no word names: "the coat", "行李箱".

A text and the names of the candidates go through one encoder. What all of the names have in common,
being things that a shop sells, is taken out first, so that only what tells them apart counts.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from bot.actions.tokens import find, tokens
from bot.actions.words import ActionSpeech
from feedback.dialogues import Said
from feedback.entities import read_entities
from serving.ranker import RankerUnavailable

Names = tuple[str, ...]  # of one candidate: its title in each language, those of all its items
Pointer = Callable[[str, tuple[Names, ...]], int | None]
Embed = Callable[[Sequence[str]], Any]  # texts → unit vectors [N,D]

# How far ahead of the next the nearest has to be. Of 300 own texts in Chinese about orders with
# English titles 89 are settled rightly, 2 wrongly; of 155 in other words about items 29, none
# wrongly (docs/experiments.md); and the summary, which waits for a yes, says what was understood.
POINT_SURE: Final = 0.3
NEWEST: Final = 3  # turns that are looked at
IDENTITY: Final = frozenset({"email", "name", "zip", "order_number"})


def points_nowhere(_: str, __: tuple[Names, ...]) -> int | None:
    """Where there is no model: what is not named is asked for."""
    return None


class VectorPointer:
    """Points by the vectors of the version that answers."""

    def __init__(self, embed: Embed) -> None:
        """`embed` asks the model server."""
        self._embed = embed

    def __call__(self, said: str, candidates: tuple[Names, ...]) -> int | None:
        """The place of the candidate meant; None: nobody is sure, or no model answers."""
        names = [name for of_one in candidates for name in of_one]
        try:
            vectors = np.asarray(self._embed([said, *names]))
        except RankerUnavailable:
            return None
        middle = vectors[1:].mean(axis=0)
        text, *rest = _unit(vectors - middle)
        near = iter(np.asarray(rest) @ text)
        best = [max((float(next(near)) for _ in of_one), default=-1.0) for of_one in candidates]
        first, second = sorted(best, reverse=True)[:2]
        return best.index(first) if first - second >= POINT_SURE else None


def point(
    turns: Iterable[Said], candidates: Sequence[Names], pointer: Pointer, speech: ActionSpeech
) -> int | None:
    """The candidate that the newest of some turns points at, and no turn about something else."""
    if len(candidates) < 2:
        return None
    told = [turn for turn in turns if not turn.value and not IDENTITY & set(turn.asked)]
    for turn in list(reversed(told))[:NEWEST]:
        words = read_entities(turn.text).without()
        if not words.strip() or _keeps(words, speech):
            continue
        if (place := pointer(words, tuple(candidates))) is not None:
            return place
    return None


def _keeps(text: str, speech: ActionSpeech) -> bool:
    """Whether a text may name what is not meant: "but not the coat"."""
    said = tokens(text)
    keeps = any(find(tokens(word), said) for word in speech.keep)
    return keeps and not re.search(speech.complains, text.lower())


def _unit(vectors: Any) -> Any:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-9)
