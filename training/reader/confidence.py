"""Calibration of answers from pages: fits their order and confidence on questions held out.

The questions are asked of the whole pipeline as it is served (search, reader, quotation): of two
manuals that the reader did not learn from. The order is the plain sum of how a sentence was found,
but where they tell otherwise. For the confidence each question is asked a second time with what
answers it taken away; right first quotations weigh as much as others. How much is said is then set
by what may be said wrongly.
"""

import json
import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf
from scipy.optimize import minimize

from serving import contract
from serving.contract import Turn, render_dialogue
from serving.page_answers import (
    CLUES,
    FILE,
    ORDERED_BY,
    AnswerScale,
    AskedPages,
    clues_of,
    confidence,
    order_clues,
    quoted,
    shares_of,
)
from serving.passage_search import Found, PassageIndex
from serving.ranker import FoundSentence, ReadAnswers
from training.reader.asked_pages import asked_manuals
from training.reader.build import starter_encoder
from training.reader.fit_reader import Tell
from training.reader.lessons import InventedShop
from training.reader.reading import ReadingModule
from training.reader.reading_set import Embed

PLAIN_SUM: Final = (0.0, 10.0, 10.0, 10.0)  # of `ORDERED_BY`: where the order begins
TRUST: Final = 0.003  # in it: times the squares of how far the order goes away from it
PENALTY: Final = 2e-3  # on squared weights of the confidence
ANSWER_AT: Final = 0.7  # the policy's threshold
WRONG: Final = 0.08  # of the questions with an answer, said wrongly from there on, in each script
INVENTED: Final = 0.10  # of the others, answered all the same

Array = np.ndarray[Any, Any]
Read = Callable[[str, PassageIndex, Sequence[Found]], ReadAnswers]


class HeldOutQuestion(NamedTuple):
    """A question as it was found and read, and which sentences answer it."""

    kind: str  # the language
    asked: AskedPages
    found: list[Found]
    read: ReadAnswers
    right: Array  # bool [S]
    answerable: bool


def fit_page_answers(manuals: Path, *, out: Path = FILE, tell: Tell) -> dict[str, Any]:
    """Fit both calibrations and write them to `out`; returns the figures written beside them.

    Args:
        manuals: the folder of the manuals that there are questions about, see `asked_pages`.
        out: the file.
        tell: takes lines for people.
    """
    _, embed = starter_encoder()
    read = graph_reader()
    asked: list[HeldOutQuestion] = []
    for locale, pages in asked_manuals(manuals):
        asked += ask(locale, pages, embed, read)
        asked += ask(locale, pages, embed, read, taken_away=True)
    if not asked:
        raise FileNotFoundError(f"{manuals} holds none of the manuals that SOURCES.md names.")
    tell(f"{len(asked):,} questions")
    scale = fit_scale(asked)
    figures = {kind: measure(asked, kind, scale) for kind in dict.fromkeys(e.kind for e in asked)}
    kept = {
        "made_by": "training/reader/confidence.py",
        "order": _rounded(ORDERED_BY, scale.order),
        "confidence": _rounded(
            (*CLUES, "bias", "unspaced"), (*scale.clues, scale.bias, scale.unspaced)
        ),
        f"figures at {ANSWER_AT}": figures,
    }
    out.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return figures


def ask(
    kind: str, shop: InventedShop, embed: Embed, read: Read, *, taken_away: bool = False
) -> Iterator[HeldOutQuestion]:
    """A shop's questions, found and read as they are served.

    Args:
        kind: what it is one of.
        shop: the pages and the questions.
        embed: the encoder.
        read: the reader.
        taken_away: only those with an answer, the sentences that answer missing.
    """
    embedded = [text for passage in shop.passages for text in passage.embedded()]
    index = PassageIndex(shop.passages, embed(embedded).astype(np.float16))
    for asked, vector in zip(shop.asked, embed([e.question for e in shop.asked]), strict=True):
        answers = asked.answers
        if taken_away and not answers:
            continue
        found = index.search(asked.question, vector)
        if taken_away:
            found = [each for each in found if (each.passage, each.sentence) not in answers]
            answers = frozenset()
        right = np.array([(each.passage, each.sentence) in answers for each in found])
        said = read(asked.question, index, found)
        pages = AskedPages(asked.question, shop.passages)
        yield HeldOutQuestion(kind, pages, found, said, right, bool(answers))


def fit_scale(asked: Sequence[HeldOutQuestion]) -> AnswerScale:
    """The order that puts what answers first, and the confidence that holds under it."""
    ordered = AnswerScale(_fit_order([each for each in asked if each.right.any()]), (), 0.0)
    clues, right = zip(*(_judged(each, ordered) for each in asked), strict=True)
    fitted = _fit_confidence(np.array(clues), np.array(right, float), _even(right))
    scores = np.array(clues) @ fitted[:-1]
    told = list(zip(scores.tolist(), right, asked, strict=True))
    spaced, unspaced = (
        _highest_bias([each for each in told if each[2].asked.unspaced == wanted])
        for wanted in (False, True)
    )
    bias = float(fitted[-1]) if spaced is None else spaced
    besides = 0.0 if unspaced is None else unspaced - bias
    return AnswerScale(ordered.order, tuple(fitted[:-1].tolist()), bias, besides)


