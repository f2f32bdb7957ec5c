"""Texts as numbers: the training reads exactly what the served graph reads."""

import pytest

pytestmark = pytest.mark.slow

TEXTS = ["where is my order", "", "退货怎么办", "\x11hi\x12Hello\x11send it back", "order order"]


@pytest.fixture(scope="module")
def corpus():
    from training.data.corpus import Corpus
    from training.model.config import ModelConfig

    return Corpus(TEXTS, ModelConfig(buckets=4_096, width=8, units=8, dimensions=8))


class TestCorpus:
    def test_gives_the_encoder_what_raw_strings_give_it(self, corpus):
        """Otherwise the model would be served other features than it learned."""
        import numpy as np
        import tensorflow as tf

        from training.data.corpus import to_features
        from training.model.encoder import Encoder

        encoder = Encoder(corpus.config)
        encoder.build()
        stored = encoder(corpus.features(tf.range(len(TEXTS)))).numpy()
        served = encoder(to_features(tf.constant(TEXTS), corpus.config)).numpy()

        np.testing.assert_allclose(stored, served, atol=1e-6)

    def test_encodes_a_text_alike_whatever_stands_beside_it(self, corpus):
        """Padding changes nothing, and every vector has unit length."""
        import numpy as np
        import tensorflow as tf

        from training.model.encoder import Encoder

        encoder = Encoder(corpus.config)
        encoder.build()
        together = encoder(corpus.features(tf.range(len(TEXTS)))).numpy()
        alone = [encoder(corpus.features(tf.constant([i]))).numpy()[0] for i in range(len(TEXTS))]

        np.testing.assert_allclose(together, alone, atol=1e-5)
        np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)

    def test_tells_texts_apart_by_their_words_and_order(self):
        """Case and punctuation do not make another question."""
        from training.data.corpus import Corpus
        from training.model.config import ModelConfig

        texts = ["Where is it", "where is it.", "it is where", "where is she"]
        prints = Corpus(texts, ModelConfig()).fingerprints().tolist()

        assert prints[0] == prints[1]
        assert len(set(prints)) == 3


class TestSchedule:
    def test_takes_every_pair_and_fills_only_the_last_batch(self):
        """No pair is left out for not fitting into a batch."""
        import numpy as np

        from training.data.dataset import schedule

        numbers = np.arange(10, dtype=np.int32)
        lengths = np.array([3, 9, 1, 7, 5, 2, 8, 4, 6, 10])
        batches = schedule(numbers, lengths, batch=4, chance=np.random.default_rng(1))

        assert batches.shape == (3, 4)
        assert set(batches.ravel()) == set(range(10))


class TestBook:
    def test_reads_nothing_into_texts_that_differ_by_a_number(self):
        """ "Reply 17." tells nobody what it is about."""
        from feedback.knowledge.importers.records import ReplyLine
        from training.data.dataset import ReplyIndex

        numbered = [ReplyLine("a", "Reply 1."), ReplyLine("b", "Reply 2."), ReplyLine("c", "Hi!")]
        book = ReplyIndex.of(numbered)

        assert book.reply_ids == ("a", "b", "c")
        assert [text for _, _, text in book.texts] == ["Hi!"]

    def test_takes_in_replies_known_by_their_id_only(self):
        """A pair may name a reply nobody has written yet."""
        from training.data.dataset import ReplyIndex
        from training.data.pairs import Pair

        assert ReplyIndex.of([], [Pair("hi", "greeting")]).reply_ids == ("greeting",)
