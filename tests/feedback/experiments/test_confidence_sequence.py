"""Stories of the confidence sequence: the published formula, and no wolf cried at weekly looks."""

import math
import random
from typing import Any

import pytest

from feedback.experiments.confidence_sequence import (
    TUNED_AT,
    half_width,
    pvalue,
    shoppers_needed,
    tuning,
)


class TestFormula:
    def test_tuning_is_tightest_where_it_is_tuned(self):
        """
        At the tuned number of shoppers no other tuning gives a narrower interval.
        """

        def width_with(best_at: float) -> float:
            rho = tuning(best_at)
            spread = TUNED_AT * rho**2 + 1
            return 2 * spread * math.log(math.sqrt(spread) / 0.05) / (TUNED_AT * rho) ** 2

        tuned = width_with(TUNED_AT)
        assert all(tuned <= width_with(TUNED_AT * factor) for factor in (0.5, 0.9, 1.1, 2))

    @pytest.mark.parametrize(
        ("control", "treatment", "low", "high"),
        [
            # shoppers, mean, variance; recorded from gbstats 0.8.0, SequentialTwoSidedTTest with
            # sequential_tuning_parameter=20000 and relative differences
            (
                (9_000, 0.03, 0.0291),
                (9_200, 0.035, 0.033775),
                -0.120893659504053,
                0.454226992837387,
            ),
            (
                (4_000, 3.340125, 222.7079919823706),
                (36_000, 3.638895833333333, 248.76584727657368),
                -0.158184471591777,
                0.337082466926283,
            ),
        ],
    )
    def test_agrees_with_gbstats(self, control, treatment, low, high):
        """
        On the relative scale, with the delta method, the interval is gbstats'.
        """
        (n0, mean0, var0), (n1, mean1, var1) = control, treatment
        variance = var1 / (mean0**2 * n1) + var0 * mean1**2 / (mean0**4 * n0)
        uplift, half = mean1 / mean0 - 1, half_width(variance, n0 + n1)
        assert (uplift - half, uplift + half) == pytest.approx((low, high), rel=1e-9)

    def test_is_wider_than_one_looks_interval(self):
        """
        Looking whenever one likes costs width: between 1.4 and 2 times at the tuned size.
        """
        assert 1.4 < half_width(1.0, TUNED_AT) / 1.96 < 2

    def test_needed_shoppers_grow_with_the_square_of_the_effect(self):
        """
        Half the effect needs about four times the shoppers.
        """
        large = shoppers_needed(130.0, math.log(1.1))
        small = shoppers_needed(130.0, math.log(1.05))
        assert large is not None
        assert small is not None
        assert 3.5 < small / large < 5
        assert shoppers_needed(1e9, 1e-9) is None


def smallest_alpha(estimate: float, variance: float, shoppers: float) -> float:
    """Searched for: at which the interval just reaches zero."""
    low, high = 1e-12, 1.0
    for _ in range(200):
        middle = math.sqrt(low * high)
        rho = tuning(TUNED_AT)
        spread = shoppers * rho**2 + 1
        mixture = 2 * spread * math.log(math.sqrt(spread) / middle) / (shoppers * rho) ** 2
        reaches = math.sqrt(variance * shoppers * mixture) >= abs(estimate)
        low, high = (middle, high) if reaches else (low, middle)
    return high


class TestPValue:
    @pytest.mark.parametrize("shoppers", [500, 20_000, 300_000])
    @pytest.mark.parametrize("estimate", [0.03, -0.03, 0.05])
    def test_it_is_the_smallest_alpha_that_leaves_zero_out(self, estimate, shoppers):
        """
        By its definition, with the interval's own tuning.
        """
        found = pvalue(estimate, 1e-4, shoppers)
        assert found == pytest.approx(smallest_alpha(estimate, 1e-4, shoppers), rel=1e-6)

    def test_no_effect_is_no_evidence(self):
        """
        Never more than one.
        """
        assert 1.0 == pvalue(0.0, 1e-4, 20_000)
        assert 1.0 == pvalue(0.001, 1e-2, 100)

    def test_without_variance_any_difference_is_sure(self):
        """
        All alike in both arms: an effect is certain, and none is none.
        """
        assert 0.0 == pvalue(0.1, 0.0, 20_000)
        assert 0.0 == pvalue(-0.1, 0.0, 20_000)
        assert 1.0 == pvalue(0.0, 0.0, 20_000)

    def test_at_the_interval_s_edge_it_is_alpha(self):
        """
        Estimate and half-width alike: 5 %.
        """
        assert 0.05 == pytest.approx(pvalue(half_width(1e-4, 20_000), 1e-4, 20_000))


class TestShoppersNeeded:
    @pytest.mark.parametrize(
        ("variance", "effect"),
        [(130.0, math.log(1.1)), (130.0, math.log(1.03)), (4.0, 2.0), (0.5, 1.0), (1e-6, 1.0)],
    )
    def test_it_is_the_first_number_that_sees_the_effect(self, variance, effect):
        """
        One shopper fewer does not; the power is 80 %, whose normal point is 0.84.
        """

        def seen(shoppers: int) -> Any:
            spread = variance / shoppers
            return half_width(spread, shoppers) + 0.8416212335729143 * spread**0.5 <= effect

        enough = shoppers_needed(variance, effect)
        assert enough is not None
        assert seen(enough)
        assert enough == 2 or not seen(enough - 1)

    def test_more_certainty_needs_more(self):
        """
        In coverage, and in power.
        """
        usual = shoppers_needed(130.0, 0.1)
        assert usual is not None
        strict = shoppers_needed(130.0, 0.1, alpha=0.01)
        sure = shoppers_needed(130.0, 0.1, power_point=1.2816)
        assert strict is not None
        assert sure is not None
        assert usual < strict
        assert usual < sure

    @pytest.mark.parametrize(("effect", "countable"), [(0.0008, True), (0.0006, False)])
    def test_past_ten_thousand_million_nobody_counts(self, effect, countable):
        """
        None says so.
        """
        assert countable == (shoppers_needed(130.0, effect) is not None)


@pytest.mark.slow
class TestFalseAlarms:
    def test_weekly_looks_at_two_equal_arms(self):
        """
        In 600 tests without an effect, looked at for twelve weeks, at most 5 % ever alarm.
        """
        rng = random.Random(7)
        alarms = sum(_ever_alarms(rng, weekly=3_500, cvr=0.03) for _ in range(600))
        assert alarms / 600 <= 0.05


def _ever_alarms(rng: random.Random, *, weekly: int, cvr: float) -> bool:
    buyers = [0, 0]
    for week in range(1, 13):
        for arm in (0, 1):
            mean, spread = weekly * cvr, math.sqrt(weekly * cvr * (1 - cvr))
            buyers[arm] += max(0, round(rng.gauss(mean, spread)))
        shoppers = weekly * week
        rates = [count / shoppers for count in buyers]
        variance = sum((1 - rate) / rate / shoppers for rate in rates)
        if abs(math.log(rates[1] / rates[0])) > half_width(variance, 2 * shoppers):
            return True
    return False
