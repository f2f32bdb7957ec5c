"""Ranking fit: reply vectors, exemplars and calibrated confidence."""

from typing import Any, Final, NamedTuple

import numpy as np
import tensorflow as tf

from serving.contract import render_dialogue
from training.data import (
    FOLDS,
    NOT_IN_BOOK,
    NULL_ROW,
    Array,
    Held,
    Material,
    as_asked,
    as_question,
    bereft,
    folds,
    joined,
    learned_of,
    left_out,
    with_copies_bereft,
)
from training.fitting import epochs
from training.fitting.calibrate import (
    FEW_WAYS,
    MOST_UNFIT,
    NAMED_SHARE,
    UNNAMED_SHARE,
    Calibration,
    HeldQuestions,
    Scored,
    calibrated,
    features_of,
    fitting,
)
from training.fitting.checkpoint import Checkpoint
from training.fitting.epochs import FitHistory, Progress
from training.fitting.fit_product_vectors import embed_with
from training.fitting.fit_reply_vectors import (
    STEPS,
    WORD_WEIGHT,
    Questions,
    fit_head,
    is_few,
    median_questions,
    with_words,
)
from training.fitting.learner import Learner
from training.fitting.taken_topics import as_scores, taken_topics
from training.fitting.unfit_share import asked_share, unfit_share
from training.model import Exemplars, best_weight, choose, nearness, sample

NEAR_WITH_WORDS: Final = 0.5  # weight of nearness while there are under `FEW_WAYS` questions


class Ranked(NamedTuple):
    """What finding the ranking came to."""

    exemplars: Exemplars
    calibration: Calibration
    scores: dict[str, Any]
    pairs: int  # seen in all


def find_ranking(
    learner: Learner, material: Material, progress: Progress, backup: Checkpoint | None = None
) -> Ranked:
    """Teach `learner` the pairs of `material`, in the way that suits how many there are.

    A long training goes on from its `backup`; the short ones of small books start again.
    """
    alone = material.examples.label[material.alone]
    if material.spoken:
        return _many(learner, material, progress, backup)
    if learner.knows and is_few(alone):
        return _few(learner, material, progress)
    if len(alone) <= learner.config.crossed and not material.was_given_calibration:
        return _crossed(learner, material, progress)
    return _many(learner, material, progress, backup)


def _few(learner: Learner, material: Material, progress: Progress) -> Ranked:
    """Only the replies' own vectors, with every question; see `fit_reply_vectors`."""
    progress(0.1, "learning the replies")
    learner.restart(material.everything)
    examples = material.examples
    alone = material.alone[examples.label[material.alone] >= 0]
    label = examples.label[alone]
    questions = Questions(
        learner.encode(alone), label, examples.weight[alone], examples.rejected[alone]
    )
    texts = learner.text_vectors().numpy()
    words = _words(learner)
    head = fit_head(questions, texts, words, scale=learner.model.scale, seed=learner.seed)
    learner.own.assign(head.own)
    ways = with_words(questions, words)
    book = learner.reply_vectors().numpy()
    exemplars = choose(ways.vectors, ways.label, book, seed=learner.seed)
    held = head.held
    if material.was_given_calibration:
        held = _asked(learner, material.aside, exemplars, alone)
    return _settled(learner, material, exemplars, held, epochs=0, pairs=STEPS * len(alone))


def _words(learner: Learner) -> Questions:
    """The replies' texts as questions."""
    texts = learner.examples.book.texts
    embed = embed_with(learner.encoder, learner.model)
    rejected = np.full((len(texts), learner.examples.rejected.shape[1]), NOT_IN_BOOK)
    return Questions(
        embed([as_question(text) for *_, text in texts]),
        np.array([row for row, *_ in texts], np.int64),
        np.full(len(texts), WORD_WEIGHT, np.float32),
        rejected,
    )


def _crossed(learner: Learner, material: Material, progress: Progress) -> Ranked:
    """Encoder and replies together, several times over: a part aside would say too little.

    Each question is scored by a training that has not seen it; the last one sees all.
    """
    examples, alone = material.examples, material.alone
    label, rows = examples.label[alone], len(examples.book.reply_ids) + 1
    parts, seen = [], 0
    for number, fold in enumerate(folds(examples, alone, FOLDS, seed=learner.seed)):
        out = left_out(rows, number)
        aside = np.isin(alone, fold) | out[label]
        seen += _taught(learner, alone[~aside], _turn(progress, number)).pairs
        exemplars = _remembered(learner, alone[~aside])
        parts.append(bereft(_asked(learner, alone[aside], exemplars, alone[~aside]), out))
    came = _taught(learner, material.everything, _turn(progress, FOLDS))
    exemplars = _remembered(learner, alone)
    held = joined(parts)
    pairs = seen + came.pairs
    return _settled(learner, material, exemplars, held, epochs=came.epochs, pairs=pairs)


def _taught(learner: Learner, learn: Array, progress: Progress) -> FitHistory:
    learner.restart(learn)
    return epochs.run_epochs(learner, learn, np.zeros(0, np.int32), progress)


