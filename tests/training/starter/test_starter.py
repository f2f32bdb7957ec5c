"""The starter: lessons, the teachers' answers, the weights that ship."""

import sys
from pathlib import Path

import numpy as np
import pytest

from serving.contract import Turn
from training.model.config import ModelConfig
from training.starter import weights
from training.starter.lessons import Lessons, Meaning, joined, targets
from training.starter.mistyping import mistype
from training.starter.spread import spread
from training.starter.teacher import TeacherFailed, teach


def one_hot(lessons):
    """Targets where the teachers find nothing alike: each meaning a direction of its own."""
    return targets(lessons, np.eye(len(lessons.meanings), dtype=np.float32))


class TestLessons:
    def test_draw_sentences_of_one_sense_together(self):
        """What is wanted counts more than what it is wanted for."""
        lessons = Lessons()
        lessons.add("where is my tent", lessons.read("where is my tent"), sense="where")
        lessons.add("where is my lamp", lessons.read("where is my lamp"), sense="where")
        lessons.add("sing", lessons.read("sing"))
        found = one_hot(lessons)

        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-6)
        assert 0.5 < found[0] @ found[1] < 0.99
        assert 0.0 == found[0] @ found[2]

    def test_push_a_sense_from_the_one_it_is_taken_for(self):
        """A code that fails is not a question how to use one, however alike the words."""
        apart = Lessons()
        for unlike in (None, "how"):
            how, fails = apart.read("how do i use it"), apart.read("it fails")
            apart.add("how do i use it", how, sense="how")
            apart.add("it fails", how, fails, unlike=unlike)  # half the vector is the other's
        found = one_hot(apart)

        assert found[3] @ found[0] < found[1] @ found[0] - 0.1

    def test_teach_both_sides_of_a_translation_the_same(self):
        """One teacher reads the English side, the other one the Chinese."""
        lessons = Lessons()
        for text in ("where is it", "在哪"):
            lessons.add(text, lessons.read("where is it", "在哪"))

        assert [Meaning("where is it", "在哪")] == lessons.meanings
        assert lessons.lessons[0].taught == lessons.lessons[1].taught

    def test_teach_a_follow_up_what_its_full_question_is(self):
        """The history is part of the text; what it is taught is not."""
        lessons = Lessons()
        turns = [Turn("shopper", "do you ship to Rome"), Turn("clerk", "yes"), Turn("shopper", "?")]
        lessons.add(turns, lessons.read("how long is shipping to Rome"))

        assert "\x11do you ship to Rome\x12yes\x11?" == lessons.lessons[0].text
        assert ((0, 1.0),) == lessons.lessons[0].taught

    def test_take_away_what_all_texts_of_a_language_share(self):
        """E5 says of any two texts that they are alike by 0.8: that tells nothing."""
        lessons = Lessons()
        for english, chinese in (("a", "甲"), ("b", "乙"), ("c", "丙")):
            lessons.read(english, chinese)
        shared = 5.0 + np.eye(3, dtype=np.float32)
        found = joined(lessons, np.eye(3, dtype=np.float32), shared)

        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
        assert found[0] @ found[1] < 0.0

    def test_mistype_only_longer_latin_words(self):
        """One letter each; short words and Chinese stay as they are."""
        chance = np.random.default_rng(1)
        typed = mistype("my parcel 包裹包裹 is delayed", chance, share=1.0).split(" ")

        assert ["my", "包裹包裹", "is"] == [typed[0], typed[2], typed[3]]
        assert "parcel" != typed[1]
        assert abs(len(typed[4]) - len("delayed")) <= 1


class TestSpread:
    def test_counts_what_differs(self):
        """The same line twice is one line; two meanings a hair apart are nearly the same."""
        lessons = Lessons()
        for text in ("where is my tent", "where is my tent", "我的帐篷呢"):
            lessons.add(text, lessons.read(text), sense="shop.where")
        lessons.add([Turn("shopper", "hi"), Turn("clerk", "yes")], lessons.read("a"), sense="b.c")
        alike = np.array([[1.0, 0.0], [0.99, 0.141], [0.0, 1.0]], np.float32)
        found = spread(lessons, alike, seed=1)

        assert {"en": 2, "zh": 1} == found["lines"]
        assert (1, 2, 3) == (found["with_history"], found["trades"], found["characters_3"])
        assert 0.75 == found["largest_trade"]
        assert 0.667 == found["nearly_the_same"]


class TestTeacher:
    def test_that_lacks_its_packages_says_which(self, tmp_path):
        """The environment of the product is not the teachers'."""
        with pytest.raises(TeacherFailed, match="sentence-transformers"):
            teach("minilm", ["hello"], Path(sys.executable), tmp_path, tell=print)

    def test_is_asked_only_for_what_is_new(self, tmp_path):
        """A build that was stopped, or whose texts grew, goes on with what was read."""
        cache = tmp_path / "e5"
        cache.mkdir()
        (cache / "shard-0000.json").write_text('["hello", "bye"]')
        np.save(cache / "shard-0000.npy", np.arange(2, dtype=np.float16)[:, None])
        missing = Path("/nonexistent/python")

        found = teach("e5", ["bye", "hello", "bye"], missing, tmp_path, tell=print)
        assert [1, 0, 1] == found[:, 0].tolist()
        with pytest.raises(OSError, match="nonexistent"):
            teach("e5", ["bye", "you"], missing, tmp_path, tell=print)


class TestWeights:
    def test_come_back_nearly_as_they_were(self, tmp_path):
        """int8 by row for the table, float16 for the rest."""
        chance = np.random.default_rng(1)
        table = chance.normal(size=(65_536, 65)).astype(np.float32)
        small = chance.normal(size=(4, 5)).astype(np.float32)
        path = tmp_path / "weights.npz"
        weights.pack([table, small], ModelConfig(), path)
        back = weights.unpack_starter(ModelConfig(), path)

        assert back is not None
        np.testing.assert_allclose(table, back[0], atol=0.03)
        np.testing.assert_allclose(small, back[1], atol=2e-3)

    def test_of_another_make_are_not_used(self, tmp_path):
        """A model of other sizes begins from nothing."""
        path = tmp_path / "weights.npz"
        weights.pack([np.ones((2, 2), np.float32)], ModelConfig(), path)

        assert weights.unpack_starter(ModelConfig(units=8), path) is None
        assert weights.unpack_starter(ModelConfig(), tmp_path / "none.npz") is None

    def test_that_ship_fit_the_model_and_stay_small(self):
        """At most 20 MB in the repository."""
        assert weights.FILE.stat().st_size <= 20e6
        assert weights.unpack_starter(ModelConfig()) is not None
