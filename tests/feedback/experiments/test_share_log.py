"""Stories of the deal's log: what was dealt when, and what the arms' sizes should be."""

from datetime import UTC, datetime

import pytest

from feedback.experiments.schedule import HoldoutPlan, HoldoutStep, deal_at
from feedback.experiments.share_log import ShareLog, StratumSplit, split_pvalue, strata_of
from tests.factories import EXPERIMENT, NOW, days

HALF = {"holdout": 0.5, "champion": 0.5}
TENTH = {"holdout": 0.1, "champion": 0.9}


class TestPlan:
    def test_ramp_end_and_challenger(self):
        """
        The share follows the announced days; after the end nobody is held out.
        """
        plan = HoldoutPlan(
            0.1,
            canary=0.2,
            ramp=(HoldoutStep(datetime(2026, 12, 1, tzinfo=UTC), 0.5),),
            ends=datetime(2027, 1, 1, tzinfo=UTC),
        )
        before = deal_at(plan, datetime(2026, 11, 30, 23, tzinfo=UTC), has_challenger=True)
        assert {"holdout": 0.1, "challenger": 0.2} == {
            arm: before.shares[arm] for arm in ("holdout", "challenger")
        }
        assert deal_at(plan, datetime(2026, 12, 1, tzinfo=UTC)).shares["holdout"] == 0.5
        over = deal_at(plan, datetime(2027, 1, 1, tzinfo=UTC))
        assert ("end", 0.0, 1.0) == (over.reason, over.shares["holdout"], over.shares["champion"])
        assert [*before.shares] == ["holdout", "challenger", "champion"]


class TestLog:
    def test_writes_changes_only_and_finds_the_strata(self, database):
        """
        Asked a thousand times, the log has one line a change; the same shares are one stratum.
        """
        log = ShareLog(database, EXPERIMENT)
        written = [
            log.record(shares, NOW + days(number), challenger_version=trial)
            for number, (shares, trial) in enumerate(
                [(HALF, None), (HALF, None), (TENTH, None), (TENTH, 7), (HALF, None)]
            )
        ]
        assert written == [True, False, True, True, True]
        strata = strata_of(log.changes(), {})
        assert strata.shares == [HALF, TENTH] or [*map(dict, strata.shares)] == [HALF, TENTH]
        assert [(0, 0), (1, 0), (1, 7), (0, 0)] == [(p.stratum, p.trial) for p in strata.periods]
        assert strata.periods[0].since is None
        assert ShareLog(database, "another").changes() == []


class TestSplit:
    def test_planted_48_to_52_is_found(self):
        """
        4,800 of 10,000 where a half was dealt: (4800-5000)² / 2500 = 16, p = 0.00006.
        """
        assert split_pvalue([StratumSplit(4_800, 10_000, 0.5)]) == pytest.approx(
            6.334e-05, rel=1e-3
        )

    def test_changed_shares_are_no_alarm(self):
        """
        1,000 of 2,000 at a half, then 200 of 2,000 at a tenth: dealt as announced in both.
        """
        assert split_pvalue([StratumSplit(1_000, 2_000, 0.5), StratumSplit(200, 2_000, 0.1)]) == 1.0

    def test_somebody_held_out_where_nobody_should_be(self):
        """
        It contradicts the shares outright; where nobody can be, there is nothing to check.
        """
        assert split_pvalue([StratumSplit(1, 50, 0.0)]) == 0.0
        assert split_pvalue([StratumSplit(0, 50, 0.0)]) is None
