"""Share of a shop's messages that no reply fits, from the staff's verdicts and a prior."""

from collections.abc import Iterable
from typing import Final

from feedback.signals import JudgedMessages

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
