"""Makes a confidence out of scores: the probability that the first reply is right.

Two features of the scores, the first reply's log-odds and its cosine-like score, go through a
logistic function fitted on questions kept aside. With few of those the fit leans on the log-odds
as they are (a Gaussian prior), so that ten questions can not make it overconfident.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

from training.dataset import NULL_ROW
from training.measures import WANTED_PRECISION, Answered, question_measures, threshold_at

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


def confidence_features(best: Any, total: Any, nothing: Any) -> Any:
    """The first reply's log-odds and score [B,2].

    Args:
        best: its score [B,1].
        total: the logarithm of the sum of all replies' exp(score) [B,1].
        nothing: the score of "no reply fits" [B,1].
    """
    everything = tf.reduce_logsumexp(tf.concat([total, nothing], axis=1), axis=1, keepdims=True)
    log_p = tf.minimum(best - everything, -1e-6)
    log_rest = tf.math.log(-tf.math.expm1(log_p))
    return tf.concat([log_p - log_rest, best], axis=1)


def features_of_scores(scores: Any, nothing: Any) -> Any:
    """The same from every reply's score [B,R]."""
    best = tf.reduce_max(scores, axis=1, keepdims=True)
    return confidence_features(best, tf.reduce_logsumexp(scores, axis=1, keepdims=True), nothing)


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


def calibrated(scores: Array, label: Array) -> tuple[Calibration, dict[str, Any]]:
    """Fit the confidence on scores [N,R+1] of questions not learned from, and measure it there.

    Column 0 is "no reply fits"; `label` [N] are the right columns.
    """
    features = features_of_scores(tf.constant(scores[:, 1:]), tf.constant(scores[:, :1])).numpy()
    order = np.argsort(-scores[:, 1:], axis=1, kind="stable") + 1
    rank = np.argmax(order == label[:, np.newaxis], axis=1)
    is_null = label == NULL_ROW
    right = (rank == 0) & ~is_null
    fitted = calibrate(features, right, is_null)
    sure = confidence(tf.constant(features, tf.float32), fitted).numpy()
    measures = question_measures(Answered(np.where(is_null, -1, rank), sure, is_null))
    answer_at = threshold_at(WANTED_PRECISION, sure, right)
    return fitted, {"n": len(label), **measures, "answer_at": answer_at}
