"""Finding the best of many vectors: short books exactly, long ones by two looks."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow


def unit(rows, chance, width=32):
    vectors = chance.normal(size=(rows, width)).astype(np.float32)
    # Real books differ more along some directions than along others.
    vectors *= np.linspace(2.0, 0.3, width, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class TestShortlist:
    def test_of_a_short_book_is_exact(self):
        """Scores, places and the sum of all."""
        import tensorflow as tf

        from training.model.shortlist import Shortlist

        chance = np.random.default_rng(1)
        book, asked = unit(100, chance), unit(5, chance)
        found = Shortlist(book, shown=3, scale=16.0).best(tf.constant(asked))
        scores = 16.0 * asked @ book.T

        assert np.argsort(-scores, axis=1)[:, :3].tolist() == found.places.numpy().tolist()
        np.testing.assert_allclose(
            np.log(np.exp(scores).sum(axis=1, keepdims=True)), found.total, rtol=1e-4
        )

    def test_of_a_long_book_finds_what_looking_at_all_finds(self):
        """The best one always, nearly all of the best ten, and their scores in full."""
        import tensorflow as tf

        from training.model.shortlist import LONG, Shortlist

        chance = np.random.default_rng(2)
        book = unit(LONG + 1_000, chance, width=128)
        asked = book[:64] + 0.5 * unit(64, chance, width=128)
        asked /= np.linalg.norm(asked, axis=1, keepdims=True)
        found = Shortlist(book, shown=10, scale=16.0).best(tf.constant(asked))
        scores = 16.0 * asked @ book.T
        best = np.argsort(-scores, axis=1)[:, :10]
        kept = [len(set(a) & set(b)) for a, b in zip(best, found.places.numpy(), strict=True)]

        assert best[:, 0].tolist() == found.places.numpy()[:, 0].tolist()
        assert np.mean(kept) >= 9.5
        np.testing.assert_allclose(
            np.take_along_axis(scores, found.places.numpy(), axis=1), found.scores, rtol=1e-4
        )
        whole = np.log(np.exp(scores).sum(axis=1, keepdims=True))
        np.testing.assert_allclose(whole, found.total, atol=0.1)
