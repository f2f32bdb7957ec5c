"""From scores to the probability that the first reply is right."""

from typing import Any

import numpy as np
import pytest

from training.data import NULL_ROW
from training.evaluation import EvaluatedAnswers
from training.fitting.confidence_prior import Prior, priors

pytestmark = pytest.mark.slow

NOBODY = Prior(np.array([1.0, 0.0]), np.eye(2))


def scored(chance, count=400, replies=6):
    """Questions of a book, and as many that nothing fits, which are near nothing."""
    from training.fitting.calibrate import Scored

    label = np.concatenate([chance.integers(1, replies + 1, count), np.zeros(count, np.int64)])
    near = chance.normal(7.0, 1.0, (2 * count, replies + 1)).astype(np.float32)
    near[np.arange(count), label[:count]] += 5.0
    near[:, 0] = 8.0
    return Scored(near + chance.normal(0.0, 0.5, near.shape).astype(np.float32), near), label


def asked(label, learned):
    from training.fitting.calibrate import HeldQuestions

    return HeldQuestions(
        label, np.where(label == NULL_ROW, 0, learned), np.ones(len(label), np.bool_)
    )


def told(questions=5.0, nulls=1.0, learned=4, seed=1) -> tuple[Any, ...]:
    """A calibration, its measures, and what it makes of the questions."""
    from training.fitting.calibrate import calibrated, confidence, features_of

    found, label = scored(np.random.default_rng(seed))
    calibration, measures = calibrated(
        found, asked(label, learned), nulls=nulls, questions=questions, nearness=0.0
    )
    sure, among = confidence(features_of(found), calibration)
    return calibration, measures, sure.numpy(), among.numpy(), label


class TestLogisticFit:
    def test_finds_how_much_the_log_odds_promise_too_much(self):
        """Scores that are half as good as they say are brought down to half."""
        from training.fitting.calibrate import fit_logistic

        chance = np.random.default_rng(1)
        odds = chance.normal(2.0, 2.0, 2_000)
        right = chance.random(2_000) < 1.0 / (1.0 + np.exp(-0.5 * odds))
        x = np.column_stack([odds, np.ones(2_000)])

        fitted = fit_logistic(x, right, np.ones(2_000), NOBODY, 4.0)

        assert fitted == pytest.approx([0.5, 0.0], abs=0.12)

    def test_stays_with_the_prior_when_there_is_nothing_to_fit_on(self):
        """No questions kept aside, no opinion."""
        from training.fitting.calibrate import fit_logistic

        fitted = fit_logistic(np.zeros((0, 2)), np.zeros(0), np.zeros(0), NOBODY, 4.0)

        np.testing.assert_allclose(fitted, NOBODY.mean)

    def test_comes_to_rest_where_newtons_step_overshoots(self):
        """Features as wide as real ones, all but told apart by them: no weight runs away."""
        from training.fitting.calibrate import fit_logistic

        chance = np.random.default_rng(2)
        right = np.arange(600) % 2 == 0
        top = np.where(right, 14.0, 9.0) + chance.normal(0.0, 1.0, 600)
        x = np.column_stack(
            [4.0 * (top - 11.5), top, top + chance.normal(0.0, 0.1, 600), np.ones(600)]
        )
        prior = Prior(np.array([1.0, 0.0, 0.0, 0.0]), np.diag([1.0, 1.0, 1.0, 0.1]))

        fitted = fit_logistic(x, right, np.ones(600), prior, 4.0)

        assert np.abs(fitted[:3]).max() < 5.0


class TestConfidence:
    def test_is_the_share_of_right_answers(self):
        """On questions as it meets them."""
        from training.evaluation.measures import expected_calibration_error

        _, _, sure, _, label = told()

        found, _ = scored(np.random.default_rng(1))
        right = (found.scores[:, 1:].argmax(axis=1) + 1 == label) & (label != NULL_ROW)
        assert expected_calibration_error(sure, right) < 0.05

    def test_of_two_replies_that_tie_none_is_said(self):
        """However near both are: only one of them is right; the shop's own questions say how often
        it is the first."""
        from training.fitting.calibrate import Scored, confidence, features_of

        calibration, *_ = told()
        tied = np.array([[2.0, 15.0, 15.0, 3.0, 3.0, 3.0, 3.0]], np.float32)

        first, among = confidence(features_of(Scored(tied, tied)), calibration)

        assert float(first[0]) < 0.7
        assert float(among[0]) > float(first[0]) + 0.2

    @pytest.mark.parametrize(("nulls", "least", "most"), [(1 / 9, 0.85, 1.0), (9.0, 0.0, 0.75)])
    def test_is_more_modest_the_more_fits_nothing(self, nulls, least, most):
        """A doubtful question is believed as far as shoppers usually ask what can be answered."""
        from training.fitting.calibrate import Scored, confidence, features_of

        calibration, *_ = told(nulls=nulls)
        doubtful = np.array([[8.0, 10.2, 5.0, 5.0, 5.0, 5.0, 5.0]], np.float32)
        first, _ = confidence(features_of(Scored(doubtful, doubtful)), calibration)

        assert least <= float(first[0]) <= most

    def test_does_not_believe_that_everything_fits_where_all_it_was_shown_does(self):
        """A file of calibration questions that all have a reply says nothing of the others."""
        from training.fitting.calibrate import calibrated

        found, label = scored(np.random.default_rng(1))
        fitting = label != NULL_ROW
        some = found._replace(scores=found.scores[fitting], near=found.near[fitting])
        calibration, _ = calibrated(
            some, asked(label[fitting], 4), nulls=1.0, questions=5.0, nearness=0.0
        )

        np.testing.assert_allclose(calibration[:3], priors(5.0, 0.0)["fits"].mean[:3])


