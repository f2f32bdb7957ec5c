"""A version: trained, exported, asked, gone on from."""

import json

import pytest

from feedback.knowledge.importers.records import TurnLine
from tests.training.conftest import REPLIES, make_questions, small_config, train_small

pytestmark = pytest.mark.slow

# Operations a stock model server has; a custom one would show up as something else.
HOSTILE = ("PyFunc", "EagerPyFunc", "ReadFile", "WriteFile", "HashTable", "Sentencepiece")


@pytest.fixture(scope="module")
def loaded(small):
    """The small shop's first version, read once: that takes a second."""
    import tensorflow as tf

    return tf.saved_model.load(str(small.folder))


@pytest.fixture
def signatures(loaded):
    """What it answers to."""
    return loaded.signatures


class TestTraining:
    def test_learns_the_small_shop(self, small):
        """Its own questions are answered right, in both languages."""
        from training.evaluation.evaluate import evaluate_questions

        measures = evaluate_questions(small.folder, make_questions())

        assert measures["n"] == 120
        assert measures["top1"] > 0.95
        assert measures["handover_auroc"] > 0.9

    def test_is_measured_on_follow_ups_and_lone_questions_apart(self, small):
        """By `evaluate`, and by the gate, which compares two versions on either."""
        from training.data.pairs import from_questions
        from training.evaluation.compare import GateQuestions, compare_versions
        from training.evaluation.evaluate import evaluate_questions

        said = (TurnLine("shopper", "hello"), TurnLine("clerk", "Hello!"))
        lines = [*make_questions()[:6], *(q._replace(history=said) for q in make_questions()[:4])]

        measured = evaluate_questions(small.folder, lines)["groups"]
        held = GateQuestions(held_out=from_questions(lines))
        compared = compare_versions(small.folder, small.folder, held).groups

        assert {"follow-up": 4, "lone": 6} == {name: each["n"] for name, each in measured.items()}
        assert {"follow-up": 4, "lone": 6} == {
            each.name: each.n for each in compared if each.name in measured
        }

    def test_reports_what_it_took(self, small):
        """Every figure of `train --json`."""
        assert small.trained.examples == 120
        assert small.trained.seconds > 0
        assert small.trained.pairs_per_second > 0
        assert small.trained.peak_mb > 100
        assert {"top1", "ece", "coverage_at_95", "handover_auroc"} <= set(small.trained.scores)

    def test_gives_the_same_model_for_the_same_seed(self, small, tmp_path):
        """Same data, seed and machine, same weights, to the last bit."""
        import tensorflow as tf

        train_small(tmp_path)
        folders = [small.folder, tmp_path / "clerk" / "1"]
        first, again = (tf.saved_model.load(str(folder)) for folder in folders)

        assert first.own.numpy().tobytes() == again.own.numpy().tobytes()
        assert [w.numpy().tobytes() for w in first.weights_] == [
            w.numpy().tobytes() for w in again.weights_
        ]

    def test_refuses_to_learn_from_nothing(self, tmp_path):
        """The message names both counts and the remedy."""
        from training.data.gather import TooLittleToLearn

        with pytest.raises(TooLittleToLearn, match="import questions"):
            train_small(tmp_path, questions=[])

    def test_tells_how_far_it_is(self, small):
        """A share that only grows, and words for people."""
        shares = [share for share, _ in small.told]

        assert len(shares) > 10
        assert shares == sorted(shares)
        assert all(text for _, text in small.told)

    def test_takes_its_calibration_from_elsewhere_when_given(self, tmp_path):
        """Then nothing of the questions is kept aside."""
        trained = train_small(tmp_path, calibration=make_questions()[::4])

        assert trained.scores["n"] == 30

    def test_holds_every_question_of_a_small_book_out_once(self, tmp_path):
        """A tenth kept aside would be twelve questions: too few to say how sure to be."""

        trained = train_small(tmp_path, hyperparameters=small_config(crossed=1_000, epochs=4))

        assert trained.scores["n"] == 120
        assert trained.scores["top1"] > 0.8


