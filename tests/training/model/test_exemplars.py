"""Questions remembered beside their replies' vectors."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow

LEFT, RIGHT, UP = np.eye(3, dtype=np.float32)
SCALE = 16.0


def as_book(*rows):
    return np.array(rows, np.float32)


class TestChoosing:
    def test_keeps_every_question_of_a_small_book(self):
        """A row with fewer has some of them twice, which changes nothing."""
        from training.model.exemplars import choose

        label = np.array([1, 1, 2])
        kept = choose(as_book(LEFT, UP, RIGHT), label, as_book(UP, UP, UP), seed=1).vectors

        assert kept.shape == (3, 2, 3)
        assert {(1, 0, 0), (0, 0, 1)} == {tuple(map(int, vector)) for vector in kept[1]}
        assert [RIGHT.tolist()] * 2 == kept[2].tolist()

    def test_lets_a_reply_nobody_asked_for_stand_for_itself(self):
        """Added today, it is as near as its own text."""
        from training.model.exemplars import choose, nearness

        exemplars = choose(as_book(LEFT), np.array([1]), as_book(UP, UP, 2.0 * RIGHT), seed=1)

        assert nearness(as_book(RIGHT), exemplars)[0].tolist() == [0.0, 0.0, 1.0]

    def test_remembers_nothing_of_a_book_too_long(self):
        """Then nothing is near, in the graph as outside of it."""
        import tensorflow as tf

        from training.model.exemplars import FAR, MOST, Recall, choose, nearness

        book = np.zeros((MOST + 1, 3), np.float32)
        exemplars = choose(as_book(LEFT), np.array([1]), book, seed=1)

        assert exemplars.vectors.shape == (MOST + 1, 0, 3)
        assert set(nearness(as_book(LEFT), exemplars)[0].tolist()) == {FAR}
        assert Recall(exemplars).near(tf.constant(as_book(LEFT))).shape == (1, MOST + 1)

    def test_samples_each_reply_alike(self):
        """A reply asked for a thousand times is not remembered a thousand times."""
        from training.model.exemplars import MOST_OF_A_REPLY, sample

        label = np.array([1] * 1_000 + [2] * 3 + [-1] * 5)
        counts = np.bincount(label[sample(label, seed=1)])

        assert [0, MOST_OF_A_REPLY, 3] == counts.tolist()


class TestNearness:
    def test_is_the_same_in_the_graph(self):
        """What was measured outside is what is served."""
        import tensorflow as tf

        from training.model.exemplars import Recall, choose, nearness

        chance = np.random.default_rng(1)
        vectors = chance.normal(size=(40, 8)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        exemplars = choose(vectors[:30], np.arange(30) % 4, vectors[30:35], seed=1)

        served = Recall(exemplars).near(tf.constant(vectors)).numpy()
        np.testing.assert_allclose(nearness(vectors, exemplars), served, atol=1e-6)

    def test_counts_where_it_finds_more_replies(self):
        """Row 1 is asked for from two sides, and its mean is near neither."""
        from training.model.exemplars import best_weight

        scores = SCALE * np.array([[0.0, 0.5, 0.6], [0.0, 0.5, 0.6], [0.0, 0.1, 0.9]])
        near = np.array([[0.0, 1.0, 0.6], [0.0, 1.0, 0.6], [0.0, 0.1, 0.9]])
        label = np.array([1, 1, 2])

        assert best_weight(scores, near, label, scale=SCALE) == 0.5

    def test_counts_for_nothing_where_it_changes_nothing(self):
        """The simplest of equals."""
        from training.model.exemplars import best_weight

        scores = SCALE * np.array([[0.0, 0.9, 0.1], [0.0, 0.1, 0.9]])
        assert best_weight(scores, scores / SCALE, np.array([1, 2]), scale=SCALE) == 0.0
        assert best_weight(scores, scores, np.array([0, 0]), scale=SCALE) == 0.0
