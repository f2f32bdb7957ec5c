"""GRU encoder: a dialogue or a reply's text becomes a unit vector; they meet by dot product.

- a token is its word and its character n-grams, all hashed
- who speaks, and whether in the last turn, is visible to every token
- one bidirectional GRU, pooled by maximum and by attention, next to a plain bag of the same tokens:
  with few examples the bag carries, with many the GRU does
- dialogue and reply share all of it but the last projection
Everything here is Keras layers and keras.ops, so it also trains under Keras's other backends.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import keras
from keras import ops

from training.model.config import ModelConfig, TrainConfig
from training.model.text_features import KINDS

NOWHERE = -1e9


class Features(NamedTuple):
    """What the encoder reads: B texts of at most T tokens, made of U different words."""

    buckets: Any  # int32 [P], the words' pieces
    rows: Any  # int32 [P], the word of each piece
    words: Any  # int32 [B,T], which of the U words stands there; any where padded
    kinds: Any  # int32 [B,T]
    lengths: Any  # int32 [B]
    is_reply: Any  # bool [B]


class TokenStates(NamedTuple):
    """What the encoder makes of each token."""

    tokens: Any  # float32 [B,T,W], zero where padded
    states: Any  # float32 [B,T,2 units]: the GRU's, forward and backward
    there: Any  # bool [B,T,1]: a token, not padding


class TokenVectors(keras.layers.Layer):  # type: ignore[misc]
    """Tokens to vectors [B,T,W]: the sum of a word's pieces and its speaker."""

    def __init__(self, model: ModelConfig, train: TrainConfig, seed: int) -> None:
        super().__init__(name="tokens")
        self.config = model
        self.piece_dropout = train.piece_dropout
        self.token_dropout = train.token_dropout
        self.seeds = keras.random.SeedGenerator(seed)
        self.rows: Callable[[Any], Any] = lambda places: rows_of(self.table, places)

    def build(self, *_: Any) -> None:
        """Make the table; untrained rows stay small, so that an unseen n-gram is nearly silent."""
        width, small = self.config.width, keras.initializers.RandomUniform(-0.05, 0.05, seed=1)
        self.table = self.add_weight(
            shape=(self.config.buckets, width), initializer=small, name="table"
        )
        self.speaker = self.add_weight(shape=(KINDS, width), initializer=small, name="speaker")
        self.built = True

    def call(self, features: Features, training: bool = False) -> Any:
        """See the class."""
        vectors = self.rows(features.buckets)
        weights = ops.ones_like(vectors[:, :1])
        if training:
            weights = self._kept(ops.shape(weights), self.piece_dropout)
        summed = ops.segment_sum(vectors * weights, features.rows, sorted=True)
        pieces = ops.segment_sum(weights, features.rows, sorted=True)
        summed = summed / ops.sqrt(ops.maximum(pieces, 1.0))
        tokens = ops.take(summed, features.words, axis=0)
        if training:
            tokens = tokens * self._kept((*ops.shape(tokens)[:2], 1), self.token_dropout)
        return tokens + ops.take(self.speaker, features.kinds, axis=0)

    @contextmanager
    def reading(self, rows: Callable[[Any], Any]) -> Iterator[None]:
        """Take the table's rows from elsewhere: what is traced meanwhile needs no table."""
        usual, self.rows = self.rows, rows
        try:
            yield
        finally:
            self.rows = usual

    def _kept(self, shape: Any, share: float) -> Any:
        return ops.cast(keras.random.uniform(shape, seed=self.seeds) >= share, "float32")


