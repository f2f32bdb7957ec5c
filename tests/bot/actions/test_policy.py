"""Policy of the shop: conditions over its facts, said with their rule when they say no."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from bot.actions.back_office import OrderItem, PlacedOrder
from bot.actions.policy import PolicyCase, judge
from tests.bot.actions.acting_shop import ActingShop

ARRIVED = datetime(2026, 3, 1, tzinfo=UTC)
RING = OrderItem("ring", "ring", "Silver Ring", Decimal(20), category="Jewellery")


def case(now: datetime, *, arrived: str = "2026-03-01T00:00:00Z") -> PolicyCase:
    order = PlacedOrder("A1", "delivered", (RING,), placed_at=arrived, delivered_at=arrived)
    return PolicyCase(order, (RING,), now)


class TestConditions:
    @given(days=st.integers(0, 400), passed=st.timedeltas(timedelta(0), timedelta(days=500)))
    def test_a_return_is_allowed_until_its_last_day(self, days: int, passed: timedelta):
        """Whatever the shop's fact says."""
        verdict = judge("return_items", case(ARRIVED + passed), {"return_days": f"{days} days"})
        assert verdict is not None

        assert verdict.allowed == (passed <= timedelta(days=days))

    @pytest.mark.parametrize("left_out", ["jewellery", "Gifts, silver ring", "首饰；JEWELLERY"])
    def test_what_the_shop_leaves_out_is_not_taken_back(self, left_out: str):
        """By its category or its name."""
        verdict = judge("exchange_items", case(ARRIVED), {"no_returns": left_out})
        assert verdict is not None

        assert ("left_out", False) == (verdict.code, verdict.allowed)

    def test_a_word_within_another_leaves_nothing_out(self):
        """ "Ring" is no "spring"; half a word is none."""
        verdict = judge("return_items", case(ARRIVED), {"no_returns": "ilver"})
        assert verdict is not None

        assert verdict.allowed

    def test_what_the_shop_does_not_know_forbids_nothing(self):
        """No date of arrival, no fact: the back office checks for itself."""
        late = case(ARRIVED + timedelta(days=90), arrived="")
        verdict = judge("return_items", late, {"return_days": "30"})
        assert verdict is not None

        assert verdict.allowed
        assert judge("return_items", case(ARRIVED), {}) is None
        assert judge("change_payment", case(ARRIVED), {"return_days": "30"}) is None


class TestInTheChat:
    def test_too_late_is_said_with_the_rule_before_anything_is_asked(self, shop: ActingShop):
        """Thirty days, by the shop's own fact."""
        shop.facts["return_days"] = "30"
        shop.office.orders["A1002"]["delivered_at"] = "2026-01-02T00:00:00Z"
        answer = shop.say("return the rug from order A1002, ann@example.com")

        assert ("refused", []) == (answer.kind, shop.written)
        assert "within 30 days" in answer.text
        assert "2026-01-02" in answer.text

    def test_an_item_that_is_left_out_is_refused_and_the_other_one_is_not(self, shop: ActingShop):
        """Hats are worn on heads."""
        shop.facts["no_returns"] = "hat"
        hat = shop.say("return the hat from order A1002, ann@example.com")
        rug = shop.say("then return the rug from order A1002")

        assert ("refused", "confirm") == (hat.kind, rug.kind)
        assert "Felt Hat" in hat.text

    def test_minutes_for_changing_ones_mind(self, shop: ActingShop):
        """An hour after it was placed it is too late to cancel."""
        shop.facts["cancel_minutes"] = "60"
        answer = shop.say("cancel order A1001, no longer needed, ann@example.com")

        assert "within 60 minutes" in answer.text

    def test_a_fee_is_in_the_summary_and_the_rule_passed_on_the_staffs_card(self, shop: ActingShop):
        """In the shop's own words."""
        shop.facts |= {"return_fee": "$4.90", "return_days": "30"}
        summary = shop.say("return the rug from order A1002, ann@example.com")
        shop.say("yes")

        assert "$4.90" in summary.text
        assert "Within the 30 days for sending back" == shop.runs.newest()[0].policy
