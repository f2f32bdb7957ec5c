"""Makes a version from the reply book and pairs: fit, calibrate, export."""

import resource
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import keras
import numpy as np
import structlog
import tensorflow as tf

from feedback.lines import DialogueLine, QuestionLine, ReplyLine
from serving.versions import VersionFolder
from training import course, warm
from training.calibrate import Calibration, calibrate, confidence, confidence_features
from training.card import model_card
from training.config import ModelConfig, TrainConfig, for_data
from training.course import Progress
from training.dataset import NULL_ROW, Array, Book, keep_aside, to_examples
from training.export import Fitted, save
from training.fit import Learner
from training.measures import Answered, question_measures, threshold_at
from training.pairs import Pair, book_of_dialogues, from_dialogues, from_questions, locales_of
from training.strangers import strangers

FEWEST_PAIRS: Final = 2
WARM_EPOCHS: Final = 3  # times fewer, when an earlier version's weights are gone on from
WARM_RATE: Final = 0.5

log = structlog.get_logger()


class TooLittleToLearn(ValueError):
    """There is nothing to tell apart."""

    def __init__(self, replies: int, pairs: int) -> None:
        self.replies = replies
        self.pairs = pairs
        super().__init__(
            f"{pairs} questions for {replies} replies are too little to learn from: it takes"
            " at least two replies with a question each. Import some: shopclerk import questions F."
        )


@dataclass(frozen=True)
class Trained:
    """A version that was made, and what making it took."""

    version: int
    examples: int
    seconds: float
    pairs_per_second: float
    peak_mb: float
    scores: dict[str, Any]


