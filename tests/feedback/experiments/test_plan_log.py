"""Stories of plans: what begins by itself, what is kept, what a verdict changes."""

from decimal import Decimal

from feedback.experiments.plan import ExperimentPlan, Traffic, detectable, options, settle_for
from feedback.experiments.plan_log import PlanLog
from feedback.experiments.share_log import ShareLog
from feedback.experiments.traffic import past_traffic
from tests.factories import EXPERIMENT, NOW, days, make_orders, make_purchase
from tests.feedback.world import fill_shop


class TestPlanLog:
    def test_half_is_held_out_until_the_verdict_and_a_tenth_afterwards(self, one_database):
        """
        The plan that begins by itself; its verdict is noted once.
        """
        log = PlanLog(one_database, EXPERIMENT)
        begun = log.ensure(ExperimentPlan(), NOW)
        assert ("default", 0.5) == (begun.plan.origin, begun.held_out(NOW))

        assert log.decide("better", NOW + days(30))
        assert not log.decide("worse", NOW + days(60))
        kept = log.newest()
        assert kept is not None
        assert ("better", 0.5, 0.1) == (
            kept.verdict,
            kept.held_out(NOW + days(29)),
            kept.held_out(NOW + days(31)),
        )

    def test_an_experiment_that_runs_keeps_its_share_and_its_measure(self, one_database):
        """
        Begun under an earlier version, with a tenth held out: no upgrade changes it.
        """
        ShareLog(one_database, EXPERIMENT).record({"holdout": 0.1, "champion": 0.9}, NOW - days(9))
        found = PlanLog(one_database, EXPERIMENT).ensure(ExperimentPlan(), NOW)
        assert ("before", 0.1, ("rps",), NOW - days(9)) == (
            found.plan.origin,
            found.held_out(NOW + days(999)),
            found.plan.measures,
            found.since,
        )

    def test_what_is_settled_later_comes_back(self, one_database):
        """
        The cap and the horizon for the shop's own numbers, in the same plan.
        """
        log = PlanLog(one_database, EXPERIMENT)
        begun = log.ensure(ExperimentPlan(), NOW)
        settled = settle_for(Traffic(4_000.0, 0.03, 50.0), begun.plan)
        log.settle(settled)
        assert settled == log.newest().plan  # type: ignore[union-attr]
        assert (18, 0.15) == (settled.weeks, settled.effect)


class TestPlanning:
    def test_half_held_out_takes_a_third_of_the_weeks_of_a_tenth(self):
        """
        What each split takes and costs stands side by side.
        """
        half, *_, tenth = options(Traffic(4_000, 0.03, 50.0), 0.10)
        assert (half.weeks or 0) * 2.5 < (tenth.weeks or 0)
        assert (300.0, 60.0) == (half.cost, tenth.cost)

    def test_the_detectable_effect_is_the_one_whose_weeks_these_are(self):
        """
        Weeks from an effect and an effect from weeks agree.
        """
        traffic = Traffic(4_000, 0.03)
        assert abs((detectable(37, 0.5, traffic) or 0) - 0.10) < 0.002

    def test_a_shops_own_past_is_read(self, one_database):
        """
        Shoppers a week, how many of them bought, and what an order brings, matched or not.
        """
        fill_shop(
            one_database,
            shoppers={"holdout": 200, "champion": 200},
            cvr={"holdout": 0.25, "champion": 0.25},
            until=NOW - days(7),
        )
        make_orders(one_database).record(
            make_purchase(total=Decimal("60"), token_shopper_id=None, placed_at=NOW - days(3)), NOW
        )
        past = past_traffic(one_database, EXPERIMENT, NOW)
        assert 95 < (past.visitors or 0) < 145
        assert 0.15 < (past.cvr or 0) < 0.35
        assert 40 < (past.basket or 0) < 100
