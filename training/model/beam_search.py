"""Beam search inside the graph: the likeliest reply a decoder can say, a word at a time."""

from typing import Any, Final, NamedTuple

import tensorflow as tf

from training.model.decoder import Decoder, EncodedDialogues
from training.model.vocabulary import END, PAD, UNKNOWN

BEAM: Final = 4
MOST_WORDS: Final = 60  # of a draft, the end included: longer replies are better written by people
ALPHA: Final = 0.7  # of Google's length penalty: 0 would favour the shortest, 1 the mean word
NEVER: Final = -1e9


class Beams(NamedTuple):
    """K replies in the making for each of B dialogues, best first; L words at most."""

    words: Any  # int32 [B,K,L], padded
    log_prob: Any  # float32 [B,K]
    length: Any  # int32 [B,K]
    done: Any  # bool [B,K], the end was said
    states: Any  # float32 [B,K,U]


class DecodedReplies(NamedTuple):
    """The best reply found for each dialogue."""

    words: Any  # int32 [B,L], padded; the end included, where it was reached
    log_prob: Any  # float32 [B]


def search(
    decoder: Decoder, heard: EncodedDialogues, *, beam: int = BEAM, most: int = MOST_WORDS
) -> DecodedReplies:
    """The best of `beam` replies of at most `most` words; no trigram twice, no unknown word."""
    memory = decoder.remember(heard)

    def go_on(at: Any, beams: Beams) -> Any:
        return (at < most) & ~tf.reduce_all(beams.done)

    def say(at: Any, beams: Beams) -> tuple[Any, Beams]:
        said = tf.where(at > 0, beams.words[:, :, at - 1], END)
        states = _each(decoder.step, said, beams.states)
        vectors = decoder.look(states, memory)
        following = tf.nn.log_softmax(_each(decoder.logits, vectors))
        following = _allowed(following, beams, at)
        return at + 1, _best(beams._replace(states=states), following, at)

    begun = _begun(decoder, heard, beam, most)
    shapes = Beams(
        tf.TensorShape([None, beam, most]),
        *(tf.TensorShape([None, beam]),) * 3,
        tf.TensorShape([None, beam, decoder.config.units]),
    )
    _, beams = tf.while_loop(
        go_on, say, (tf.constant(0), begun), shape_invariants=(tf.TensorShape([]), shapes)
    )
    worth = tf.where(beams.done, 0.0, NEVER) + _worth(beams.log_prob, beams.length)
    best = tf.argmax(worth, axis=1)
    return DecodedReplies(
        *(tf.gather(part, best, batch_dims=1) for part in (beams.words, beams.log_prob))
    )


def _begun(decoder: Decoder, heard: EncodedDialogues, beam: int, most: int) -> Beams:
    rows = tf.shape(heard.vector)[0]
    nothing = tf.zeros([rows, beam], tf.int32)
    # The beams are alike as yet: only the first may go on, or all would say the same.
    first = tf.where(tf.range(beam) == 0, 0.0, NEVER) + tf.zeros([rows, 1])
    states = decoder.begin(heard.vector)[:, tf.newaxis] + tf.zeros([1, beam, 1])
    return Beams(
        tf.fill([rows, beam, most], PAD), first, nothing, tf.zeros_like(nothing, tf.bool), states
    )


def _allowed(following: Any, beams: Beams, at: Any) -> Any:
    """Take from `following` [B,K,V] what may not be said next."""
    rows, beam, size = tf.unstack(tf.shape(following))
    never = tf.reduce_sum(tf.one_hot([PAD, UNKNOWN], size, on_value=NEVER), axis=0)
    following += never + tf.where(at > 0, 0.0, tf.one_hot(END, size, on_value=NEVER))
    # A trigram is said again where the last two words stood before, by the word that followed them.
    words = beams.words
    before, last = words[:, :, at - 2, tf.newaxis], words[:, :, at - 1, tf.newaxis]
    ended = tf.range(2, tf.shape(words)[2]) < at
    again = tf.where((words[:, :, :-2] == before) & (words[:, :, 1:-1] == last) & ended)
    banned = tf.gather_nd(words[:, :, 2:], again)
    where = tf.concat([again[:, :2], tf.cast(banned, tf.int64)[:, tf.newaxis]], axis=1)
    following = tf.tensor_scatter_nd_update(following, where, tf.fill(tf.shape(banned), NEVER))
    # Who is done says nothing more, at no cost.
    silent = tf.where(tf.range(size) == PAD, 0.0, NEVER)
    silent = tf.broadcast_to(silent, [rows, beam, size])
    return tf.where(beams.done[..., tf.newaxis], silent, following)


def _best(beams: Beams, following: Any, at: Any) -> Beams:
    """The best of all ways to go on: from [B,K] beams and `following` [B,K,V]."""
    rows, beam, size = tf.unstack(tf.shape(following))
    log_prob = beams.log_prob[..., tf.newaxis] + following
    length = beams.length + tf.cast(~beams.done, tf.int32)
    worth = _worth(log_prob, length[..., tf.newaxis])
    _, place = tf.math.top_k(tf.reshape(worth, [rows, beam * size]), beams.words.shape[1])
    parent, word = place // size, place % size
    kept = Beams(*(tf.gather(part, parent, batch_dims=1) for part in beams))
    here = tf.range(tf.shape(beams.words)[2]) == at
    return Beams(
        tf.where(here, word[..., tf.newaxis], kept.words),
        tf.gather(tf.reshape(log_prob, [rows, beam * size]), place, batch_dims=1),
        tf.gather(length, parent, batch_dims=1),
        kept.done | (word == END),
        kept.states,
    )


def _worth(log_prob: Any, length: Any) -> Any:
    """Log-probability for its length, so that a reply need not be short to be good."""
    return log_prob / ((5.0 + tf.cast(length, tf.float32)) / 6.0) ** ALPHA


def _each(function: Any, *parts: Any) -> Any:
    """`function` of the parts' N = B·K rows, and its result as [B,K,…] again."""
    shape = tf.shape(parts[0])[:2]
    flat = (tf.reshape(p, tf.concat([[shape[0] * shape[1]], p.shape[2:]], 0)) for p in parts)
    found = function(*flat)
    return tf.reshape(found, tf.concat([shape, found.shape[1:]], 0))
