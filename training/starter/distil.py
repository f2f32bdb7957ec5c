"""Distillation: the GRU learns a teacher's sentence vectors, and which texts are alike.

Loss: 2 (1 - cosine) with the teacher's vector, and the Kullback-Leibler divergence of the softmax
similarities within the batch, which keeps neighbours neighbours (Tung and Mori, Similarity-
preserving knowledge distillation, ICCV 2019; here as in-batch distributions).
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import structlog
import tensorflow as tf

from training.data import Corpus, schedule
from training.model import Encoder, LazyAdam, Loop, ModelConfig, TrainConfig, of_rows
from training.starter.mistyping import mistype

EPOCHS: Final = 12
SAMPLE: Final = 12_000  # lessons by which an earlier encoder's last layer is fitted to new targets
RIDGE: Final = 1e-3
MISTYPED: Final = 0.4  # share of the lessons that a round reads with letters wrong
BATCH: Final = 256
RATE: Final = 2e-3
TABLE_RATE: Final = 2.0
SHARPNESS: Final = 20.0  # of the similarities' softmax: a text has few neighbours in its batch
HELD: Final = 0.01  # of the lessons, to see how far it has come
DROPOUT: Final = TrainConfig(dropout=0.1, token_dropout=0.05, piece_dropout=0.1)

Array = np.ndarray[Any, Any]
Tell = Callable[[str], None]

log = structlog.get_logger()


def projection(vectors: Array, dimensions: int) -> Array:
    """The directions [W,D] that hold most of the teachers' `vectors` [M,W], uncentred."""
    spread = vectors.astype(np.float64).T @ vectors.astype(np.float64)
    _, directions = np.linalg.eigh(spread)
    found: Array = directions[:, ::-1][:, :dimensions].astype(np.float32)
    return found


