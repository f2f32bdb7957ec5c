"""Whether a challenger may replace the champion."""

import json
from math import comb

import pytest

from feedback.experiments.off_policy import Estimate, OffPolicy
from training.evaluation.gate import (
    Comparison,
    Cost,
    Pins,
    allowed_loss,
    check_group,
    compare,
    judge,
)
from training.evaluation.verdict import Check, Verdict


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

    def test_few_questions_count_where_chance_does_not_explain_them(self):
        """Nineteen of nineteen lost are no chance; four of them may be, and it is said so."""
        assert not judge([part(n=19, champion=1.0, challenger=0.0, won=0, lost=19)]).promote
        few = judge([part(n=19, champion=1.0, challenger=0.8, won=0, lost=4)])

        assert few.promote
        assert "would be noticed" in few.reasons[0]

    def test_from_twenty_questions_on_the_net_loss_decides(self):
        """Four of twenty are past what an equal model loses, whatever a test of signs says."""
        assert not judge([part(n=20, champion=1.0, challenger=0.8, won=0, lost=4)]).promote

    def test_refuses_when_a_pinned_answer_is_lost(self):
        """Pinned answers have no tolerance, however few."""
        missed = part(name="pinned", n=4, challenger=0.75, won=0, lost=1)
        verdict = judge([part()], pinned=Pins(missed, ["are you open on sundays"]))

        assert not verdict.promote
        assert verdict.reasons == (
            "pinned: 1 of 4 not answered as pinned: “are you open on sundays”",
        )

    def test_demands_a_pinned_answer_that_the_champion_does_not_give(self):
        """All must hold: pinned after the champion was made, it is learned and then demanded."""
        both_wrong = part(name="pinned", n=2, champion=0.5, challenger=0.5, won=0, lost=0)
        assert not judge([part()], pinned=Pins(both_wrong)).promote

    def test_no_group_may_lose_more_than_two_points_and_than_chance(self):
        """Ten lost to one won is no chance; seven to four may be, three of a hundred or not."""
        assert judge([part()], groups=[part(name="returns", n=100, won=4, lost=7)]).promote
        assert not judge([part()], groups=[part(name="returns", n=100, won=1, lost=10)]).promote

    def test_a_small_group_is_judged_by_what_it_can_show(self):
        """Nine of 49 lost and none won is past chance; what little it could show stands with it."""
        assert not judge([part()], groups=[part(name="zh", n=49, won=0, lost=9)]).promote
        calm = judge([part()], groups=[part(name="zh", n=12, won=0, lost=1)]).checks[-1]
        assert calm.held is None
        assert "a loss of 5 % would be noticed 0 % of the time" in calm.text

    def test_a_part_holds_where_a_loss_would_be_noticed_one_time_in_five(self):
        """With three lost and two won of 51, 23 % of the time; with one of twelve, hardly ever."""
        assert check_group(part(name="zh", n=51, won=2, lost=3)).held is True
        assert check_group(part(name="zh", n=12, won=0, lost=1)).held is None

    def test_an_equal_model_is_seldom_refused(self):
        """Fifty questions, of which eight change by chance: one model of twenty, not one of six."""
        refused = sum(
            check_group(part(name="zh", n=50, won=8 - lost, lost=lost)).held is False
            for lost in range(9)
            for _ in range(comb(8, lost))
        )
        assert refused / 2**8 <= 0.05

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


class TestFurtherChecks:
    GOOD = Check("actions", "returns", True, "returns: as before")
    BAD = Check("actions", "cancels", False, "cancels: more often wrong")

    def test_each_refuses_by_itself_and_only_what_refused_is_said(self):
        """What holds is a reason for, beside the others; what does not is the only one against."""
        passed, refused = Verdict(True, ("all: well",)), Verdict(False, ("all: worse",))
        for_it = ("all: well", self.GOOD.text)
        against = ("all: worse", self.BAD.text)

        assert Verdict(True, for_it, (self.GOOD,)) == passed.also([self.GOOD])
        assert Verdict(False, (self.BAD.text,), (self.GOOD, self.BAD)) == passed.also(
            [self.GOOD, self.BAD]
        )
        assert Verdict(False, ("all: worse",), (self.GOOD,)) == refused.also([self.GOOD])
        assert Verdict(False, against, (self.BAD,)) == refused.also([self.BAD])


