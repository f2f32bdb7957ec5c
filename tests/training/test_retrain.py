"""The loop's own turn: what people accepted becomes the next version, or nothing changes."""

import shutil

import pytest

from feedback.knowledge.passages import KnownPassage
from feedback.signals.decision_log import Logged
from feedback.signals.page_lessons import PageLesson, PageLessons
from serving.contract import Turn, render_dialogue
from serving.ranker import FoundSentence
from tests.training.conftest import REPLIES, make_questions, small_config
from tests.training.shop import NOW, Loop, examples_of, loop_in
from training.data.pairs import Pair
from training.data.snapshot import is_frozen
from training.evaluation.trial_protocol import Look

pytestmark = pytest.mark.slow


def asked(line):
    return Pair(render_dialogue([Turn("shopper", line.question)]), line.reply_id)


def more_questions(**options):
    """Eight hundred: enough of them are frozen to judge by."""
    ends = ("", " please", " now", " today", " thanks", " again", " friend", " then")
    return [
        line._replace(question=line.question + end)
        for end in ends
        for line in make_questions(**options)
    ]


@pytest.fixture
def loop(first, tmp_path):
    """A shop after its first turn."""
    shutil.copytree(first[0], tmp_path / "shop")
    loop = loop_in(tmp_path / "shop")
    loop.turns = 1
    yield loop
    loop.database.close()


class ToldTrial:
    """A trial that a test decides."""

    def __init__(self):
        self.begun = []
        self.says = Look(None, "too few shoppers yet")

    def begin(self, version, champion, now):
        self.begun.append((version, champion))

    def look(self, version, champion, since, now):
        return self.says


@pytest.fixture(scope="module")
def begun(first, tmp_path_factory):
    """A turn by the log whose trial has begun: its outcome, who is tried, the folder it left."""
    folder, trial = tmp_path_factory.mktemp("begun") / "shop", ToldTrial()
    shutil.copytree(first[0], folder)
    loop = loop_in(folder)
    loop.turns = 1
    log = [
        Logged(line.question, line.locale, line.reply_id, 1.0, n % 3 == 0, f"s{n}", "champion", 1)
        for n, line in enumerate(make_questions() * 4)
        if line.reply_id
    ]
    outcome = loop.turn(
        trial=trial,
        sources=loop.sources(read_log=lambda: log),
        behave=lambda ranking: {ranking.candidates[0].reply_id: 1.0},
    )
    loop.database.close()
    return folder, outcome, trial.begun


@pytest.fixture
def in_trial(begun, tmp_path):
    """A shop whose second version is on trial."""
    shutil.copytree(begun[0], tmp_path / "in-trial")
    loop = loop_in(tmp_path / "in-trial")
    loop.turns = 2
    yield loop
    loop.database.close()


@pytest.fixture
def empty(one_database, tmp_path):
    """A shop with a reply book and no model."""
    loop = Loop(one_database, tmp_path / "models")
    loop.book.put_replies(REPLIES, NOW)
    return loop


class TestTurn:
    def test_makes_the_first_model_and_then_a_better_one(self, loop, first):
        """The first needs no gate; the second goes on from it and says what it learned."""
        _, begun = first
        loop.examples += examples_of(
            [line._replace(question=line.question + " please") for line in make_questions()[:30]],
            signal="approved",
            weight=2.0,
        )
        second = loop.turn()

        assert (begun.state, begun.version) == ("promoted", 1)
        assert (second.state, second.version) == ("promoted", 2)
        assert loop.rollout.stable() == 2
        assert "more questions" in second.sentence
        run = loop.runs.latest()
        assert (run.state, run.stage, run.parent_version, run.version) == ("promoted", "done", 1, 2)
        assert {"all", "en", "newest accepted"} <= set(run.scores["parts"])

    def test_keeps_the_champion_when_a_pinned_answer_would_be_lost(self, loop):
        """A refused model is never published; the run says why."""
        pinned = [Pair(f"\x11{line.question}", line.reply_id) for line in make_questions()[:8]]
        loop.examples = examples_of(make_questions(shuffled=True))
        ruin = small_config(epochs=20, learning_rate=2e-2)
        outcome = loop.turn(ruin, sources=loop.sources(pinned=pinned))

        assert outcome.state == "refused"
        assert "pinned" in outcome.sentence
        assert loop.folder.versions() == [1]
        assert loop.rollout.stable() == 1
        assert loop.runs.latest().state == "refused"

    def test_refuses_a_model_whose_labels_were_shuffled(self, empty):
        """A worse model is refused by the held-out questions, and the verdict is stored."""
        loop = empty
        loop.examples = examples_of(more_questions())
        loop.turn()
        honest, shuffled = more_questions(), more_questions(shuffled=True)
        # What is frozen keeps its true label: the staff's gold set is not what went wrong.
        frozen = {line.question for line in honest if is_frozen(asked(line))}
        loop.examples = examples_of(
            [line for line in honest if line.question in frozen]
            + [line for line in shuffled if line.question not in frozen]
        )
        ruin = small_config(epochs=30, learning_rate=2e-2)
        outcome = loop.turn(ruin)

        assert outcome.state == "refused", outcome.sentence
        assert "lost net" in outcome.sentence
        verdict = loop.runs.latest().scores["verdict"]
        assert verdict["promote"] is False
        assert {"held_out", "group", "latency", "size"} <= {c["rule"] for c in verdict["checks"]}
        assert loop.rollout.stable() == 1

    def test_keeps_the_champion_when_shoppers_taught_a_topic_another_reply(self, loop):
        """What the staff labelled is unlearned: the run names the reply that lost it."""
        taught = [
            line._replace(reply_id="hours")
            for line in make_questions()
            if line.reply_id == "returns"
        ]
        loop.examples += examples_of(taught, signal="thumb", weight=9.0)
        ruin = small_config(epochs=20, learning_rate=2e-2)
        outcome = loop.turn(ruin)

        assert outcome.state == "refused"
        assert "labelled returns" in outcome.sentence
        assert loop.rollout.stable() == 1

    def test_is_judged_by_what_shoppers_made_of_the_champion(self, in_trial):
        """The log goes into the gate, and its estimates are kept to be compared with the trial."""
        scores = in_trial.runs.latest().scores

        assert "off_policy" in {check["rule"] for check in scores["verdict"]["checks"]}
        assert scores["off_policy"]["logged"]["value"] == pytest.approx(1 / 3, abs=0.01)
        assert scores["off_policy"]["support"] > 0.5

    def test_fails_without_harm(self, loop):
        """Whatever breaks, the champion keeps answering and the run names the step."""

        def broken():
            raise OSError("the disk is gone")

        outcome = loop.turn(sources=loop.sources(gather=broken))

        assert (outcome.state, outcome.version) == ("failed", 1)
        assert "the disk is gone" in outcome.sentence
        assert loop.rollout.stable() == 1
        assert (loop.runs.latest().state, loop.runs.latest().stage) == ("failed", "collect")

    def test_says_what_is_missing_in_an_empty_shop(self, empty):
        """Nothing to learn from is a failure with a remedy."""
        empty.examples = []
        outcome = empty.turn()

        assert (outcome.state, outcome.version) == ("failed", None)
        assert "import questions" in outcome.sentence