class TestVersion:
    def test_offers_the_contracts_signatures(self, signatures):
        """From raw strings; `rank`, the same as default, says what its heads find too."""
        from serving import contract

        assert set(signatures) == {
            "rank",
            "serving_default",
            "embed",
            "recommend",
            "draft",
            "read",
            "score",
        }
        assert list(signatures["rank"].structured_input_signature[1]) == ["dialogue"]
        assert set(signatures["rank"].structured_outputs) == {
            contract.REPLY_ID,
            contract.SCORE,
            contract.CONFIDENCE,
            contract.AMONG_THREE,
            contract.ANSWER_AT,
            contract.OFFER_AT,
            contract.ACT,
            contract.ACT_PROBABILITY,
            contract.ACTION,
            contract.ACTION_PROBABILITY,
        }
        assert list(signatures["embed"].structured_input_signature[1]) == ["text"]

    def test_is_made_of_core_operations_only(self, signatures):
        """No Python, no files, no tables: a stock TensorFlow Serving loads it."""
        kinds = {
            node.op
            for function in signatures.values()
            for graph in [function.graph.as_graph_def()]
            for nodes in [graph.node, *(f.node_def for f in graph.library.function)]
            for node in nodes
        }

        assert not [kind for kind in kinds if kind.startswith(HOSTILE)]

    @pytest.mark.parametrize("text", ["", "\x00", b"\xff\xfe", "word " * 50_000, "<script>"])
    def test_answers_whatever_is_asked(self, signatures, text):
        """Bad input gets replies in order, with a confidence between 0 and 1."""
        import numpy as np
        import tensorflow as tf

        found = signatures["rank"](dialogue=tf.constant([text]))

        assert found["reply_id"].shape == (1, 3)
        assert (np.diff(found["score"].numpy()[0]) <= 0).all()
        assert 0.0 <= found["confidence"].numpy()[0] <= 1.0

    def test_is_not_led_astray_by_what_was_said_before(self, signatures):
        """A question near a known one is found behind whatever was talked of, in any batch."""
        import tensorflow as tf

        from serving.contract import Turn, render_dialogue

        asked = ["has my red parcel left", "refund for the blue shoes", "when do you open on red"]
        before = (Turn("shopper", "who painted the pink wall"), Turn("clerk", "I can't say."))
        alone = [render_dialogue([Turn("shopper", text)]) for text in asked]
        behind = [render_dialogue([*before, Turn("shopper", text)]) for text in asked]
        both = tf.constant([*alone, *behind])
        found = signatures["rank"](dialogue=both)["reply_id"].numpy()[:, 0]

        assert found[:3].tolist() == found[3:].tolist()

    def test_answers_an_empty_batch(self, signatures):
        """No questions, no answers, no error."""
        import tensorflow as tf

        found = signatures["rank"](dialogue=tf.constant([], tf.string))
        assert found["reply_id"].shape[0] == 0

    def test_carries_its_lineage_and_card(self, small):
        """Who opens the folder learns what it is."""
        extra = small.folder / "assets.extra"

        assert json.loads((extra / "lineage.json").read_text())["reply_ids"] == [
            "hours",
            "order_status",
            "returns",
        ]
        assert "# Model card" in (extra / "model_card.md").read_text()


class TestWarmStart:
    def test_goes_on_from_a_version_though_the_book_has_changed(self, small, tmp_path):
        """A reply gone and a reply new: the others keep what they had learned."""
        import shutil

        from feedback.knowledge.importers.records import QuestionLine, ReplyLine
        from training.evaluation.evaluate import evaluate_questions

        shutil.copytree(small.models_dir, tmp_path, dirs_exist_ok=True)
        kept = [line for line in make_questions() if line.reply_id != "hours"]
        new = [QuestionLine(f"do you wrap {n} gifts", "gifts") for n in range(8)]
        replies = [*REPLIES[:3], ReplyLine("gifts", "We wrap gifts for free.")]
        trained = train_small(tmp_path, replies=replies, questions=[*kept, *new], warm_start=1)

        measures = evaluate_questions(tmp_path / "clerk" / "2", [*kept, *new])
        assert trained.version == 2
        assert measures["top1"] > 0.95


class TestDialogues:
    def test_learn_which_reply_comes_next_by_its_words(self, tmp_path):
        """A ranking by text is far better than chance, which is one in three."""
        from feedback.knowledge.importers.records import DialogueLine, RankingLine, TurnLine
        from training.evaluation.evaluate import evaluate_ranking

        said = {line.reply_id: line.text or "" for line in reversed(REPLIES)}
        dialogues = [
            DialogueLine(
                f"d{n}",
                [TurnLine("shopper", line.question), TurnLine("clerk", said[line.reply_id])],
            )
            for n, line in enumerate(make_questions())
            if line.reply_id
        ]
        candidates = sorted(said.values())
        ranking = [
            RankingLine(d.id, d.turns[:1], candidates, candidates.index(d.turns[1].text))
            for d in dialogues
        ]
        train_small(tmp_path, replies=[], questions=[], dialogues=dialogues)
        measures = evaluate_ranking(tmp_path / "clerk" / "1", ranking)

        assert measures["n"] == len(ranking)
        assert measures["recall_at_1"] > 0.9
