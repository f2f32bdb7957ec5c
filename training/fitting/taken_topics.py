"""Topics most of whose questions another reply would take, had they not been learned; pure.

A reply with few labelled questions beside one with many that are worded alike answers the few it
learned and little else: of five labelled questions of such a topic none was lost, and of thirty new
ones 26 got the other reply. Only questions scored by a fit without them show it.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from training.data import NULL_ROW, Array, Held

FEWEST: Final = 4  # questions of a topic; of fewer the share says nothing
TAKEN: Final = 0.5  # of them by one other reply: more than that, and the topic is told of
MOST: Final = 5  # topics, the worst first


class TakenTopic(NamedTuple):
    """A reply, and the one that takes most of its questions."""

    reply_id: str
    by: str
    lost: int
    asked: int


def taken_topics(held: Held, scores: Array, names: list[str]) -> list[TakenTopic]:
    """The worst of them.

    Args:
        held: questions, each by a fit that has not seen it.
        scores: of the replies for each [N,R+1], the nearest question counted in.
        names: the reply of each row [R+1].
    """
    counts = held.own & (held.label != NULL_ROW) & (held.learned > 0)
    first = np.argmax(scores[counts, NULL_ROW + 1 :], axis=1) + NULL_ROW + 1
    found = []
    for row in np.unique(held.label[counts]):
        got = first[held.label[counts] == row]
        others, times = np.unique(got[got != row], return_counts=True)
        if len(got) >= FEWEST and times.max(initial=0) > TAKEN * len(got):
            taker = names[int(others[times.argmax()])]
            found.append(TakenTopic(names[int(row)], taker, int(times.max()), len(got)))
    return sorted(found, key=lambda each: (-each.lost / each.asked, each.reply_id))[:MOST]


def as_scores(found: list[TakenTopic]) -> dict[str, Any]:
    """To be kept with a version; nothing where there is none."""
    return {"taken_topics": [each._asdict() for each in found]} if found else {}
