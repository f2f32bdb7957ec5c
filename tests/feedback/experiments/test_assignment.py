"""Stories of the deal: sticky, in the configured shares, and checked."""

from collections import Counter

import pytest
from hypothesis import given, strategies as st

from feedback.experiments.assignment import BadSharesError, assign, chi_square_tail, srm

SHARES = {"holdout": 0.1, "challenger": 0.1, "champion": 0.8}


class TestAssign:
    @given(st.text(), st.text())
    def test_same_shopper_same_arm(self, shopper_id, salt):
        """
        The deal is a function of shopper and salt, for any id.
        """
        first = assign(shopper_id, salt=salt, shares=SHARES)
        assert first in SHARES
        assert assign(shopper_id, salt=salt, shares=SHARES) == first

    @given(st.integers(1, 99))
    def test_shares_are_met(self, percent):
        """
        Of 2,000 shoppers an arm gets its share, within five standard errors.
        """
        share = percent / 100
        shares = {"holdout": share, "champion": 1 - share}
        held = sum(assign(str(n), salt="s", shares=shares) == "holdout" for n in range(2_000))
        assert abs(held / 2_000 - share) < 5 * (share * (1 - share) / 2_000) ** 0.5

    def test_challenger_moves_nobody_out_of_the_holdout(self):
        """
        When a challenger comes or goes, its shoppers come from and go to the champion.
        """
        without = {"holdout": 0.1, "champion": 0.9}
        moves = Counter(
            (assign(str(n), salt="s", shares=without), assign(str(n), salt="s", shares=SHARES))
            for n in range(3_000)
        )
        assert set(moves) == {
            ("holdout", "holdout"),
            ("champion", "champion"),
            ("champion", "challenger"),
        }

    def test_arm_without_a_share_gets_nobody(self):
        """
        A share of 0 is nobody, wherever it stands.
        """
        shares = {"holdout": 0.0, "champion": 1.0, "challenger": 0.0}
        assert {assign(str(n), salt="s", shares=shares) for n in range(500)} == {"champion"}

    @pytest.mark.parametrize("shares", [{}, {"a": 0.5}, {"a": 1.5, "b": -0.5}])
    def test_shares_have_to_make_a_whole(self, shares):
        """
        What does not add up to 1 is refused by name.
        """
        with pytest.raises(BadSharesError, match="HOLDOUT_SHARE"):
            assign("anna", salt="s", shares=shares)


class TestSrm:
    def test_fair_deal_is_quiet_and_a_wrong_one_is_not(self):
        """
        The p-value of a fair deal is large, that of a broken one below the alarm.
        """
        expected = {"holdout": 0.1, "champion": 0.9}
        fair = srm({"holdout": 1_020, "champion": 8_980}, expected)
        broken = srm({"holdout": 1_200, "champion": 8_800}, expected)
        assert fair is not None
        assert broken is not None
        assert fair > 0.3
        assert broken < 0.001

    def test_nobody_yet_is_no_contradiction(self):
        """
        Without shoppers or without a second arm there is nothing to compare.
        """
        assert srm({}, {"holdout": 0.1, "champion": 0.9}) is None
        assert srm({"champion": 5}, {"champion": 1.0}) is None
        assert srm({"holdout": 1, "champion": 5}, {"holdout": 0.0, "champion": 1.0}) is None

    def test_shopper_in_an_arm_that_does_not_exist(self):
        """
        Somebody in an arm without a share contradicts the shares outright.
        """
        observed = {"holdout": 1, "champion": 5, "ghost": 1}
        assert srm(observed, {"holdout": 0.5, "champion": 0.5}) == 0.0

    @pytest.mark.parametrize(
        ("statistic", "freedom", "tail"),
        [(10.828, 1, 0.001), (13.816, 2, 0.001), (16.266, 3, 0.001), (7.779, 4, 0.1)],
    )
    def test_tail_is_the_published_one(self, statistic, freedom, tail):
        """
        As in any table of chi-square.
        """
        assert chi_square_tail(statistic, freedom) == pytest.approx(tail, rel=1e-3)
