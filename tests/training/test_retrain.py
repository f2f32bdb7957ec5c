"""The loop's own turn: what people accepted becomes the next version, or nothing changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedback.book import Book
from feedback.examples import Example
from feedback.runs import Runs
from serving.rollout import Rollout
from serving.versions import VersionFolder
from tests.training.conftest import REPLIES, make_questions, small_config
from training.trial import Look

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def examples_of(questions, *, signal="question", weight=1.0):
    return [
        Example(
            turns=(("shopper", line.question),),
            reply_id=line.reply_id,
            weight=weight,
            locale=line.locale,
            at=NOW + timedelta(seconds=n),
            signal=signal,
        )
        for n, line in enumerate(questions)
    ]


class Loop:
    """A store with the small shop's book, and everything a turn needs."""

    def __init__(self, database, models_dir):
        self.runs = Runs(database)
        self.book = Book(database)
        self.book.put_replies(REPLIES, NOW)
        self.folder = VersionFolder(models_dir)
        self.rollout = Rollout(self.folder)
        self.examples = examples_of(make_questions())
        self.turns = 0

    def turn(self, **options):
        from training.retrain import Retrainer

        self.turns += 1
        given = {"collect": lambda: self.examples, **small_config(), **options}
        retrainer = Retrainer(
            book=self.book,
            runs=self.runs,
            folder=self.folder,
            rollout=self.rollout,
            clock=lambda: NOW + timedelta(hours=self.turns),
            new_id=lambda: f"run-{self.turns}",
            **given,
        )
        return retrainer.run("a test")


@pytest.fixture
def loop(sqlite_database, tmp_path):
    return Loop(sqlite_database, tmp_path / "models")


class TestTurn:
    def test_makes_the_first_model_and_then_a_better_one(self, loop):
        """The first needs no gate; the second goes on from it and says what it learned."""
        first = loop.turn()
        loop.examples += examples_of(
            [line._replace(question=line.question + " please") for line in make_questions()[:30]],
            signal="approved",
            weight=2.0,
        )
        second = loop.turn()

        assert (first.state, first.version) == ("promoted", 1)
        assert (second.state, second.version) == ("promoted", 2)
        assert loop.rollout.stable() == 2
        assert "more questions" in second.sentence
        run = loop.runs.latest()
        assert (run.state, run.stage, run.parent_version, run.version) == ("promoted", "done", 1, 2)
        assert {"all", "en", "newest accepted"} <= set(run.scores["parts"])

    def test_keeps_the_champion_when_a_pinned_answer_would_be_lost(self, loop):
        """A refused model is never published; the run says why."""
        from training.pairs import Pair

        loop.turn()
        pinned = [Pair(f"\x11{line.question}", line.reply_id) for line in make_questions()[:8]]
        loop.examples = examples_of(make_questions(shuffled=True))
        ruin = replace(small_config()["train"], epochs=20, learning_rate=2e-2)
        outcome = loop.turn(pinned=pinned, train=ruin)

        assert outcome.state == "refused"
        assert "pinned" in outcome.sentence
        assert loop.folder.versions() == [1]
        assert loop.rollout.stable() == 1
        assert loop.runs.latest().state == "refused"

    def test_fails_without_harm(self, loop):
        """Whatever breaks, the champion keeps answering and the run names the step."""

        def broken():
            raise OSError("the disk is gone")

        loop.turn()
        outcome = loop.turn(collect=broken)

        assert (outcome.state, outcome.version) == ("failed", 1)
        assert "the disk is gone" in outcome.sentence
        assert loop.rollout.stable() == 1
        assert (loop.runs.latest().state, loop.runs.latest().stage) == ("failed", "collect")

    def test_says_what_is_missing_in_an_empty_shop(self, loop):
        """Nothing to learn from is a failure with a remedy."""
        loop.examples = []
        outcome = loop.turn()

        assert (outcome.state, outcome.version) == ("failed", None)
        assert "import questions" in outcome.sentence


class ToldTrial:
    """A trial that a test decides."""

    def __init__(self):
        self.begun = []
        self.says = Look(None, "too few shoppers yet")

    def begin(self, version, champion, now):
        self.begun.append((version, champion))

    def look(self, version, champion, since, now):
        return self.says


class TestTrial:
    @pytest.mark.parametrize(
        ("decision", "state", "stable"),
        [("promote", "promoted", 2), ("roll_back", "rolled_back", 1), ("keep", "kept", 1)],
    )
    def test_a_turn_waits_for_its_trial_and_does_what_comes_of_it(
        self, loop, decision, state, stable
    ):
        """The challenger has its label meanwhile; no other turn begins."""
        trial = ToldTrial()
        loop.turn(trial=trial)
        begun = loop.turn(trial=trial)

        assert ("trial", 1) == (begun.state, begun.version)
        assert {"stable": 1, "canary": 2} == loop.rollout.labels()
        again = loop.turn(trial=trial)
        assert ("waiting", begun.run_id) == (again.state, again.run_id)
        assert [(2, 1)] == trial.begun

        trial.says = Look(decision, "enough shoppers")
        ended = loop.turn(trial=trial)
        assert (state, stable) == (ended.state, ended.version)
        assert {"stable": stable} == loop.rollout.labels()
        assert state == loop.runs.latest().state