class TestTheLog:
    def found(self, difference, **changes):
        one = Estimate(0.3, 0.28, 0.32)
        return OffPolicy(900, 700, 0.9, 800.0, one, one, one, one, difference)._replace(**changes)

    def test_refuses_only_together_with_lost_questions(self):
        """A log made under an old policy speaks against every better one: alone it refuses none."""
        worse = self.found(Estimate(-0.06, -0.08, -0.04))
        assert judge([part(won=5, lost=4)], off_policy=worse).promote
        assert not judge([part(won=4, lost=5)], off_policy=worse).promote

    def test_refuses_where_one_part_of_the_questions_lost_and_not_where_both_are_even(self):
        """The newest questions speak for themselves; as many won as lost speak against nobody."""
        worse = self.found(Estimate(-0.06, -0.08, -0.04))
        newest = part(name="newest", won=1, lost=2)
        assert not judge([part(won=9, lost=4), newest], off_policy=worse).promote
        assert judge([part(won=5, lost=5)], off_policy=worse).promote

    def test_lets_pass_what_may_be_chance(self):
        """An interval that reaches past two points of loss is no proof."""
        assert judge([part()], off_policy=self.found(Estimate(-0.03, -0.05, -0.01))).promote

    def test_is_not_asked_about_what_it_never_showed(self):
        """Where too few of the challenger's answers were ever said, it cannot tell."""
        unknown = self.found(None, support=0.4, dr=None)
        verdict = judge([part(won=4, lost=5)], off_policy=unknown)

        assert verdict.promote
        assert "cannot tell, only 40.0 % of its answers were ever shown" in verdict.reasons[-1]


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

    def test_who_lost_is_told_from_who_won(self):
        """Three that only the champion knew, one the challenger alone, and two that both did."""
        champion = [True, True, True, False, True, True]
        challenger = [False, False, False, True, True, True]

        found = compare("all", champion, challenger)

        assert Comparison("all", 6, 0.833333, 0.5, won=1, lost=3) == found

    def test_one_question_is_all_of_them(self):
        """Not a half."""
        assert Comparison("all", 1, 1.0, 1.0, won=0, lost=0) == compare("all", [True], [True])

    def test_shares_are_written_with_six_decimals(self):
        """A third of three."""
        assert Comparison("all", 3, 0.333333, 0.666667, won=1, lost=0) == compare(
            "all", [True, False, False], [True, True, False]
        )

    def test_no_question_is_no_share(self):
        """And no division by nothing."""
        assert Comparison("all", 0, 0, 0, won=0, lost=0) == compare("all", [], [])


def outcome(rule, **given):
    """What came of a rule: held, not, or None."""
    return [check.held for check in judge([], **given).checks if check.rule == rule]


