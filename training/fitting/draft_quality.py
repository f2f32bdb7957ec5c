"""Drafter: the decoder with the encoder it attends to, which drafts replies and scores them."""

import math
from typing import Any, Final, NamedTuple

import tensorflow as tf

from serving import contract
from training.data import Array
from training.model import (
    PAD,
    SPECIAL,
    UNKNOWN,
    Decoder,
    DecoderConfig,
    EncodedDialogues,
    Encoder,
    Vocabulary,
    ended,
    listen,
    log_probs,
    search,
)

UNKNOWN_WORDS: Final = 50_000  # assumed outside the vocabulary, all as likely as each other


class DraftWeights(NamedTuple):
    """What an earlier decoder had learned."""

    words: list[bytes]  # its vocabulary
    weights: list[Array]  # as in `Drafter.weights_`


class Drafter(tf.Module):  # type: ignore[misc]
    """A decoder that speaks, with the encoder it hears through."""

    encoder: Encoder
    decoder: Decoder

    def __init__(self, encoder: Encoder, decoder: Decoder, vocabulary: Vocabulary) -> None:
        super().__init__()
        # Set past TensorFlow's tracking, which would save each of Keras's weights a second time.
        self.__dict__.update(encoder=encoder, decoder=decoder)
        self.vocabulary = vocabulary
        self.weights_ = [v.value for v in decoder.trainable_variables]  # for the next training
        self.words = tf.Variable(vocabulary.words, dtype=tf.string, trainable=False)

    def begin(self, before: DraftWeights) -> None:
        """Start from an earlier decoder's weights; a word it did not know keeps its own."""
        special = len(SPECIAL)
        known = {word: row for row, word in enumerate(before.words) if row >= special}
        here = [row for row, word in enumerate(self.vocabulary.words) if word in known]
        there = [known[self.vocabulary.words[row]] for row in here]
        by_word = [self.decoder.table.value, self.decoder.bias.value]
        for variable, value in zip(self.weights_, before.weights, strict=True):
            if any(variable is one for one in by_word):
                rows = variable.numpy()
                rows[:special], rows[here] = value[:special], value[there]
                variable.assign(rows)
            else:
                variable.assign(value)

    def hear(self, features: Any) -> EncodedDialogues:
        """B dialogues, of which `features` is what the encoder reads."""
        return listen(self.encoder, features)

    def draft(self, heard: EncodedDialogues) -> dict[str, Any]:
        """The likeliest reply found to each dialogue, and what `score` says of it.

        Args:
            heard: B dialogues.

        Returns:
            `text` string [B]; `log_prob` float32 [B], of the text's own words and its end.
        """
        text = self.vocabulary.texts(search(self.decoder, heard).words)
        return {contract.TEXT: text, contract.LOG_PROB: self._score(heard, text)[0]}

    def score(self, heard: EncodedDialogues, reply: Any) -> dict[str, Any]:
        """How likely the decoder would say each reply.

        An unknown word costs the log-probability of "unknown", and of being a certain one of 50,000
        such words: -10.8 more. Otherwise a small vocabulary would make every reply likely.

        Args:
            heard: B dialogues.
            reply: string [B]; the first 200 words of each are scored.

        Returns:
            `log_prob` float32 [B], the sum over the reply's words and its end; `tokens` int32 [B],
            how many those are.
        """
        log_prob, tokens = self._score(heard, reply)
        return {contract.LOG_PROB: log_prob, contract.TOKENS: tokens}

    def _score(self, heard: EncodedDialogues, reply: Any) -> tuple[Any, Any]:
        said = ended(self.vocabulary.numbers(reply))
        words = said.to_tensor(PAD)
        log_p = log_probs(self.decoder, words, heard)
        log_p -= tf.where(words == UNKNOWN, math.log(UNKNOWN_WORDS), 0.0)
        return tf.reduce_sum(log_p, axis=1), tf.cast(said.row_lengths(), tf.int32)


def restore_drafts(encoder: Encoder, config: DecoderConfig, before: DraftWeights) -> Drafter:
    """The drafter of an earlier version."""
    drafter = begun(encoder, config, Vocabulary(before.words), seed=1)
    drafter.begin(before)
    return drafter


def drafts_of(loaded: Any) -> DraftWeights:
    """The decoder of a version's SavedModel."""
    drafter = loaded.drafter
    weights = [weight.numpy() for weight in drafter.weights_]
    return DraftWeights(list(drafter.words.numpy()), weights)


def begun(encoder: Encoder, config: DecoderConfig, vocabulary: Vocabulary, seed: int) -> Drafter:
    """A drafter that has learned nothing yet."""
    decoder, model = Decoder(config, len(vocabulary), seed=seed), encoder.config
    decoder.build(model.dimensions, model.width + 2 * model.units)
    return Drafter(encoder, decoder, vocabulary)
