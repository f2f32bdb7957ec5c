"""The staff's home page, on a day with many dialogues."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.slack.block_rules import broken_view_rules
from bot.channels.slack.home import SHOWN, HomeLists, home_view
from bot.controls import ModelState
from feedback.db.tables.desk import DeskCard
from feedback.desk.targets import USUAL_TARGETS
from feedback.report.week_summary import WeekFigures
from tests.bot.shop import NOON
from tests.slack_peer import text_of


def card(number, **changes):
    return DeskCard(
        card_id=f"c{number}", dialogue_id=f"d{number}", reason="unsure", opened_at=NOON,
        acted_at=NOON, waiting_since=NOON, channel="C1", ts="1.1", **changes,
    )  # fmt: skip


def home(cards, zone):
    return home_view(
        shop="Juniper Lane",
        lists=HomeLists(cards, USUAL_TARGETS, ZoneInfo(zone), "https://shop.slack.com/"),
        figures=WeekFigures(212, 188, 24, 61, 7, 39),
        model=ModelState(12, NOON, None, (11, 12)),
        may_manage=True,
        now=NOON + timedelta(hours=3),
        user="U1",
    )


class TestHome:
    def test_of_many_cards_ten_of_each_list_are_shown_and_nothing_below_is_lost(self):
        """Figures, the model and every button stand below five full lists."""
        later = NOON + timedelta(days=1)
        per_list: tuple[dict[str, Any], ...] = (
            {"assignee": "U1"},
            {},
            {"assignee": "U2"},
            {"snoozed_until": later},
        )
        cards = [card(f"{n}-{k}", **each) for k, each in enumerate(per_list) for n in range(15)]
        view = home(cards, "UTC")
        shown = text_of({"blocks": view["blocks"]})

        assert [] == broken_view_rules(view)
        assert 5 * SHOWN == shown.count("|Open>")
        for name in ("home_retrain", "home_promote_11", "home_roll_back", "home_refresh"):
            assert name in shown
        assert "212 dialogues" in shown

    def test_times_are_the_shops(self):
        """Three in the afternoon in Greenwich is midnight in Tokyo."""
        shown = text_of({"blocks": home([card(1)], "Asia/Tokyo")["blocks"]})

        assert "As of 2026-03-03 00:00" in shown
