"""Decoder training by maximum likelihood, on pairs of dialogue and reply.

The encoder stays as the ranking made it: drafting must not change what is answered. Whole epochs
run inside TensorFlow, as in training/fitting/learner.py.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
import structlog
import tensorflow as tf

from training.data import Array, Corpus, schedule
from training.fitting.draft_quality import Drafter, DraftWeights, begun
from training.fitting.epochs import Progress
from training.model import (
    PAD,
    DecoderConfig,
    EncodedDialogues,
    Encoder,
    LazyAdam,
    Loop,
    build_vocabulary,
    ended,
    listen,
    log_probs,
    of_rows,
)

MOST_EPOCHS: Final = 40
ENOUGH_STEPS: Final = 800  # few replies are learned in more epochs: these steps are short
FEWEST_STEPS: Final = 16  # an epoch, by smaller batches for few pairs
WARM_BUDGET: Final = 1 / 4  # of the tokens, for a decoder that goes on from an earlier one's
WARM_RATE: Final = 0.5
WEIGHT_DECAY: Final = 1e-4
WARM_UP: Final = 0.1  # of all steps
AT_ONCE: Final = 128  # pairs, where nothing is learned

ASIDE_FROM: Final = 2_000  # pairs; of fewer none can be spared
MOST_ASIDE: Final = 2_000
ASIDE_RUN, ASIDE_EVERY = 20, 20  # every 20th run of 20 pairs: dialogues stay mostly together

log = structlog.get_logger()


class DraftLearner(tf.Module):  # type: ignore[misc]
    """A decoder, and the steps that train it on pairs of dialogue and reply."""

    def __init__(
        self, drafter: Drafter, corpus: Corpus, dialogues: Array, numbers: Any, weights: Array
    ) -> None:
        super().__init__()
        self.drafter, self.corpus, self.numbers = drafter, corpus, numbers
        self.lengths = numbers.row_lengths().numpy()
        # Batches are of like reply length, and within that of like dialogue length.
        self._order = self.lengths * 1_000 + corpus.lengths[dialogues]
        self._dialogues, self._weights = tf.constant(dialogues), tf.constant(weights)
        self._vectors = tf.constant(_vectors(drafter.encoder, corpus, dialogues))
        rates = [1.0] * len(drafter.weights_)
        self.optimizer = LazyAdam(drafter.weights_, rates, weight_decay=WEIGHT_DECAY)
        self._loop = Loop(self._step)
        self._loss_of = of_rows(lambda ids: self._loss(ids, training=False))

    def epoch(
        self,
        pairs: Array,
        batch: int,
        rate_at: Callable[[int], float],
        step: int,
        chance: np.random.Generator,
        tell: Callable[[int], None],
    ) -> tuple[float, int]:
        """One pass over `pairs`, from step `step` on: (mean loss a token, steps taken)."""
        batches = schedule(pairs, self._order, batch=batch, chance=chance)
        rates = np.array([rate_at(step + i) for i in range(len(batches))], np.float32)
        loss = self._loop.run(batches, rates, lambda done, _: tell(step + done))
        return loss, len(batches)

    def check(self, pairs: Array) -> float:
        """The mean loss a token on `pairs`, nothing dropped."""
        order = pairs[np.argsort(self._order[pairs], kind="stable")]
        total = np.zeros(2)
        for part in np.array_split(order, math.ceil(len(order) / AT_ONCE)):
            total += [float(found) for found in self._loss_of(tf.constant(part, tf.int32))]
        return float(total[0] / total[1])

    def _step(self, ids: Any, rate: Any) -> Any:
        with tf.GradientTape() as tape:
            loss, weight = self._loss(ids, training=True)
            loss /= tf.maximum(weight, 1e-6)
        self.optimizer.apply(tape.gradient(loss, self.drafter.weights_), rate)
        return loss

    def _loss(self, ids: Any, *, training: bool) -> tuple[Any, Any]:
        features = self.corpus.features(tf.gather(self._dialogues, ids))
        heard = listen(self.drafter.encoder, features, tf.gather(self._vectors, ids))
        heard = EncodedDialogues(*(tf.stop_gradient(part) for part in heard))
        words = tf.gather(self.numbers, ids).to_tensor(PAD)
        log_p = log_probs(self.drafter.decoder, words, heard, training=training)
        weight = tf.gather(self._weights, ids)[:, tf.newaxis] * tf.cast(words != PAD, tf.float32)
        return -tf.reduce_sum(weight * log_p), tf.reduce_sum(weight)


class DraftPairs(NamedTuple):
    """N pairs of a dialogue and the reply to it, which a decoder learns to say."""

    corpus: Corpus  # holds the dialogues
    dialogue_ids: Array  # int [N], in the corpus
    texts: Sequence[str]  # the replies; pairs with an empty one are left out
    weights: Array | None = None  # float [N], how much each counts; None: all alike
    voices: Sequence[str | None] | None = None  # see `build_vocabulary`


def fit_drafts(
    encoder: Encoder,
    pairs: DraftPairs,
    *,
    config: DecoderConfig | None = None,
    parent: DraftWeights | None = None,
    seed: int = 1,
    progress: Progress = lambda _share, _text: None,
) -> Drafter:
    """Teach a decoder to say the replies; the same arguments give the same drafter.

    Args:
        encoder: already trained; it is not changed.
        pairs: dialogues and the replies to them.
        config: the decoder's dials.
        parent: the weights of a decoder with the same dials, to go on from; that takes a quarter of
            the tokens.
        seed: of weights, order and dropout.
        progress: told the share done and words for it.
    """
    config = config or DecoderConfig()
    corpus, reply_texts, voices = pairs.corpus, pairs.texts, pairs.voices
    dialogues = np.asarray(pairs.dialogue_ids, np.int32)
    weights = np.ones(len(dialogues)) if pairs.weights is None else np.asarray(pairs.weights)
    chance = np.random.default_rng(seed)
    kept = np.array([place for place, text in enumerate(reply_texts) if text.strip()], np.int32)
    if config.questions_a_text is not None:
        kept = few_a_text(corpus, dialogues, reply_texts, kept, config.questions_a_text, chance)
    texts = [reply_texts[place] for place in kept]
    said_in = None if voices is None else [voices[place] for place in kept]
    vocabulary = build_vocabulary(texts, config.vocabulary, said_in)
    drafter = begun(encoder, config, vocabulary, seed)
    if not len(kept):
        return drafter
    numbers = ended(vocabulary.numbers(tf.constant([text.encode() for text in texts])))
    counted = weights[kept].astype(np.float32)
    learner = DraftLearner(drafter, corpus, dialogues[kept], numbers, counted)
    if parent is not None:
        drafter.begin(parent)
        config = replace(
            config,
            token_budget=round(WARM_BUDGET * config.token_budget),
            learning_rate=WARM_RATE * config.learning_rate,
        )
    _course(learner, config, chance, progress)
    return drafter


def _course(
    learner: DraftLearner, config: DecoderConfig, chance: np.random.Generator, progress: Progress
) -> None:
    """Epochs at a rate that rises and falls, within the budget; the best of them is kept."""
    pairs = np.arange(len(learner.lengths), dtype=np.int32)
    is_aside = (pairs // ASIDE_RUN % ASIDE_EVERY == 0) & (len(pairs) >= ASIDE_FROM)
    aside, learn = pairs[is_aside][:MOST_ASIDE], pairs[~is_aside]
    tokens = int(learner.lengths[learn].sum())
    budget = config.token_budget
    if tokens > budget:
        learn = chance.permutation(learn)
        learn = learn[: max(1, int(np.searchsorted(learner.lengths[learn].cumsum(), budget)))]
    batch = max(4, min(config.batch, len(learn) // FEWEST_STEPS))
    steps = math.ceil(len(learn) / batch)
    most = max(MOST_EPOCHS, ENOUGH_STEPS // steps)
    epochs = min(most, max(1, round(budget / tokens)))
    total = epochs * steps

    def rate(step: int) -> float:
        return config.learning_rate * min((step + 1) / (WARM_UP * total), 1.0 - step / total)

    def tell(at: int) -> None:
        epoch = min(1 + at * epochs // total, epochs)
        progress(at / total, f"learning to draft, round {epoch} of {epochs}")

    step, best, weights = 0, math.inf, [w.numpy() for w in learner.drafter.weights_]
    for epoch in range(1, epochs + 1):
        loss, taken = learner.epoch(learn, batch, rate, step, chance, tell)
        step += taken
        checked = learner.check(aside) if len(aside) else None
        log.debug("drafts.epoch", epoch=epoch, loss=loss, checked=checked)
        if checked is None or checked < best:
            best, weights = checked or best, [w.numpy() for w in learner.drafter.weights_]
    for variable, value in zip(learner.drafter.weights_, weights, strict=True):
        variable.assign(value)


def _vectors(encoder: Encoder, corpus: Corpus, dialogues: Array) -> Array:
    """The vectors [N,D] of the dialogues: made once, they spare each step half of its reading."""
    encode = of_rows(lambda ids: encoder(corpus.features(ids)))
    order = np.argsort(corpus.lengths[dialogues], kind="stable")
    found = np.zeros((len(dialogues), encoder.config.dimensions), np.float32)
    for part in np.array_split(order, math.ceil(len(order) / AT_ONCE)):
        found[part] = encode(tf.constant(dialogues[part])).numpy()
    return found


def few_a_text(
    corpus: Corpus,
    dialogues: Array,
    texts: Sequence[str],
    kept: Array,
    most: int,
    chance: np.random.Generator,
) -> Array:
    """Of the pairs `kept`, at most `most` different dialogues for each text, in their old order."""
    prints = corpus.fingerprints()
    asked: dict[str, set[int]] = {}
    found = []
    for place in chance.permutation(kept):
        by, key = asked.setdefault(texts[place], set()), int(prints[dialogues[place]])
        if key not in by and len(by) < most:
            by.add(key)
            found.append(place)
    return np.sort(np.array(found, np.int32))
