"""Share of a shop's messages that no reply fits: from verdicts, from what is asked, and a prior."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from feedback.signals import JudgedMessages

FEWEST_ASKED: Final = 100  # messages without verdicts; fewer say nothing of a share
ASKED_WORTH: Final = 100  # messages: so many count as much as the prior
LEAST: Final = 0.1  # of all messages: as where a shop names some
STEPS: Final = 200

Array = np.ndarray[Any, Any]

WORTH: Final = 20  # verdicts on messages answered in one way: so many count as much as the prior


def unfit_share(judged: Iterable[JudgedMessages], prior: float) -> float:
    """The share [0, 1], each way of answering weighed by how often it happened.

    The staff see nearly all hand-overs and few answers. Counted together, most messages would seem
    to fit nothing.

    Args:
        judged: verdicts by what the clerk had done.
        prior: what is believed without verdicts.

    >>> handed_over = JudgedMessages(shown=300, judged=280, unfit=240)
    >>> answered = JudgedMessages(shown=700, judged=80, unfit=5)
    >>> round(unfit_share([handed_over, answered], 0.5), 3)
    0.355
    >>> unfit_share([], 0.5)
    0.5
    """
    told = [each for each in judged if each.shown]
    shown = sum(each.shown for each in told)
    if not shown:
        return prior
    shares = ((each.unfit + WORTH * prior) / (each.judged + WORTH) for each in told)
    return sum(each.shown * share for each, share in zip(told, shares, strict=True)) / shown


def asked_share(fits: Array, assumed: float, *, own: bool = True) -> float:
    """The share [0, 1] that fits nothing among messages as they are asked; `assumed` for few.

    `fits` was calibrated for a shop where `assumed` fits nothing. Expectation and maximisation in
    turn (Saerens et al., Adjusting the outputs of a classifier to new a priori probabilities,
    Neural Computation 2002): with the share of now each message's probability is another, and their
    mean is the next share.

    Args:
        fits: the probability of each message that some reply fits it [N].
        assumed: the share for which these were found.
        own: whether the shop's own questions told how sure to be. On its first days other shops'
            did, and the messages are believed by half: of 42 % that fitted nothing they found 22.
    """
    if len(fits) < FEWEST_ASKED:
        return assumed
    likelihood = np.clip(fits, 1e-4, 1.0 - 1e-4)
    odds = likelihood / (1.0 - likelihood) * assumed / (1.0 - assumed)
    share = assumed
    for _ in range(STEPS):
        now = odds * (1.0 - share) / share
        share = float(np.clip(1.0 - (now / (1.0 + now)).mean(), 1e-3, 1.0 - 1e-3))
    found = (len(fits) * share + ASKED_WORTH * assumed) / (len(fits) + ASKED_WORTH)
    if not own:
        found = (found + assumed) / 2.0
    return max(found, min(LEAST, assumed))
