"""Confidence of answers from pages: what was found and read, as quotations that may be wrong.

Two small calibrations, fitted by `training.reader.confidence` on questions of which half have no
answer, and kept in `page_answers.json`:

- order: a sentence's share of "this one answers" is a softmax over the reader's logarithm of its
  probability and three hints about how it was found
- confidence: a logistic regression on what the whole search and reading came to, never falling in
  any of its clues, and nothing where no word of the question is found
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from serving.passage_search import BOTH, COSINE, PASSAGE, Found
from serving.quoting import Quotation, quote
from serving.ranker import ReadAnswers

FILE: Final = Path(__file__).with_suffix(".json")
ORDERED_BY: Final = ("reader", "passage", "both", "cosine")
CLUES: Final = ("share", "answered", "read", "covered")
LEAST: Final = 1e-6
SOFT: Final = 1e-3  # keeps the logarithm of odds within 7

Array = np.ndarray[Any, Any]


class AnswerScale(NamedTuple):
    """What was fitted: a weight for each of `ORDERED_BY` and `CLUES`, none below 0, and a bias."""

    order: tuple[float, ...]
    clues: tuple[float, ...]
    bias: float


@cache
def read_scale(path: Path = FILE) -> AnswerScale:
    """The scale that ships."""
    kept: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    order, clues = kept["order"], kept["confidence"]
    return AnswerScale(
        tuple(order[name] for name in ORDERED_BY),
        tuple(clues[name] for name in CLUES),
        clues["bias"],
    )


class SentenceFacts(NamedTuple):
    """What is known of a sentence without a model."""

    length: int  # characters
    fit: float = 1.0  # of its places and amounts to those of the question, see `stated_values`


def judged_quotations(
    found: Sequence[Found], facts: Sequence[SentenceFacts], read: ReadAnswers, scale: AnswerScale
) -> list[Quotation]:
    """The quotations, likeliest first, each with the probability that it is right.

    Args:
        found: the sentences that were read.
        facts: of each.
        read: what the reader said of them.
        scale: see `read_scale`.
    """
    if not found:
        return []
    shares = shares_of(found, read, scale)
    fits = np.array([each.fit for each in facts])
    quotations = quoted(found, [each.length for each in facts], shares * fits)
    sure = confidence(clues_of(found, read, quotations[0]), scale)
    # Where all that was found is of something else, the best of it is no better for that.
    sure *= max(fits[place] for place, each in enumerate(found) if _within(each, quotations[0]))
    top = max(quotations[0].probability, LEAST)
    return [each._replace(probability=sure * each.probability / top) for each in quotations]


def order_clues(found: Sequence[Found], read: ReadAnswers) -> Array:
    """What sentences are ordered by [S,`ORDERED_BY`]."""
    said = np.log(np.maximum(read.probabilities, LEAST))
    return np.column_stack([said, *_hints(found).T])


def shares_of(found: Sequence[Found], read: ReadAnswers, scale: AnswerScale) -> Array:
    """The probability of each sentence to answer, if one does."""
    scores = order_clues(found, read) @ np.array(scale.order)
    shares = np.exp(scores - scores.max())
    return np.asarray(shares / shares.sum())


def quoted(found: Sequence[Found], lengths: Sequence[int], shares: Array) -> list[Quotation]:
    """The sentences as quotations, by their shares."""
    places = [(each.passage, each.sentence) for each in found]
    return quote(
        dict(zip(places, shares.tolist(), strict=True)),
        dict(zip(places, lengths, strict=True)),
    )


def clues_of(found: Sequence[Found], read: ReadAnswers, first: Quotation) -> tuple[float, ...]:
    """What the confidence in the first quotation is told by, `CLUES`: higher is surer.

    Its share of all that was found; what the reader thinks of there being an answer at all, and of
    this one, all three as the logarithm of odds; then the most that one of its sentences and its
    headings hold of the question's words, rare ones weighing more.
    """
    held = [place for place, each in enumerate(found) if _within(each, first)]
    read_here = sum(read.probabilities[place] for place in held)
    covered = max(found[place].hints[BOTH] for place in held)
    return _odds(first.probability), _odds(1.0 - read.nothing), _odds(read_here), covered


def confidence(clues: Sequence[float], scale: AnswerScale) -> float:
    """The probability that the first quotation is right; 0 where it shares no word."""
    if clues[CLUES.index("covered")] <= 0:
        return 0.0
    score = scale.bias + sum(map(float.__mul__, scale.clues, map(float, clues)))
    return 1.0 / (1.0 + math.exp(-score))


def _within(found: Found, quotation: Quotation) -> bool:
    return (
        found.passage == quotation.passage and quotation.first <= found.sentence <= quotation.last
    )


def _hints(found: Sequence[Found]) -> Array:
    return np.array([[each.hints[at] for at in (PASSAGE, BOTH, COSINE)] for each in found])


def _odds(probability: float) -> float:
    probability = min(probability, 1.0)
    return math.log((probability + SOFT) / (1.0 - probability + SOFT))
