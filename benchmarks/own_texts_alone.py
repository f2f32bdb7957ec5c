"""Benchmark of teaching the encoder by a shop's past tickets without a teacher, in four ways.

    python benchmarks/own_texts_alone.py DATA [--ways next_turn,same_ticket,...] [--tickets N]

DATA is the folder of the data sets. Of SGD (twenty trades that the starter has never read) and of
STAR the unlabelled dialogues of the training part are read for one round of as many readings as a
teacher's round has, lines of our own phrases beside them, which are to stay where they are:

- next_turn: a dialogue and the clerk's next turn against the others of the batch
- same_ticket: two of a shopper's turns of one ticket against those of others
- denoise: a turn with letters wrong and words dropped is taught what the whole one is
- next_words: the decoder's maximum likelihood of the clerk's next turn, through the encoder

Then softmax regression on the still encoder's vectors, at 5 and 10 a label, three draws: SGD's
first turns by service (`dev`), STAR's dialogues by the reply that was picked (`dev`), and CLINC150
at 10 a reply for what is forgotten. Prints one JSON object: per set and way, the shares that are
right, and the processor time of the round.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
from own_texts_sets import READINGS, by_reply, by_service, clinc150, replies_of, tickets
from running import ROOT, lines, say

sys.path.insert(0, str(ROOT))
from training.fitting.tensorflow_setup import import_tensorflow

WAYS = ("none", "next_turn", "same_ticket", "denoise", "next_words")
BATCH = 64
RATE = 5e-4
SHARPNESS = 20.0
KEEP = 2.0  # how much it counts that our phrases stay where they are
SHOTS = (5, 10)
DRAWS = 3
MOST_ASKED = 1_500


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--sets", default="sgd,star")
    parser.add_argument("--tickets", type=int, default=2_000)
    asked = parser.parse_args()
    import_tensorflow()
    pupil, clinc = TicketPupil(), clinc150(asked.data)
    found = {}
    for name in asked.sets.split(","):
        dialogues = lines(asked.data / f"{name}_dialogues_train.jsonl.gz")
        labelled = {"sgd": by_service, "star": by_reply}[name](asked.data, dialogues)
        unlabelled = dialogues[:: max(1, len(dialogues) // asked.tickets)][: asked.tickets]
        found[name] = {}
        for way in asked.ways.split(","):
            pupil.begin_again()
            began = time.process_time()
            if way != "none":
                pupil.teach(way, tickets(unlabelled, way), replies_of(unlabelled))
            found[name][way] = {
                "seconds": round(time.process_time() - began, 1),
                **{f"{shots} a label": pupil.right(labelled, shots) for shots in SHOTS},
                "CLINC150": pupil.right(clinc, 10),
            }
            say(f"{name}, {way}: {json.dumps(found[name][way])}")
    print(json.dumps(found, indent=1))


class TicketPupil:
    """The starter's encoder, taught by tickets alone."""

    def __init__(self):
        import keras

        from training.model import Encoder, ModelConfig, TrainConfig
        from training.starter import unpack_starter
        from training.starter.own_texts import _rehearsed

        self.model = ModelConfig()
        keras.utils.set_random_seed(1)
        self.encoder = Encoder(self.model, TrainConfig(dropout=0.1, token_dropout=0.05), 1)
        self.encoder.build()
        self.weights = [variable.value for variable in self.encoder.trainable_variables]
        self.starter = unpack_starter(self.model)
        self.phrases = _rehearsed(2_000, seed=1)

    def begin_again(self):
        for variable, weight in zip(self.weights, self.starter, strict=True):
            variable.assign(weight)

    def embed(self, texts):
        from training.fitting.fit_product_vectors import embed_with

        return embed_with(self.encoder, self.model)(texts)

    def teach(self, way, pairs, replies):
        """One round of `READINGS`, our phrases beside the tickets in each batch."""
        from training.data import Corpus
        from training.model import LazyAdam, Loop

        stay = self.embed(self.phrases)
        texts = [pair.read for pair in pairs] + [self._beside(way, pair) for pair in pairs]
        corpus = Corpus([*texts, *self.phrases], self.model)
        kept = self.embed([pair.read for pair in pairs]) if way == "denoise" else None
        step = _Step(self, corpus, len(pairs), stay, kept)
        weights = self.weights
        if way == "next_words":
            weights = [*weights, *step.listen_to(pairs, replies)]
        rates = self.encoder.rates(table=2.0)
        step.optimizer = LazyAdam(weights, [*rates, *([8.0] * (len(weights) - len(rates)))])
        chance = np.random.default_rng(1)
        order = np.concatenate(
            [chance.permutation(len(pairs)) for _ in range(math.ceil(READINGS / len(pairs)))]
        )[:READINGS]
        batches = order[: READINGS // BATCH * BATCH].reshape(-1, BATCH).astype(np.int32)
        at = np.arange(len(batches)) / len(batches)
        rate = RATE * np.minimum((at + 0.01) / 0.05, 0.01 + 0.5 * (1 + np.cos(np.pi * at)))
        Loop(getattr(step, way)).run(batches, rate.astype(np.float32), lambda *_: None)

    def _beside(self, way, pair):
        from training.starter.mistyping import mistype

        if way != "denoise":
            return pair.beside
        chance = np.random.default_rng(len(pair.read))
        words = pair.beside.split(" ")
        return mistype(" ".join(w for w in words if chance.random() > 0.2) or pair.beside, chance)

    def right(self, labelled, shots):
        """The share of the asked that softmax regression on so many of each label gets right."""
        from training.data import NOT_IN_BOOK
        from training.fitting.fit_reply_vectors import Questions, fit_vectors

        names = sorted({label for _, label in labelled.learn})
        asked = [pair for pair in labelled.asked if pair[1] in names]
        asked = asked[:: max(1, len(asked) // MOST_ASKED)][:MOST_ASKED]
        vectors = self.embed([text for text, _ in asked])
        wanted = np.array([names.index(label) for _, label in asked])
        shares = []
        for draw in range(DRAWS):
            order = np.random.default_rng(draw).permutation(len(labelled.learn))
            taken, count = [], dict.fromkeys(names, 0)
            for i in order:
                name = labelled.learn[i][1]
                if count[name] < shots:
                    count[name] += 1
                    taken.append(i)
            label = np.array([names.index(labelled.learn[i][1]) for i in taken], np.int64)
            questions = Questions(
                self.embed([labelled.learn[i][0] for i in taken]),
                label,
                np.ones(len(taken), np.float32),
                np.full((len(taken), 1), NOT_IN_BOOK),
            )
            nothing = np.zeros((len(names), self.model.dimensions), np.float32)
            book = fit_vectors(questions, nothing, self.model.scale)
            shares.append(float(((vectors @ book.T).argmax(axis=1) == wanted).mean()))
        return round(100 * float(np.mean(shares)), 1)


class _Step:
    """The loss of each way, on a batch of tickets and some of our phrases."""

    def __init__(self, pupil, corpus, tickets_, stay, kept):
        import tensorflow as tf

        self.tf, self.encoder, self.corpus = tf, pupil.encoder, corpus
        self.tickets, self.stay = tickets_, tf.constant(stay)
        self.kept = None if kept is None else tf.constant(kept)
        self.optimizer = None

    def next_turn(self, ids, rate):
        return self._taught(lambda: self._contrast(ids), rate)

    same_ticket = next_turn

    def denoise(self, ids, rate):
        tf = self.tf

        def loss():
            said = self.encoder(self.corpus.features(ids + self.tickets), training=True)
            wanted = tf.gather(self.kept, ids)
            return 2.0 * (1.0 - tf.reduce_mean(tf.reduce_sum(said * wanted, axis=-1)))

        return self._taught(loss, rate)

    def next_words(self, ids, rate):
        from training.model import PAD, EncodedDialogues, log_probs
        from training.model.decoder import remembered

        tf = self.tf

        def loss():
            features = self.corpus.features(ids)
            read = self.encoder.read(features, training=True)
            heard = remembered(read, self.encoder.vectors(features, read))
            words = tf.gather(self.numbers, ids).to_tensor(PAD)
            log_p = log_probs(self.decoder, words, EncodedDialogues(*heard), training=True)
            return -tf.reduce_sum(log_p) / tf.reduce_sum(tf.cast(words != PAD, tf.float32))

        return self._taught(loss, rate)

    def listen_to(self, pairs, replies):
        """Make the decoder; its weights."""
        from training.fitting.draft_quality import begun
        from training.model import DecoderConfig, build_vocabulary, ended

        tf = self.tf
        drafter = begun(self.encoder, DecoderConfig(), build_vocabulary(replies, 4_000, None), 1)
        said = [pair.beside.lstrip("\x11\x12").strip().encode() for pair in pairs]
        self.numbers, self.decoder = (
            ended(drafter.vocabulary.numbers(tf.constant(said))),
            drafter.decoder,
        )
        return drafter.weights_

    def _contrast(self, ids):
        tf = self.tf
        one, other = (
            self.encoder(self.corpus.features(at), training=True)
            for at in (ids, ids + self.tickets)
        )
        alike = SHARPNESS * tf.matmul(one, other, transpose_b=True)
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(tf.range(tf.shape(ids)[0]), alike)
        )

    def _taught(self, loss, rate):
        tf = self.tf
        phrases = tf.random.uniform([BATCH], 0, len(self.stay), tf.int32)
        with tf.GradientTape() as tape:
            total = loss()
            said = self.encoder(self.corpus.features(phrases + 2 * self.tickets), training=True)
            moved = tf.reduce_sum(said * tf.gather(self.stay, phrases), axis=-1)
            whole = total + KEEP * (1.0 - tf.reduce_mean(moved))
        gradients = tape.gradient(whole, self.optimizer.variables_, unconnected_gradients="zero")
        self.optimizer.apply(gradients, rate)
        return total


if __name__ == "__main__":
    main()
