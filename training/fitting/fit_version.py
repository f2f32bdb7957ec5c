"""Fit of a whole version: ranking, confidence, products, spelling and drafts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from feedback.knowledge import ProductLine, ReplyLine
from feedback.signals import JudgedMessages
from training.data import Corpus, Material, Pair, gather_material, said_in
from training.fitting import warm_start
from training.fitting.checkpoint import Checkpoint
from training.fitting.draft_quality import Drafter
from training.fitting.epochs import Progress
from training.fitting.export import VersionContents, save
from training.fitting.fit_decoder import DraftPairs, fit_drafts
from training.fitting.fit_product_vectors import (
    ProductPair,
    embed_with,
    fit_products,
    product_texts,
)
from training.fitting.fit_ranking import find_ranking
from training.fitting.learner import Learner
from training.fitting.model_card import build_model_card
from training.fitting.multi_worker import Workers
from training.fitting.teach_first import teach_first
from training.heads import HeadWords, fit_heads
from training.model import Hyperparameters, ModelConfig, TrainConfig, for_data, known_words
from training.reader import NO_LESSONS, LessonPages, own_lessons, teach_reading
from training.starter import TaughtTexts, unpack_starter

WARM_PASSES: Final = 44_000  # pairs seen when going on from an earlier version: 30 s on two cores
WARM_RATE: Final = 0.5
KNOWN: Final = 2 / 3  # of the shop's texts; a version taught fewer is no beginning for the next


@dataclass(frozen=True)
class TrainingData:
    """What one version is made from: the reply book, the pairs it learns, the catalogue."""

    replies: Sequence[ReplyLine]
    pairs: Sequence[Pair]
    calibration: Sequence[Pair] | None = None  # confidence is fitted on; None: a part of the pairs
    products: Sequence[ProductLine] = ()
    chosen: Sequence[ProductPair] = ()  # which product was chosen for which words
    vouched: Mapping[str, int] | None = None  # words that people vouch for; None: the pairs' own
    judged: Sequence[JudgedMessages] = ()  # which messages fitted no reply, by staff verdicts
    asked: Sequence[str] = ()  # messages as the shop gets them: they tell how many fit nothing
    own_texts: TaughtTexts | None = None  # unlabelled ones, and what a teacher says of them
    wishes: Sequence[HeadWords] = ()  # what shoppers wanted done, by the staff's word
    pages: LessonPages = NO_LESSONS  # what people said of quotations, and the passages
    own_book: bool = True  # the shop wrote the replies; else they were found in dialogues


@dataclass(frozen=True)
class FitResult:
    """A model before it is written."""

    fitted: VersionContents
    examples: int
    seconds: float
    pairs_per_second: float
    scores: dict[str, Any]

    def write(self, folder: Path) -> None:
        """Write it as a version."""
        card = build_model_card(self.fitted, examples=self.examples, scores=self.scores)
        save(self.fitted, folder, scores=self.scores, card=card)


def quietly(_: float, __: str) -> None:
    """Tell nobody how far it is."""


def fit_model(
    data: TrainingData,
    hyperparameters: Hyperparameters | None = None,
    *,
    parent: Path | None = None,
    progress: Progress = quietly,
    workers: Workers | None = None,
    backup: Checkpoint | None = None,
    clock: Callable[[], float] = perf_counter,
) -> FitResult:
    """Find weights and calibration; the same arguments on the same machine give the same model.

    With `workers` all of them call this with the same arguments, at the same time. A training that
    was killed goes on from its `backup`.

    Args:
        data: the reply book, what is learned from, the catalogue.
        hyperparameters: the network's and the training's dials, and the seed of all that is drawn.
        parent: the version to go on from.
        progress: told the share done, and words for it.
        workers: those who train this together.
        backup: where it is kept after each epoch.
        clock: measures the pace.

    Raises:
        TooLittleToLearn: there are not two replies with a pair each.
    """
    started = clock()
    progress(0.0, "reading the questions")
    chosen = hyperparameters or Hyperparameters()
    model, train, seed = chosen.model, chosen.train, chosen.seed
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    material = gather_material(
        data.replies, data.pairs, data.calibration, model, share_aside=train.aside, seed=seed
    )._replace(judged=data.judged, asked=data.asked)
    before = None if parent is None else warm_start.read(parent, model, train.decoder)
    taught = data.own_texts if workers is None else None  # of several, each would teach its own
    if taught is not None and not _knows(before, taught):
        before = None  # what it is taught is said in the starter's space
    learner = _begun(material, model, train, before, seed=seed, workers=workers)
    told_of_texts = dict(before.taught) if before is not None else {}
    if taught is not None and before is None and learner.knows:
        told_of_texts = teach_first(
            learner, material, taught, tell=lambda line: progress(0.02, line), clock=clock
        )
    learning = clock()
    ranked = find_ranking(learner, material, _between(progress, 0.05, 0.8), backup)
    pace = ranked.pairs / max(clock() - learning, 1e-6)
    own = learner.own.numpy()
    embed = embed_with(learner.encoder, model)
    progress(0.8, "learning what turns do")
    heads, told = fit_heads(learner.encoder, model, seed=seed, taught=data.wishes)
    progress(0.82, "learning what pages answer")
    on_pages = own_lessons(data.pages, embed) if data.pages.lessons else []
    fitted = VersionContents(
        encoder=learner.encoder,
        reply_ids=material.examples.book.reply_ids,
        text_vectors=learner.reply_vectors().numpy() - own,
        own_vectors=own,
        calibration=ranked.calibration,
        exemplars=ranked.exemplars,
        known_words=own_words(
            data.replies if data.own_book else (),
            data.products,
            said_in(material.pairs) if data.vouched is None else data.vouched,
            model,
        ),
        model=model,
        train=learner.config,
        heads=heads,
        products=fit_products(data.products, data.chosen, embed, scale=model.scale),
        texts=material.examples.book.digests(),
        reading=teach_reading(on_pages, embed, seed=seed) if on_pages else None,
        drafter=_drafter(learner, data.replies, material, before, _between(progress, 0.85, 0.95)),
    )
    return FitResult(
        fitted,
        examples=len(data.pairs),
        seconds=round(clock() - started, 3),
        pairs_per_second=round(pace, 1),
        scores={
            **ranked.scores,
            "heads": told,
            **({"own_texts": told_of_texts} if told_of_texts else {}),
            **({"page_lessons": len(on_pages)} if on_pages else {}),
        },
    )


def _knows(before: warm_start.Weights | None, taught: TaughtTexts) -> bool:
    """Whether an earlier version was taught most of these texts: then no round is due."""
    return before is not None and before.taught.get("texts", 0) >= KNOWN * len(taught.texts)


def _begun(
    material: Material,
    model: ModelConfig,
    train: TrainConfig,
    before: warm_start.Weights | None,
    *,
    seed: int,
    workers: Workers | None,
) -> Learner:
    """A learner with an earlier version's weights, else the starter's, else none."""
    starter = unpack_starter(model)
    examples, learn = material.examples, material.learn
    train = for_data(
        train,
        pairs=len(learn),
        replies=len(examples.book.reply_ids),
        tokens=int(examples.corpus.lengths[learn].sum()),
        dialogues=material.spoken,
        starter=starter is not None,
    )
    if before is not None:
        epochs = max(1, min(train.epochs // 3, round(WARM_PASSES / len(learn))))
        train = replace(train, epochs=epochs, learning_rate=WARM_RATE * train.learning_rate)
    learner = Learner(examples, model, train, seed=seed, workers=workers)
    if before is not None:
        learner.begin(before.encoder, before.own)
    elif starter is not None:
        learner.begin(starter)
    return learner


def own_words(
    replies: Sequence[ReplyLine],
    products: Sequence[ProductLine],
    said: Mapping[str, int],
    model: ModelConfig,
) -> tuple[str, ...]:
    """The words that spelling knows: the shop's, those that people vouch for, and common ones."""
    named = [line.text for line in replies if line.text]
    named += [text for product in products for text in product_texts(product)]
    counts = Counter(Corpus(named, model).word_counts())
    counts.update(said)
    return known_words(counts)


def _drafter(
    learner: Learner,
    replies: Sequence[ReplyLine],
    material: Material,
    before: warm_start.Weights | None,
    progress: Progress,
) -> Drafter:
    """A decoder taught to say what was replied, or the book's own text where it was only named."""
    pairs = material.pairs
    texts = {(reply.reply_id, reply.locale): reply.text or "" for reply in replies}
    return fit_drafts(
        learner.encoder,
        DraftPairs(
            learner.examples.corpus,
            material.alone,
            [pair.text or texts.get((pair.reply_id or "", pair.locale), "") for pair in pairs],
            np.array([pair.weight for pair in pairs], np.float32),
            [
                None if pair.text is None else pair.voice or f"pair {place}"
                for place, pair in enumerate(pairs)
            ],
        ),
        config=learner.config.decoder,
        parent=before and before.drafts,
        seed=learner.seed,
        progress=progress,
    )


def _between(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, text: progress(low + (high - low) * min(share, 1.0), text)