def _highest_bias(told: Sequence[tuple[float, bool, HeldOutQuestion]]) -> float | None:
    """The bias from which on no more is said wrongly, or invented, than may be; None: no question.

    The manuals are harder than a shop's pages: the likeliest bias on them silences nearly all.
    """
    known = sum(each.answerable for *_, each in told)
    wrong = invented = 0
    best: float | None = None
    ranked = sorted(told, key=lambda one: -one[0])
    for place, (score, right, each) in enumerate(ranked):
        wrong += each.answerable and not right
        invented += not each.answerable
        if wrong > WRONG * known or invented > INVENTED * (len(told) - known):
            break
        if not right:
            continue  # to go as far as this would win nothing
        following = ranked[place + 1][0] if place + 1 < len(ranked) else score
        best = math.log(ANSWER_AT / (1 - ANSWER_AT)) - (score + following) / 2
    return best


def measure(asked: Sequence[HeldOutQuestion], kind: str, scale: AnswerScale) -> dict[str, float]:
    """Right and wrong of what can be answered, and invented of what can not."""
    told = [(each, *_judged(each, scale)) for each in asked if each.kind == kind]
    said = [
        (each, right, confidence(clues, scale, unspaced=each.asked.unspaced) >= ANSWER_AT)
        for each, clues, right in told
    ]
    known = [(right, aloud) for each, right, aloud in said if each.answerable]
    unknown = [aloud for each, _, aloud in said if not each.answerable]
    return {
        "answerable": len(known),
        "first": round(float(np.mean([right for right, _ in known])), 3),
        "right": round(float(np.mean([right and aloud for right, aloud in known])), 3),
        "wrong": round(float(np.mean([aloud and not right for right, aloud in known])), 3),
        "unanswerable": len(unknown),
        "invented": round(float(np.mean(unknown)), 3),
    }


def _judged(each: HeldOutQuestion, scale: AnswerScale) -> tuple[tuple[float, ...], bool]:
    """The clues to the first quotation, and whether it holds what answers."""
    shares = shares_of(each.found, each.read, scale)
    first = quoted(each.found, each.asked.lengths(each.found), shares)[0]
    right = any(
        one.passage == first.passage and first.first <= one.sentence <= first.last
        for one, answers in zip(each.found, each.right, strict=True)
        if answers
    )
    return clues_of(each.found, each.read, first), right


def _fit_order(asked: Sequence[HeldOutQuestion]) -> tuple[float, ...]:
    clues = [order_clues(each.found, each.read) for each in asked]
    start = np.array(PLAIN_SUM)

    def surprise(order: Array) -> tuple[float, Array]:
        away = order - start
        total, slope = TRUST * float(away @ away), 2 * TRUST * away
        for each, held in zip(asked, clues, strict=True):
            scores = held @ order
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            good = np.where(each.right, shares, 0.0)
            total -= float(np.log(good.sum() + 1e-12)) / len(asked)
            slope = slope + (shares - good / (good.sum() + 1e-12)) @ held / len(asked)
        return total, slope

    return tuple(_never_below_zero(surprise, start, free=0).tolist())


def _fit_confidence(clues: Array, right: Array, weights: Array) -> Array:
    held = np.column_stack([clues, np.ones(len(clues))])
    penalised = np.append(np.ones(clues.shape[1]), 0.0)

    def surprise(fitted: Array) -> tuple[float, Array]:
        scores = held @ fitted
        lost = np.logaddexp(0, scores) - right * scores
        slope = held.T @ (weights * (1 / (1 + np.exp(-scores)) - right))
        penalty = PENALTY * penalised * fitted
        return float(weights @ lost + penalty @ fitted), slope + 2 * penalty

    return _never_below_zero(surprise, np.zeros(held.shape[1]), free=1)


def _never_below_zero(surprise: Any, start: Array, *, free: int) -> Array:
    """The least surprising weights; only the last `free` may be below 0."""
    bounds = [(0.0, None)] * (len(start) - free) + [(None, None)] * free
    return np.asarray(minimize(surprise, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def _even(kinds: Sequence[Any]) -> Array:
    """Weights, 1 in all, under which each kind weighs the same."""
    weights = np.array([1.0 / kinds.count(kind) for kind in kinds])
    return np.asarray(weights / weights.sum())


def _rounded(names: Sequence[str], numbers: Sequence[float]) -> dict[str, float]:
    return {name: round(number, 4) for name, number in zip(names, numbers, strict=True)}


def graph_reader() -> Read:
    """The reader as a version exports it, in this process."""
    return partial(_read, graph_reader_of(ReadingModule()))


def graph_reader_of(module: ReadingModule) -> Callable[[str, Sequence[FoundSentence]], ReadAnswers]:
    """A reader as a version that exports it would answer."""
    graph = tf.function(module.read, input_signature=module.inputs(), autograph=False)

    def read(dialogue: str, sentences: Sequence[FoundSentence]) -> ReadAnswers:
        said = graph(
            tf.constant([dialogue]),
            tf.constant([[each.above for each in sentences]]),
            tf.constant([[each.text for each in sentences]]),
            tf.constant([[each.hints for each in sentences]], tf.float32),
        )
        shares = said[contract.PROBABILITY].numpy()[0].tolist()
        return ReadAnswers(tuple(shares), float(said[contract.NOTHING].numpy()[0]))

    return read


def _read(
    read: Callable[[str, Sequence[FoundSentence]], ReadAnswers],
    question: str,
    index: PassageIndex,
    found: Sequence[Found],
) -> ReadAnswers:
    sentences = [
        FoundSentence(
            index.passages[each.passage].above(each.sentence),
            index.passages[each.passage].sentences[each.sentence],
            each.hints,
        )
        for each in found
    ]
    return read(render_dialogue([Turn("shopper", question)]), sentences)
