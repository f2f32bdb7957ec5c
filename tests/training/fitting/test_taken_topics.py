"""Topics whose questions another reply would take are told of."""

import numpy as np

from training.data import NULL_ROW, Held
from training.fitting.taken_topics import TakenTopic, as_scores, taken_topics

NAMES = ["", "common", "rare", "other"]


def held(label, first, *, own=True):
    """Questions with their rows, and the row that each would get."""
    label = np.array(label)
    scores = np.zeros((len(label), len(NAMES)), np.float32)
    scores[np.arange(len(label)), first] = 1.0
    scores[:, NULL_ROW] = 2.0  # that nothing fits takes no questions from anybody
    learned = np.full(len(label), 4)
    return Held(scores, scores, label, np.full(len(label), own), learned), scores


class TestTakenTopics:
    def test_one_most_of_whose_questions_get_another_reply(self):
        """Four of five; the common one loses one of ten, as any may."""
        questions, scores = held([2] * 5 + [1] * 10, [1, 1, 1, 1, 2] + [1] * 9 + [3])

        assert [TakenTopic("rare", "common", 4, 5)] == taken_topics(questions, scores, NAMES)

    def test_not_one_whose_questions_go_here_and_there(self):
        """Nobody takes them: the topic is hard, and labels of its own would not tell which."""
        questions, scores = held([2] * 6, [1, 1, 3, 3, 2, 2])

        assert [] == taken_topics(questions, scores, NAMES)

    def test_of_three_questions_nothing_is_said(self):
        questions, scores = held([2] * 3, [1] * 3)

        assert [] == taken_topics(questions, scores, NAMES)

    def test_copies_whose_reply_was_taken_away_do_not_count(self):
        questions, scores = held([2] * 5, [1] * 5, own=False)

        assert [] == taken_topics(questions, scores, NAMES)

    def test_nothing_is_kept_where_there_is_none(self):
        assert {} == as_scores([])
