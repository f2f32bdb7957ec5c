"""Roofline of a training step by its parts: what each costs, and what bounds it.

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 TF_NUM_INTRAOP_THREADS=1 \\
        python benchmarks/training_roofline.py [--batch 128] [--tokens 12] [--rounds 20]

One thread and processor time, so that other work on the machine hardly counts. Prints one JSON
object: for each part of a step (forwards and backwards) its milliseconds, GFLOP, megabytes read and
written, and the shares of numpy's sgemm and of a copy's bandwidth that it reaches; what is nearer
to one bounds it. Then what might be quicker, on the same work: bf16 products, XLA, both directions
in one product, four times the batch.
"""

import argparse
import json
import sys
import time

import numpy as np
from running import ROOT

sys.path.insert(0, str(ROOT))
from training.fitting.tensorflow_setup import import_tensorflow

WORDS_A_TEXT = 6  # different ones that a batch adds with each text
PIECES_A_WORD = 14
REPLIES = 77


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--tokens", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    import_tensorflow()
    step = TrainingStep(asked.batch, asked.tokens)
    peak, copy = sgemm(step, asked.rounds), bandwidth(asked.rounds)
    parts = {}
    for name, (work, gflop, megabytes) in step.parts().items():
        ms = milliseconds(work, asked.rounds)
        parts[name] = {
            "ms": round(ms, 2),
            "gflop": round(gflop, 3),
            "megabytes": round(megabytes, 1),
            "share_of_sgemm": round(gflop / ms * 1e3 / peak, 2),
            "share_of_copying": round(megabytes / ms / copy, 2),
        }
    print(
        json.dumps(
            {
                "sgemm_gflop_a_second": round(peak, 1),
                "copy_gb_a_second": round(copy, 1),
                "parts": parts,
                "tried": step.tried(asked.rounds),
            },
            indent=1,
        )
    )


def milliseconds(work, rounds):
    """The median of processor time, after two rounds that warm up."""
    spent = []
    for _ in range(rounds + 2):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return 1e3 * float(np.median(spent[2:]))


def sgemm(step, rounds):
    """GFLOP a second of numpy on the recurrence's product."""
    one, other = (
        np.random.default_rng(1).normal(size=shape).astype(np.float32)
        for shape in ((step.batch, step.units), (step.units, 3 * step.units))
    )

    def work():
        for _ in range(50):
            one @ other

    return 50 * 2 * one.size * other.shape[1] / milliseconds(work, rounds) / 1e6


def bandwidth(rounds):
    """GB a second, read and written, of copying what no cache holds."""
    source = np.ones(16_000_000, np.float32)
    target = np.empty_like(source)
    return 2 * source.nbytes / milliseconds(lambda: np.copyto(target, source), rounds) / 1e6


