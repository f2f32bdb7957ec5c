"""Calibration of the reader: how sharp its logits are, and how much it doubts."""

from typing import Any

import numpy as np
from scipy.optimize import minimize

from training.reader.weights import ReaderCalibration

Array = np.ndarray[Any, Any]


def calibrate(logits: Array, right: Array, likely: Array) -> ReaderCalibration:
    """The dials under which the right answers are likeliest.

    Args:
        logits: float [N,S+1] of questions not learned from, "nothing here answers" last.
        right: bool [N,S+1], which of them are right; at least one of each question.
        likely: float [N,S], how likely each sentence is by how it was found alone.
    """
    beside = np.concatenate([likely, np.zeros((len(likely), 1))], axis=1)
    last = np.arange(logits.shape[1]) == logits.shape[1] - 1

    def surprise(dials: Array) -> float:
        shown = np.exp(dials[0]) * (logits + dials[1] * last + dials[2] * beside)
        shares = np.exp(shown - shown.max(axis=1, keepdims=True))
        good = np.where(right, shares, 0.0).sum(axis=1) / shares.sum(axis=1)
        return float(-np.log(np.maximum(good, 1e-12)).mean())

    found = minimize(surprise, np.zeros(3), method="Nelder-Mead", options={"maxiter": 2_000}).x
    return ReaderCalibration(float(np.exp(found[0])), float(found[1]), float(found[2]))
