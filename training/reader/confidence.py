"""Calibration of answers from pages: fits their order and confidence on questions held out.

The questions are asked of the whole pipeline as it is served (search, reader, quotation): of facts
the reader's weights did not learn, in invented shops, and of products, among sentences that people
judged. All of them tell the order. The confidence is told by the shops alone, whose questions are
those of help pages; those that nothing answers weigh as much as those that something does.
"""

import gzip
import json
import re
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
    clues_of,
    confidence,
    order_clues,
    quoted,
    shares_of,
)
from serving.passage_search import Found, PassageIndex, PassageText
from serving.ranker import ReadAnswers
from training.reader.build import CANDIDATES, starter_encoder
from training.reader.fit_reader import Tell
from training.reader.lessons import (
    ANSWERS,
    HelpFact,
    InventedShop,
    LessonQuestion,
    invent_shop,
    read_facts,
    read_values,
)
from training.reader.reading import ReadingModule
from training.reader.reading_set import Embed

SHOPS: Final = 7  # a language
HELD_OUT: Final = slice(3, None, 6)  # of the facts: the shipped weights did not learn them
PRODUCTS: Final = "products"
TOGETHER: Final = 24  # questions about products whose pages stand beside each other
PER_PASSAGE: Final = 6  # sentences about a product
PENALTY: Final = 2e-3  # on squared weights
ANSWER_AT: Final = 0.7  # the policy's threshold, for the figures alone

Array = np.ndarray[Any, Any]
Read = Callable[[str, PassageIndex, Sequence[Found]], ReadAnswers]


class HeldOutQuestion(NamedTuple):
    """A question as it was found and read, and which sentences answer it."""

    kind: str  # a language of the invented shops, or `PRODUCTS`
    found: list[Found]
    lengths: list[int]
    read: ReadAnswers
    right: Array  # bool [S]
    answerable: bool


def fit_page_answers(
    data: Path | None, *, out: Path = FILE, seed: int = 77, tell: Tell
) -> dict[str, Any]:
    """Fit both calibrations and write them to `out`; returns the figures written beside them.

    Args:
        data: the folder with people's judged sentences; None: the invented shops alone.
        out: the file.
        seed: of every choice made.
        tell: takes lines for people.
    """
    _, embed = starter_encoder()
    read = _reader()
    chance = np.random.default_rng(seed)
    shops = [("en", shop) for shop in held_out_shops("en", chance)]
    shops += [("zh", shop) for shop in held_out_shops("zh", chance)]
    if data is not None:
        shops += [(PRODUCTS, shop) for shop in product_pages(data / CANDIDATES, chance)]
    asked: list[HeldOutQuestion] = []
    for kind, shop in shops:
        asked += ask(kind, shop, embed, read)
    tell(f"{len(asked):,} questions of {len(shops)} shops")
    scale = fit_scale(asked)
    figures = {kind: measure(asked, kind, scale) for kind in dict.fromkeys(e.kind for e in asked)}
    kept = {
        "made_by": f"training/reader/confidence.py, seed {seed}",
        "order": _rounded(ORDERED_BY, scale.order),
        "confidence": _rounded((*CLUES, "bias"), (*scale.clues, scale.bias)),
        f"figures at {ANSWER_AT}": figures,
    }
    out.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return figures


def held_out_shops(locale: str, chance: np.random.Generator) -> Iterator[InventedShop]:
    """Shops that state all kinds of facts and are asked of those held out."""
    facts, values = read_facts(locale), read_values(locale)
    held = facts[HELD_OUT]
    for _ in range(SHOPS):
        shop = invent_shop(facts, values, chance)
        shop.asked = [each for each in shop.asked if _asks(held, each.question)]
        yield shop


