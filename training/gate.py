"""Decides whether a challenger may replace the champion: pure arithmetic on paired answers.

Both answer the same held-out questions. On each part (all of them, each language, the newest
accepted) the challenger may lose a little, because chance alone makes it lose a little half the
time; on a pinned answer it may lose nothing.
"""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

POINTS: Final = 0.01  # of the questions: a loss this small harms nobody
ONE_SIDED_95: Final = 1.645  # standard errors; chance passes them once in twenty
FEWEST: Final = 20  # questions in a part, fewer say nothing


class Part(NamedTuple):
    """How both did on one part of the held-out questions.

    `won`: the challenger right, the champion wrong; `lost`: the other way round.
    """

    name: str
    n: int
    champion: float  # share right
    challenger: float
    won: int
    lost: int


class Verdict(NamedTuple):
    """Whether the challenger is promoted, and why (not)."""

    promote: bool
    reasons: tuple[str, ...]


def compare(name: str, champion: Iterable[bool], challenger: Iterable[bool]) -> Part:
    """Pair two runs over the same questions, in the same order.

    >>> compare("all", [True, True, False], [True, False, True])
    Part(name='all', n=3, champion=0.666667, challenger=0.666667, won=1, lost=1)
    """
    both = list(zip(map(bool, champion), map(bool, challenger), strict=True))
    n = len(both)
    return Part(
        name,
        n,
        champion=round(sum(before for before, _ in both) / max(n, 1), 6),
        challenger=round(sum(now for _, now in both) / max(n, 1), 6),
        won=sum(now and not before for before, now in both),
        lost=sum(before and not now for before, now in both),
    )


def allowed_loss(part: Part) -> float:
    """Questions the challenger may lose net: `POINTS` of them, and what chance may take.

    Under no difference each of the won + lost questions falls either way like a coin, so their
    difference has the standard deviation sqrt(won + lost) (McNemar, Psychometrika 1947).

    >>> round(allowed_loss(Part("all", 400, 0.8, 0.78, won=8, lost=16)), 1)
    12.1
    """
    return POINTS * part.n + ONE_SIDED_95 * math.sqrt(part.won + part.lost)


def judge(parts: Iterable[Part], *, pinned: Part | None = None) -> Verdict:
    """Promote unless some part is lost by more than is allowed, or a pinned answer is lost.

    >>> judge([Part("all", 400, 0.8, 0.78, won=8, lost=16)]).promote
    True
    >>> print(*judge([Part("all", 400, 0.8, 0.6, won=10, lost=90)]).reasons)
    all: 60.0 % right of 400, the champion 80.0 %; 80 lost net, 20.4 allowed
    >>> judge([], pinned=Part("pinned", 2, 1.0, 0.5, won=0, lost=1)).promote
    False
    """
    lost, held = [], []
    for part in parts:
        net = part.lost - part.won
        allowed = allowed_loss(part)
        told = (
            f"{part.name}: {part.challenger:.1%} right of {part.n}, "
            f"the champion {part.champion:.1%}".replace("%", " %")
        )
        if part.n < FEWEST:
            held.append(f"{told}; too few to judge by")
        elif net > allowed:
            lost.append(f"{told}; {net} lost net, {allowed:.1f} allowed")
        else:
            held.append(told)
    if pinned is not None and pinned.lost:
        lost.append(f"{pinned.name}: {pinned.lost} of {pinned.n} no longer answered as pinned")
    return Verdict(promote=not lost, reasons=tuple(lost or held))
