"""Stories of the verdict: looks of a plan, floors, and what withholds it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tea_tasting.aggr import Aggregates

from feedback.experiments.aggregates import Cell, Largest, week_start
from feedback.experiments.decision import Judgement, judge
from feedback.experiments.metric_registry import FACTS
from feedback.experiments.plan import BEFORE, ExperimentPlan, Traffic

FIRST = 2968  # the week of 2026-11-23
PLAN = ExperimentPlan(weeks=8)


def sums(shoppers: int, buyers: int, each: float = 50.0) -> Aggregates:
    """An arm of a week, where all baskets are alike."""
    rate = buyers / shoppers
    spread = rate * (1 - rate) * shoppers / (shoppers - 1)
    means: dict[str, float] = dict.fromkeys(FACTS, 0.0)
    variances: dict[str, float] = dict.fromkeys(FACTS, 0.0)
    for name, worth in (("buyers", 1.0), ("orders", 1.0), ("revenue", each), ("capped", each)):
        means[name], variances[name] = rate * worth, spread * worth**2
    pairs: Any = {("revenue", "orders"): spread * each, ("capped", "before"): 0.0}
    return Aggregates(shoppers, means, variances, pairs)


def shop(
    weeks: int, held: int, clerk: int, *, each: float = 50.0, shoppers: int = 2_000
) -> dict[Cell, Aggregates]:
    """So many buyers a week in each arm."""
    return {
        Cell(arm, 0, week=FIRST + week): sums(shoppers, buyers, each if arm == "champion" else 50.0)
        for week in range(weeks)
        for arm, buyers in (("holdout", held), ("champion", clerk))
    }


def judged(cells: dict[Cell, Aggregates], plan: ExperimentPlan = PLAN, **more: Any) -> Judgement:
    newest = max(cell.week for cell in cells)
    until = datetime.fromisoformat(week_start(newest + 1)).replace(tzinfo=UTC)
    return judge(cells, plan, until=until, **more)


class TestPlannedLooks:
    def test_an_effect_that_is_there_from_the_start_waits_for_its_look(self):
        """
        Four in ten more buy: the first look hides it, whose border is far out; a later shows it.
        """
        first = judged(shop(1, 60, 86))
        assert ("not yet", "undecided", 7) == (first.verdict, first.reason, first.weeks_needed)
        later = judged(shop(4, 60, 86))
        assert ("better", "cvr") == (later.verdict, later.measure)
        assert later.uplift is not None
        assert 0 < (later.uplift.low or 0) < (later.uplift.value or 0)

    def test_a_verdict_stays_though_later_weeks_are_weak(self):
        """
        The look that passed decides; what came afterwards is no reason to take it back.
        """
        early, calm = shop(4, 60, 86), shop(8, 60, 60)
        later = {**calm, **early}
        assert judged(early).standing.decided_at == judged(later).standing.decided_at  # type: ignore[union-attr]
        assert "better" == judged(later).verdict

    def test_the_planned_end_is_an_end(self):
        """
        Without an effect the last look says so, and no week after it decides any more.
        """
        over = judged(shop(8, 60, 61))
        assert ("not yet", "planned_end") == (over.verdict, over.reason)
        late = {**shop(30, 60, 120), **shop(8, 60, 61)}
        assert "planned_end" == judged(late).reason

    def test_the_standing_says_what_can_be_seen(self):
        """
        Look 3 of 8, until when, and the smallest effect that buyers as they come would show.
        """
        standing = judged(shop(3, 60, 62)).standing
        assert standing is not None
        assert (3, 8, "2027-01-18") == (standing.look, standing.of, standing.until)
        assert 0.15 < (standing.detectable or 0) < 0.30

    def test_information_is_counted_in_buyers(self):
        """
        Where twice as many buy as planned the looks go twice as far: the plan has its end early.
        """
        quick = ExperimentPlan(weeks=8, traffic=Traffic(4_000, 0.015))
        assert judged(shop(4, 60, 75), quick).standing.boundary < 2.4  # type: ignore[union-attr,operator]
        assert judged(shop(4, 60, 75)).standing.boundary > 2.9  # type: ignore[union-attr,operator]


class TestWithheld:
    def test_below_sixty_buyers_nothing_is_said(self):
        """
        Buyers count, not orders: eighty orders of one reseller are one buyer.
        """
        found = judged(shop(2, 10, 28))
        assert ("not yet", "too_few_orders") == (found.verdict, found.reason)

    def test_more_buyers_and_less_revenue_is_no_verdict(self):
        """
        A clerk that sells more often and for much less is for a person to weigh.
        """
        found = judged(shop(8, 60, 90, each=20.0))
        assert ("not yet", "contradiction") == (found.verdict, found.reason)

    def test_a_verdict_that_hangs_on_one_shopper_is_withheld(self):
        """
        One buyer fewer in the clerk's arm, and the border is not passed any more.
        """
        scores = {
            clerk: judged(shop(8, 60, clerk, shoppers=2_000)).reason for clerk in range(60, 90)
        }
        first = min(clerk for clerk, reason in scores.items() if reason == "decided")
        cells = shop(8, 60, first)
        whale = {"champion": Largest(10_000.0, 2_500.0), "holdout": Largest(50.0, 50.0)}
        assert judged(cells).influence.stands is True  # type: ignore[union-attr]
        assert judged(cells, largest=whale).influence.shares["champion"] > 0.3  # type: ignore[union-attr]

    @pytest.mark.parametrize("reason", ["srm", "matching"])
    def test_a_broken_deal_outweighs_any_figure(self, reason):
        """
        Arms of the wrong size, or orders that are matched differently in them, decide nothing.
        """
        broken: dict[str, Any] = {f"{reason}_pvalue": 1e-6}
        found = judged(shop(8, 60, 120), **broken)
        assert ("not yet", reason) == (found.verdict, found.reason)


class TestEarlierPlans:
    def test_an_experiment_begun_before_keeps_its_measure(self):
        """
        Revenue per shopper, raw and at any time, as it was begun; the standing says so.
        """
        found = judged(shop(8, 60, 120), BEFORE)
        assert ("better", "rps", "before") == (
            found.verdict,
            found.measure,
            found.standing.origin,  # type: ignore[union-attr]
        )
