"""Trials of the report's statistics on made-up shops, many at once: false alarms, coverage, power.

Each run is a shop looked at every week. What the report sums up in the database is drawn here as
sums (buyers, revenue and its squares, week by week), so that two thousand runs take seconds; the
intervals are those of the report (`half_width` on the same variance of the logarithm).
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np

from feedback.experiments.confidence_sequence import NORMAL_975, half_width

BASKET: Final = (4.0, 0.5)  # of the logarithm of an order: mean and spread


class ValidationRun(NamedTuple):
    """What became of the runs; shares of them, unless said otherwise."""

    runs: int
    alarms_ever: float  # the sequence left zero out at some look
    alarms_weekly_t: float  # a plain interval did, read at every look
    alarms_last_t: float  # a plain interval did at the planned end
    held_at_every_look: float  # the sequence held the truth at all looks
    covered_at_end: float  # the plain interval held it at the planned end
    median_week: float | None  # of decision, among those decided by the sequence


def prove(
    *,
    runs: int,
    weeks: int,
    weekly: int,
    cvr: float,
    uplift: float,
    seed: int = 1,
) -> ValidationRun:
    """Run shops of `weekly` shoppers an arm and week, the champion's CVR raised by `uplift`.

    Revenue per shopper is judged, as in the report; its true uplift is the CVR's, for baskets are
    the same in both arms.
    """
    chance = np.random.default_rng(seed)
    control = _moments(chance, runs, weeks, weekly, cvr)
    treatment = _moments(chance, runs, weeks, weekly, cvr * (1 + uplift))
    shoppers = weekly * np.arange(1, weeks + 1)
    estimate = np.log(treatment.mean / control.mean)
    variance = control.relative + treatment.relative
    # The width is proportional to the error: one look's factor serves all runs.
    factors = np.array([half_width(1.0, float(2 * count)) for count in shoppers])
    error = np.sqrt(variance)
    wide, plain = factors * error, NORMAL_975 * error
    truth = math.log1p(uplift)
    decided = np.abs(estimate) > wide
    first = np.where(decided.any(axis=1), decided.argmax(axis=1) + 1, 0)
    return ValidationRun(
        runs=runs,
        alarms_ever=float(decided.any(axis=1).mean()),
        alarms_weekly_t=float((np.abs(estimate) > plain).any(axis=1).mean()),
        alarms_last_t=float((np.abs(estimate) > plain)[:, -1].mean()),
        held_at_every_look=float((np.abs(estimate - truth) <= wide).all(axis=1).mean()),
        covered_at_end=float((np.abs(estimate - truth) <= plain)[:, -1].mean()),
        median_week=float(np.median(first[first > 0])) if first.any() else None,
    )


class _Moments(NamedTuple):
    mean: Any  # revenue per shopper so far, by run and week
    relative: Any  # its variance over its square


def _moments(chance: Any, runs: int, weeks: int, weekly: int, cvr: float) -> _Moments:
    buyers = chance.binomial(weekly, cvr, size=(runs, weeks))
    baskets = chance.lognormal(*BASKET, size=int(buyers.sum()))
    ends = np.cumsum(buyers.ravel())
    sums = _by_week(baskets, ends, buyers.shape)
    squares = _by_week(baskets**2, ends, buyers.shape)
    shoppers = weekly * np.arange(1, weeks + 1)
    total, square = np.cumsum(sums, axis=1), np.cumsum(squares, axis=1)
    mean = np.maximum(total, 1e-9) / shoppers
    spread = (square - total**2 / shoppers) / (shoppers - 1)
    return _Moments(mean, spread / shoppers / mean**2)


def _by_week(values: Any, ends: Any, shape: tuple[int, int]) -> Any:
    running = np.concatenate([[0.0], np.cumsum(values)])
    return np.diff(running[np.concatenate([[0], ends])]).reshape(shape)
