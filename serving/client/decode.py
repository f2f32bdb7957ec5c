"""Decoding of a prediction's outputs: arrays by name to rankings, drafts, scores and answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from serving import contract
from serving.ranker import (
    NOTHING_SAID,
    Candidate,
    Draft,
    Ranking,
    ReadAnswers,
    Recommendation,
    ReplyScore,
)

Array = np.ndarray[Any, Any]
Outputs = Mapping[str, Array]

# Outputs that are texts; the others are numbers.
TEXTS: Final = (
    contract.REPLY_ID, contract.PRODUCT_ID, contract.TEXT, contract.ACT, contract.ACTION,
)  # fmt: skip


class BadOutputs(Exception):
    """Outputs of another form than the contract's."""


def rankings(outputs: Outputs, rows: int, version: int) -> list[Ranking]:
    """The rankings of `rows` dialogues by `version`."""
    reply_ids, scores = _arrays(outputs, (contract.REPLY_ID, contract.SCORE), rows, None)
    (confidences,) = _arrays(outputs, (contract.CONFIDENCE,), rows)
    acts = _said(outputs, contract.ACT, contract.ACT_PROBABILITY, rows)
    actions = _said(outputs, contract.ACTION, contract.ACTION_PROBABILITY, rows)
    own = (contract.AMONG_THREE, contract.ANSWER_AT, contract.OFFER_AT)
    told = zip(*(_told(outputs, name, rows) for name in own), strict=True)
    return [
        Ranking(
            tuple(
                Candidate(reply_id.decode("utf-8", "replace"), float(score))
                for reply_id, score in zip(ids, row, strict=True)
            ),
            float(np.clip(confidence, 0.0, 1.0)),
            "model",
            version,
            act,
            action,
            *besides,
        )
        for ids, row, confidence, act, action, besides in zip(
            reply_ids, scores, confidences, acts, actions, told, strict=True
        )
    ]


def vectors(outputs: Outputs, rows: int) -> Array:
    """Unit vectors [rows,D]."""
    (found,) = _arrays(outputs, (contract.VECTOR,), rows, None)
    return found


def recommendations(outputs: Outputs) -> list[Recommendation]:
    """The products for one dialogue."""
    ids, scores = _arrays(outputs, (contract.PRODUCT_ID, contract.SCORE), 1, None)
    return [
        Recommendation(product_id.decode("utf-8", "replace"), float(score))
        for product_id, score in zip(ids[0], scores[0], strict=True)
    ]


def drafts(outputs: Outputs, rows: int) -> list[Draft]:
    """A draft for each of `rows` dialogues."""
    texts, log_probs = _arrays(outputs, (contract.TEXT, contract.LOG_PROB), rows)
    return [
        Draft(text.decode("utf-8", "replace"), float(log_prob))
        for text, log_prob in zip(texts, log_probs, strict=True)
    ]


def reply_scores(outputs: Outputs, rows: int) -> list[ReplyScore]:
    """A score for each of `rows` pairs of dialogue and reply."""
    log_probs, tokens = _arrays(outputs, (contract.LOG_PROB, contract.TOKENS), rows)
    return [
        ReplyScore(float(log_prob), int(count))
        for log_prob, count in zip(log_probs, tokens, strict=True)
    ]


def read_answers(outputs: Outputs, sentences: int) -> ReadAnswers:
    """The probability of each of one dialogue's `sentences`, and that none answers."""
    (shares,) = _arrays(outputs, (contract.PROBABILITY,), 1, sentences)
    (nothing,) = _arrays(outputs, (contract.NOTHING,), 1)
    return ReadAnswers(tuple(shares[0].tolist()), float(nothing[0]))


def _arrays(outputs: Outputs, names: tuple[str, ...], *sizes: int | None) -> list[Array]:
    """The named outputs, alike in shape; of `sizes`, None is whatever it comes to."""
    shapes = {name: outputs[name].shape if name in outputs else None for name in names}
    shape = shapes[names[0]] or ()
    fits = [size in (None, found) for size, found in zip(sizes, shape, strict=False)]
    if len(set(shapes.values())) != 1 or len(shape) != len(sizes) or not all(fits):
        raise BadOutputs(f"answered with the shapes {shapes}, not {sizes}")
    for name in names:
        array = outputs[name]
        if (array.dtype == np.object_) != (name in TEXTS):
            raise BadOutputs(f"answered {name} as {array.dtype}")
        if array.dtype != np.object_ and not np.isfinite(array).all():
            raise BadOutputs(f"answered {name} with what is no number")
    return [outputs[name] for name in names]


def _said(
    outputs: Outputs, name: str, probability: str, rows: int
) -> Sequence[Mapping[str, float]]:
    """What a head says of each dialogue; of a version without it, nothing."""
    if name not in outputs:
        return [NOTHING_SAID] * rows
    names, shares = _arrays(outputs, (name, probability), rows, None)
    return [
        {each.decode("utf-8", "replace"): float(share) for each, share in zip(*row, strict=True)}
        for row in zip(names, shares, strict=True)
    ]


def _told(outputs: Outputs, name: str, rows: int) -> Sequence[float | None]:
    """A probability for each dialogue that newer versions tell; None from the others."""
    if name not in outputs:
        return [None] * rows
    (told,) = _arrays(outputs, (name,), rows)
    return [float(each) for each in np.clip(told, 0.0, 1.0)]
