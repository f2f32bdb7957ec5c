"""Drafts for the staff: the model's own words, where it is sure of them."""

import math
from collections.abc import Sequence
from typing import Final, Protocol

from serving.ranker import Draft, ReplyScore

# A decoder that has read too little says "." or a row of commonplaces. One that has learned the
# book is above even odds with all of a hundred drafts (the demo shop, two seeds).
LEAST: Final = math.log(0.5)  # a word's log-probability, on average


class Drafting(Protocol):
    """A model that writes replies of its own, and says how likely it finds a reply."""

    def draft(self, dialogues: Sequence[str]) -> list[Draft]:
        """A reply to each of `dialogues`."""

    def score(self, dialogues: Sequence[str], replies: Sequence[str]) -> list[ReplyScore]:
        """How likely it finds each of `replies` after the dialogue of the same place."""


def own_words(model: Drafting, dialogue: str) -> str:
    """The model's own reply to a dialogue; "" where it is not sure of its words itself.

    Raises:
        RankerUnavailable: the model is away, or its version writes no drafts.
    """
    text = model.draft([dialogue])[0].text
    if not text:
        return ""
    found = model.score([dialogue], [text])[0]
    return text if found.log_prob >= LEAST * found.tokens else ""