def _turn(progress: Progress, number: int) -> Progress:
    times = FOLDS + 1
    return lambda share, text: progress(
        (number + share) / times, f"{text}, time {number + 1} of {times}"
    )


def _many(
    learner: Learner, material: Material, progress: Progress, backup: Checkpoint | None
) -> Ranked:
    """Encoder and replies together, epoch by epoch; then, gently, what was kept aside too."""

    def until_then(share: float, text: str) -> None:
        progress(0.85 * share, text)

    learner.restart(material.learn)
    came = epochs.run_epochs(learner, material.learn, material.aside, until_then, backup)
    learnt = np.intersect1d(material.learn, material.alone)
    exemplars = _remembered(learner, learnt)
    held = with_copies_bereft(_asked(learner, material.aside, exemplars, learnt))
    ranked = _settled(
        learner, material, exemplars, held, epochs=came.epochs, loss=came.loss, pairs=came.pairs
    )
    if not len(material.aside) or material.was_given_calibration or not learner.config.take_in:
        return ranked
    more = epochs.take_in(
        learner, material.everything, lambda share, text: progress(0.85 + 0.15 * share, text)
    )
    everything = _remembered(learner, material.alone)._replace(weight=ranked.exemplars.weight)
    return ranked._replace(exemplars=everything, pairs=ranked.pairs + more)


def _remembered(learner: Learner, numbers: Array) -> Exemplars:
    """Some of the questions `numbers` of each reply, as the encoder reads them now."""
    label = learner.examples.label[numbers]
    chosen = sample(label, seed=learner.seed)
    book = learner.reply_vectors().numpy()
    return choose(learner.encode(numbers[chosen]), label[chosen], book, seed=learner.seed)


def _asked(learner: Learner, aside: Array, exemplars: Exemplars, learnt: Array) -> Held:
    """The questions kept aside that the book can answer, or nothing can."""
    aside = aside[learner.examples.label[aside] >= 0]
    vectors = learner.encode(aside)
    own = np.ones(len(aside), np.bool_)
    near = nearness(vectors, exemplars)
    label = learner.examples.label[aside]
    learned = learned_of(label, learner.examples.label[learnt])
    return Held(learner.scores(vectors), near, label, own, learned)


def _settled(
    learner: Learner,
    material: Material,
    exemplars: Exemplars,
    held: Held,
    *,
    pairs: int,
    **told: float,
) -> Ranked:
    """How much the nearest question counts, and how sure to be, by questions not learned from."""
    told = {name: round(value, 4) for name, value in told.items()}
    scale, label = learner.model.scale, learner.examples.label[material.alone]
    questions = median_questions(label)
    weight = _nearness_weight(held, questions, has_texts=learner.has_texts, scale=scale)
    near = scale * held.near if exemplars.vectors.shape[1] else held.scores
    scored = Scored(held.scores + weight * scale * held.near, near)
    share = UNNAMED_SHARE
    if material.nulls_named:
        share = max(NAMED_SHARE, float((label == NULL_ROW).mean()))
    counted = held.own if material.nulls_named else np.ones_like(held.own)
    asked = HeldQuestions(held.label, held.learned, counted)

    def settle(unfit: float) -> tuple[Calibration, dict[str, Any]]:
        nulls = unfit / (1.0 - unfit)
        return calibrated(scored, asked, nulls=nulls, questions=questions, nearness=weight)

    exemplars = exemplars._replace(weight=weight)
    if material.asked:
        fits = _fits_asked(learner, material, exemplars, settle(share)[0])
        share = asked_share(fits, share, own=questions >= FEW_WAYS)
    share = min(unfit_share(material.judged, share), MOST_UNFIT)
    sure, scores = settle(share)
    taken = taken_topics(held, scored.scores, ["", *learner.examples.book.reply_ids])
    scores = {**told, "nearness": weight, "unfit_share": round(share, 3), **scores}
    scores |= as_scores(taken)
    return Ranked(exemplars, sure, scores, pairs)


def _fits_asked(
    learner: Learner, material: Material, exemplars: Exemplars, of: Calibration
) -> Array:
    """How probably some reply fits each message that was asked; learned ones would flatter it."""
    learned = {pair.dialogue for pair in material.pairs}
    rendered = {render_dialogue([as_asked("shopper", text)]): None for text in material.asked}
    texts = [text for text in rendered if text not in learned]
    if not texts:
        return np.zeros(0, np.float32)
    vectors = embed_with(learner.encoder, learner.model)(texts)
    scores, scale = learner.scores(vectors), learner.model.scale
    near = scores
    if exemplars.vectors.shape[1]:
        near = scale * nearness(vectors, exemplars)
    scored = Scored(scores + exemplars.weight * near, near)
    found: Array = fitting(tf.constant(features_of(scored), tf.float32), of).numpy()
    return found


def _nearness_weight(held: Held, questions: float, *, has_texts: bool, scale: float) -> float:
    """How much the nearest question counts beside the reply's own vector."""
    if questions < FEW_WAYS:  # too few to tell; with a text as one more way to ask, half is best
        return NEAR_WITH_WORDS if has_texts else 0.0
    told = held.learned > 0
    return best_weight(held.scores[told], held.near[told], held.label[told], scale=scale)