class TestFirstDay:
    def test_a_question_whose_reply_had_no_other_says_nothing(self):
        """Held out it could not be found; that is no reason to hand everything over."""
        calibration, measures, sure, _, label = told(questions=1.0, learned=0)

        assert calibration.apart == pytest.approx(float(priors(1.0, 0.0)["first"].mean[0]))
        assert {"n": 0, "answer_at": 0.8, "offer_at": 0.1} == measures
        assert (sure[label != NULL_ROW] > 0.5).mean() > 0.5

    def test_what_is_peculiar_to_a_shop_is_added_as_its_folds_fill(self):
        """With hundreds of its own questions the prior hardly counts."""
        found = told(questions=10.0, learned=9)[0]

        assert abs(found.near - priors(10.0, 0.0)["fits"].mean[2]) > 0.01

    def test_offers_choices_before_it_hands_over_while_there_are_few_questions(self):
        """From three questions a reply on, one of three has to be likelier."""
        from training.fitting.calibrate import OFFER_AT, OFFER_YOUNG_AT

        assert OFFER_YOUNG_AT == told(questions=2.0)[0].offer_at
        assert OFFER_AT == told(questions=3.0)[0].offer_at


class TestAnsweringThreshold:
    @staticmethod
    def found(sure, right):
        from training.fitting.calibrate import answer_at

        sure, right = np.array(sure, float), np.array(right, bool)
        answered = EvaluatedAnswers(np.where(right, 0, 1), sure, np.zeros(len(sure), np.bool_))
        return answer_at(answered, np.ones(len(sure)))

    def test_is_where_answers_are_right_95_times_in_a_hundred(self):
        """Measured on questions held out."""
        sure = np.linspace(0.5, 1.0, 2_000)
        chance = np.random.default_rng(1)

        found = self.found(sure, chance.random(2_000) < sure)

        assert 0.95 <= sure[sure >= found].mean() + 0.02
        assert found == pytest.approx(0.88, abs=0.03)

    def test_believes_a_sure_answer_until_the_evidence_speaks_against_it(self):
        """Of 100 answers 93 right is what chance makes of 95; of 1,000 it is not."""
        assert 0.9 == self.found([0.9] * 100, [True] * 93 + [False] * 7)
        assert 0.95 == self.found([0.9] * 1_000, [True] * 930 + [False] * 70)

    def test_is_not_the_highest_for_want_of_sure_answers(self):
        """What modest answers come to says nothing against the few that are sure."""
        assert 0.9 == self.found([0.9] * 20 + [0.6] * 80, [True] * 60 + [False] * 40)

    def test_gives_no_modest_answer_the_benefit_of_the_doubt(self):
        """Of 300 answers 94 in a hundred right: chance may explain it, and yet a surer one is asked
        for. With that benefit 7 % of the answers were wrong where 42 % of messages fit nothing."""
        sure = np.concatenate([np.full(290, 0.96), np.full(10, 0.7), np.full(100, 0.6)])
        right = np.concatenate([np.arange(290) % 29 != 0, np.arange(10) > 7, np.full(100, True)])

        assert self.found(sure, right) > 0.9

    def test_is_the_documented_one_where_the_evidence_is_too_little(self):
        """Forty answers, all right, prove nothing yet."""
        from training.fitting.calibrate import ANSWER_AT

        assert ANSWER_AT == self.found([0.9] * 40, [True] * 40)

    def test_does_not_fall_by_luck_with_a_few(self):
        """Sixty modest answers that all came right, where half was promised."""
        assert self.found([0.6] * 60, [True] * 60) > 0.9

    def test_is_high_where_answers_are_never_right_often_enough(self):
        """Only what is all but certain is answered then."""
        assert self.found([0.9] * 500, [False] * 500) == pytest.approx(0.95)
