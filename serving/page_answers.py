"""Confidence of answers from pages: what was found and read, as quotations that may be wrong.

Two small calibrations, fitted by `training.reader.confidence` on questions of which half have no
answer, and kept in `page_answers.json`:

- order: a sentence's share of "this one answers" is a softmax over the reader's logarithm of its
  probability and three hints about how it was found
- confidence: a logistic regression on what the whole search and reading came to, never falling in
  any of its clues, and nothing where no word of the question is found; in scripts without spaces,
  where words are pairs of characters, the same numbers mean more or less than elsewhere

A question in one script over a page in the other shares no word with it: then the cosine alone
tells, for the encoder puts both sides of a translation in one place.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from serving.passage_search import BOTH, COSINE, PASSAGE, Found, PassageText
from serving.quoting import MOST_QUOTED, Quotation, quote
from serving.ranker import ReadAnswers

FILE: Final = Path(__file__).with_suffix(".json")
ORDERED_BY: Final = ("reader", "passage", "both", "cosine")
CLUES: Final = ("share", "answered", "read", "covered")
LEAST: Final = 1e-6
UNNAMED: Final = 0.3  # of a confidence, where no word of what is asked for stands there: a draft
# Between languages (`tests/training/reader/across.*.txt`): 47 questions find the passage that
# answers at a cosine of 0.62 to 0.91, 20 that none answers one at 0.32 to 0.75.
ACROSS_HALF: Final = 0.72  # the cosine at which an answer is as likely right as wrong
ACROSS_STEEP: Final = 20.0
UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
SOFT: Final = 1e-3  # keeps the logarithm of odds within 7

Array = np.ndarray[Any, Any]


class AnswerScale(NamedTuple):
    """What was fitted: a weight for each of `ORDERED_BY` and `CLUES`, none below 0, and biases."""

    order: tuple[float, ...]
    clues: tuple[float, ...]
    bias: float
    unspaced: float = 0.0  # besides, where a question is in a script without spaces


@cache
def read_scale(path: Path = FILE) -> AnswerScale:
    """The scale that ships."""
    kept: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    order, clues = kept["order"], kept["confidence"]
    return AnswerScale(
        tuple(order[name] for name in ORDERED_BY),
        tuple(clues[name] for name in CLUES),
        clues["bias"],
        clues["unspaced"],
    )


class SentenceFacts(NamedTuple):
    """What is known of a sentence without a model."""

    fit: float = 1.0  # of its places and amounts to those of the question, see `stated_values`
    named: bool = True  # it, or what stands above it, has a word of what is asked for


class AskedPages(NamedTuple):
    """A question, and the passages in which sentences were found."""

    question: str
    passages: Sequence[PassageText]

    @property
    def unspaced(self) -> bool:
        """Whether the question is in a script without spaces between words."""
        return is_unspaced(self.question)

    def is_across(self, quotation: Quotation) -> bool:
        """Whether a quotation is in another script than the question."""
        sentences = self.passages[quotation.passage].sentences
        return is_unspaced("".join(sentences[quotation.first :][:MOST_QUOTED])) != self.unspaced

    def lengths(self, found: Sequence[Found]) -> dict[int, list[int]]:
        """How long each sentence is of the passages in which something was found."""
        return {
            number: [len(sentence) for sentence in self.passages[number].sentences]
            for number in {each.passage for each in found}
        }


def judged_quotations(
    asked: AskedPages,
    found: Sequence[Found],
    facts: Sequence[SentenceFacts],
    read: ReadAnswers,
    scale: AnswerScale,
) -> list[Quotation]:
    """The quotations, likeliest first, each with the probability that it is right.

    Args:
        asked: the question, and where the sentences stand.
        found: the sentences that were read.
        facts: of each.
        read: what the reader said of them.
        scale: see `read_scale`.
    """
    if not found:
        return []
    shares = shares_of(found, read, scale)
    fits = np.array([each.fit for each in facts])
    quotations = quoted(found, asked.lengths(found), shares * fits)
    held = [place for place, each in enumerate(found) if _within(each, quotations[0])]
    sure = confidence(clues_of(found, read, quotations[0]), scale, unspaced=asked.unspaced)
    if asked.is_across(quotations[0]):
        sure = max(sure, across(max(found[place].hints[COSINE] for place in held)))
    # Where all that was found is of something else, the best of it is no better for that: "is
    # there parking" is not answered by when the shop opens, which stands on the same page.
    sure *= max(fits[place] for place in held)
    sure *= 1.0 if any(facts[place].named for place in held) else UNNAMED
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


def quoted(
    found: Sequence[Found], lengths: Mapping[int, Sequence[int]], shares: Array
) -> list[Quotation]:
    """The sentences as quotations, by their shares."""
    places = [(each.passage, each.sentence) for each in found]
    return quote(dict(zip(places, shares.tolist(), strict=True)), lengths)


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


def confidence(clues: Sequence[float], scale: AnswerScale, *, unspaced: bool = False) -> float:
    """The probability that the first quotation is right; 0 where it shares no word."""
    if clues[CLUES.index("covered")] <= 0:
        return 0.0
    score = (
        scale.bias
        + unspaced * scale.unspaced
        + sum(map(float.__mul__, scale.clues, map(float, clues)))
    )
    return 1.0 / (1.0 + math.exp(-score))


def across(cosine: float) -> float:
    """The probability that a passage in another language answers, by the cosine alone.

    >>> [round(across(cosine), 2) for cosine in (0.5, 0.75, 0.85)]
    [0.01, 0.65, 0.93]
    """
    return 1.0 / (1.0 + math.exp(-ACROSS_STEEP * (cosine - ACROSS_HALF)))


def is_unspaced(text: str) -> bool:
    """Whether a text is in a script without spaces between words."""
    return UNSPACED.search(text) is not None


def _within(found: Found, quotation: Quotation) -> bool:
    return (
        found.passage == quotation.passage and quotation.first <= found.sentence <= quotation.last
    )


def _hints(found: Sequence[Found]) -> Array:
    return np.array([[each.hints[at] for at in (PASSAGE, BOTH, COSINE)] for each in found])


def _odds(probability: float) -> float:
    probability = min(probability, 1.0)
    return math.log((probability + SOFT) / (1.0 - probability + SOFT))
