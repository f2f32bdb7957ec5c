"""Answers from pages: ordered by reader and search together, and silent where they doubt."""

import pytest
from hypothesis import given, strategies as st

from serving.page_answers import (
    CLUES,
    AskedPages,
    SentenceFacts,
    confidence,
    judged_quotations,
    read_scale,
)
from serving.passage_search import Found, PassageText
from serving.ranker import ReadAnswers

ODDS = st.floats(-7, 7)
EVERY_CLUE = st.tuples(ODDS, ODDS, ODDS, st.floats(0.01, 1))


def sentence(passage, *, covered, cosine=0.5):
    """A sentence whose passage and itself hold as much of the question."""
    return Found(passage, 0, (covered, covered, 0.0, covered, cosine, 0.0, 1.0))


def judged(found, probabilities, nothing, fits=None, *, named=True, asked="how so"):
    read = ReadAnswers(tuple(probabilities), nothing)
    facts = [SentenceFacts(fit, named) for fit in fits or [1.0] * len(found)]
    pages = [PassageText((), ("So it is.",))] * 4
    return judged_quotations(AskedPages(asked, pages), found, facts, read, read_scale())


class TestConfidence:
    @given(EVERY_CLUE, st.integers(0, len(CLUES) - 1), st.floats(0, 7))
    def test_never_falls_as_a_clue_rises(self, clues, place, more):
        """What speaks for an answer never speaks against it."""
        raised = [clue + more * (number == place) for number, clue in enumerate(clues)]

        assert confidence(raised, read_scale()) >= confidence(clues, read_scale())

    @given(ODDS, ODDS, ODDS)
    def test_is_none_where_no_word_is_shared(self, share, answered, read):
        """However sure the reader is: nothing of the question stands there."""
        assert 0.0 == confidence((share, answered, read, 0.0), read_scale())

    def test_falls_as_the_reader_doubts_that_anything_answers(self):
        """The same sentences, with more of the softmax for silence."""
        found = [sentence(1, covered=0.8), sentence(2, covered=0.2)]

        sure = judged(found, [0.8, 0.1], 0.1)
        doubtful = judged(found, [0.16, 0.02], 0.82)

        assert sure[0].probability > 0.7 > doubtful[0].probability + 0.1

    def test_falls_as_a_second_passage_says_as_much(self):
        """Two that answer alike: which, nobody knows."""
        found = [sentence(1, covered=0.8), sentence(2, covered=0.8)]

        alone = judged(found, [0.85, 0.05], 0.1)
        rivalled = judged(found, [0.46, 0.44], 0.1)

        assert alone[0].probability > rivalled[0].probability


class TestJudgedQuotations:
    def test_go_round_what_is_said_of_other_places(self):
        """The likelier sentence is of another country."""
        found = [sentence(1, covered=0.8), sentence(2, covered=0.7)]

        quotations = judged(found, [0.6, 0.3], 0.1, fits=[0.05, 1.0])

        assert [2, 1] == [each.passage for each in quotations]

    def test_are_no_surer_where_all_is_of_other_places(self):
        """The best of what does not fit is not an answer for that."""
        found = [sentence(1, covered=0.8), sentence(2, covered=0.2)]

        assert 0.05 >= judged(found, [0.9, 0.05], 0.05, fits=[0.05, 0.05])[0].probability

    def test_are_drafts_at_best_where_no_word_of_what_is_asked_for_stands_there(self):
        """However well the rest of it is answered: "is there parking", and when the shop opens."""
        found = [sentence(1, covered=0.8), sentence(2, covered=0.2)]

        named = judged(found, [0.9, 0.05], 0.05)[0].probability
        assert named > 0.7
        assert 0.05 < judged(found, [0.9, 0.05], 0.05, named=False)[0].probability <= 0.3

    def test_follow_the_search_where_the_reader_has_no_preference(self):
        """How it was found counts beside what was read."""
        found = [sentence(1, covered=0.2), sentence(2, covered=0.7, cosine=0.8)]

        assert [2, 1] == [each.passage for each in judged(found, [0.4, 0.4], 0.2)]

    def test_keep_how_many_times_likelier_one_is_than_another(self):
        """Other sources' candidates are weighed against them by that."""
        found = [sentence(place, covered=0.5) for place in range(3)]

        first, second, third = judged(found, [0.6, 0.2, 0.1], 0.1)

        assert first.probability > second.probability > third.probability > 0
        assert judged(found, [0.6, 0.2, 0.1], 0.5)[1].probability == pytest.approx(
            second.probability / first.probability
            * judged(found, [0.6, 0.2, 0.1], 0.5)[0].probability
        )  # fmt: skip

    def test_of_a_page_in_another_script_are_as_sure_as_the_cosine_is_high(self):
        """They share no word."""
        near, far = (
            judged([sentence(1, covered=0.0, cosine=cosine)], [0.5], 0.5, asked="可以退货吗")
            for cosine in (0.85, 0.55)
        )

        assert near[0].probability > 0.9
        assert far[0].probability < 0.1

    def test_of_nothing_found_are_none(self):
        """A shop without pages says nothing of them."""
        assert [] == judged([], [], 1.0)
