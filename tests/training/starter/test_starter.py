"""The starter: lessons, the teacher's answers, the weights that ship."""

import sys
from pathlib import Path

import numpy as np
import pytest

from training.model.config import ModelConfig
from training.starter import weights
from training.starter.lessons import Lessons, targets
from training.starter.mistyping import mistype
from training.starter.teacher import TeacherFailed, teach


class TestLessons:
    def test_draw_sentences_of_one_sense_together(self):
        """What is wanted counts more than what it is wanted for."""
        lessons = Lessons()
        lessons.add("where is my tent", "where is my tent", sense="where")
        lessons.add("where is my lamp", "where is my lamp", sense="where")
        lessons.add("sing", "sing")
        apart = np.eye(3, dtype=np.float32)
        found = targets(lessons, apart)

        np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-6)
        assert 0.5 < found[0] @ found[1] < 0.99
        assert 0.0 == found[0] @ found[2]

    def test_teach_a_translation_what_the_teacher_says_of_the_english(self):
        """The teacher reads no Chinese."""
        lessons = Lessons()
        lessons.add("where is it", "where is it")
        lessons.add("在哪", "where is it")

        assert ["where is it"] == lessons.english
        assert lessons.lessons[0].taught == lessons.lessons[1].taught

    def test_mistype_only_longer_latin_words(self):
        """One letter each; short words and Chinese stay as they are."""
        chance = np.random.default_rng(1)
        typed = mistype("my parcel 包裹包裹 is delayed", chance, share=1.0).split(" ")

        assert ["my", "包裹包裹", "is"] == [typed[0], typed[2], typed[3]]
        assert "parcel" != typed[1]
        assert abs(len(typed[4]) - len("delayed")) <= 1


class TestTeacher:
    def test_that_lacks_its_packages_says_which(self, tmp_path):
        """The environment of the product is not the teacher's."""
        with pytest.raises(TeacherFailed, match="sentence-transformers"):
            teach(["hello"], Path(sys.executable), tmp_path)

    def test_is_not_asked_twice(self, tmp_path):
        """A build that was stopped goes on with what was read."""
        missing = Path("/nonexistent/python")
        with pytest.raises(OSError, match="nonexistent"):
            teach(["hello"], missing, tmp_path)
        name = next((tmp_path / "teacher").glob("*.json")).stem
        np.save(tmp_path / "teacher" / f"{name}.npy", np.ones((1, 4), np.float16))

        assert (1, 4) == teach(["hello"], missing, tmp_path).shape


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
