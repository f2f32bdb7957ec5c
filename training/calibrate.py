"""Makes a confidence out of scores: the probability that the first reply is right.

Two features of the scores, the first reply's log-odds and its cosine-like score, go through a
logistic function fitted on questions kept aside. With few of those the fit leans on the log-odds
as they are (a Gaussian prior), so that ten questions can not make it overconfident.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

Array = np.ndarray[Any, Any]

# Shops cannot say how many of their questions no reply fits; their bots' logs had 10 to 54 %.
ASSUMED_NULL_SHARE: Final = 0.1
PRIOR_STRENGTH: Final = 4.0  # in questions, roughly: how many it takes to be believed
NEWTON_STEPS: Final = 30


class Calibration(NamedTuple):
    """Confidence = 1 / (1 + exp(-(odds · log-odds + score · top + bias)))."""

    odds: float = 1.0
    top: float = 0.0
    bias: float = 0.0


def confidence_features(scores: Any, null_score: Any) -> Any:
    """Of scores [B,R] and "no reply fits" [B,1]: the first reply's log-odds and score [B,2]."""
    everything = tf.concat([scores, null_score], axis=1)
    best = tf.reduce_max(scores, axis=1, keepdims=True)
    log_p = best - tf.reduce_logsumexp(everything, axis=1, keepdims=True)
    log_rest = tf.math.log(-tf.math.expm1(tf.minimum(log_p, -1e-6)))
    return tf.concat([log_p - log_rest, best], axis=1)


def confidence(features: Any, calibration: Calibration) -> Any:
    """The calibrated probability [B] that the first reply is right, inside the graph."""
    odds = calibration.odds * features[:, 0] + calibration.top * features[:, 1]
    return tf.sigmoid(odds + calibration.bias)


def calibrate(features: Array, right: Array, is_null: Array) -> Calibration:
    """Fit by Newton's method: features [N,2], whether the first reply was right, whether none fits.

    Null questions weigh at least `ASSUMED_NULL_SHARE` of all, if there are any.
    """
    if not len(features):
        return Calibration()
    weight = np.ones(len(features))
    nulls, others = is_null.sum(), (~is_null).sum()
    if nulls and others:
        wanted = ASSUMED_NULL_SHARE / (1.0 - ASSUMED_NULL_SHARE) * others
        weight[is_null] = max(1.0, wanted / nulls)
    middle = float(np.mean(features[:, 1]))
    x = np.column_stack([features[:, 0], features[:, 1] - middle, np.ones(len(features))])
    prior = np.array([1.0, 0.0, 0.0])
    pull = PRIOR_STRENGTH * np.array([1.0, 1.0, 0.1])
    fitted = prior.copy()
    for _ in range(NEWTON_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ fitted, -30, 30)))
        slope = x.T @ (weight * (p - right)) + pull * (fitted - prior)
        bend = (x * (weight * p * (1.0 - p))[:, np.newaxis]).T @ x + np.diag(pull)
        fitted = fitted - np.linalg.solve(bend, slope)
    odds, top, bias = (float(value) for value in fitted)
    return Calibration(odds, top, bias - top * middle)
