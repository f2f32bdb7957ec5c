"""Whether a challenger may replace the champion."""

from training.gate import Part, allowed_loss, compare, judge


def part(*, name="all", n=400, champion=0.8, challenger=0.8, won=10, lost=10):
    return Part(name, n, champion, challenger, won, lost)


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

        verdict = judge([part(), english, chinese])

        assert not verdict.promote
        assert [reason.split(":")[0] for reason in verdict.reasons] == ["zh"]

    def test_does_not_judge_by_too_few_questions(self):
        """Nineteen questions can be lost by chance; it is said, not decided on."""
        verdict = judge([part(n=19, champion=1.0, challenger=0.0, won=0, lost=19)])

        assert verdict.promote
        assert "too few" in verdict.reasons[0]

    def test_refuses_when_a_pinned_answer_is_lost(self):
        """Pinned answers have no tolerance, however few."""
        verdict = judge([part()], pinned=part(name="pinned", n=3, won=2, lost=1))

        assert not verdict.promote
        assert "1 of 3" in verdict.reasons[0]


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
