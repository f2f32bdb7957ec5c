"""Confidence prior: how sure to be at so many questions a reply, as other shops' books showed.

`confidence_prior.json` holds logistic fits over many small books, by the weight of nearness and by
the number of questions a reply; `benchmarks/confidence_prior.py` made it and says how well a book
that was left out is told by the others. Each fit comes with its information for one question (the
mean curvature of its loss), so that a prior can count like so many questions of other shops.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]

FILE: Final = Path(__file__).with_suffix(".json")
EVEN: Final = 0.15  # the information of one question on that bias: p (1 - p) of those near a tie
PARTS: Final = ("fits", "first", "three")


class Prior(NamedTuple):
    """Coefficients to begin with, and what one question says of them; a bias comes last."""

    mean: Array  # float64 [F]
    information: Array  # float64 [F,F]


Priors = dict[str, Prior]  # by part of the confidence: see `calibrate.Calibration`


def priors(questions: float, nearness: float) -> Priors:
    """The priors at `questions` a reply, between those that were looked at, by the logarithm.

    Args:
        questions: of a reply, the median; under one counts as one.
        nearness: the weight of the nearest question in the score; the next one looked at is taken.
    """
    read = _read()
    looked_at = min(read["nearness"], key=lambda weight: abs(float(weight) - nearness))
    rows = read["nearness"][looked_at]
    at = np.log(np.array(read["questions"], np.float64))
    place = float(np.clip(np.log(max(questions, 1.0)), at[0], at[-1]))
    found = {
        part: Prior(*(_between(at, rows[part][of], place) for of in Prior._fields))
        for part in PARTS
    }
    return {**found, "first": _with_bias(found["first"])}


def _with_bias(prior: Prior) -> Prior:
    """Of two that tie the first is right half the time, until a shop's own say otherwise."""
    size = len(prior.mean)
    information = np.zeros((size + 1, size + 1))
    information[:size, :size] = prior.information
    information[size, size] = EVEN
    return Prior(np.append(prior.mean, 0.0), information)


def _between(at: Array, values: Any, place: float) -> Array:
    known = np.array(values, np.float64)
    flat = known.reshape(len(at), -1)
    found = [np.interp(place, at, column) for column in flat.T]
    return np.array(found).reshape(known.shape[1:])


@cache
def _read() -> Any:
    return json.loads(FILE.read_text(encoding="ascii"))
