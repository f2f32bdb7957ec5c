"""Training step of the ranker: whole epochs run inside TensorFlow, Python looks between them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from training.data import NOT_IN_BOOK, NULL_ROW, REJECTED_BOOST, Array, Examples, schedule
from training.fitting.fit_reply_vectors import centres, fit_beside
from training.fitting.multi_worker import Workers
from training.model import (
    STEPS_A_CALL,
    Encoder,
    LazyAdam,
    Loop,
    ModelConfig,
    TrainConfig,
    of_rows,
    sample,
)

FULL_SOFTMAX = 2_048  # replies; a longer book is sampled
SAMPLED = 1_024  # replies besides the batch's own
CANDIDATES = 100  # texts a dialogue is checked against
TEMPERATURES = (0.3, 0.5, 0.7, 1.0, 1.4)


class Learner(tf.Module):  # type: ignore[misc]
    """An encoder, the book's learned vectors, and the steps that train them on `examples`."""

    def __init__(
        self,
        examples: Examples,
        model: ModelConfig,
        train: TrainConfig,
        *,
        seed: int,
        workers: Workers | None = None,
    ) -> None:
        """`workers`: those who train this together, each with all of the examples."""
        super().__init__()
        self.workers = workers
        self.examples, self.model, self.config, self.seed = examples, model, train, seed
        self.encoder = Encoder(model, train, seed)
        self.encoder.build()
        rows = len(examples.book.reply_ids) + 1
        chance = np.random.default_rng(seed)
        start = chance.normal(0.0, 0.02, (rows, model.dimensions)).astype(np.float32)
        self.own = tf.Variable(start, name="own")
        self.knows = False  # whether the encoder began with another's weights
        texts = len(examples.book.texts)
        self.bank = tf.Variable(tf.zeros([texts, model.dimensions]), trainable=False, name="bank")
        self._text_rows = np.array([row for row, *_ in examples.book.texts], np.int32)
        share = 1.0 / np.maximum(np.bincount(self._text_rows, minlength=rows), 1)
        self._text_share = share[self._text_rows].astype(np.float32)[:, np.newaxis]
        # Where each text of the corpus stands in the bank; those of no reply: behind its end.
        self._bank_place = np.full(len(examples.corpus), texts, np.int32)
        self._bank_place[examples.book_texts] = np.arange(texts)
        self.weights_ = [v.value for v in self.encoder.trainable_variables] + [self.own]
        rate = train.encoder_rate
        rates = self.encoder.rates(table=rate * train.table_rate, rest=rate)
        self.optimizer = LazyAdam(self.weights_, [*rates, 1.0], weight_decay=train.weight_decay)
        self._start = self.snapshot()
        self._start_own: Mapping[str, Array] = {}
        self._fields = tuple(
            tf.constant(a)
            for a in (examples.label, examples.text, examples.weight, examples.rejected)
        )
        self._has_texts = train.text_weight > 0 and bool((examples.text >= 0).any())
        self._book_part, self._text_part = self._book_step, self._text_step
        if workers is not None:
            self._book_part = workers.everywhere(self._book_step)
            self._text_part = workers.everywhere(self._text_step)
        self._loop = Loop(self._step, steps_a_call=STEPS_A_CALL if workers is None else 1)
        corpus = examples.corpus
        self._encode = of_rows(lambda ids: self.encoder(corpus.features(ids)))
        # A step reads texts up to three times: traced once, with its gradient, and called.
        self._read = of_rows(lambda ids: self.encoder(corpus.features(ids), training=True))

    @property
    def has_texts(self) -> bool:
        """Whether any reply of the book has words of its own."""
        return len(self.examples.book_texts) > 0

    def text_vectors(self) -> Any:
        """Each reply's texts' mean vector [R+1,D]; zeros where there are none."""
        return tf.math.unsorted_segment_sum(
            self.bank * self._text_share, self._text_rows, self.own.shape[0]
        )

    def reply_vectors(self) -> Any:
        """The book [R+1,D]: each reply's texts' mean vector, and its own; row 0 is no reply."""
        return self.text_vectors() + self.own

    def refresh_bank(self) -> None:
        """Encode the book's texts again, with the weights of now and nothing dropped."""
        if len(self.examples.book_texts):
            self.bank.assign(self.encode(self.examples.book_texts))

    def encode(self, ids: Array, batch: int = 512) -> Array:
        """The vectors [N,D] of the corpus's texts `ids`, in their order."""
        ids = np.asarray(ids, np.int32)
        order = np.argsort(self.examples.corpus.lengths[ids], kind="stable")
        out = np.zeros((len(ids), self.model.dimensions), np.float32)
        for start in range(0, len(ids), batch):
            part = order[start : start + batch]
            out[part] = self._encode(tf.constant(ids[part])).numpy()
        return out

    def scores(self, vectors: Array) -> Array:
        """Scaled dot products of `vectors` [N,D] with the book [N,R+1]; column 0: no reply fits."""
        found: Array = self.model.scale * vectors @ self.reply_vectors().numpy().T
        return found

    def check(self, ids: Array) -> Array:
        """The loss on each of the pairs `ids`, nothing dropped: by book where known, else by text.

        At the temperature that suits them best: how sure to be is the calibration's business.
        """
        label = self.examples.label[ids]
        in_book, by_text = ids[label != NOT_IN_BOOK], ids[label == NOT_IN_BOOK]
        compared = [(self.scores(self.encode(in_book)), self.examples.label[in_book])]
        for start in range(0, len(by_text), CANDIDATES):
            part = by_text[start : start + CANDIDATES]
            replies = self.encode(self.examples.text[part])
            scores = self.model.scale * self.encode(part) @ replies.T
            compared.append((scores, np.arange(len(part), dtype=np.int32)))
        tried = (
            np.concatenate([_cross_entropy(heat * scores, label) for scores, label in compared])
            for heat in TEMPERATURES
        )
        return min(tried, key=lambda losses: float(losses.sum()))

    def begin(self, encoder: Sequence[Array], own: Mapping[str, Array] | None = None) -> None:
        """Start from an encoder's weights, and from learned vectors by reply_id ("": none fits)."""
        self._start = [*encoder, self.own.numpy()]
        self._start_own = own or {}
        self.knows = True

    def restart(self, learn: Array) -> None:
        """Forget all that was learned since the start, to learn from the pairs `learn`.

        A reply without a vector of an earlier version starts at the mean of its questions, or of
        its own texts where nobody asked for it yet, so that it is not drowned by those that have
        learned much. Beside an earlier version's replies it is fitted among them first: the few
        epochs that follow then are too few to give back what a bare mean takes from the others.
        So is one whose questions all went to another, or it would hold on to them.
        """
        self.restore(self._start)
        self.optimizer.reset()
        self.refresh_bank()
        if self.knows:
            asked = {NULL_ROW, *self.examples.label[learn].tolist()}
            known = {
                row: self._start_own[name]
                for row, name in enumerate(["", *self.examples.book.reply_ids])
                if row in asked and name in self._start_own
            }
            self.own.assign(self._placed(known, learn))

    def _placed(self, known: Mapping[int, Array], learn: Array) -> Array:
        """The own vectors [R+1,D]: those that are `known`, and the others by some of `learn`."""
        chosen = learn[sample(self.examples.label[learn], seed=self.seed)]
        label, vectors = self.examples.label[chosen], self.encode(chosen)
        texts = self.text_vectors().numpy()
        new = np.setdiff1d(np.arange(len(texts)), list(known))
        if not known:
            return centres(vectors, label, texts)
        own: Array = np.zeros_like(texts)
        own[list(known)] = np.stack(list(known.values()))
        own[new] = fit_beside(
            vectors,
            np.where(np.isin(label, new), np.searchsorted(new, label), NOT_IN_BOOK),
            self.examples.weight[chosen],
            np.delete(texts + own, new, axis=0),
            texts[new],
            self.model.scale,
        )
        return own

    def state(self) -> dict[str, list[Any]]:
        """All that the next epoch depends on, by kind."""
        optimizer = self.optimizer
        weights = {id(v.value) for v in self.encoder.trainable_variables}
        chance = [v for v in self.encoder.variables if id(v.value) not in weights]
        return {
            "weights": list(self.weights_),
            "first": optimizer.first,
            "second": optimizer.second,
            "step": [optimizer.step],
            "bank": [self.bank],
            "chance": chance,  # what is dropped next
        }

    def restore_state(self, state: Mapping[str, Sequence[Array]]) -> None:
        """Go on from what `state` was."""
        for kind, variables in self.state().items():
            for variable, value in zip(variables, state.get(kind, ()), strict=True):
                variable.assign(value)

    def snapshot(self) -> list[Array]:
        """A copy of every weight."""
        return [weight.numpy() for weight in self.weights_]

    def restore(self, weights: Sequence[Array]) -> None:
        """Take weights of a snapshot."""
        for variable, value in zip(self.weights_, weights, strict=True):
            variable.assign(value)

    def epoch(
        self,
        numbers: Array,
        rate_at: Callable[[int], float],
        step: int,
        tell: Callable[[int], None],
    ) -> tuple[float, int]:
        """One pass over the pairs `numbers`, from step `step` on; returns (mean loss, steps)."""
        chance = np.random.default_rng((self.seed, step))
        lengths = self.examples.corpus.lengths
        batches = schedule(numbers, lengths, batch=self.config.batch, chance=chance)
        rates = np.array([rate_at(step + i) for i in range(len(batches))], np.float32)
        if self.workers is not None:
            batches = self.workers.share(batches)
        loss = self._loop.run(batches, rates, lambda done, _: tell(step + done))
        return loss, len(batches)

    def _step(self, ids: Any, rate: Any) -> Any:
        loss = self._book_part(ids, rate)
        if self._has_texts and self.config.text_every > 1:
            due = tf.cast(self.optimizer.step, tf.int32) % self.config.text_every == 0
            tf.cond(due, lambda: self._text_part(ids, rate), lambda: False)
        return loss

    def _book_step(self, ids: Any, rate: Any) -> Any:
        label, text, weight, rejected = (tf.gather(field, ids) for field in self._fields)
        with tf.GradientTape() as tape:
            vectors = self._read(ids)
            loss = self._book_loss(vectors, label, weight, rejected)
            if self._has_texts and self.config.text_every == 1:
                loss += self._text_loss(vectors, text, weight)
        self._apply(tape.gradient(loss, self.weights_), rate)
        return loss

    def _text_step(self, ids: Any, rate: Any) -> bool:
        """A step of its own on some of the batch's reply texts.

        Its gradient is taken in here: a gradient through `tf.cond` fills the whole table, which
        cost three times the rest of the step and made the lazy optimiser an ordinary one.
        """
        ids = ids[: self.config.texts_a_step // (self.workers.count if self.workers else 1)]
        _, text, weight, _ = (tf.gather(field, ids) for field in self._fields)
        with tf.GradientTape() as tape:
            vectors = self._read(ids)
            loss = self._text_loss(vectors, text, weight)
        self._apply(tape.gradient(loss, self.weights_[:-1]), rate)
        return True

    def _apply(self, gradients: Any, rate: Any) -> None:
        if self.workers is not None:
            gradients = self.workers.mean(gradients)
        self.optimizer.apply(gradients, rate)

    def _book_loss(self, vectors: Any, label: Any, weight: Any, rejected: Any) -> Any:
        """Cross-entropy over the book, or over a sample of a long one."""
        weight = tf.where(label == NOT_IN_BOOK, 0.0, weight)
        label = tf.maximum(label, 0)
        book = self.reply_vectors()
        size = self.own.shape[0]
        if size > FULL_SOFTMAX:
            others = tf.random.uniform([SAMPLED], 0, size, tf.int32)
            wrong = tf.maximum(tf.reshape(rejected, [-1]), 0)
            rows, place = tf.unique(tf.concat([label, wrong, others], axis=0))
            count, wrongs = tf.size(label), tf.size(wrong)
            label = place[:count]
            placed = tf.reshape(place[count : count + wrongs], tf.shape(rejected))
            rejected = tf.where(rejected == NOT_IN_BOOK, NOT_IN_BOOK, placed)
            book = tf.gather(book, rows)
        logits = self.model.scale * tf.matmul(vectors, book, transpose_b=True)
        width = tf.shape(logits)[1]
        logits += REJECTED_BOOST * tf.reduce_max(tf.one_hot(rejected, width), axis=1)
        smooth = self.config.label_smoothing
        log_p = tf.nn.log_softmax(logits)
        hit = tf.gather(log_p, label, batch_dims=1)
        loss = -(1.0 - smooth) * hit - smooth * tf.reduce_mean(log_p, axis=1)
        return tf.reduce_sum(weight * loss) / tf.maximum(tf.reduce_sum(weight), 1e-6)

    def _text_loss(self, vectors: Any, text: Any, weight: Any) -> Any:
        """Cross-entropy over the batch's reply texts: the right one by its words alone."""
        chosen = tf.where(text >= 0)[:, 0]
        text, weight = tf.gather(text, chosen), tf.gather(weight, chosen)
        replies = self._read(text)
        self._remember(text, replies)
        logits = self.model.scale * tf.matmul(tf.gather(vectors, chosen), replies, transpose_b=True)
        same = text[:, tf.newaxis] == text[tf.newaxis]
        logits = tf.where(same & ~tf.eye(tf.size(text), dtype=tf.bool), -1e9, logits)
        there = tf.range(tf.size(text))
        both = tf.nn.sparse_softmax_cross_entropy_with_logits(
            there, logits
        ) + tf.nn.sparse_softmax_cross_entropy_with_logits(there, tf.transpose(logits))
        mean = 0.5 * tf.reduce_sum(weight * both) / tf.maximum(tf.reduce_sum(weight), 1e-6)
        return self.config.text_weight * mean

    def _remember(self, text: Any, replies: Any) -> None:
        """Keep the fresh vectors of the book's own texts for the steps to come."""
        place = tf.gather(self._bank_place, text)
        ours = tf.where(place < self.bank.shape[0])[:, 0]
        fresh = tf.stop_gradient(tf.gather(replies, ours))
        self.bank.scatter_update(tf.IndexedSlices(fresh, tf.gather(place, ours)))


def _cross_entropy(scores: Array, label: Array) -> Array:
    top = scores.max(axis=1, keepdims=True)
    total = np.log(np.exp(scores - top).sum(axis=1)) + top[:, 0]
    loss: Array = total - scores[np.arange(len(label)), label]
    return loss