class Encoder(keras.layers.Layer):  # type: ignore[misc]
    """Texts to unit vectors [B,D]."""

    def __init__(self, model: ModelConfig, train: TrainConfig | None = None, seed: int = 1) -> None:
        super().__init__(name="encoder")
        train = train or TrainConfig()
        self.config = model
        self.tokens = TokenVectors(model, train, seed)
        self.forward = keras.layers.GRU(model.units, return_sequences=True, seed=seed + 1)
        self.backward = keras.layers.GRU(model.units, return_sequences=True, seed=seed + 2)
        self.attention = keras.layers.Dense(1, use_bias=False)
        self.drop = keras.layers.Dropout(train.dropout, seed=seed + 3)
        self.to_dialogue = keras.layers.Dense(model.dimensions, name="dialogue")
        self.to_reply = keras.layers.Dense(model.dimensions, name="reply")

    def build(self, *_: Any) -> None:
        """Make every weight, so that an encoder can be filled from an earlier version's."""
        self.tokens.build()
        sequence = (None, None, self.config.width)
        self.forward.build(sequence)
        self.backward.build(sequence)
        self.attention.build((None, None, 2 * self.config.units))
        pooled = 4 * self.config.units + 2 * self.config.width
        self.to_dialogue.build((None, pooled))
        self.to_reply.build((None, pooled))
        self.built = True

    def call(self, features: Features, training: bool = False) -> Any:
        """See the class."""
        return self.vectors(features, self.read(features, training), training)

    def vectors(self, features: Features, read: TokenStates, training: bool = False) -> Any:
        """The unit vectors [B,D] of texts that were read."""
        pooled = self.drop(self._pooled(features, read), training=training)
        is_reply = ops.expand_dims(features.is_reply, -1)
        vector = ops.where(is_reply, self.to_reply(pooled), self.to_dialogue(pooled))
        return ops.normalize(vector, axis=-1)

    def rates(self, *, table: float = 1.0, rest: float = 1.0) -> list[float]:
        """Each trainable weight's share of the learning rate: the table's, and all others'."""
        return [table if v is self.tokens.table else rest for v in self.trainable_variables]

    def read(self, features: Features, training: bool = False) -> TokenStates:
        """Every token, by itself and in its place."""
        tokens = self.tokens(features, training=training)
        places = ops.arange(ops.shape(features.words)[1])
        lengths = ops.expand_dims(features.lengths, -1)
        there = ops.expand_dims(places < lengths, -1)
        tokens = ops.where(there, tokens, 0.0)
        # Reversing each text within its own length leaves the padding last both ways, so neither
        # direction reads padding before text and no mask slows the recurrence.
        mirror = ops.where(places < lengths, lengths - 1 - places, places)
        forward = states_of(self.forward, tokens, training=training)
        backward = states_of(self.backward, _reorder(tokens, mirror), training=training)
        states = ops.concatenate([forward, _reorder(backward, mirror)], axis=-1)
        return TokenStates(tokens, states, there)

    def pool(self, features: Features, training: bool = False) -> Any:
        """The whole text as one vector [B, 4 units + 2 width], before any projection."""
        return self._pooled(features, self.read(features, training))

    def _pooled(self, features: Features, read: TokenStates) -> Any:
        newest = _newest(features)
        kept = ops.cast(read.there, "float32")
        return ops.concatenate(
            [
                *self._gathered(read.states, read.there),
                _bag(read.tokens, newest * kept),
                _bag(read.tokens, (1.0 - newest) * kept),
            ],
            axis=-1,
        )

    def newest(self, features: Features, read: TokenStates) -> Any:
        """The newest turn as one vector [B, 4 units + width]; the GRU knows what was before."""
        newest = _newest(features)
        there = ops.logical_and(read.there, newest > 0)
        bag = _bag(read.tokens, newest * ops.cast(read.there, "float32"))
        return ops.concatenate([*self._gathered(read.states, there), bag], axis=-1)

    def _gathered(self, states: Any, there: Any) -> tuple[Any, Any]:
        """The states' maximum and their mean by attention, of the tokens that are `there`."""
        highest = ops.max(ops.where(there, states, NOWHERE), axis=1)
        asked = ops.where(there, self.attention(ops.tanh(states)), NOWHERE)
        share = ops.exp(asked - ops.max(asked, axis=1, keepdims=True))
        share = share / ops.sum(share, axis=1, keepdims=True)
        return highest, ops.sum(share * states, axis=1)


def states_of(layer: Any, sequences: Any, start: Any = None, *, training: bool) -> Any:
    """The states [B,T,U] of a Keras GRU over `sequences` [B,T,W], in the quickest way there is.

    Args:
        layer: `keras.layers.GRU(return_sequences=True)`, built.
        sequences: float32 [B,T,W].
        start: the state before the first step, float32 [B,U]; zeros when not given.
        training: whether gradients will be asked for.
    """
    if keras.backend.backend() == "tensorflow":
        # TensorFlow alone has it: other backends do without.
        from training.model import gru_step  # noqa: PLC0415

        if gru_step.is_quicker():
            return gru_step.states(layer, sequences, start, training=training)
    return layer(sequences, initial_state=start, training=training)


def rows_of(table: Any, places: Any) -> Any:
    """Rows of a weight, without reading the rest of it.

    TensorFlow copies a whole weight that is written by rows each time it is read as a tensor: 50 MB
    and 15 ms in each step for the table. Gathering from the variable itself reads the rows alone.
    """
    if keras.backend.backend() == "tensorflow":
        return table.value.sparse_read(places)
    return ops.take(table, places, axis=0)


def _newest(features: Features) -> Any:
    """Which tokens are of the newest turn: float32 [B,T,1], padding too."""
    return ops.cast(features.kinds >= KINDS // 2, "float32")[..., None]


def _bag(tokens: Any, kept: Any) -> Any:
    """The kept tokens summed, and divided so that a long text weighs like a short one."""
    return ops.sum(tokens * kept, axis=1) / ops.sqrt(ops.maximum(ops.sum(kept, axis=1), 1.0))


def _reorder(sequences: Any, places: Any) -> Any:
    """Each row of `sequences` [B,T,W] in the order of its `places` [B,T]."""
    rows, length = ops.shape(sequences)[0], ops.shape(sequences)[1]
    flat = ops.reshape(sequences, (-1, sequences.shape[-1]))
    order = places + length * ops.expand_dims(ops.arange(rows), -1)
    return ops.reshape(ops.take(flat, ops.reshape(order, (-1,)), axis=0), ops.shape(sequences))
