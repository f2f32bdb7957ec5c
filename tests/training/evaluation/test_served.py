"""What shoppers would get of two versions: the gate's comparison at thresholds."""

from bot.conversation.policy import Policy
from serving.ranker import Candidate, Ranking
from training.evaluation.served import answering, compare_served


def asked(best: str, confidence: float, answer_at: float | None = None) -> Ranking:
    """A ranking whose first candidate is `best`; the version's threshold, if it has one."""
    candidates = (Candidate(best, 2.0), Candidate("other", 1.0))
    return Ranking(candidates, confidence, "model", 1, answer_at=answer_at)


def acts(ranking: Ranking) -> dict[str, float]:
    """What the shipped policy does, surely."""
    decision = Policy().decide(ranking)
    said = decision.candidates[0].id if decision.kind == "answer" else decision.kind
    return {said: 1.0}


class TestWhatShoppersGet:
    """Right and wrong answers of both, question by question."""

    def test_each_answers_at_its_own_threshold(self):
        """0.6 is enough for a version that has found it to be so, and not for another."""
        champion = [asked("returns", 0.6, 0.9), asked("hours", 0.95, 0.9)]
        challenger = [asked("returns", 0.6, 0.5), asked("hours", 0.95, 0.5)]
        right, clean = compare_served(champion, challenger, ["returns", "hours"], {}, acts)

        assert (0.5, 1.0) == (right.champion, right.challenger)
        assert (1.0, 1.0) == (clean.champion, clean.challenger)

    def test_beside_a_champion_from_before_thresholds_both_answer_equally_many(self):
        """A more modest confidence is no loss: as many are answered, and one more rightly."""
        wanted = ["returns", "hours", "returns"]
        champion = [asked("returns", 0.9), asked("returns", 0.8), asked("returns", 0.3)]
        challenger = [
            asked("returns", 0.6, 0.8),
            asked("hours", 0.5, 0.8),
            asked("hours", 0.2, 0.8),
        ]
        right, clean = compare_served(champion, challenger, wanted, {}, acts)

        assert (1, 0) == (right.won, right.lost)
        assert (1, 0) == (clean.won, clean.lost)

    def test_a_challenger_that_ranks_worse_loses_there_too(self):
        """Being surer of wrong answers than the old champion is seen."""
        champion = [asked("returns", 0.9), asked("hours", 0.8)]
        challenger = [asked("hours", 0.99, 0.5), asked("hours", 0.98, 0.5)]
        right, _ = compare_served(champion, challenger, ["returns", "hours"], {}, acts)

        assert (0, 1) == (right.won, right.lost)

    def test_groups_are_told_where_there_are_several(self):
        """One group is everything."""
        both = [asked("returns", 0.9, 0.5), asked("hours", 0.9, 0.5)]
        wanted = ["returns", "returns"]
        names = [
            [part.name for part in compare_served(both, both, wanted, slices, acts)]
            for slices in ({"en": [0, 1]}, {"en": [0], "zh": [1]})
        ]

        assert [
            ["answered rightly", "not answered wrongly"],
            ["answered rightly", "not answered wrongly", "answered rightly, en",
             "answered rightly, zh"],
        ] == names  # fmt: skip


class TestAnsweringSoMany:
    """A threshold for a count."""

    def test_none_many_and_all(self):
        """The surest are answered."""
        rankings = [asked("returns", sure) for sure in (0.2, 0.9, 0.5)]
        answered = [
            [acts(each) == {"returns": 1.0} for each in answering(rankings, count)]
            for count in (0, 1, 3)
        ]

        assert [[False] * 3, [False, True, False], [True] * 3] == answered
