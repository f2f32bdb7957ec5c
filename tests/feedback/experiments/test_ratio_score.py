"""Stories of the score interval: skewed arms, small arms, strata, one shopper."""

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from feedback.experiments.ratio_score import WIDEST, ArmPair, Moments, bounds, ratio, score


def arm(shoppers: int, amounts: list[float]) -> Moments:
    return Moments(shoppers, sum(amounts), sum(each**2 for each in amounts))


class TestScore:
    def test_a_small_arm_without_large_baskets_is_not_sure_of_itself(self):
        """
        The large arm knows of baskets a hundredfold; a tenth that has not seen one borrows its
        variance, where an interval from each arm alone calls the difference certain.
        """
        control = arm(1_000, [1.0] * 60)
        treatment = arm(9_000, [1.0] * 540 + [100.0] * 4)
        own = (treatment.total / 9_000 - control.total / 1_000) / (
            control.squares / 1_000**2 + treatment.squares / 9_000**2
        ) ** 0.5
        assert own > 1.8 * float(score([ArmPair(treatment, control)]))

    @given(
        n1=st.integers(100, 5_000),
        n0=st.integers(100, 5_000),
        sold1=st.integers(1, 90),
        sold0=st.integers(1, 90),
    )
    @example(n1=2_193, n0=105, sold1=1, sold0=90)
    def test_bounds_hold_the_ratio_and_no_more_than_the_limit(self, n1, n0, sold1, sold0):
        """
        Whatever the arms: the ratio lies within, and an end is where the score is the limit, or
        there is none within ten thousand times.
        """
        pairs = [ArmPair(arm(n1, [1.0] * sold1), arm(n0, [1.0] * sold0))]
        low, high = bounds(pairs, 2.0)
        assert low <= (ratio(pairs) or 0) <= high
        for end in (low, high):
            reached = abs(float(score(pairs, end)))
            if 1 / WIDEST < end < WIDEST:
                assert 2.0 == pytest.approx(reached, abs=1e-6)
            else:
                assert reached < 2.0

    def test_strata_are_compared_with_themselves(self):
        """
        A season in which both arms buy twice as much is no effect, however unevenly it was dealt.
        """
        calm = ArmPair(arm(500, [1.0] * 25), arm(500, [1.0] * 25))
        season = ArmPair(arm(900, [1.0] * 90), arm(100, [1.0] * 10))
        assert 0.0 == pytest.approx(float(score([calm, season])))
        assert 1.0 == pytest.approx(ratio([calm, season]) or 0)

    def test_numbers_and_arrays_give_the_same(self):
        """
        The simulations compute what the report does.
        """
        many = ArmPair(
            Moments(np.array([1_000, 2_000]), np.array([120, 260]), np.array([120, 260])),
            Moments(np.array([1_000, 2_000]), np.array([100, 200]), np.array([100, 200])),
        )
        one = ArmPair(Moments(2_000, 260, 260), Moments(2_000, 200, 200))
        assert float(score([many], 1.1)[1]) == pytest.approx(float(score([one], 1.1)))
