"""Tokenised corpus: texts as flat arrays of numbers, tokenised by the graph that serves.

4,000 questions take about 1 MB this way. A word is stored once with its n-grams, so a batch of 64
questions makes some 300 word vectors, not 700.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import tensorflow as tf

from training.model import (
    Features,
    ModelConfig,
    Speller,
    pieces,
    tokenise as text_features_tokenise,
)

CHUNK = 4_096  # texts tokenised at once


def to_features(texts: Any, config: ModelConfig, speller: Speller | None = None) -> Features:
    """Raw strings [B] to what the encoder reads, inside the graph: the way of serving.

    With a `speller`, a mistyped word is read as the word that was meant, too.
    """
    tokens = text_features_tokenise(texts, max_tokens=config.max_tokens)
    words, places = tf.unique(tf.reshape(tokens.words, [-1]))
    meant = None if speller is None else speller.mend(words)
    found = pieces(words, meant, buckets=config.buckets)
    return Features(
        buckets=found.buckets,
        rows=found.rows,
        words=tf.reshape(places, tf.shape(tokens.words)),
        kinds=tokens.kinds,
        lengths=tokens.lengths,
        is_reply=tokens.is_reply,
    )


class Corpus:
    """Many texts as numbers; `features` makes a batch of any of them without Python."""

    def __init__(self, texts: Iterable[str], config: ModelConfig) -> None:
        self.config = config
        self._vocabulary: dict[bytes, int] = {}
        words, kinds, lengths, replies = [], [], [], []
        tokenise = _tokeniser(config.max_tokens)
        for chunk in _chunks(texts):
            distinct, places, kind, length, is_reply = (
                part.numpy() for part in tokenise(tf.constant(chunk, tf.string))
            )
            words.append(self._known(distinct)[places])
            kinds.append(kind.astype(np.int8))
            lengths.append(length)
            replies.append(is_reply)
        self.lengths: np.ndarray[Any, Any] = _joined(lengths, np.int32)
        found = pieces(tf.constant(list(self._vocabulary), tf.string), buckets=config.buckets)
        self._pieces = found.buckets
        self._piece_splits = _splits(np.bincount(found.rows, minlength=len(self._vocabulary)))
        self._words = tf.constant(_joined(words, np.int32))
        self._kinds = tf.constant(_joined(kinds, np.int8))
        self._splits = _splits(self.lengths)
        self.is_reply: np.ndarray[Any, Any] = _joined(replies, np.bool_)
        self._is_reply = tf.constant(self.is_reply)

    def __len__(self) -> int:
        return len(self.lengths)

    def features(self, ids: Any) -> Features:
        """The texts numbered `ids` [B], inside the graph."""
        starts, lengths = _spans(self._splits, ids)
        places = tf.ragged.range(starts, starts + lengths)
        longest = tf.maximum(tf.reduce_max(lengths), 1)  # a recurrence needs a step to take
        shape = tf.stack([tf.constant(-1, tf.int64), longest])
        where = places.to_tensor(0, shape=shape)
        there = tf.sequence_mask(lengths, longest)
        distinct, word = tf.unique(tf.gather(self._words, places.flat_values))
        word = places.with_flat_values(word).to_tensor(0, shape=shape)
        piece_starts, piece_counts = _spans(self._piece_splits, distinct)
        piece_places = tf.ragged.range(piece_starts, piece_starts + piece_counts)
        return Features(
            buckets=tf.gather(self._pieces, piece_places.flat_values),
            rows=tf.cast(piece_places.value_rowids(), tf.int32),
            words=word,
            kinds=tf.where(there, tf.cast(tf.gather(self._kinds, where), tf.int32), 0),
            lengths=tf.cast(lengths, tf.int32),
            is_reply=tf.gather(self._is_reply, ids),
        )

    def fingerprints(self) -> "np.ndarray[Any, Any]":
        """A number for each text, equal where the tokens are: int64 [N]."""
        steps = np.random.default_rng(0).integers(1, 2**62, len(self._vocabulary) + 1)
        words, splits = self._words.numpy(), self._splits.numpy()
        found = np.zeros(len(self), np.int64)
        # Some texts at a time: of a million, the numbers of all words at once took 600 MB.
        for start in range(0, len(self), CHUNK):
            ends = splits[start : start + CHUNK + 1]
            lengths = self.lengths[start : start + CHUNK]
            # A sum of random numbers by word, each turned by its place, so that order counts.
            place = np.arange(ends[0], ends[-1]) - np.repeat(ends[:-1], lengths)
            terms = steps[words[ends[0] : ends[-1]]] * (2 * place + 1)
            sums = np.concatenate([[0], np.cumsum(terms, dtype=np.int64)])
            found[start : start + CHUNK] = np.diff(sums[ends - ends[0]])
        return found

    def word_counts(self) -> dict[str, int]:
        """How often each word stands in the texts."""
        counts = np.bincount(self._words.numpy(), minlength=len(self._vocabulary)).tolist()
        return {word.decode(): count for word, count in zip(self._vocabulary, counts, strict=True)}

    def _known(self, words: Sequence[bytes]) -> "np.ndarray[Any, Any]":
        known = self._vocabulary
        return np.array([known.setdefault(word, len(known)) for word in words], np.int32)


@lru_cache(maxsize=4)
def _tokeniser(max_tokens: int) -> Any:
    """`_flat_tokens` as a graph, traced once for all corpora."""
    texts = tf.TensorSpec([None], tf.string)
    return tf.function(partial(_flat_tokens, max_tokens=max_tokens), [texts], autograph=False)


def _flat_tokens(texts: Any, *, max_tokens: int) -> tuple[Any, ...]:
    tokens = text_features_tokenise(texts, max_tokens=max_tokens)
    there = tf.sequence_mask(tokens.lengths)
    words, places = tf.unique(tf.boolean_mask(tokens.words, there))
    kinds = tf.boolean_mask(tokens.kinds, there)
    return words, places, kinds, tokens.lengths, tokens.is_reply


def _chunks(texts: Iterable[str]) -> Iterable[list[bytes]]:
    chunk: list[bytes] = []
    for one in texts:
        chunk.append(one.encode("utf-8", "replace"))
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _joined(parts: list[Any], dtype: Any) -> "np.ndarray[Any, Any]":
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)


def _splits(lengths: Any) -> Any:
    return tf.constant(np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64))


def _spans(splits: Any, ids: Any) -> tuple[Any, Any]:
    starts = tf.gather(splits, ids)
    return starts, tf.gather(splits, ids + 1) - starts