class TrainingStep:
    """A training step of the encoder on made-up texts, in its parts."""

    def __init__(self, batch, tokens):
        import tensorflow as tf

        from training.model import Encoder, Features, LazyAdam, ModelConfig, TrainConfig

        self.tf, self.batch, self.tokens = tf, batch, tokens
        self.model = ModelConfig()
        self.units, self.width = self.model.units, self.model.width
        self.encoder = Encoder(self.model, TrainConfig(), 1)
        self.encoder.build()
        self.weights = [variable.value for variable in self.encoder.trainable_variables]
        self.optimizer = LazyAdam(self.weights, self.encoder.rates())
        chance = np.random.default_rng(1)
        words = WORDS_A_TEXT * batch
        self.pieces = PIECES_A_WORD * words
        self.features = Features(
            buckets=tf.constant(chance.integers(0, self.model.buckets, self.pieces), tf.int32),
            rows=tf.constant(np.repeat(np.arange(words), PIECES_A_WORD), tf.int32),
            words=tf.constant(chance.integers(0, words, (batch, tokens)), tf.int32),
            kinds=tf.fill([batch, tokens], 3),
            lengths=tf.fill([batch], tokens),
            is_reply=tf.fill([batch], False),
        )
        self.inputs = tf.Variable(chance.normal(size=(batch, tokens, self.width)).astype("f4"))
        self.book = tf.Variable(chance.normal(size=(REPLIES, self.model.dimensions)).astype("f4"))

    def parts(self):
        """By name: the work, GFLOP, megabytes."""
        from training.model import states_of

        tf, b, t, u, w = self.tf, self.batch, self.tokens, self.units, self.width
        dense = sum(int(np.prod(weight.shape)) for weight in self.weights[1:])
        there = tf.fill([b, t, 1], True)

        def words():
            return tf.reduce_sum(self.encoder.tokens(self.features, training=True))

        def recurrences():
            layers = (self.encoder.forward, self.encoder.backward)
            return sum(
                tf.reduce_sum(states_of(layer, self.inputs, training=True)) for layer in layers
            )

        def heads():
            from training.model import TokenStates

            states = tf.concat([self.inputs, self.inputs], axis=-1)
            read = TokenStates(self.inputs, states, there)
            vectors = self.encoder.vectors(self.features, read, training=True)
            logits = tf.matmul(vectors, self.book, transpose_b=True)
            return -tf.reduce_mean(tf.nn.log_softmax(logits)[:, 0])

        def whole():
            vectors = self.encoder(self.features, training=True)
            logits = tf.matmul(vectors, self.book, transpose_b=True)
            return -tf.reduce_mean(tf.nn.log_softmax(logits)[:, 0])

        recurrence = 3 * 2 * 2 * b * t * 3 * u * (w + u) / 1e9
        return {
            "words (rows of the table)": (self._back(words), 0.0, 4 * 4 * self.pieces * w / 1e6),
            "recurrences (both GRUs)": (
                self._back(recurrences, [self.inputs]),
                recurrence,
                4 * 2 * 2 * b * t * (w + 8 * u) / 1e6,
            ),
            "pooling, projection, softmax": (
                self._back(heads, [self.inputs]),
                3 * 2 * b * self.model.dimensions * (4 * u + 2 * w + REPLIES) / 1e9,
                4 * 4 * b * t * (2 * u + w) / 1e6,
            ),
            "Adam": (self._adam(), 0.0, 4 * 7 * (self.pieces * w + dense) / 1e6),
            "all of it but Adam": (self._back(whole), recurrence, 0.0),
        }

    def _back(self, loss, more=()):
        tf = self.tf

        @tf.function(autograph=False)
        def work():
            with tf.GradientTape() as tape:
                found = loss()
            gradients = tape.gradient(found, [*self.weights, *more])
            return [g for g in gradients if g is not None]

        return work

    def _adam(self):
        tf = self.tf
        rows = tf.unique(self.features.buckets)[0]
        slices = tf.IndexedSlices(tf.ones([tf.size(rows), self.width]), rows, self.weights[0].shape)
        gradients = [slices, *(tf.ones_like(weight) for weight in self.weights[1:])]

        @tf.function(autograph=False)
        def work():
            self.optimizer.apply(gradients, tf.constant(1e-3))

        return work

    def tried(self, rounds):
        """Milliseconds of the shipped way and of others, on the same products."""
        tf, b, t, u, w = self.tf, self.batch, self.tokens, self.units, self.width
        f32 = tf.float32
        at_once = tf.random.normal([b * t, w]), tf.random.normal([w, 3 * u])
        both = tf.random.normal([2, b, u]), tf.random.normal([2, u, 3 * u])

        def product(one, other, dtype, times=1):
            one, other = tf.cast(one, dtype), tf.cast(other, dtype)

            @tf.function(autograph=False)
            def work():
                return [tf.matmul(one + tf.cast(i, dtype), other) for i in range(times)]

            return milliseconds(work, rounds)

        from training.model import states_of

        def gru(compiled, inputs):
            run = tf.function(
                lambda: states_of(self.encoder.forward, inputs, training=True),
                autograph=False,
                jit_compile=compiled,
            )
            return milliseconds(run, rounds)

        wide = tf.tile(self.inputs, [4, 1, 1])
        found = {
            "inputs' product, float32": product(*at_once, f32),
            "inputs' product, bf16": product(*at_once, tf.bfloat16),
            "a step's product of each direction": 2 * product(both[0][0], both[1][0], f32, t),
            "a step's product of both in one batch": product(*both, f32, t),
            "a step's product, bf16, of each direction": 2
            * product(both[0][0], both[1][0], tf.bfloat16, t),
            "one GRU forwards": gru(False, self.inputs),
            "four times the batch, of each quarter": gru(False, wide) / 4,
        }
        try:
            found["one GRU forwards by XLA"] = gru(True, self.inputs)
        except (tf.errors.OpError, ValueError) as error:
            found["one GRU forwards by XLA"] = f"refused: {str(error)[:80]}"
        return {name: round(ms, 2) if isinstance(ms, float) else ms for name, ms in found.items()}


if __name__ == "__main__":
    main()
