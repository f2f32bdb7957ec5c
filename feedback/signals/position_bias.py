"""Position bias of choices: how much oftener a button is pressed only for its place. Pure.

Of replies that fit almost alike either is put first by chance, so that where two such stand next to
each other, what is pressed oftener for its place shows. A press counts by how seldom its place is
pressed; of few presses nothing is concluded.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

NEAR: Final = math.log(0.5)  # of scores: `bot.conversation.exploration` turns such pairs at chance
PRIOR: Final = 20  # presses on each of two places that are alike, before any was seen
MOST: Final = 2.0  # times that a press counts more, or less


class PressedChoice(NamedTuple):
    """Buttons offered side by side, and which was pressed."""

    scores: Sequence[float]  # in the order of the buttons
    pressed: int  # its place


def position_weights(offers: Iterable[PressedChoice]) -> Mapping[int, float]:
    """What a press on each place counts; 1 on average over the places that were pressed.

    >>> alike = [PressedChoice((2.0, 1.9), 0)] * 300 + [PressedChoice((2.0, 1.9), 1)] * 100
    >>> {place: round(weight, 2) for place, weight in position_weights(alike).items()}
    {0: 0.71, 1: 1.88}
    >>> position_weights([PressedChoice((9.0, 2.0), 0)] * 300)[0]
    1.0
    """
    presses: Counter[tuple[int, int]] = Counter()  # of the pair beginning at a place: which of both
    pressed: Counter[int] = Counter()
    for offer in offers:
        pressed[offer.pressed] += 1
        for first in (offer.pressed - 1, offer.pressed):
            pair = offer.scores[first : first + 2] if first >= 0 else ()
            if len(pair) == 2 and abs(pair[0] - pair[1]) <= -NEAR:
                presses[first, offer.pressed - first] += 1
    draws = {0: 1.0}
    for place in range(max(pressed, default=0)):
        above, below = (presses[place, which] + PRIOR for which in (0, 1))
        draws[place + 1] = draws[place] * below / above
    mean = sum(pressed[place] / draws[place] for place in pressed) / max(pressed.total(), 1)
    return {
        place: min(MOST, max(1 / MOST, 1 / draw / mean)) if mean else 1.0
        for place, draw in draws.items()
    }
