"""Stories of topics: grouped by vectors, named by their own words, growing or not."""

import numpy as np
import pytest

from feedback.report.parts import Topic
from feedback.report.sentences import topic_trend
from feedback.report.strings import words_in
from feedback.report.topics import AskedQuestion, group, word_vectors

pytestmark = pytest.mark.slow  # SciPy takes a second to load


def asked(text, number, *, this_week=True):
    return AskedQuestion(text, f"d{number}", this_week, handed_over=False, down=False)


RETURNS = [f"can i return the {thing}" for thing in ("jacket", "mug", "lamp", "tent")] * 6
PARCELS = [f"where is my parcel to {town}" for town in ("Oslo", "Rome", "Bern", "Wien")] * 6
CHINESE = ["快递什么时候到", "我的快递在哪里", "快递单号查不到", "快递多久能到"] * 6


class TestGroups:
    def test_questions_of_one_sort_are_one_topic(self):
        """
        Three sorts of questions, three vectors: the largest first, named by what is theirs alone.
        """
        texts = [*RETURNS, *PARCELS, *PARCELS, *CHINESE]
        sorts = [0] * 24 + [1] * 48 + [2] * 24
        questions = [asked(text, number) for number, text in enumerate(texts)]
        found = group(questions, np.eye(3)[sorts])
        names = [one.name for one in found if len(one.asked) >= 24]
        assert len(names) == 3
        assert "parcel" in names[0]
        assert any("return" in name for name in names)
        assert any("快递" in name for name in names)

    def test_is_named_by_a_typical_question_in_the_reports_language(self):
        """
        One topic, asked in two languages; in a third it is called by what is nearest to all.
        """
        said = [asked("where is my parcel", 1), asked("快递在哪里", 2)._replace(locale="zh")]
        one = group(said * 12, np.ones((24, 1)))[0]
        topic = Topic(one.name, 24, 0, 0, 0, one.example, examples=one.examples)

        assert "where is my parcel" == topic.asked_in("en")
        assert "快递在哪里" == topic.asked_in("zh")
        assert one.example == topic.asked_in("de")

    def test_is_the_same_each_time(self):
        """
        The same questions give the same topics, whoever computes them.
        """
        texts = [*RETURNS, *PARCELS]
        questions = [asked(text, number) for number, text in enumerate(texts)]
        vectors = word_vectors(texts, ["return"] * 24 + ["track"] * 24)
        first, again = group(questions, vectors), group(questions, vectors)
        assert [one.name for one in first] == [one.name for one in again]
        assert sum(len(one.asked) for one in first) == len(texts)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1)

    def test_nothing_asked_is_no_topic(self):
        """
        A quiet week has none, and one question is one.
        """
        assert group([], np.zeros((0, 3))) == []
        assert len(group([asked("hello", 1)], np.ones((1, 3)))) == 1


class TestTrend:
    @pytest.mark.parametrize(
        ("now", "before", "word"), [(40, 10, "growing"), (10, 40, "shrinking"), (12, 10, "before")]
    )
    def test_is_told_only_past_chance(self, now, before, word):
        """
        12 after 10 is nothing; 40 after 10 is four standard deviations.
        """
        assert word in topic_trend(Topic("a", now, before, 0, 0, ""), words_in("en"))
