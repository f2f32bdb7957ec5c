"""GRU decoder with attention over the encoder's states: says a reply word by word.

- one table of words, read and written: the output layer is the embedding's transpose
- begins from the dialogue's vector; at each word it looks back at the dialogue by Luong's attention
- it sees the token vectors next to the encoder's states, so a word of the shopper's can be taken up
- no copying of unknown words: the encoder reads hashed, lower-cased tokens, which spell nothing
Keras layers and keras.ops throughout, like the encoder; only `log_probs` is TensorFlow's.
"""

from typing import Any, NamedTuple

import keras
import tensorflow as tf
from keras import ops

from training.model.config import DecoderConfig
from training.model.encoder import NOWHERE, Encoder, Features, TokenStates, states_of
from training.model.vocabulary import END, PAD


class EncodedDialogues(NamedTuple):
    """Dialogues as the decoder hears them: B dialogues of at most T tokens."""

    vector: Any  # float32 [B,D], unit length
    memory: Any  # float32 [B,T,M], each token's vector and the encoder's state there
    there: Any  # bool [B,T,1]


class AttentionMemory(NamedTuple):
    """What attention looks at, made once a dialogue."""

    keys: Any  # float32 [B,T,U]
    values: Any  # float32 [B,T,M]
    there: Any  # bool [B,1,T]


def listen(encoder: Encoder, features: Features, vector: Any = None) -> EncodedDialogues:
    """Hear dialogues through `encoder`, which is not trained by it; `vector` spares making it."""
    read = encoder.read(features, training=False)
    return remembered(read, encoder.vectors(features, read) if vector is None else vector)


def remembered(read: TokenStates, vector: Any) -> EncodedDialogues:
    """What the decoder hears of dialogues whose tokens and vectors the encoder has read."""
    memory = ops.concatenate([read.tokens, read.states], axis=-1)
    return EncodedDialogues(vector, memory, read.there)


class Decoder(keras.layers.Layer):  # type: ignore[misc]
    """Words so far to what comes next, as vectors [B,T,W] that `logits` compares with all words."""

    def __init__(self, config: DecoderConfig, words: int, *, seed: int = 1) -> None:
        super().__init__(name="decoder")
        self.config = config
        self.words = words
        self.begin = keras.layers.Dense(
            config.units, activation="tanh", kernel_initializer=_spread(seed)
        )
        self.keys = keras.layers.Dense(
            config.units, use_bias=False, kernel_initializer=_spread(seed + 1)
        )
        self.gru = keras.layers.GRU(config.units, return_sequences=True, seed=seed + 2)
        self.gru.cell.kernel_initializer = _spread(seed + 3)
        self.gru.cell.recurrent_initializer = keras.initializers.Orthogonal(seed=seed + 4)
        self.out = keras.layers.Dense(
            config.width, activation="tanh", kernel_initializer=_spread(seed + 5)
        )
        self.drop_in = keras.layers.Dropout(config.dropout, seed=seed + 6)
        self.drop_out = keras.layers.Dropout(config.dropout, seed=seed + 7)
        self.small = keras.initializers.RandomNormal(0.0, config.width**-0.5, seed=seed + 8)

    def build(self, vector: int, memory: int) -> None:
        """Make every weight for dialogues' vectors of `vector` and memories of `memory` numbers."""
        config = self.config
        self.table = self.add_weight(
            shape=(self.words, config.width), initializer=self.small, name="table"
        )
        self.bias = self.add_weight(shape=(self.words,), initializer="zeros", name="bias")
        self.begin.build((None, vector))
        self.keys.build((None, None, memory))
        self.gru.build((None, None, config.width))
        self.out.build((None, None, config.units + memory))
        self.built = True

    def call(self, words: Any, heard: EncodedDialogues, training: bool = False) -> Any:
        """What follows each of `words` int [B,T], given those before it: float32 [B,T,W]."""
        vectors = self.drop_in(ops.take(self.table, words, axis=0), training=training)
        states = states_of(self.gru, vectors, self.begin(heard.vector), training=training)
        return self.drop_out(self.look(states, self.remember(heard)), training=training)

    def remember(self, heard: EncodedDialogues) -> AttentionMemory:
        """Make ready what attention looks at."""
        return AttentionMemory(
            self.keys(heard.memory), heard.memory, ops.transpose(heard.there, axes=(0, 2, 1))
        )

    def look(self, states: Any, memory: AttentionMemory) -> Any:
        """Look back at the dialogues from `states` [B,Q,U]: float32 [B,Q,W]."""
        asked = ops.matmul(states, ops.transpose(memory.keys, axes=(0, 2, 1)))
        asked = ops.where(memory.there, asked * self.config.units**-0.5, NOWHERE)
        context = ops.matmul(ops.softmax(asked, axis=-1), memory.values)
        return self.out(ops.concatenate([states, context], axis=-1))

    def step(self, words: Any, states: Any) -> Any:
        """The states [N,U] after saying `words` [N] in `states` [N,U]."""
        _, (after,) = self.gru.cell(ops.take(self.table, words, axis=0), [states])
        return after

    def logits(self, vectors: Any) -> Any:
        """How much each of V words is meant by `vectors` [N,W]: float32 [N,V]."""
        return ops.matmul(vectors, ops.transpose(self.table)) + self.bias


def log_probs(
    decoder: Decoder, words: Any, heard: EncodedDialogues, *, training: bool = False
) -> Any:
    """Log-probability of each of `words` int32 [B,T] after those before it: [B,T], 0 at padding."""
    start = tf.fill([tf.shape(words)[0], 1], END)
    vectors = decoder(tf.concat([start, words[:, :-1]], axis=1), heard, training=training)
    there = tf.where(words != PAD)
    # Padding never meets the table: with 4,000 words that product is most of the work.
    logits = decoder.logits(tf.gather_nd(vectors, there))
    wanted = tf.gather_nd(words, there)
    found = -tf.nn.sparse_softmax_cross_entropy_with_logits(labels=wanted, logits=logits)
    return tf.scatter_nd(there, found, tf.shape(words, out_type=tf.int64))


def _spread(seed: int) -> Any:
    return keras.initializers.GlorotUniform(seed=seed)