@dataclass(frozen=True)
class Fit:
    """A model before it is written."""

    fitted: Fitted
    examples: int
    seconds: float
    pairs_per_second: float
    scores: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write it as a version."""
        card = model_card(self.fitted, examples=self.examples, scores=self.scores)
        save(self.fitted, folder, scores=self.scores, card=card)


def quietly(_: float, __: str) -> None:
    """Tell nobody how far it is."""


def train_lines(
    replies: Sequence[ReplyLine],
    questions: Iterable[QuestionLine] = (),
    dialogues: Sequence[DialogueLine] = (),
    *,
    models_dir: Path,
    calibration: Iterable[QuestionLine] | None = None,
    **options: Any,
) -> Trained:
    """Train from files' lines; without `replies`, the dialogues' own replies are the book."""
    pairs = [*from_questions(questions), *from_dialogues(dialogues)]
    if dialogues and not replies:
        replies = book_of_dialogues(dialogues)
    checked = None if calibration is None else from_questions(calibration)
    return train_model(replies, pairs, models_dir=models_dir, calibration=checked, **options)


def train_model(
    replies: Sequence[ReplyLine],
    pairs: Sequence[Pair],
    *,
    models_dir: Path,
    version: int | None = None,
    warm_start: int | None = None,
    progress: Progress = quietly,
    **options: Any,
) -> Trained:
    """Train and publish a version; `warm_start` is the version whose weights it begins with.

    Raises:
        TooLittleToLearn: there are not two replies with a pair each.
    """
    folder = VersionFolder(models_dir)
    parent = None if warm_start is None else folder.path(warm_start)
    fit = fit_model(replies, pairs, parent=parent, progress=progress, **options)
    progress(0.97, "writing the version")
    published = folder.publish(fit.write, version)
    log.info("training.done", version=published, examples=fit.examples, seconds=fit.seconds)
    return Trained(
        published, fit.examples, fit.seconds, fit.pairs_per_second, peak_mb(), fit.scores
    )


def fit_model(
    replies: Sequence[ReplyLine],
    pairs: Sequence[Pair],
    *,
    model: ModelConfig | None = None,
    train: TrainConfig | None = None,
    calibration: Sequence[Pair] | None = None,
    parent: Path | None = None,
    progress: Progress = quietly,
    seed: int = 1,
    clock: Callable[[], float] = perf_counter,
) -> Fit:
    """Find weights and calibration; the same arguments on the same machine give the same model.

    Raises:
        TooLittleToLearn: there are not two replies with a pair each.
    """
    started = clock()
    progress(0.0, "reading the questions")
    model, train = model or ModelConfig(), train or TrainConfig()
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    known = {pair.reply_id or pair.text for pair in pairs if not pair.is_null}
    if len(known) < FEWEST_PAIRS:
        raise TooLittleToLearn(len(known), len(pairs))
    learnt = [*pairs, *_strangers(pairs)]
    checked = list(calibration or ())
    examples = to_examples([*learnt, *checked], Book.of(replies, learnt), model)
    everything = np.arange(len(learnt), dtype=np.int32)
    aside = np.arange(len(learnt), len(learnt) + len(checked), dtype=np.int32)
    learn = everything
    if calibration is None:
        learn, aside = keep_aside(examples, everything, train.aside, seed)
    train = for_data(
        train,
        pairs=len(learn),
        tokens=int(examples.corpus.lengths[learn].sum()),
        dialogues=any(pair.text is not None for pair in learnt),
    )
    begun = parent is not None and warm.read(parent, model)
    if begun:
        rate = WARM_RATE * train.learning_rate
        train = replace(train, epochs=max(1, train.epochs // WARM_EPOCHS), learning_rate=rate)
    learner = Learner(examples, model, train, seed=seed)
    if begun:
        warm.begin(learner, begun)
    learning = clock()
    came = course.run_course(learner, learn, aside, _between(progress, 0.05, 0.8))
    calibration_, scores = _calibrated(learner, aside)
    seen = came.pairs
    if calibration is None and len(aside) and train.take_in:
        seen += course.take_in(learner, everything, _between(progress, 0.8, 0.95))
    pace = seen / max(clock() - learning, 1e-6)
    vectors = learner.reply_vectors().numpy()
    own = learner.own.numpy()
    return Fit(
        Fitted(
            encoder=learner.encoder,
            reply_ids=examples.book.reply_ids,
            text_vectors=vectors - own,
            own_vectors=own,
            calibration=calibration_,
            model=model,
            train=train,
        ),
        examples=len(pairs),
        seconds=round(clock() - started, 3),
        pairs_per_second=round(pace, 1),
        scores={"n": len(aside), "epochs": came.epochs, "loss": round(came.loss, 4), **scores},
    )


def peak_mb() -> float:
    """The most memory this process has held, in megabytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _strangers(pairs: Sequence[Pair]) -> list[Pair]:
    """Questions nothing fits, where the data has none and is not of whole dialogues."""
    if any(pair.is_null or pair.text is not None for pair in pairs):
        return []
    return from_questions(strangers(locales_of(pairs)))


def _calibrated(learner: Learner, aside: Array) -> tuple[Calibration, dict[str, Any]]:
    """Fit the confidence on the pairs kept aside, and measure the model there."""
    label = learner.examples.label[aside]
    aside, label = aside[label >= 0], label[label >= 0]
    if not len(aside):
        return Calibration(), {}
    scores = learner.scores(aside)
    features = confidence_features(tf.constant(scores[:, 1:]), tf.constant(scores[:, :1])).numpy()
    order = np.argsort(-scores[:, 1:], axis=1, kind="stable") + 1
    rank = np.argmax(order == label[:, np.newaxis], axis=1)
    is_null = label == NULL_ROW
    right = (rank == 0) & ~is_null
    fitted = calibrate(features, right, is_null)
    sure = confidence(tf.constant(features, tf.float32), fitted).numpy()
    measures = question_measures(Answered(np.where(is_null, -1, rank), sure, is_null))
    return fitted, {**measures, "answer_at": threshold_at(0.95, sure, right)}


def _between(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, text: progress(low + (high - low) * min(share, 1.0), text)
