"""Context augmentation: puts earlier turns before lone questions, so that dialogues are learned.

A book's questions stand alone; shoppers' do not. A model that saw lone questions only is led astray
by the turns before one: with a return talked of, "can you show me a backpack" was handed over. So
some questions are learned a second time behind another question and its reply, which change
nothing; where the dialogues of the shop say otherwise, those are learned as they were.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np

from feedback.knowledge import ReplyLine
from serving.contract import SPEAKER_MARKS
from training.data.pairs import Pair

SHARE: Final = 0.1  # of the questions; each costs four times a lone one
HISTORY_CHARS: Final = 100  # of a reply: its first sentences are what is remembered
WEIGHT: Final = 0.7


class AugmentedPair(NamedTuple):
    """A pair with a history, and the place of the pair it was made from."""

    place: int
    pair: Pair


def with_histories(
    pairs: Sequence[Pair], replies: Sequence[ReplyLine], *, seed: int, share: float = SHARE
) -> list[AugmentedPair]:
    """Copies of a share of `pairs`, each behind another question of its language and its reply."""
    text = {(reply.reply_id, reply.locale): reply.text for reply in replies if reply.text}
    before: dict[str, list[str]] = {}
    for pair in pairs:
        said = text.get((pair.reply_id or "", pair.locale))
        if said and pair.text is None:
            told = f"{pair.dialogue}{SPEAKER_MARKS['clerk']}{said[:HISTORY_CHARS]}"
            before.setdefault(pair.locale, []).append(told)
    chance = np.random.default_rng(seed)
    found = []
    for place, pair in enumerate(pairs):
        shown = before.get(pair.locale)
        if shown and pair.text is None and chance.random() < share:
            dialogue = shown[int(chance.integers(len(shown)))] + pair.dialogue
            weight = WEIGHT * pair.weight
            found.append(AugmentedPair(place, replace(pair, dialogue=dialogue, weight=weight)))
    return found
