"""Confidence calibration: turns scores into the probability that the first reply is right.

Two questions, each a logistic function: does anything fit, by the first reply's log-odds, its score
and how near the nearest question learned from is; and is the first right where something does, by
its log-odds among the replies, so that two that tie are each believed little more than half. A
third tells whether one of the first three is. They are fitted on questions that were not learned
from, and begin with what other shops' books showed (`confidence_prior`).
"""

from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

from training.data import NULL_ROW
from training.evaluation import WANTED_PRECISION, EvaluatedAnswers, question_measures
from training.fitting.confidence_prior import Prior, Priors, priors

Array = np.ndarray[Any, Any]

# Shops cannot say how many of their questions no reply fits. Those that name some have seen to it
# that most are answered; where nobody looked, half were of that kind: 166 of 397, 539 of 991 and
# 708 of 983 messages to three live bots (Arora et al., HINT3, 2020; counted in its repository).
# The staff's verdicts put that right as they come (`unfit_share`).
NAMED_SHARE: Final = 0.1
UNNAMED_SHARE: Final = 0.5
MOST_UNFIT: Final = 0.95
WORTH: Final = 40.0  # questions of the shop's own: so many count as much as the prior
SCALE_WORTH: Final = 4.0  # the same of how sure to be in all, which is found by named ones alone
NEWTON_STEPS: Final = 30
SURE: Final = 30.0  # log-odds of what is certain
SHOWN: Final = 3  # replies that are offered
FEW_WAYS: Final = 3  # questions: a book with fewer a reply is in its first days

# The version's own threshold. On a book's first day nobody has measured it: over the small books,
# with as many questions that fit nothing as others, 4 to 13 % of the answers given were wrong.
ANSWER_AT: Final = 0.8
EVIDENCE: Final = 50  # answers over a threshold before it is believed
LOWEST, HIGHEST = 0.5, 0.95  # of any threshold; over the second, answers are right by themselves
# From here on evidence has to speak against a threshold, below it for one: 94 in a hundred right
# prove nothing, and a question held out is harder than one to come.
# From 0.7 on, 7 % of the answers were wrong where 42 % of messages fit nothing.
BELIEVED: Final = 0.85
ONE_SIDED_95: Final = 1.645  # standard errors

# How probably one of three replies has to be right to offer them. While a reply has fewer than
# three questions, most of what it answers is not known to be its own: then choices come first.
OFFER_AT: Final = 0.3
OFFER_YOUNG_AT: Final = 0.1


class Calibration(NamedTuple):
    """Coefficients of the confidence, and the thresholds of answering and of offering choices.

    Confidence = σ(odds · log-odds + top · score + near · nearest + bias)
    · σ(apart · log-odds among the replies + apart_bias).
    Versions made before had the first factor alone.
    """

    odds: float = 1.0
    top: float = 0.0
    near: float = 0.0
    bias: float = 0.0
    apart: float | None = None
    apart_bias: float = 0.0
    three: float = 0.0  # the same of the first three together
    three_bias: float = SURE
    answer_at: float = ANSWER_AT
    offer_at: float = OFFER_AT


class Scored(NamedTuple):
    """N questions against a book of R replies; column 0 is "no reply fits"."""

    scores: Any  # float32 [N,R+1]
    near: Any  # float32 [N,R+1], the score of each reply's nearest question


class HeldQuestions(NamedTuple):
    """What is known of those N questions."""

    label: Array  # int [N], the right columns
    learned: Array  # int [N], of how many questions the right reply was learned where it was asked
    counted: Array  # bool [N], whether it is one as the shop meets them; the others help to tell


def confidence_features(best: Any, total: Any, nothing: Any, nearest: Any) -> Any:
    """What confidence is told by [B,5].

    The first reply's log-odds, its score, the nearest question's, and the log-odds among the
    replies alone of the first and of the first three together.

    Args:
        best: the first replies' scores, best first [B,K].
        total: the logarithm of the sum of all replies' exp(score) [B,1].
        nothing: the score of "no reply fits" [B,1].
        nearest: the score of the nearest question of any reply [B,1].
    """
    everything = tf.reduce_logsumexp(tf.concat([total, nothing], axis=1), axis=1, keepdims=True)
    first = best[:, :1]
    three = tf.reduce_logsumexp(best[:, :SHOWN], axis=1, keepdims=True)
    odds = [_log_odds(log_p) for log_p in (first - everything, first - total, three - total)]
    return tf.concat([odds[0], first, nearest, *odds[1:]], axis=1)


