"""Confidence calibration: turns scores into the probability that the first reply is right.

Three features, the first reply's log-odds, its score, and how near the nearest question learned
from is, go through a logistic function fitted on questions kept aside. With few of those the fit
leans on the log-odds as they are (a Gaussian prior), so that ten questions can not make it
overconfident.
"""

from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

from training.data import NULL_ROW
from training.evaluation import WANTED_PRECISION, EvaluatedAnswers, question_measures, threshold_at

Array = np.ndarray[Any, Any]

# Shops cannot say how many of their questions no reply fits. Those that name some have seen to it
# that most are answered; where nobody looked, half were of that kind: 166 of 397, 539 of 991 and
# 708 of 983 messages to three live bots (Arora et al., HINT3, 2020; counted in its repository).
NAMED_NULLS: Final = 1 / 9  # for each question that has a reply
UNNAMED_NULLS: Final = 1.0
PRIOR_STRENGTH: Final = 4.0  # in questions, roughly: how many it takes to be believed
NEWTON_STEPS: Final = 30


class Calibration(NamedTuple):
    """Confidence = 1 / (1 + exp(-(odds · log-odds + top · score + near · nearest + bias)))."""

    odds: float = 1.0
    top: float = 0.0
    near: float = 0.0
    bias: float = 0.0


class Scored(NamedTuple):
    """N questions against a book of R replies; column 0 is "no reply fits"."""

    scores: Any  # float32 [N,R+1]
    near: Any  # float32 [N,R+1], the score of each reply's nearest question


def confidence_features(best: Any, total: Any, nothing: Any, nearest: Any) -> Any:
    """The first reply's log-odds and score, and the nearest question's [B,3].

    Args:
        best: its score [B,1].
        total: the logarithm of the sum of all replies' exp(score) [B,1].
        nothing: the score of "no reply fits" [B,1].
        nearest: the score of the nearest question of any reply [B,1].
    """
    everything = tf.reduce_logsumexp(tf.concat([total, nothing], axis=1), axis=1, keepdims=True)
    log_p = tf.minimum(best - everything, -1e-6)
    log_rest = tf.math.log(-tf.math.expm1(log_p))
    return tf.concat([log_p - log_rest, best, nearest], axis=1)


def features_of(scored: Scored) -> Array:
    """The same of every question [N,3]."""
    scores, near = tf.constant(scored.scores, tf.float32), tf.constant(scored.near, tf.float32)
    total = tf.reduce_logsumexp(scores[:, 1:], axis=1, keepdims=True)
    best, nearest = (tf.reduce_max(of[:, 1:], axis=1, keepdims=True) for of in (scores, near))
    found: Array = confidence_features(best, total, scores[:, :1], nearest).numpy()
    return found


def confidence(features: Any, calibration: Calibration) -> Any:
    """The calibrated probability [B] that the first reply is right, inside the graph."""
    odds, top, near, bias = calibration
    return tf.sigmoid(odds * features[:, 0] + top * features[:, 1] + near * features[:, 2] + bias)


def calibrate(features: Array, right: Array, weight: Array) -> Calibration:
    """Fit by Newton's method: features [N,3], whether the first was right, how much each counts."""
    if not len(features):
        return Calibration()
    middle = features[:, 1:].mean(axis=0)
    x = np.column_stack([features[:, 0], features[:, 1:] - middle, np.ones(len(features))])
    prior = np.array([1.0, 0.0, 0.0, 0.0])
    pull = PRIOR_STRENGTH * np.array([1.0, 1.0, 1.0, 0.1])
    sign = np.where(right, -1.0, 1.0)

    def loss(at: Array) -> float:
        held = 0.5 * float(pull @ (at - prior) ** 2)
        return float(weight @ np.logaddexp(0.0, sign * (x @ at))) + held

    fitted = prior.copy()
    for _ in range(NEWTON_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ fitted, -30, 30)))
        slope = x.T @ (weight * (p - right)) + pull * (fitted - prior)
        bend = (x * (weight * p * (1.0 - p))[:, np.newaxis]).T @ x + np.diag(pull)
        step = np.linalg.solve(bend, slope)
        # Newton's step overshoots where the curve is flat: half of it, until it helps.
        while loss(fitted - step) > loss(fitted) and np.abs(step).max() > 1e-6:
            step = 0.5 * step
        fitted = fitted - step
    odds, top, near, bias = (float(value) for value in fitted)
    return Calibration(odds, top, near, bias - float(fitted[1:3] @ middle))


def calibrated(
    scored: Scored, label: Array, counted: Array, *, nulls: float
) -> tuple[Calibration, dict[str, Any]]:
    """Fit the confidence on questions not learned from, and measure it there.

    What tells right from wrong is found with as many questions that nothing fits as others; how
    sure to be then, with as many as a shop meets.

    Args:
        scored: the questions.
        label: the right columns [N].
        counted: whether each is one as the shop meets them [N]; the others only help to tell.
        nulls: how many that nothing fits a shop meets for each that has a reply.
    """
    order = np.argsort(-scored.scores[:, 1:], axis=1, kind="stable") + 1
    rank = np.argmax(order == label[:, np.newaxis], axis=1)
    is_null = label == NULL_ROW
    right = (rank == 0) & ~is_null
    features = features_of(scored)
    tells = calibrate(features, right, _weights(is_null, 1.0))
    index = np.zeros_like(features)
    index[:, 0] = features @ np.array(tells[:3]) + tells.bias
    right, is_null, rank = right[counted], is_null[counted], rank[counted]
    surely = calibrate(index[counted], right, _weights(is_null, nulls))
    odds, top, near, bias = (surely.odds * part for part in tells)
    fitted = Calibration(odds, top, near, bias + surely.bias)
    sure = confidence(tf.constant(features[counted], tf.float32), fitted).numpy()
    measures = question_measures(EvaluatedAnswers(np.where(is_null, -1, rank), sure, is_null))
    answer_at = threshold_at(WANTED_PRECISION, sure, right)
    return fitted, {"n": len(right), **measures, "answer_at": answer_at}


def _weights(is_null: Array, nulls: float) -> Array:
    """Weights [N] that make the null questions, if any, `nulls` for each of the others."""
    weight = np.ones(len(is_null))
    weight[is_null] = nulls * (~is_null).sum() / max(is_null.sum(), 1)
    return weight
