"""Exact sign test of paired answers (McNemar), and its power. Pure."""

from typing import Final

from scipy.stats import binom

CHANCE: Final = 0.05  # of an equal challenger to be refused by one test
HARM: Final = 0.05  # of the questions: the loss whose chance of being noticed is said


def sign_test(won: int, lost: int) -> float:
    """The chance of as many lost among those that changed, were both models equal: exact.

    >>> round(sign_test(0, 5), 5), round(sign_test(5, 5), 3)
    (0.03125, 0.623)
    """
    return _tail(won + lost, lost, 0.5)


def power(n: int, won: int, lost: int, *, loss: float = HARM, chance: float = CHANCE) -> float:
    """The chance that the exact test would have noticed such a loss among these questions.

    As many questions are taken to fall either way as did, and those that are lost besides.

    >>> [round(power(n, won=2, lost=2), 2) for n in (20, 100, 400)]
    [0.08, 0.37, 1.0]
    """
    churn, net = won + lost, round(loss * n)
    changed = churn + net
    border = next((k for k in range(changed + 1) if _tail(changed, k, 0.5) < chance), None)
    return 0.0 if border is None else _tail(changed, border, (churn / 2 + net) / changed)


def _tail(n: int, least: int, chance: float) -> float:
    """The chance of `least` or more of `n`."""
    return float(binom.sf(least - 1, n, chance))
