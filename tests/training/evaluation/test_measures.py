"""The measures of `evaluate`, on answers that can be counted by hand."""

import numpy as np

from training.evaluation.measures import (
    EvaluatedAnswers,
    auroc,
    calibration_error_by_chance,
    coverage_at,
    expected_calibration_error,
    question_measures,
    ranking_measures,
    threshold_at,
)


def answered(rank, confidence, is_null):
    return EvaluatedAnswers(np.array(rank), np.array(confidence), np.array(is_null))


class TestQuestionMeasures:
    def test_counts_recall_only_where_a_reply_exists(self):
        """A question no reply fits is in no denominator of top-1 and recall."""
        measures = question_measures(
            answered([0, 3, -1, -1], [0.9, 0.5, 0.4, 0.1], [False, False, False, True])
        )

        assert measures["top1"] == 0.333333
        assert measures["recall_at_5"] == 0.666667

    def test_counts_an_answer_to_a_question_nothing_fits_as_wrong(self):
        """Confidence is judged over all questions, those without a reply too."""
        measures = question_measures(answered([0, -1], [1.0, 1.0], [False, True]))

        assert measures["ece"] == 0.5
        assert measures["coverage_at_95"] == 0.0

    def test_has_no_handover_figure_without_such_questions(self):
        """There is nothing to tell apart."""
        assert question_measures(answered([0], [0.9], [False]))["handover_auroc"] is None


class TestCoverage:
    def test_is_the_largest_prefix_that_is_precise_enough(self):
        """One wrong answer late does not undo what came before it."""
        right = np.array([True] * 20 + [False] + [True] * 3)
        confidence = np.linspace(1.0, 0.1, len(right))

        assert coverage_at(0.95, confidence, right) == 1.0

    def test_never_parts_equally_sure_questions(self):
        """A threshold takes all of them or none."""
        assert coverage_at(0.95, np.array([0.5, 0.5]), np.array([True, False])) == 0.0

    def test_names_the_threshold_it_stands_for(self):
        """Answering from there on is right often enough."""
        assert threshold_at(0.95, np.array([0.9, 0.2]), np.array([True, False])) == 0.9
        assert threshold_at(0.95, np.array([0.9]), np.array([False])) is None


class TestCalibrationError:
    def test_is_nothing_when_confidence_is_the_share_of_right_answers(self):
        """Half sure and right half of the time."""
        assert expected_calibration_error(np.full(4, 0.5), np.array([1, 0, 1, 0])) == 0.0

    def test_takes_full_confidence_into_the_last_bin(self):
        """1.0 lies in the fifteenth bin, not behind it."""
        assert expected_calibration_error(np.array([1.0]), np.array([True])) == 0.0

    def test_is_no_nought_by_chance_though_confidence_is_exact(self):
        """Few answers in a bin seldom come out as promised; certain ones always do."""
        spread = np.linspace(0.01, 0.99, 200)

        assert 0.07 < calibration_error_by_chance(spread) < 0.11
        assert calibration_error_by_chance(np.ones(200)) == 0.0


class TestAuroc:
    def test_is_one_when_every_positive_scores_higher(self):
        """And none when it is the other way round."""
        positive = np.array([True, True, False])

        assert auroc(np.array([0.9, 0.8, 0.1]), positive) == 1.0
        assert auroc(np.array([0.1, 0.2, 0.3]), positive) == 0.0


class TestRankingMeasures:
    def test_counts_places_from_the_top(self):
        """Place 0 is first, so its reciprocal is 1."""
        measures = ranking_measures(np.array([0, 4, 9, 99]))

        assert measures["recall_at_1"] == 0.25
        assert measures["recall_at_5"] == 0.5
        assert measures["recall_at_10"] == 0.75
        assert measures["mrr"] == 0.3275
