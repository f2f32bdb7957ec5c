"""Fits the reader to its lessons: one softmax over the sentences and "nothing here answers"."""

from collections.abc import Callable
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from training.data import Corpus
from training.model import (
    COMMON,
    NOWHERE,
    Encoder,
    LazyAdam,
    Loop,
    ModelConfig,
    Reader,
    ReaderConfig,
    of_rows,
    pieces,
)
from training.reader.reading_set import ReadingSet

BATCH: Final = 32
RATE: Final = 2e-3
TABLE_RATE: Final = 0.5
WARM_UP: Final = 100  # steps
WEIGHT_DECAY: Final = 1e-3

Array = np.ndarray[Any, Any]
Tell = Callable[[str], None]


def first_table(encoder: Encoder, width: int) -> Array:
    """The encoder's table along the directions in which its words differ most."""
    table = encoder.tokens.table.numpy()
    words = COMMON.read_text(encoding="ascii").split()
    found = pieces(tf.constant(words), buckets=len(table))
    summed = np.zeros((len(words), table.shape[1]), np.float32)
    np.add.at(summed, found.rows.numpy(), table[found.buckets.numpy()])
    summed /= np.sqrt(np.bincount(found.rows.numpy()))[:, np.newaxis]
    _, directions = np.linalg.eigh(summed.T @ summed)
    return np.asarray(table @ directions[:, ::-1][:, :width], np.float32)


class ReaderLearner(tf.Module):  # type: ignore[misc]
    """The reader under instruction."""

    def __init__(self, lessons: ReadingSet, config: ReaderConfig, seed: int) -> None:
        super().__init__()
        keras.utils.set_random_seed(seed)
        self.reader = Reader(config, seed)
        self.reader.build()
        model = ModelConfig(buckets=config.buckets, max_tokens=config.max_tokens)
        self.corpus = Corpus(lessons.texts, model)
        self.lessons = [tf.constant(part) for part in lessons.arrays]
        self.weights_ = [v.value for v in self.reader.trainable_variables]
        rates = [TABLE_RATE if v is self.reader.table.value else 1.0 for v in self.weights_]
        self.optimizer = LazyAdam(self.weights_, rates, weight_decay=WEIGHT_DECAY)
        self.loop = Loop(self._step)
        self.read = of_rows(lambda rows: self._read(rows, training=False))

    def fit(self, rows: Array, *, epochs: int, seed: int, tell: Tell, rate: float = RATE) -> None:
        """Learn from the lessons numbered `rows`, at a rate that falls to nothing."""
        chance = np.random.default_rng(seed)
        steps = len(rows) // BATCH
        at = np.arange(epochs * steps, dtype=np.float32)
        warm_up = max(1, min(WARM_UP, len(at) // 4))
        rates = rate * np.minimum(1.0, (at + 1) / warm_up) * (1.0 - at / len(at))
        for epoch, part in enumerate(np.split(rates, epochs)):
            batches = chance.permutation(rows)[: steps * BATCH].reshape(steps, BATCH)
            loss = self.loop.run(batches.astype(np.int32), part, lambda *_: None)
            tell(f"round {epoch + 1} of {epochs}: loss {loss:.3f}")

    def answers(self, rows: Array) -> tuple[Array, Array]:
        """The logits [N,S+1] of lessons, "nothing" last, and which are right, bool [N,S+1]."""
        parts = [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
        found = [self.read(tf.constant(part, tf.int32)) for part in parts]
        logits, right = (np.concatenate([each[side].numpy() for each in found]) for side in (0, 1))
        return logits, right

    def _read(self, rows: Any, *, training: bool) -> tuple[Any, Any]:
        dialogues, headings, sentences, hints, there, answers, nothing, _ = (
            tf.gather(part, rows) for part in self.lessons
        )
        texts = tf.concat(
            [dialogues, tf.reshape(headings, [-1]), tf.reshape(sentences, [-1])], axis=0
        )
        reading = self.reader(self.corpus.features(texts), hints, there, training=training)
        logits = tf.concat([reading.sentences, reading.nothing], axis=1)
        return logits, tf.concat([answers, nothing[:, tf.newaxis]], axis=1)

    def _step(self, rows: Any, rate: Any) -> Any:
        with tf.GradientTape() as tape:
            logits, right = self._read(rows, training=True)
            every = tf.reduce_logsumexp(logits, axis=1)
            good = tf.reduce_logsumexp(tf.where(right, logits, NOWHERE), axis=1)
            weights = tf.gather(self.lessons[-1], rows)
            loss = tf.reduce_mean(weights * (every - good))
        self.optimizer.apply(tape.gradient(loss, self.weights_), rate)
        return loss
