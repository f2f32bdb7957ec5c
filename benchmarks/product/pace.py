"""Training speed as a share of the machine's matrix product rate (FLOP/s).

Counted are the GRU's multiply-adds on real tokens: padding, the table, the book, the pooling and
the optimiser take time and count for nothing, so the share is what a training gets out of the
machine, input pipeline and all.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import keras
import numpy as np
import tensorflow as tf

from benchmarks.product.figures import timed
from benchmarks.product.shop import make_dialogues, make_replies
from training.data import Pair, ReplyIndex, to_examples
from training.fitting import Learner
from training.model import ModelConfig, TrainConfig, states_of

SIDE: Final = 2_048  # of the square matrices: past it the rate no longer rises
PAIRS: Final = {"questions": 12_800, "dialogues": 2_560}
TURNS: Final = {"questions": 1, "dialogues": 4}
BACKWARD_TOO: Final = 3  # a gradient costs two products where the forward pass costs one
LAYER_STEPS: Final = 20  # tokens a text, where only the layers are run


def bench_pace(rounds: int) -> dict[str, Any]:
    """GFLOP/s of the matrix product, of the GRU layers alone and of training steps.

    The best of `rounds`, taken in turns so that other work slows each of them alike.
    """
    keras.utils.set_random_seed(1)
    tf.config.experimental.enable_op_determinism()
    works = {"sgemm": _matrix_product(), "layers": _layers()}
    works |= {kind: _training(kind) for kind in PAIRS}
    best = dict.fromkeys(works, 0.0)
    for _ in range(rounds):
        for name, (operations, work) in works.items():
            best[name] = max(best[name], operations / timed(work))
    rate = best["sgemm"]
    shares = {name: best[name] / rate for name in works if name != "sgemm"}
    return {
        "counted": "the GRU's multiply-adds on real tokens, forward and backward",
        "gflops": {name: round(value / 1e9, 1) for name, value in best.items()},
        "share_of_sgemm": {name: round(value, 3) for name, value in shares.items()},
    }


def gru_operations(tokens: int, model: ModelConfig) -> int:
    """Multiplications and additions for `tokens`, both directions, forward and backward."""
    a_direction = 2 * 3 * model.units * (model.width + model.units)
    return BACKWARD_TOO * 2 * a_direction * tokens


def _matrix_product() -> tuple[float, Callable[[], object]]:
    chance = np.random.default_rng(1)
    left, right = (chance.random((SIDE, SIDE), np.float32) for _ in range(2))
    product = np.empty_like(left)
    return 2.0 * SIDE**3, lambda: np.matmul(left, right, out=product)


def _training(kind: str) -> tuple[float, Callable[[], object]]:
    """One epoch of the trainer's own steps; without those on reply texts, which are not counted."""
    model = ModelConfig()
    made = make_dialogues(PAIRS[kind], seed=1, turns=TURNS[kind])
    pairs = [Pair(dialogue, reply_id) for dialogue, reply_id in made]
    examples = to_examples(pairs, ReplyIndex.of(make_replies(), pairs), model)
    tokens = int(examples.corpus.lengths[: len(pairs)].sum())
    train = replace(TrainConfig(), text_weight=0.0)
    learner = Learner(examples, model, train, seed=1)
    numbers = np.arange(len(pairs), dtype=np.int32)

    def epoch() -> None:
        learner.epoch(numbers, lambda _: train.learning_rate, 0, lambda _: None)

    learner.epoch(numbers[: 2 * train.batch], lambda _: 1e-3, 0, lambda _: None)  # traces the step
    return float(gru_operations(tokens, model)), epoch


def _layers() -> tuple[float, Callable[[], object]]:
    """Both directions and their gradients, on texts without padding: what a step could reach."""
    model, batch = ModelConfig(), TrainConfig().batch
    layers = [keras.layers.GRU(model.units, return_sequences=True) for _ in range(2)]
    for layer in layers:
        layer.build((None, None, model.width))
    texts = tf.random.normal([batch, LAYER_STEPS, model.width])

    @tf.function  # type: ignore[untyped-decorator]
    def step() -> Any:
        with tf.GradientTape() as tape:
            tape.watch(texts)
            states = [states_of(layer, texts, training=True) for layer in layers]
            total = tf.add_n([tf.reduce_sum(each) for each in states])
        weights = [v.value for layer in layers for v in layer.trainable_variables]
        return tape.gradient(total, [texts, *weights])

    step()
    return float(gru_operations(batch * LAYER_STEPS, model)), step
