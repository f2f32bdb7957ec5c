"""Scripted shoppers of order actions: what counts is what the back office did."""

from pathlib import Path

from benchmarks.actions.colleagues import colleague
from benchmarks.actions.run import ScriptedTalks, scripts
from bot.actions.rules import ActionRules
from feedback.db.database import Database
from tests.bot.actions.acting_shop import ActingShop


def chosen(kind: str, number: int = 0) -> dict:
    return [script for script in scripts() if script["kind"] == kind][number]


class TestScriptedTalks:
    def test_what_is_done_and_what_is_not_is_told_apart(
        self, one_database: Database, tmp_path: Path
    ):
        """A wish that a colleague approves, one that is forbidden, and one with other writes."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        forbidden, right = chosen("must not", 1), chosen("other wording", 8)
        wrong = {**right, "writes": [["return_items", {"order_id": "A1004", "skus": ["mug-s"]}]]}
        with colleague("desk", shop.shop, tmp_path) as staff:
            talks = ScriptedTalks(shop, "desk", staff)
            ends = [talks.play(script) for script in (forbidden, right, wrong)]

        assert ["right", "right", "missed"] == ends
        assert ["Mei"] == list({run.decided_by for run in shop.runs.newest()})

    def test_there_are_more_than_sixty_in_both_languages(self):
        """Of which some must lead to no write."""
        assert len(scripts()) > 60
        assert {"en", "zh"} == {script["locale"] for script in scripts()}
        assert 10 <= sum(not script["writes"] for script in scripts())