class TestTrial:
    def test_begins_once_for_the_challenger(self, begun):
        """Its label says who serves whom meanwhile."""
        _, outcome, asked_for = begun

        assert ("trial", 1) == (outcome.state, outcome.version)
        assert [(2, 1)] == asked_for

    @pytest.mark.parametrize(
        ("decision", "state", "stable"),
        [("promote", "promoted", 2), ("roll_back", "rolled_back", 1), ("keep", "kept", 1)],
    )
    def test_a_turn_waits_for_its_trial_and_does_what_comes_of_it(
        self, in_trial, begun, decision, state, stable
    ):
        """The challenger has its label meanwhile; no other turn begins."""
        trial = ToldTrial()

        assert {"stable": 1, "canary": 2} == in_trial.rollout.labels()
        again = in_trial.turn(trial=trial)
        assert ("waiting", begun[1].run_id) == (again.state, again.run_id)
        assert [] == trial.begun

        trial.says = Look(decision, "enough shoppers")
        ended = in_trial.turn(trial=trial)
        assert (state, stable) == (ended.state, ended.version)
        assert {"stable": stable} == in_trial.rollout.labels()
        assert state == in_trial.runs.latest().state


class TestWhatPeopleSayOfQuotations:
    def test_a_corrected_quotation_is_quoted_rightly_by_the_next_version(self, loop):
        """By its own reader: a refresh with new replies keeps it, and the gate looked at it."""
        from training.evaluation.evaluate import LoadedVersion
        from training.jobs.earlier_version import read_before

        wrapped = "We put it into brown paper with a ribbon for two euros."
        texts = {"wrap": [wrapped], "club": ["Members get a card on their birthday."]}
        passages = [
            KnownPassage(
                passage_id=name, page_id=name, source_id="site", title=name.title(), url=name,
                headings=[], question="", text=" ".join(said), sentences=said, leads=[""],
                language="en", dated_at=None, version=1, active=True, vector=None,
                vector_version=None, updated_at=NOW,
            )
            for name, said in texts.items()
        ]  # fmt: skip
        question = "can you make it look nice for a birthday"
        said = PageLesson(question, "wrap", 0, -1, True, 1.0, "ada", True)
        lessons = PageLessons([said], passages)

        outcome = loop.turn(sources=loop.sources(read_page_lessons=lambda: lessons))

        assert "promoted" == outcome.state
        folders = [loop.folder.path(version) for version in (1, 2)]
        before, after = (
            LoadedVersion(folder).read(
                render_dialogue([Turn("shopper", question)]),
                [
                    FoundSentence(one.title, one.text, (0.3, 0.2, 0.0, 0.2, 0.5, 0.0, 1.0))
                    for one in passages
                ],
            )
            for folder in folders
        )
        assert after.probabilities[0] > max(*after.probabilities[1:], after.nothing)
        assert before.probabilities[0] < before.nothing
        assert read_before(folders[1]).reading is not None
        checks = loop.runs.latest().scores["verdict"]["checks"]
        assert "pages" in {check["rule"] for check in checks}
