"""New replies are placed beside those that are known."""

import numpy as np
import pytest

from training.data import NOT_IN_BOOK
from training.fitting.fit_reply_vectors import (
    Questions,
    fit_beside,
    fit_head,
    fit_vectors,
    with_words,
)

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


def questions_of(vectors, label):
    """Questions that count alike, with nothing rejected."""
    label = np.array(label, np.int64)
    nothing = np.full((len(label), 1), NOT_IN_BOOK)
    return Questions(np.array(vectors, "f4"), label, np.ones(len(label), "f4"), nothing)


class TestWords:
    def test_are_one_more_way_to_ask_while_there_are_few_questions(self):
        """The first reply has three questions, the second one."""
        asked = questions_of(np.eye(4), [1, 1, 1, 2])
        words = questions_of(np.eye(4)[:2], [1, 2])

        ways = with_words(asked, words)

        assert [1, 1, 1, 2, 2] == ways.label.tolist()

    def test_find_a_reply_that_nobody_has_asked_for(self):
        """Known by its words alone."""
        asked = questions_of(np.eye(8)[:1], [1])
        words = questions_of(np.eye(8)[1:2], [2])

        own = fit_vectors(with_words(asked, words), np.zeros((3, 8), "f4"), SCALE)

        assert 2 == (np.eye(8)[1] @ own.T).argmax()


class TestHeldOut:
    @pytest.mark.parametrize(("each", "learned"), [(1, 0), (2, 1), (4, 3)])
    def test_tells_of_how_many_questions_the_right_reply_was_learned(self, each, learned):
        """With one question a reply there is none left, so its fit says nothing of serving."""
        chance = np.random.default_rng(1)
        places = unit(chance.normal(size=(5, 16)))
        label = np.repeat(np.arange(1, 6), each)
        asked = questions_of(
            unit(places[label - 1] + 0.1 * chance.normal(size=(5 * each, 16))), label
        )

        head = fit_head(
            asked, np.zeros((6, 16), "f4"), questions_of(np.zeros((0, 16)), []), scale=SCALE, seed=1
        )

        assert {learned} == set(head.held.learned.tolist())