class Pupil(tf.Module):  # type: ignore[misc]
    """The encoder under instruction."""

    def __init__(
        self, texts: list[str], targets: Array, axes: Array, model: ModelConfig, *, seed: int
    ) -> None:
        super().__init__()
        keras.utils.set_random_seed(seed)
        chance = np.random.default_rng(seed)
        self.corpus = Corpus([*texts, *(mistype(text, chance) for text in texts)], model)
        self.lessons = len(texts)
        self.encoder = Encoder(model, DROPOUT, seed)
        self.encoder.build()
        self.weights_ = [v.value for v in self.encoder.trainable_variables]
        self.optimizer = LazyAdam(self.weights_, self.encoder.rates(table=TABLE_RATE))
        self._targets = tf.Variable(targets.astype(np.float16), trainable=False)
        self._axes = tf.constant(axes)
        self.loop = Loop(self._step)
        self._encode = of_rows(lambda ids: self.encoder(self.corpus.features(ids)))

    def begin_with(self, weights: Sequence[Array]) -> None:
        """Take over an earlier encoder as it is."""
        for variable, weight in zip(self.weights_, weights, strict=True):
            variable.assign(weight)

    def rehearse(self, ids: Array) -> None:
        """Let the lessons `ids` be taught what the encoder says of them now: nothing new."""
        said = _in_parts(self._encode, ids).astype(np.float16)
        self._targets.scatter_update(tf.IndexedSlices(said, ids))

    def begin_from(self, weights: Sequence[Array]) -> None:
        """Take over an earlier encoder, its last layers fitted to this one's targets.

        What its vectors' directions mean is another matter when other teachers are asked; all that
        stands before them is as good as it was.
        """
        self.begin_with(weights)
        is_reply = self.corpus.is_reply[: self.lessons]
        for layer, of_replies in ((self.encoder.to_dialogue, False), (self.encoder.to_reply, True)):
            ids = np.nonzero(is_reply == of_replies)[0].astype(np.int32)
            ids = ids[:: max(1, len(ids) // SAMPLE)]
            pool = of_rows(lambda at: self.encoder.pool(self.corpus.features(at), training=False))
            self._fit(layer, _in_parts(pool, ids), self._wanted(tf.constant(ids))[1].numpy())

    def _fit(self, layer: Any, pooled: Array, wanted: Array) -> None:
        """Ridge regression of `wanted` on `pooled`, as large as the layer was."""
        size = float(np.linalg.norm(layer.kernel.numpy()))
        known = np.concatenate([pooled, np.ones((len(pooled), 1), np.float32)], axis=1)
        square = known.T @ known
        square += RIDGE * float(np.trace(square)) / len(square) * np.eye(len(square))
        found = np.linalg.solve(square, known.T @ wanted)
        found *= size / float(np.linalg.norm(found[:-1]))
        layer.kernel.assign(found[:-1])
        layer.bias.assign(found[-1])

    def cosine(self, ids: Array) -> float:
        """The mean cosine of the encoder's and the teacher's vectors."""
        wanted = self._wanted(tf.constant(ids))[1].numpy()
        return float((_in_parts(self._encode, ids) * wanted).sum(axis=1).mean())

    def _wanted(self, ids: Any) -> tuple[Any, Any]:
        whole = tf.cast(tf.gather(self._targets, ids % self.lessons), tf.float32)
        return whole, tf.math.l2_normalize(tf.matmul(whole, self._axes), axis=-1)

    def _step(self, ids: Any, rate: Any) -> Any:
        whole, wanted = self._wanted(ids)
        with tf.GradientTape() as tape:
            said = self.encoder(self.corpus.features(ids), training=True)
            cosine = tf.reduce_mean(tf.reduce_sum(said * wanted, axis=-1))
            loss = 2.0 * (1.0 - cosine) + _divergence(whole, said)
        self.optimizer.apply(tape.gradient(loss, self.weights_), rate)
        return loss


def _in_parts(encode: Any, ids: Array) -> Array:
    return np.concatenate(
        [encode(tf.constant(ids[i : i + 512])).numpy() for i in range(0, len(ids), 512)]
    )


def _divergence(wanted: Any, said: Any) -> Any:
    """How far the batch's softmax similarities are from the teacher's, itself left out."""
    alone = -1e9 * tf.eye(tf.shape(said)[0])
    p = tf.nn.log_softmax(SHARPNESS * tf.matmul(wanted, wanted, transpose_b=True) + alone)
    q = tf.nn.log_softmax(SHARPNESS * tf.matmul(said, said, transpose_b=True) + alone)
    return tf.reduce_mean(tf.reduce_sum(tf.exp(p) * (p - q), axis=-1))


def distil(
    pupil: Pupil,
    work: Path,
    *,
    epochs: int,
    peak: float,
    seed: int,
    tell: Tell,
    batch: int = BATCH,
) -> list[Array]:
    """Teach for `epochs`, going on from the last one that `work` remembers; the weights.

    The rate rises to `peak` and falls again.
    """
    order = np.random.default_rng(seed).permutation(pupil.lessons).astype(np.int32)
    held, learn = np.split(order, [round(HELD * pupil.lessons)])
    steps = math.ceil(len(learn) / batch)
    total = steps * epochs

    def rate(step: int) -> float:
        warm = (step + 1) / (0.03 * total)
        return peak * min(warm, 0.01 + 0.5 * (1.0 + math.cos(math.pi * step / total)))

    done = _resume(pupil, work)
    for epoch in range(done, epochs):
        chance = np.random.default_rng((seed, epoch))
        batches = schedule(learn, pupil.corpus.lengths, batch=batch, chance=chance)
        mistyped = chance.random(batches.shape) < MISTYPED
        batches = np.where(mistyped, batches + pupil.lessons, batches).astype(np.int32)
        rates = np.array([rate(epoch * steps + i) for i in range(len(batches))], np.float32)
        loss = pupil.loop.run(
            batches,
            rates,
            lambda at, now, e=epoch: tell(f"epoch {e + 1}, step {at} of {steps}: loss {now:.4f}"),  # type: ignore[misc]
        )
        tell(f"epoch {epoch + 1} of {epochs}: loss {loss:.4f}, cosine {pupil.cosine(held):.4f}")
        _remember(pupil, work, epoch + 1)
    return [weight.numpy() for weight in pupil.weights_]


def _state(pupil: Pupil) -> list[Any]:
    """All that the next epoch depends on; of chance, what is dropped next."""
    optimizer, encoder = pupil.optimizer, pupil.encoder
    weights = {id(variable.value) for variable in encoder.trainable_variables}
    chance = [each.value for each in encoder.variables if id(each.value) not in weights]
    return [*pupil.weights_, *optimizer.first, *optimizer.second, optimizer.step, *chance]


def _remember(pupil: Pupil, work: Path, epoch: int) -> None:
    partial = work / "pupil.partial.npz"
    state = {f"v{i}": variable.numpy() for i, variable in enumerate(_state(pupil))}
    np.savez(partial, epoch=epoch, **state)
    partial.rename(work / "pupil.npz")


def _resume(pupil: Pupil, work: Path) -> int:
    """Fill the pupil from `work`; returns the epochs done."""
    path = work / "pupil.npz"
    if not path.exists():
        return 0
    with np.load(path) as kept:
        for i, variable in enumerate(_state(pupil)):
            variable.assign(kept[f"v{i}"])
        return int(kept["epoch"])
