"""The experiment's plan: how many shoppers each arm gets, and from when on; pure.

The holdout's share may change on announced days (a ramp) and ends on an announced day; a challenger
takes part while a version is on trial. What was really dealt stands in the log of shares.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from feedback.experiments.assignment import CHALLENGER, CHAMPION, HOLDOUT
from feedback.experiments.plan import ANYTIME, ExperimentPlan


class Experiment(NamedTuple):
    """An experiment whose arms are compared."""

    name: str  # under which exposures are recorded
    shares: Mapping[str, float]  # as configured; the log of shares knows what was dealt
    outcome_window: timedelta = timedelta(days=7)  # in which a shopper's orders count, exposed
    planned_end: datetime | None = None  # announced beforehand; only then a single look counts
    same_answers: bool = False  # A/A: the holdout has the model's answers, too
    plan: ExperimentPlan = ANYTIME  # what decides, and when


class HoldoutStep(NamedTuple):
    """From `since` on the holdout gets `holdout` of the shoppers."""

    since: datetime
    holdout: float


class HoldoutPlan(NamedTuple):
    """What the shop has decided before looking."""

    holdout: float
    canary: float = 0.0
    ramp: Sequence[HoldoutStep] = ()
    ends: datetime | None = None  # from here on nobody is held out, and the comparison is closed


class Deal(NamedTuple):
    """The shares of a moment, and what they follow from."""

    shares: dict[str, float]
    reason: str  # settings, ramp, end


def deal_at(plan: HoldoutPlan, now: datetime, *, has_challenger: bool = False) -> Deal:
    """The shares at `now`; the holdout first, so that a challenger moves nobody in or out of it.

    >>> from datetime import UTC
    >>> plan = HoldoutPlan(0.1, ramp=(HoldoutStep(datetime(2026, 12, 1, tzinfo=UTC), 0.5),))
    >>> deal_at(plan, datetime(2026, 11, 30, tzinfo=UTC)).shares["holdout"]
    0.1
    >>> deal_at(plan, datetime(2026, 12, 1, tzinfo=UTC))
    Deal(shares={'holdout': 0.5, 'challenger': 0.0, 'champion': 0.5}, reason='ramp')
    """
    held, reason = plan.holdout, "settings"
    for step in sorted(plan.ramp):
        if step.since <= now:
            held, reason = step.holdout, "ramp"
    if plan.ends is not None and now >= plan.ends:
        held, reason = 0.0, "end"
    canary = min(plan.canary, 1.0 - held) if has_challenger else 0.0
    return Deal({HOLDOUT: held, CHALLENGER: canary, CHAMPION: 1.0 - held - canary}, reason)
