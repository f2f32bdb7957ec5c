"""The gate's group for order actions: no promotion that raises wrong acts."""

from collections import Counter

import pytest

from serving.contract import ACTIONS, NO_ACTION
from training.evaluation.verdict import Verdict
from training.evaluation.wishes import (
    AskedWish,
    acted,
    asked_wishes,
    check_actions,
    compare_actions,
)

WISHES = [AskedWish("cancel_order", f"cancel {number}") for number in range(50)]
WISHES += [AskedWish(NO_ACTION, f"how long is it {number}") for number in range(50)]
PASSED = Verdict(True, ("all: well",))


def said(cancelled: range, *, sure: float = 0.9) -> list[dict[str, float]]:
    """What a head says of the wishes: these places ask for a cancellation, the others nothing."""
    return [
        {"cancel_order": sure, NO_ACTION: 1 - sure}
        if place in cancelled
        else {"cancel_order": 0.1, NO_ACTION: 0.9}
        for place in range(len(WISHES))
    ]


def verdict(champion: range, challenger: range) -> Verdict:
    """The gate's, for heads that take these places for cancellations."""
    parts = compare_actions(WISHES, said(champion), said(challenger))
    return PASSED.also(map(check_actions, parts))


class TestGate:
    def test_an_equal_head_is_promoted(self):
        """The other rules have their say beside it."""
        found = verdict(range(50), range(50))

        assert found.promote
        assert "all: well" == found.reasons[0]

    def test_one_that_acts_where_nothing_was_asked_for_is_refused(self):
        """Six questions in a hundred would start a cancellation: the reason says so."""
        found = verdict(range(50), range(56))

        assert not found.promote
        reasons = "; ".join(found.reasons)
        assert "no wrong action: 94.0 % right of 100" in reasons
        assert "6 wrong acts more" in reasons

    def test_one_that_differs_by_chance_is_promoted(self):
        """Two equal heads, fitted anew, differ by a wish or two."""
        assert verdict(range(50), range(52)).promote

    def test_one_that_understands_less_is_refused(self):
        """Wishes that the champion heard are lost."""
        found = verdict(range(50), range(40))

        assert not found.promote
        assert "actions understood" in found.reasons[0]

    def test_one_that_understands_more_is_promoted(self):
        """With no wrong act more."""
        assert verdict(range(40), range(50)).promote

    def test_a_version_without_a_head_is_not_judged_by_it(self):
        """One from before there were heads."""
        assert [] == compare_actions(WISHES, [], said(range(50)))

    def test_what_was_refused_before_stays_refused(self):
        """And all reasons are told."""
        parts = compare_actions(WISHES, said(range(50)), said(range(60)))
        found = Verdict(False, ("all: worse",)).also(map(check_actions, parts))

        assert (False, "all: worse", 3) == (found.promote, found.reasons[0], len(found.reasons))


class TestSure:
    @pytest.mark.parametrize(
        ("shares", "expected"),
        [
            ({"cancel_order": 0.59, "none": 0.41}, "none"),
            ({"cancel_order": 0.61, "none": 0.39}, "cancel_order"),
            ({"change_items": 0.35, "exchange_items": 0.3, "none": 0.35}, "swap"),
            ({}, "none"),
        ],
    )
    def test_it_acts_as_the_clerk_would(self, shares: dict[str, float], expected: str):
        """At the same sureness, both kinds of swap together."""
        assert expected == acted(shares)


class TestLines:
    def test_every_action_and_none_are_asked_for_in_both_languages(self):
        """At least two of each in each."""
        chinese = Counter(w.action for w in asked_wishes() if not w.words.isascii())
        english = Counter(w.action for w in asked_wishes() if w.words.isascii())

        assert set(ACTIONS) == set(english)
        assert all(english[name] >= 2 for name in ACTIONS)
        assert all(chinese[name] >= 1 for name in ACTIONS)
