"""From scores to the probability that the first reply is right."""

import numpy as np
import pytest

pytestmark = pytest.mark.slow


class TestCalibration:
    def test_makes_confidence_the_share_of_right_answers(self):
        """Scores that promise too much are brought down to what they keep."""
        import tensorflow as tf

        from training.calibrate import calibrate, confidence
        from training.measures import expected_calibration_error

        chance = np.random.default_rng(1)
        odds = chance.normal(2.0, 2.0, 2_000)
        right = chance.random(2_000) < 1.0 / (1.0 + np.exp(-0.5 * odds))
        features = np.column_stack([odds, np.zeros(2_000)]).astype(np.float32)
        fitted = calibrate(features, right, np.zeros(2_000, np.bool_))
        sure = confidence(tf.constant(features), fitted).numpy()

        assert fitted.odds == pytest.approx(0.5, abs=0.08)
        assert expected_calibration_error(sure, right) < 0.04

    def test_trusts_the_log_odds_when_there_is_nothing_to_fit_on(self):
        """No questions kept aside, no opinion."""
        from training.calibrate import Calibration, calibrate

        nothing = np.zeros((0, 2), np.float32)
        assert calibrate(nothing, np.zeros(0), np.zeros(0, np.bool_)) == Calibration()

    def test_weighs_questions_nothing_fits_as_a_shop_meets_them(self):
        """Few of them in the data make the model modest all the same."""
        from training.calibrate import calibrate

        features = np.column_stack([np.full(100, 2.0), np.zeros(100)])
        is_null = np.arange(100) == 0
        bare = calibrate(features[1:], ~is_null[1:], is_null[1:])
        modest = calibrate(features, ~is_null, is_null)

        assert modest.odds * 2.0 + modest.bias < bare.odds * 2.0 + bare.bias
