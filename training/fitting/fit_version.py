"""Finds all a version consists of: the ranking, its confidence, the products, the drafts."""

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
from training.data import Corpus, Material, Pair, gather_material, said_in
from training.fitting import warm_start
from training.fitting.checkpoint import Backup
from training.fitting.draft_quality import Drafter
from training.fitting.epochs import Progress
from training.fitting.export import Fitted, save
from training.fitting.fit_decoder import fit_drafts
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
from training.model import ModelConfig, TrainConfig, for_data, known_words
from training.starter import unpack_starter

WARM_PASSES: Final = 44_000  # pairs seen when going on from an earlier version: 30 s on two cores
WARM_RATE: Final = 0.5


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
        card = build_model_card(self.fitted, examples=self.examples, scores=self.scores)
        save(self.fitted, folder, scores=self.scores, card=card)


def quietly(_: float, __: str) -> None:
    """Tell nobody how far it is."""


def fit_model(
    replies: Sequence[ReplyLine],
    pairs: Sequence[Pair],
    *,
    model: ModelConfig | None = None,
    train: TrainConfig | None = None,
    calibration: Sequence[Pair] | None = None,
    products: Sequence[ProductLine] = (),
    chosen: Sequence[ProductPair] = (),
    said: Mapping[str, int] | None = None,
    own_book: bool = True,
    parent: Path | None = None,
    progress: Progress = quietly,
    seed: int = 1,
    workers: Workers | None = None,
    backup: Backup | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Fit:
    """Find weights and calibration; the same arguments on the same machine give the same model.

    With `workers` all of them call this with the same arguments, at the same time. A training that
    was killed goes on from its `backup`.

    Args:
        replies: the book.
        pairs: what is learned from.
        model: the network's dials.
        train: the training's dials.
        calibration: what confidence is calibrated with; a part of the pairs where it is not given.
        products: the catalogue.
        chosen: who chose which product.
        said: words that people vouch for (`training.data.vouched_words`); else those of the pairs.
        own_book: the shop wrote the replies; else they were found in dialogues, names and all.
        parent: the version to go on from.
        progress: told the share done, and words for it.
        seed: of all that is drawn.
        workers: those who train this together.
        backup: where it is kept after each epoch.
        clock: measures the pace.

    Raises:
        TooLittleToLearn: there are not two replies with a pair each.
    """
    started = clock()
    progress(0.0, "reading the questions")
    model, train = model or ModelConfig(), train or TrainConfig()
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    material = gather_material(
        replies, pairs, calibration, model, share_aside=train.aside, seed=seed
    )
    before = None if parent is None else warm_start.read(parent, model, train.decoder)
    learner = _begun(material, model, train, before, seed=seed, workers=workers)
    learning = clock()
    ranked = find_ranking(learner, material, _between(progress, 0.05, 0.8), backup)
    pace = ranked.pairs / max(clock() - learning, 1e-6)
    own = learner.own.numpy()
    embed = embed_with(learner.encoder, model)
    fitted = Fitted(
        encoder=learner.encoder,
        reply_ids=material.examples.book.reply_ids,
        text_vectors=learner.reply_vectors().numpy() - own,
        own_vectors=own,
        calibration=ranked.calibration,
        exemplars=ranked.exemplars,
        known_words=own_words(
            replies if own_book else (),
            products,
            said_in(material.pairs) if said is None else said,
            model,
        ),
        model=model,
        train=learner.config,
        products=fit_products(products, chosen, embed, scale=model.scale),
        texts=material.examples.book.digests(),
        drafter=_drafter(learner, replies, material, before, _between(progress, 0.8, 0.95)),
    )
    return Fit(
        fitted,
        examples=len(pairs),
        seconds=round(clock() - started, 3),
        pairs_per_second=round(pace, 1),
        scores=ranked.scores,
    )


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
        learner.examples.corpus,
        material.alone,
        [pair.text or texts.get((pair.reply_id or "", pair.locale), "") for pair in pairs],
        np.array([pair.weight for pair in pairs], np.float32),
        voices=[
            None if pair.text is None else pair.voice or f"pair {place}"
            for place, pair in enumerate(pairs)
        ],
        config=learner.config.decoder,
        parent=before and before.drafts,
        seed=learner.seed,
        progress=progress,
    )


def _between(progress: Progress, low: float, high: float) -> Progress:
    return lambda share, text: progress(low + (high - low) * min(share, 1.0), text)
