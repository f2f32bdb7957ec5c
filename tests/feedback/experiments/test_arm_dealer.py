"""Stories of dealing arms: shares as planned, each change of them logged first."""

from collections import Counter
from datetime import timedelta

from feedback.experiments.arm_dealer import ArmDealer
from feedback.experiments.schedule import HoldoutPlan, HoldoutStep
from feedback.experiments.share_log import ShareLog
from tests.factories import NOW

PLAN = HoldoutPlan(holdout=0.5, canary=0.2, ramp=(HoldoutStep(NOW + timedelta(days=1), 0.1),))


class TestArmDealer:
    def test_a_challenger_takes_part_while_it_is_on_trial(self) -> None:
        """The holdout stays who it is."""
        trial: list[int | None] = [None]
        deal = ArmDealer(lambda: PLAN, salt="s", on_trial=lambda: trial[0], clock=lambda: NOW)
        shoppers = [f"shopper-{number}" for number in range(500)]
        before = [deal(one) for one in shoppers]
        trial[0] = 7
        after = [deal(one) for one in shoppers]

        assert {"holdout", "champion"} == set(before)
        assert 60 < Counter(after)["challenger"] < 140
        assert [one == "holdout" for one in before] == [one == "holdout" for one in after]

    def test_each_change_of_the_shares_is_logged_once(self, one_database) -> None:
        """By the ramp's day, and by a trial's beginning; with why."""
        log, now = ShareLog(one_database, "clerk"), [NOW]
        trial: list[int | None] = [None]
        deal = ArmDealer(
            lambda: PLAN, salt="s", on_trial=lambda: trial[0], clock=lambda: now[0], log=log
        )
        for moment, version in ((0, None), (0, None), (2, None), (3, 7)):
            now[0], trial[0] = NOW + timedelta(days=moment), version
            deal("anna")

        dealt = log.changes()
        assert [0.5, 0.1, 0.1] == [one.shares["holdout"] for one in dealt]
        assert ["settings", "ramp", "ramp"] == [one.reason for one in dealt]
