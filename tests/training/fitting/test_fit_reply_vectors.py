"""New replies are placed beside those that are known."""

import numpy as np

from training.fitting.fit_reply_vectors import fit_beside

SCALE = 6.0


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def around(place, spread, chance, count=8):
    """Questions scattered about a place [D]."""
    return unit(place + spread * chance.normal(size=(count, len(place)))).astype(np.float32)


class TestBeside:
    def test_a_new_row_is_found_and_takes_no_question_of_a_known_one(self):
        """Although its one question lies near those of a known reply."""
        chance = np.random.default_rng(1)
        places = unit(chance.normal(size=(4, 32)))
        known = np.concatenate([around(place, 0.08, chance) for place in places])
        asked = unit(places[0] + 0.7 * unit(chance.normal(size=32)))[np.newaxis]

        own = fit_beside(
            np.concatenate([asked, known]),
            np.array([0] + [-1] * len(known)),
            np.array([1.0] + [1 / 8] * len(known)),
            1.5 * places,
            np.zeros((1, 32)),
            SCALE,
        )

        book = np.concatenate([own, 1.5 * places])
        assert 0 == (asked @ book.T).argmax()
        np.testing.assert_array_equal((known @ book.T).argmax(axis=1), np.repeat([1, 2, 3, 4], 8))

    def test_without_questions_a_row_stays_near_its_words(self):
        """Nothing is asked, so nothing pulls it away."""
        words = unit(np.ones((1, 8)))

        own = fit_beside(np.zeros((0, 8)), np.zeros(0, int), np.zeros(0), np.eye(8), words, SCALE)

        np.testing.assert_allclose(own, words, atol=1e-6)