def _log_odds(log_p: Any) -> Any:
    log_p = tf.minimum(log_p, -1e-6)
    return log_p - tf.math.log(-tf.math.expm1(log_p))


def features_of(scored: Scored) -> Array:
    """The same of every question [N,5]."""
    scores, near = tf.constant(scored.scores, tf.float32), tf.constant(scored.near, tf.float32)
    replies = scores[:, 1:]
    total = tf.reduce_logsumexp(replies, axis=1, keepdims=True)
    best = tf.math.top_k(replies, min(SHOWN, replies.shape[1]))[0]
    nearest = tf.reduce_max(near[:, 1:], axis=1, keepdims=True)
    found: Array = confidence_features(best, total, scores[:, :1], nearest).numpy()
    return found


def fitting(features: Any, of: Calibration) -> Any:
    """The probability [B] that any reply fits, in the graph."""
    return tf.sigmoid(
        of.odds * features[:, 0] + of.top * features[:, 1] + of.near * features[:, 2] + of.bias
    )


def confidence(features: Any, of: Calibration) -> tuple[Any, Any]:
    """The probabilities [B] that the first is right, and that one of three is, in the graph."""
    fits = fitting(features, of)
    first = 1.0 if of.apart is None else tf.sigmoid(of.apart * features[:, 3] + of.apart_bias)
    three = tf.sigmoid(of.three * features[:, 4] + of.three_bias)
    return fits * first, fits * tf.maximum(first, three)


def fit_logistic(x: Array, right: Array, weight: Array, prior: Prior, worth: float) -> Array:
    """Coefficients [F] by Newton's method, from a prior that counts like `worth` questions.

    Args:
        x: features; 1 for a bias [N,F].
        right: whether it was so [N].
        weight: how much each counts [N].
        prior: what is believed before.
        worth: in questions.
    """
    sign = np.where(right, -1.0, 1.0)
    pull = worth * prior.information

    def loss(at: Array) -> float:
        away = at - prior.mean
        return float(weight @ np.logaddexp(0.0, sign * (x @ at)) + 0.5 * away @ pull @ away)

    fitted = prior.mean.copy()
    for _ in range(NEWTON_STEPS):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ fitted, -30, 30)))
        slope = x.T @ (weight * (p - right)) + pull @ (fitted - prior.mean)
        bend = (x * (weight * p * (1.0 - p))[:, np.newaxis]).T @ x + pull
        step = np.linalg.solve(bend + 1e-9 * np.eye(len(bend)), slope)
        # Newton's step overshoots where the curve is flat: half of it, until it helps.
        while loss(fitted - step) > loss(fitted) and np.abs(step).max() > 1e-6:
            step = 0.5 * step
        fitted = fitted - step
    return fitted