class TestBorders:
    """On either side of each number the verdict differs, and nowhere else."""

    @pytest.mark.parametrize(("lost", "held"), [(4, None), (5, False)])
    def test_five_lost_of_a_few_are_past_chance(self, lost, held):
        """Four of four fall one way once in sixteen, five of five once in 32."""
        few = Comparison("all", 19, 1.0, 1 - lost / 19, won=0, lost=lost)

        assert [held] == [check.held for check in judge([few]).checks]

    @pytest.mark.parametrize(("net", "held"), [(728, True), (730, True), (732, False)])
    def test_exactly_what_is_allowed_may_be_lost(self, net, held):
        """Of 40,100 questions 401, and 1.645 x 200 that chance takes of 40,000 changed ones."""
        many = part(n=40_100, won=20_000 - net // 2, lost=20_000 + net // 2)

        assert 730 == allowed_loss(many)
        assert [held] == [check.held for check in judge([many]).checks]

    @pytest.mark.parametrize(("lost", "held"), [(9, True), (10, True), (11, False)])
    def test_two_points_of_a_group_may_be_lost(self, lost, held):
        """Ten of five hundred, what was won set against it."""
        assert [held] == outcome("group", groups=[part(name="zh", n=500, won=3, lost=3 + lost)])

    def test_what_shoppers_get_is_judged_apart_from_what_is_ranked_first(self):
        """As much is ranked rightly, but less of it is said; wrong answers count apart."""
        told = part(name="answered rightly", n=200, champion=0.6, challenger=0.5, won=5, lost=25)
        clean = part(name="not answered wrongly", n=200, champion=0.97, challenger=0.97)
        verdict = judge([part()], served=[told, clean])

        assert not verdict.promote
        assert verdict.reasons[0].startswith("answered rightly: 50.0 % right of 200")
        assert [False, True] == outcome("served", served=[told, clean])

    @pytest.mark.parametrize(("parts", "held"), [(1, False), (3, None)])
    def test_many_parts_share_the_chance_of_a_false_refusal(self, parts, held):
        """Five of five lost come once in 32: past one in twenty, within a third of that."""
        lost = part(name="answered rightly", n=50, won=0, lost=5)
        same = part(name="answered rightly, en", n=50, won=0, lost=0)

        assert held == outcome("served", served=[lost, *[same] * (parts - 1)])[0]

    @pytest.mark.parametrize(
        ("n", "lost", "held"),
        [(1, 2, True), (8, 3, False), (29, 3, False), (30, 3, True), (39, 4, False), (40, 4, True)],
    )
    def test_of_labelled_questions_two_or_a_tenth_may_be_lost(self, n, lost, held):
        """Whichever is more, in whole questions."""
        assert [held] == outcome("labelled", labelled=[part(name="returns", n=n, won=0, lost=lost)])

    @pytest.mark.parametrize(("ms", "held"), [(11.9, True), (12.0, True), (12.1, False)])
    def test_half_as_slow_again_is_allowed(self, ms, held):
        """Exactly half, too."""
        assert [held] == outcome("latency", costs=(Cost(8.0, 40.0), Cost(ms, 40.0)))

    @pytest.mark.parametrize(("ms", "held"), [(1.9, True), (2.0, True), (2.1, False)])
    def test_two_milliseconds_nobody_notices(self, ms, held):
        """However quick the champion is."""
        assert [held] == outcome("latency", costs=(Cost(0.1, 40.0), Cost(ms, 40.0)))

    @pytest.mark.parametrize(("megabytes", "held"), [(59.0, True), (60.0, True), (60.1, False)])
    def test_half_as_large_again_is_allowed(self, megabytes, held):
        """Exactly half, too."""
        assert [held] == outcome("size", costs=(Cost(8.0, 40.0), Cost(8.0, megabytes)))

    @pytest.mark.parametrize(("high", "held"), [(-0.021, False), (-0.02, True), (-0.019, True)])
    def test_a_log_is_sure_past_two_points(self, high, held):
        """The whole interval has to lie beyond them."""
        assert [held] == outcome("off_policy", off_policy=log(Estimate(-0.06, -0.08, high)))

    @pytest.mark.parametrize("missing", ["dr", "difference", "logged"])
    def test_a_log_without_an_estimate_says_nothing(self, missing):
        """Whichever is missing."""
        worse = log(Estimate(-0.06, -0.08, -0.04))._replace(**{missing: None})

        assert [None] == outcome("off_policy", off_policy=worse)


def log(difference, **changes):
    """What a log says of a challenger."""
    would, were = Estimate(0.3, 0.28, 0.32), Estimate(0.4, 0.35, 0.45)
    found = OffPolicy(900, 700, 0.9, 800.0, would, would, would, were, difference)
    return found._replace(**changes)


class TestSentences:
    """Each rule says what it saw, for the desk, the audit log and the report."""

    @pytest.mark.parametrize(
        ("part", "check"),
        [
            (
                Comparison("all", 400, 0.805, 0.8, won=10, lost=12),
                Check("held_out", "all", True, "all: 80.0 % right of 400, the champion 80.5 %"),
            ),
            (
                Comparison("all", 400, 0.8, 0.6, won=10, lost=90),
                Check(
                    "held_out",
                    "all",
                    False,
                    "all: 60.0 % right of 400, the champion 80.0 %; 80 lost net, 20.4 allowed",
                ),
            ),
            (
                Comparison("newest", 8, 1.0, 0.5, won=0, lost=4),
                Check(
                    "held_out",
                    "newest",
                    None,
                    "newest: 50.0 % right of 8, the champion 100.0 %; a loss of 5 % would be"
                    " noticed 0 % of the time",
                ),
            ),
        ],
    )
    def test_of_a_part(self, part, check):
        """How many were right, of how many, and of a loss how much was allowed."""
        assert (check,) == judge([part]).checks

    @pytest.mark.parametrize(
        ("group", "held", "text"),
        [
            (
                Comparison("zh", 100, 0.9, 0.88, won=1, lost=3),
                True,
                (
                    "zh: 88.0 % right of 100, the champion 90.0 %; a loss of 5 % would be noticed"
                    " 37 % of the time"
                ),
            ),
            (
                Comparison("zh", 100, 0.9, 0.82, won=1, lost=9),
                False,
                (
                    "zh: 82.0 % right of 100, the champion 90.0 %; 8.0 points lost, by chance"
                    " p = 0.011"
                ),
            ),
            (
                Comparison("zh", 10, 0.9, 0.8, won=0, lost=1),
                None,
                (
                    "zh: 80.0 % right of 10, the champion 90.0 %; a loss of 5 % would be noticed"
                    " 0 % of the time"
                ),
            ),
        ],
    )
    def test_of_a_group(self, group, held, text):
        """In points."""
        assert (Check("group", "zh", held, text),) == judge([], groups=[group]).checks

    def test_of_labelled_questions(self):
        """All together while none fell, else each reply that lost."""
        whole = [part(name="a", n=8, lost=10), part(name="b", n=30, lost=10)]
        fallen = Comparison("b", 10, 0.9, 0.5, won=1, lost=5)

        assert (
            Check(
                "labelled",
                "labelled",
                True,
                "labelled: 38 questions of 2 replies, none lost more than a few",
            ),
        ) == judge([], labelled=whole).checks
        assert (
            Check(
                "labelled",
                "b",
                False,
                "labelled b: 50.0 % right of 10, the champion 90.0 %; 4 lost net, 2 allowed",
            ),
        ) == judge([], labelled=[whole[0], fallen]).checks
        assert () == judge([], labelled=[]).checks

    def test_of_pinned_answers(self):
        """How many hold, or the first three that do not."""
        holds = Comparison("pinned", 4, 1.0, 1.0, won=0, lost=0)
        misses = Comparison("pinned", 5, 1.0, 0.2, won=0, lost=4)

        assert (Check("pinned", "pinned", True, "pinned: all 4 hold"),) == judge(
            [], pinned=Pins(holds)
        ).checks
        text = "pinned: 4 of 5 not answered as pinned"
        assert (Check("pinned", "pinned", False, text),) == judge([], pinned=Pins(misses)).checks
        named = judge([], pinned=Pins(misses, ["a", "b", "c", "d"])).reasons
        assert (f"{text}: “a”, “b”, “c”",) == named

    def test_of_a_log(self):
        """Both shares, the interval, and why it says nothing where it does not."""
        told = "off-policy: 30.0 % [28.0 %, 32.0 %] of its answers would be accepted, 40.0 % were"
        better, worse = Estimate(0.1, 0.05, 0.15), Estimate(-0.1, -0.15, -0.05)
        seen = {
            judge([], off_policy=found).checks[0]
            for found in (
                log(better), log(worse), log(None, support=0.25, dr=None), log(None, logged=None),
            )
        }  # fmt: skip
        few = "off-policy: 900 answers to 700 shoppers; too few to judge by"
        unseen = (
            "off-policy: 900 answers to 700 shoppers; cannot tell, only 25.0 % of its answers were"
            " ever shown"
        )
        assert {
            Check("off_policy", "off-policy", True, told),
            Check("off_policy", "off-policy", False, f"{told}; surely worse"),
            Check("off_policy", "off-policy", None, unseen),
            Check("off_policy", "off-policy", None, few),
        } == seen

    def test_of_costs(self):
        """Milliseconds and megabytes of both."""
        verdict = judge([], costs=(Cost(8.0, 40.0), Cost(9.25, 41.0)))

        latency = "latency: an answer takes 9.2 ms, the champion's 8.0"
        size = "size: 41.0 MB, the champion has 40.0"
        assert (
            Check("latency", "latency", True, latency),
            Check("size", "size", True, size),
        ) == verdict.checks

    def test_a_verdict_comes_back_from_json_as_it_was(self):
        """Kept with the run, shown months later."""
        verdict = judge([part(name="b", n=400, won=1, lost=90)], groups=[part(name="en")])

        assert verdict == Verdict.from_json(json.loads(json.dumps(verdict.as_json())))
        assert {"promote", "reasons", "checks"} == set(verdict.as_json())
