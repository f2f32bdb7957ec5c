"""Snapshot of a training's data: split into learned, frozen and newest, named by its SHA-256.

The gold set (`frozen`) grows with what the staff label and review, and with nothing else: a thumb
is no measure to judge by. Its words are never learned, no matter who says them.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Final, NamedTuple

from feedback.knowledge import ReplyLine
from training.data.pairs import Pair

FROZEN_EVERY: Final = 20  # one pair in so many is never learned, so that versions compare on it
NEWEST_SHARE: Final = 0.1
FEWEST_ACCEPTED: Final = 20  # before that every accepted dialogue is worth more learned than held
MOST_NEWEST: Final = 200


class DataSnapshot(NamedTuple):
    """The data of one training."""

    replies: list[ReplyLine]
    learn: list[Pair]
    frozen: list[Pair]
    newest: list[Pair]  # of the accepted dialogues
    digest: str  # SHA-256 of all of it


def take_snapshot(
    replies: Sequence[ReplyLine], questions: Sequence[Pair], accepted: Sequence[Pair]
) -> DataSnapshot:
    """Split into what is learned and what is held out; `accepted` comes oldest first.

    The same words with the same reply count once, with the strongest signal's weight.
    """
    held = 0
    if len(accepted) >= FEWEST_ACCEPTED:
        held = min(MOST_NEWEST, round(NEWEST_SHARE * len(accepted)))
    newest = [pair for pair in accepted[len(accepted) - held :] if not is_frozen(pair)]
    known = {pair.dialogue for pair in newest}
    rest: dict[tuple[str, str | None], Pair] = {}
    for pair in [*questions, *accepted]:
        key = (pair.dialogue, pair.reply_id)
        if pair.dialogue not in known and (key not in rest or rest[key].weight < pair.weight):
            rest[key] = pair
    learn = [pair for pair in rest.values() if not is_frozen(pair)]
    frozen = [pair for pair in rest.values() if is_frozen(pair) and pair.by_staff]
    everything = [sorted(replies, key=str), learn, frozen, newest]
    digest = hashlib.sha256(json.dumps(everything, default=vars).encode()).hexdigest()
    return DataSnapshot(list(replies), learn, frozen, newest, digest)


def is_frozen(pair: Pair) -> bool:
    """Whether this pair is held out for good; its words decide, so every version agrees.

    What is pinned has to be answered rightly, so it is always learned.
    """
    digest = int(hashlib.sha256(pair.dialogue.encode()).hexdigest(), 16)
    return not pair.pinned and digest % FROZEN_EVERY == 0