def calibrated(
    scored: Scored, asked: HeldQuestions, *, nulls: float, questions: float, nearness: float
) -> tuple[Calibration, dict[str, Any]]:
    """Fit the confidence on questions not learned from, and measure it there.

    What tells that something fits is found with as many questions that nothing fits as others; how
    sure to be then, with as many as a shop meets. A question whose reply had no other says nothing:
    it could not be found. What is peculiar to the shop is found at the number of questions that
    were learned from in its folds, and added to what holds for the number that is served.

    Args:
        scored: the questions.
        asked: what is known of them.
        nulls: how many that nothing fits a shop meets for each that has a reply.
        questions: of a reply, the median, of those that are served.
        nearness: the weight of the nearest question in the scores.
    """
    is_null = asked.label == NULL_ROW
    told = is_null | (asked.learned > 0)
    scored = Scored(scored.scores[told], scored.near[told])
    label, learned, counted = (of[told] for of in asked)
    served = priors(questions, nearness)
    if not (label != NULL_ROW).any():
        by_others = _calibration(served, {}, shift=-np.log(nulls), scale=1.0)
        by_others = by_others._replace(offer_at=_offer_at(questions))
        return by_others, {"n": 0, **_thresholds(by_others)}
    is_null = label == NULL_ROW
    there = priors(float(np.median(learned[~is_null])), nearness)
    order = np.argsort(-scored.scores[:, 1:], axis=1, kind="stable") + 1
    rank = np.argmax(order == label[:, np.newaxis], axis=1)
    features = features_of(scored)
    x = {
        "fits": np.column_stack([features[:, :3], np.ones(len(features))]),
        "first": np.column_stack([features[~is_null, 3], np.ones((~is_null).sum())]),
        "three": np.column_stack([features[~is_null, 4], np.ones((~is_null).sum())]),
    }
    so = {"fits": ~is_null, "first": rank[~is_null] == 0, "three": rank[~is_null] < SHOWN}
    weight = {part: np.ones(len(rows)) for part, rows in x.items()}
    weight["fits"] = _weights(is_null, 1.0) * is_null.any()  # without both kinds, none is told
    own = {part: fit_logistic(x[part], so[part], weight[part], there[part], WORTH) for part in x}
    index = np.column_stack([x["fits"] @ own["fits"], np.ones(len(label))])
    surely = fit_logistic(
        index[counted],
        ~is_null[counted],
        _weights(is_null[counted], nulls) * is_null[counted].any(),
        Prior(np.array([1.0, -np.log(nulls)]), np.diag([1.0, 0.1])),
        SCALE_WORTH,
    )
    by_shop = {part: own[part] - there[part].mean for part in x}
    fitted = _calibration(served, by_shop, scale=float(surely[0]), shift=float(surely[1]))
    at_folds = _calibration(there, by_shop, scale=float(surely[0]), shift=float(surely[1]))
    sure, _ = confidence(tf.constant(features[counted], tf.float32), at_folds)
    answered = EvaluatedAnswers(
        np.where(is_null, -1, rank)[counted], sure.numpy(), is_null[counted]
    )
    measured = _weights(is_null[counted], nulls)
    fitted = fitted._replace(answer_at=answer_at(answered, measured), offer_at=_offer_at(questions))
    told_of = {
        "n": len(answered.rank),
        **question_measures(answered),
        **_thresholds(fitted),
    }
    return fitted, told_of


def answer_at(answered: EvaluatedAnswers, weight: Array) -> float:
    """From which confidence on answers are right 95 % of the time; `ANSWER_AT` without evidence.

    The confidences themselves, which are calibrated, count like `EVIDENCE` answers more, so that
    luck with a few does not lower the threshold. One from `BELIEVED` on does unless its answers are
    right more seldom by more than chance explains.
    """
    order = np.argsort(-answered.confidence, kind="stable")
    sure, right, weight = (of[order] for of in (answered.confidence, answered.right, weight))
    over, hits, hoped = (np.cumsum(of) for of in (weight, weight * right, weight * sure))
    enough = np.arange(1, len(order) + 1) >= EVIDENCE
    if not (enough & (sure >= LOWEST)).any():
        return ANSWER_AT
    right_share = (hits + EVIDENCE * hoped / over) / (over + EVIDENCE)
    answers = over**2 / np.cumsum(weight**2)  # as many of equal weight would tell as much
    error = np.sqrt(WANTED_PRECISION * (1.0 - WANTED_PRECISION) / answers)
    precise = right_share + ONE_SIDED_95 * error * (sure >= BELIEVED) >= WANTED_PRECISION
    edge = np.append(sure[:-1] != sure[1:], True)  # equally sure ones are not parted
    found = sure[(enough | (sure >= BELIEVED)) & edge & precise]
    return float(np.clip(found.min(initial=HIGHEST), LOWEST, HIGHEST))


def _thresholds(of: Calibration) -> dict[str, float]:
    """The version's own, as its card shows them."""
    return {"answer_at": round(of.answer_at, 4), "offer_at": of.offer_at}


def _offer_at(questions: float) -> float:
    return OFFER_AT if questions >= FEW_WAYS else OFFER_YOUNG_AT


def _calibration(
    priors_: Priors, by_shop: dict[str, Array], *, scale: float, shift: float
) -> Calibration:
    """The coefficients of all parts; the first part's are scaled and shifted."""
    parts = {part: prior.mean + by_shop.get(part, 0.0) for part, prior in priors_.items()}
    fits = scale * parts["fits"] + np.array([0.0, 0.0, 0.0, shift])
    return Calibration(*(float(each) for each in (*fits, *parts["first"], *parts["three"])))


def _weights(is_null: Array, nulls: float) -> Array:
    """Weights [N] that make the null questions, if any, `nulls` for each of the others."""
    weight = np.ones(len(is_null))
    weight[is_null] = nulls * (~is_null).sum() / max(is_null.sum(), 1)
    return weight
