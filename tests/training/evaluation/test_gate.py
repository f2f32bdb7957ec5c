"""Whether a challenger may replace the champion."""

import json

from feedback.experiments.off_policy import Estimate, OffPolicy
from training.evaluation.gate import Comparison, Cost, allowed_loss, compare, judge


def part(*, name="all", n=400, champion=0.8, challenger=0.8, won=10, lost=10):
    return Comparison(name, n, champion, challenger, won, lost)


class TestJudge:
    def test_promotes_an_equal_challenger(self):
        """Not worse is enough: it has learned what the champion has not seen."""
        assert judge([part()]).promote

    def test_forgives_what_chance_takes(self):
        """Of 24 changed answers, chance alone loses 16 and wins 8 about once in seven."""
        assert judge([part(challenger=0.78, won=8, lost=16)]).promote

    def test_refuses_a_clear_loss_and_says_by_how_much(self):
        """The reason names the part, both figures and what was allowed."""
        verdict = judge([part(challenger=0.6, won=10, lost=90)])

        assert not verdict.promote
        assert "80 lost net" in verdict.reasons[0]

    def test_refuses_when_a_single_language_loses(self):
        """A gain in English does not pay for a loss in Chinese."""
        english = part(name="en", challenger=0.9, won=50, lost=5)
        chinese = part(name="zh", challenger=0.6, won=5, lost=85)

        verdict = judge([part()], groups=[english, chinese])

        assert not verdict.promote
        assert [reason.split(":")[0] for reason in verdict.reasons] == ["zh"]

    def test_does_not_judge_by_too_few_questions(self):
        """Nineteen questions can be lost by chance; it is said, not decided on."""
        verdict = judge([part(n=19, champion=1.0, challenger=0.0, won=0, lost=19)])

        assert verdict.promote
        assert "too few" in verdict.reasons[0]

    def test_refuses_when_a_pinned_answer_is_lost(self):
        """Pinned answers have no tolerance, however few."""
        missed = part(name="pinned", n=4, challenger=0.75, won=0, lost=1)
        verdict = judge([part()], pinned=missed, pins_wrong=["are you open on sundays"])

        assert not verdict.promote
        assert verdict.reasons == (
            "pinned: 1 of 4 not answered as pinned: “are you open on sundays”",
        )

    def test_demands_a_pinned_answer_that_the_champion_does_not_give(self):
        """All must hold: pinned after the champion was made, it is learned and then demanded."""
        both_wrong = part(name="pinned", n=2, champion=0.5, challenger=0.5, won=0, lost=0)
        assert not judge([part()], pinned=both_wrong).promote

    def test_no_large_group_may_lose_more_than_two_points(self):
        """Chance is no excuse here: three of a hundred are refused, two are not."""
        lost_two = part(name="topic returns", n=100, won=4, lost=6)
        lost_three = part(name="topic returns", n=100, won=4, lost=7)

        assert judge([part()], groups=[lost_two]).promote
        assert not judge([part()], groups=[lost_three]).promote

    def test_a_small_group_is_said_and_not_judged_by(self):
        """Of 49 questions a single one is more than two points."""
        small = part(name="zh", n=49, won=0, lost=9)
        verdict = judge([part()], groups=[small])

        assert verdict.promote
        assert [check.held for check in verdict.checks] == [True, None]

    def test_no_reply_may_lose_what_the_staff_labelled_with_it(self):
        """However few they are: with eight in a shop of thousands no other part would show it."""
        taken_over = part(name="shipping_cost", n=8, champion=1.0, challenger=0.0, won=0, lost=8)
        verdict = judge([part()], labelled=[part(name="returns", n=40), taken_over])

        assert not verdict.promote
        assert [(check.rule, check.name) for check in verdict.checks if check.held is False] == [
            ("labelled", "shipping_cost")
        ]
        assert "labelled shipping_cost: 0.0 % right of 8" in verdict.reasons[0]

    def test_a_few_labelled_questions_may_fall(self):
        """Two of a small reply, a tenth of a large one; what was won is set against it."""
        fallen = [
            part(name="small", n=8, won=0, lost=2),
            part(name="large", n=60, won=0, lost=6),
            part(name="mixed", n=8, won=3, lost=5),
        ]
        assert judge([part()], labelled=fallen).promote
        assert not judge([part()], labelled=[part(name="large", n=60, won=0, lost=7)]).promote

    def test_refuses_what_is_half_as_slow_or_large_again(self):
        """And forgives what nobody notices."""
        champion = Cost(8.0, 40.0)
        held = {"ok": Cost(11.0, 50.0), "slow": Cost(13.0, 40.0), "large": Cost(8.0, 61.0)}
        promoted = {
            name: judge([part()], costs=(champion, cost)).promote for name, cost in held.items()
        }
        assert promoted == {"ok": True, "slow": False, "large": False}
        assert judge([part()], costs=(Cost(0.5, 1.0), Cost(1.9, 1.0))).promote

    def test_every_rule_leaves_a_check_that_can_be_stored(self):
        """The verdict is a value: it goes through JSON, with each rule's outcome."""
        verdict = judge([part()], groups=[part(name="en")], costs=(Cost(5, 9), Cost(5, 9)))
        stored = json.loads(json.dumps(verdict.as_json()))

        assert [check["rule"] for check in stored["checks"]] == [
            "held_out", "group", "latency", "size",
        ]  # fmt: skip
        assert stored["promote"] is True


class TestTheLog:
    def found(self, difference, **changes):
        one = Estimate(0.3, 0.28, 0.32)
        return OffPolicy(900, 700, 0.9, 800.0, one, one, one, one, difference)._replace(**changes)

    def test_refuses_what_the_log_is_sure_is_worse(self):
        """More than two points fewer accepted, interval and all."""
        assert not judge([part()], off_policy=self.found(Estimate(-0.06, -0.08, -0.04))).promote

    def test_lets_pass_what_may_be_chance(self):
        """An interval that reaches past two points of loss is no proof."""
        assert judge([part()], off_policy=self.found(Estimate(-0.03, -0.05, -0.01))).promote

    def test_is_not_asked_about_what_it_never_showed(self):
        """Where less than half of the challenger's answers were ever said, nobody knows."""
        unknown = self.found(Estimate(-0.06, -0.08, -0.04), support=0.4)
        verdict = judge([part()], off_policy=unknown)

        assert verdict.promote
        assert "only 40.0 % of its answers were ever shown" in verdict.reasons[-1]


class TestAllowedLoss:
    def test_grows_with_the_questions_and_with_the_churn(self):
        """One in a hundred, and 1.645 standard deviations of a fair coin."""
        assert allowed_loss(part(n=100, won=0, lost=0)) == 1.0
        assert allowed_loss(part(n=100, won=8, lost=8)) == 1.0 + 1.645 * 4


class TestCompare:
    def test_pairs_the_same_questions(self):
        """Won and lost are counted question by question."""
        found = compare("all", [True, False, True], [True, True, False])

        assert (found.won, found.lost, found.n) == (1, 1, 3)