def product_pages(path: Path, chance: np.random.Generator) -> Iterator[InventedShop]:
    """Products' pages of the sentences that people judged, and their questions."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    order = chance.permutation(len(rows))
    for start in range(0, len(order), TOGETHER):
        part = [rows[i] for i in order[start : start + TOGETHER]]
        texts: dict[str, dict[str, None]] = {}
        for row in part:
            said = texts.setdefault(row["product_title"] or row["product_id"], {})
            said.update((each["text"], None) for each in row["candidates"])
        shop, places = InventedShop(), {}
        for title, said in texts.items():
            for number, text in enumerate(said):
                if number % PER_PASSAGE == 0:
                    page = tuple(list(said)[number : number + PER_PASSAGE])
                    shop.passages.append(PassageText((title,), page))
                places[title, text] = len(shop.passages) - 1, number % PER_PASSAGE
        for row in part:
            title = row["product_title"] or row["product_id"]
            right = [each["text"] for each in row["candidates"] if each["label"] == ANSWERS]
            answers = frozenset(places[title, text] for text in right)
            shop.asked.append(LessonQuestion(row["question"], answers))
        yield shop


def ask(kind: str, shop: InventedShop, embed: Embed, read: Read) -> Iterator[HeldOutQuestion]:
    """A shop's questions, found and read as they are served."""
    embedded = [text for passage in shop.passages for text in passage.embedded()]
    index = PassageIndex(shop.passages, embed(embedded).astype(np.float16))
    for asked, vector in zip(shop.asked, embed([e.question for e in shop.asked]), strict=True):
        found = index.search(asked.question, vector)
        lengths = [len(shop.passages[each.passage].sentences[each.sentence]) for each in found]
        right = np.array([(each.passage, each.sentence) in asked.answers for each in found])
        said = read(asked.question, index, found)
        yield HeldOutQuestion(kind, found, lengths, said, right, bool(asked.answers))


def fit_scale(asked: Sequence[HeldOutQuestion]) -> AnswerScale:
    """The order that puts what answers first, and the confidence that holds under it."""
    ordered = AnswerScale(_fit_order([each for each in asked if each.right.any()]), (), 0.0)
    of_shops = [each for each in asked if each.kind != PRODUCTS]
    clues, right = zip(*(_judged(each, ordered) for each in of_shops), strict=True)
    weights = _even([(each.kind, each.answerable) for each in of_shops])
    fitted = _fit_confidence(np.array(clues), np.array(right, float), weights)
    return AnswerScale(ordered.order, tuple(fitted[:-1].tolist()), float(fitted[-1]))


def measure(asked: Sequence[HeldOutQuestion], kind: str, scale: AnswerScale) -> dict[str, float]:
    """Right and wrong of what can be answered, and invented of what can not."""
    told = [(each, *_judged(each, scale)) for each in asked if each.kind == kind]
    said = [(each, right, confidence(clues, scale) >= ANSWER_AT) for each, clues, right in told]
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
    first = quoted(each.found, each.lengths, shares)[0]
    right = any(
        one.passage == first.passage and first.first <= one.sentence <= first.last
        for one, answers in zip(each.found, each.right, strict=True)
        if answers
    )
    return clues_of(each.found, each.read, first, shares), right


def _fit_order(asked: Sequence[HeldOutQuestion]) -> tuple[float, ...]:
    clues = [order_clues(each.found, each.read) for each in asked]
    weights = _even([each.kind for each in asked])

    def surprise(order: Array) -> tuple[float, Array]:
        total, slope = PENALTY * float(order @ order), 2 * PENALTY * order
        for each, held, weight in zip(asked, clues, weights, strict=True):
            scores = held @ order
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            good = np.where(each.right, shares, 0.0)
            total -= weight * float(np.log(good.sum() + 1e-12))
            slope = slope + weight * (shares - good / (good.sum() + 1e-12)) @ held
        return total, slope

    return tuple(_never_below_zero(surprise, np.ones(len(ORDERED_BY)), free=0).tolist())


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


def _asks(facts: Sequence[HelpFact], question: str) -> bool:
    return any(_pattern(asked).fullmatch(question) for fact in facts for asked in fact.questions)


def _pattern(asked: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[a-z]+\d?\\\}", ".+", re.escape(asked)))


def _rounded(names: Sequence[str], numbers: Sequence[float]) -> dict[str, float]:
    return {name: round(number, 4) for name, number in zip(names, numbers, strict=True)}


def _reader() -> Read:
    module = ReadingModule()
    graph = tf.function(module.read, input_signature=module.inputs(), autograph=False)
    return partial(_read, graph)


def _read(graph: Any, question: str, index: PassageIndex, found: Sequence[Found]) -> ReadAnswers:
    pages = index.passages
    said = graph(
        tf.constant([render_dialogue([Turn("shopper", question)])]),
        tf.constant([[pages[each.passage].above(each.sentence) for each in found]]),
        tf.constant([[pages[each.passage].sentences[each.sentence] for each in found]]),
        tf.constant([[each.hints for each in found]], tf.float32),
    )
    return ReadAnswers(
        tuple(said[contract.PROBABILITY].numpy()[0].tolist()),
        float(said[contract.NOTHING].numpy()[0]),
    )
