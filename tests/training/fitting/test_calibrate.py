"""From scores to the probability that the first reply is right."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow


class TestCalibration:
    def test_makes_confidence_the_share_of_right_answers(self):
        """Scores that promise too much are brought down to what they keep."""
        import tensorflow as tf

        from training.evaluation.measures import expected_calibration_error
        from training.fitting.calibrate import calibrate, confidence

        chance = np.random.default_rng(1)
        odds = chance.normal(2.0, 2.0, 2_000)
        right = chance.random(2_000) < 1.0 / (1.0 + np.exp(-0.5 * odds))
        features = np.column_stack([odds, np.zeros((2_000, 2))]).astype(np.float32)
        fitted = calibrate(features, right, np.ones(2_000))
        sure = confidence(tf.constant(features), fitted).numpy()

        assert fitted.odds == pytest.approx(0.5, abs=0.08)
        assert expected_calibration_error(sure, right) < 0.04

    def test_trusts_the_log_odds_when_there_is_nothing_to_fit_on(self):
        """No questions kept aside, no opinion."""
        from training.fitting.calibrate import Calibration, calibrate

        nothing = np.zeros((0, 3), np.float32)
        assert calibrate(nothing, np.zeros(0), np.zeros(0)) == Calibration()

    def test_comes_to_rest_where_newtons_step_overshoots(self):
        """Features as wide as real ones, all but told apart by them: no weight runs away."""
        from training.fitting.calibrate import calibrate

        chance = np.random.default_rng(2)
        right = np.arange(600) % 2 == 0
        top = np.where(right, 14.0, 9.0) + chance.normal(0.0, 1.0, 600)
        features = np.column_stack([4.0 * (top - 11.5), top, top + chance.normal(0.0, 0.1, 600)])
        fitted = calibrate(features, right, np.ones(600))

        assert max(abs(value) for value in fitted[:3]) < 5.0

    def test_weighs_questions_nothing_fits_as_a_shop_meets_them(self):
        """Few of them in the data make the model modest all the same; more, the more so."""
        from training.fitting.calibrate import (
            NAMED_NULLS,
            UNNAMED_NULLS,
            Scored,
            calibrated,
            confidence,
        )

        label = np.where(np.arange(100) == 0, 0, 1)
        scores = np.tile(np.array([0.0, 2.0], np.float32), (100, 1))
        features = np.array([[2.0, 2.0, 2.0]], np.float32)

        def sure(nulls):
            fitted, _ = calibrated(Scored(scores, scores), label, label >= 0, nulls=nulls)
            return float(confidence(features, fitted)[0])

        assert sure(0.0) > 0.95
        assert sure(NAMED_NULLS) == pytest.approx(0.9, abs=0.03)
        assert sure(UNNAMED_NULLS) == pytest.approx(0.5, abs=0.06)
