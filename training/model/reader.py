"""GRU reader: which sentence answers a question, if any; attention between question and sentence.

- a word is the sum of its pieces in a small table of the reader's own, so that what a shop teaches
  the encoder does not move it
- each word of the question looks for its likes in the sentence and in the headings above it; a GRU
  reads along the question what each has found
- what kind of thing is asked meets what kind of thing is said
- how the sentence was found (`serving.passage_search`) is told it
- beside the sentences stands one more answer, "nothing here answers", in one softmax with them
Everything here is Keras layers and keras.ops.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import keras
from keras import ops

from training.model.encoder import NOWHERE, Features, rows_of, states_of
from training.model.text_features import KINDS

SHARPNESS = 8.0  # of a word's attention to its likes
CLUES = 7  # numbers about a word of the question and a sentence, see `_clues`


@dataclass(frozen=True)
class ReaderConfig:
    """What the reader is made of."""

    buckets: int = 65_536
    width: int = 48  # of a word's vector
    units: int = 32  # of the GRUs, each way
    kinds: int = 32  # of things asked and said
    hints: int = 7
    max_tokens: int = 40
    dropout: float = 0.2


class AnswerLogits(NamedTuple):
    """What is thought of S sentences for each of B questions."""

    sentences: Any  # float32 [B,S]: logits, very low where there is no sentence
    nothing: Any  # float32 [B,1]: the logit of "nothing here answers"


class Reader(keras.layers.Layer):  # type: ignore[misc]
    """Questions and sentences to a `AnswerLogits`."""

    def __init__(self, config: ReaderConfig, seed: int = 1, *, whole: bool = True) -> None:
        """`whole`: with a table that can be taught; else with one of int8, a quarter as large."""
        super().__init__(name="reader")
        self.whole = whole
        self.config = config
        self.likeness = _dense(config.width, seed, "likeness", bias=False)
        self.asked = _gru(config.units, seed + 1), _gru(config.units, seed + 2)
        self.weight = _dense(1, seed + 3, "weight")
        self.nearby = _dense(config.width, seed + 4, "nearby", "tanh")
        self.compared = _dense(config.units, seed + 5, "compared", "tanh")
        self.along = _gru(config.units, seed + 6), _gru(config.units, seed + 7)
        self.kind_asked = _dense(config.kinds, seed + 8, "kind_asked", "tanh")
        self.kind_said = _dense(config.kinds, seed + 9, "kind_said", "tanh")
        self.judged = _dense(2 * config.units, seed + 10, "judged", "relu")
        self.answer = _dense(1, seed + 11, "answer")
        self.missed = _dense(config.units, seed + 12, "missed", "relu")
        self.nothing = _dense(1, seed + 13, "nothing")
        self.drop = keras.layers.Dropout(config.dropout, seed=seed + 14)

    def build(self, *_: Any) -> None:
        """Make every weight."""
        width, units, kinds = self.config.width, self.config.units, self.config.kinds
        self.table, self.scales = self._table()
        self.speaker = self.add_weight(shape=(KINDS, width), initializer="zeros", name="speaker")
        self.likeness.build((None, width))
        for gru in self.asked:
            gru.build((None, None, width))
        self.weight.build((None, width + 2 * units))
        self.nearby.build((None, 3 * width))
        self.compared.build((None, 2 * width))
        for gru in self.along:
            gru.build((None, None, CLUES + 2 * units))
        self.kind_asked.build((None, 2 * units))
        self.kind_said.build((None, width))
        judged = 4 * units + CLUES + kinds + self.config.hints + 1
        self.judged.build((None, judged))
        self.answer.build((None, 2 * units))
        self.missed.build((None, 2 * units + kinds + self.config.hints))
        self.nothing.build((None, units))
        self.built = True

    def call(self, texts: Features, hints: Any, there: Any, training: bool = False) -> AnswerLogits:
        """Read.

        Args:
            texts: B questions, the headings of their B·S sentences, then those sentences.
            hints: float32 [B,S,H], how each sentence was found.
            there: bool [B,S]: a sentence, not padding.
            training: whether gradients will be asked for.
        """
        count, sentences = ops.shape(hints)[0], ops.shape(hints)[1]
        vectors = self._words(texts)
        steps = ops.shape(vectors)[1]
        held = ops.arange(steps) < ops.expand_dims(texts.lengths, -1)
        longest = ops.max(texts.lengths[:count])
        question = vectors[:count, :longest]
        question += ops.take(self.speaker, texts.kinds[:count, :longest], axis=0)
        is_word = held[:count, :longest]
        said_by = _both_ways(self.asked, question, texts.lengths[:count], training)
        weight = self.weight(ops.concatenate([question, said_by], axis=-1))[..., 0]
        weight = ops.softmax(ops.where(is_word, weight, NOWHERE), axis=-1)

        shape = (count, sentences, steps)
        others = vectors[count:], held[count:], texts.words[count:]
        rows = count * sentences
        above = [ops.reshape(part[:rows], (*shape, *part.shape[2:])) for part in others]
        below = [ops.reshape(part[rows:], (*shape, *part.shape[2:])) for part in others]
        words = texts.words[:count, :longest], is_word
        alike = self._unit(question)
        clues, found = self._clues(alike, words, above, below, there)
        compared = self.compared(
            ops.concatenate(
                [question[:, None] * found, ops.abs(question[:, None] - found)], axis=-1
            )
        )
        asking = ops.broadcast_to(
            said_by[:, None, :, : self.config.units],
            (count, sentences, longest, self.config.units),
        )
        along = ops.concatenate([clues, compared, asking], axis=-1)
        along = ops.reshape(along, (rows, longest, along.shape[-1]))
        lengths = ops.repeat(texts.lengths[:count], sentences)
        states = _both_ways(self.along, along, lengths, training)
        states = ops.reshape(states, (count, sentences, longest, 2 * self.config.units))
        highest = ops.max(ops.where(is_word[:, None, :, None], states, NOWHERE), axis=2)
        mean = ops.einsum("bq,bsqu->bsu", weight, states)
        covered = ops.einsum("bq,bsqc->bsc", weight, clues)

        asked = ops.max(ops.where(is_word[..., None], said_by, NOWHERE), axis=1)
        wanted = self.kind_asked(asked)
        said = self.kind_said(self._nearby(below[0], below[1]))
        length = ops.log(1.0 + ops.sum(ops.cast(below[1], "float32"), axis=-1, keepdims=True)) / 4.0
        judged = self.judged(
            ops.concatenate(
                [highest, mean, covered, wanted[:, None] * said, hints, length], axis=-1
            )
        )
        judged = self.drop(judged, training=training)
        logits = ops.where(there, self.answer(judged)[..., 0], NOWHERE)
        best = ops.max(ops.where(there[..., None], judged, 0.0), axis=1)
        top = ops.max(ops.where(there[..., None], hints, 0.0), axis=1)
        missed = self.missed(ops.concatenate([best, wanted, top], axis=-1))
        return AnswerLogits(logits, self.nothing(missed))

    def _table(self) -> tuple[Any, Any]:
        """The words' table: float32 to be taught, int8 with a scale a row once that is over."""
        shape = (self.config.buckets, self.config.width)
        if not self.whole:
            zeros: Any = {"initializer": "zeros", "trainable": False}
            table = self.add_weight(shape=shape, dtype="int8", name="table", **zeros)
            return table, self.add_weight(shape=(shape[0], 1), name="scales", **zeros)
        small = keras.initializers.RandomUniform(-0.05, 0.05, seed=1)
        return self.add_weight(shape=shape, initializer=small, name="table"), None

    def _words(self, texts: Features) -> Any:
        pieces = rows_of(self.table, texts.buckets)
        if self.scales is not None:
            pieces = ops.cast(pieces, "float32") * rows_of(self.scales, texts.buckets)
        summed = ops.segment_sum(pieces, texts.rows, sorted=True)
        count = ops.segment_sum(ops.ones_like(pieces[:, :1]), texts.rows, sorted=True)
        words = summed / ops.sqrt(ops.maximum(count, 1.0))
        return ops.take(words, texts.words, axis=0)

    def _unit(self, vectors: Any) -> Any:
        return ops.normalize(self.likeness(vectors), axis=-1)

    def _clues(
        self, question: Any, words: Any, above: Any, below: Any, there: Any
    ) -> tuple[Any, Any]:
        """For each word of the question and sentence what it has found, and what stands for it.

        Seven numbers [B,S,Q,7]: the nearest word's cosine, whether the word itself stands there,
        whether with the word after it; the same cosine and word for the headings; in which share of
        the sentences it stands; and whether there is a word at all.
        """
        numbers, is_word = words
        near, same = self._likes(question, numbers, below)
        above_near, above_same = self._likes(question, numbers, above)
        follows = same[:, :, :-1, :-1] * same[:, :, 1:, 1:]
        follows = ops.max(ops.pad(follows, ((0, 0), (0, 0), (0, 1), (0, 1))), axis=-1)
        has = ops.max(same, axis=-1)
        real = ops.cast(there, "float32")[:, :, None]
        share = ops.sum(has * real, axis=1, keepdims=True)
        share = share / ops.maximum(ops.sum(real, axis=1, keepdims=True), 1.0)
        spread = share * ops.ones_like(has)
        kept = ops.cast(is_word, "float32")[:, None] * ops.ones_like(has)
        clues = ops.stack(
            [
                ops.max(near, axis=-1),
                has,
                follows,
                ops.max(above_near, axis=-1),
                ops.max(above_same, axis=-1),
                spread,
                kept,
            ],
            axis=-1,
        )
        share = ops.softmax(SHARPNESS * near, axis=-1)
        found = ops.einsum("bsqt,bstw->bsqw", share, below[0])
        return clues * kept[..., None], found

    def _likes(self, question: Any, numbers: Any, texts: Any) -> tuple[Any, Any]:
        """The cosine of each two words, and whether they are the same: both [B,S,Q,T]."""
        vectors, held, others = texts
        held = held[:, :, None]
        near = ops.einsum("bqw,bstw->bsqt", question, self._unit(vectors))
        same = ops.equal(numbers[:, None, :, None], others[:, :, None])
        same = ops.cast(ops.logical_and(same, held), "float32")
        return ops.where(held, near, -1.0), same

    def _nearby(self, vectors: Any, held: Any) -> Any:
        """A text's words, each with its neighbours, pooled by maximum."""
        held = ops.cast(held, "float32")[..., None]
        vectors = vectors * held
        before = ops.pad(vectors[:, :, :-1], ((0, 0), (0, 0), (1, 0), (0, 0)))
        after = ops.pad(vectors[:, :, 1:], ((0, 0), (0, 0), (0, 1), (0, 0)))
        states = self.nearby(ops.concatenate([before, vectors, after], axis=-1))
        return ops.max(states * held - (1.0 - held), axis=2)


def _both_ways(grus: Any, sequences: Any, lengths: Any, training: bool) -> Any:
    """The states of a GRU forward and one backward, side by side."""
    forward, backward = grus
    places = ops.arange(ops.shape(sequences)[1])
    lengths = ops.expand_dims(lengths, -1)
    mirror = ops.where(places < lengths, lengths - 1 - places, places)
    ahead = states_of(forward, sequences, training=training)
    turned = ops.take_along_axis(sequences, mirror[..., None], axis=1)
    behind = states_of(backward, turned, training=training)
    behind = ops.take_along_axis(behind, mirror[..., None], axis=1)
    return ops.concatenate([ahead, behind], axis=-1)


def _dense(
    units: int, seed: int, name: str, activation: str | None = None, *, bias: bool = True
) -> Any:
    start = keras.initializers.GlorotUniform(seed=seed)
    return keras.layers.Dense(
        units, activation=activation, use_bias=bias, kernel_initializer=start, name=name
    )


def _gru(units: int, seed: int) -> Any:
    return keras.layers.GRU(units, return_sequences=True, seed=seed)
