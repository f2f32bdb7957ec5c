"""Passage search: words and vectors find the sentences that a reader then reads."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from serving.passage_search import (
    BOTH,
    LONG,
    MOST_SENTENCES,
    PassageIndex,
    PassageText,
    _Nearest,
)

RETURNS = PassageText(
    ("Help", "Returns"),
    ("Send it back within 14 days.", "We pay the postage."),
)
COUNTRIES = PassageText(
    ("Help", "Shipping"),
    ("We ship to:", "Austria", "Myanmar"),
    ("", "We ship to:", "We ship to:"),
)
SIZES = PassageText(("Sizes",), ("Our boots run small.",))
PASSAGES = (RETURNS, COUNTRIES, SIZES)


def unit(*numbers):
    vector = np.array(numbers, np.float32)
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


NOWHERE = unit(0, 0, 0, 0)


@pytest.fixture
def index():
    """Each sentence with a vector of its own passage's direction."""
    owners = [0, 0, 1, 1, 1, 2]
    return PassageIndex(PASSAGES, np.array([unit(*np.eye(4)[owner]) for owner in owners]))


def texts(found, passages=PASSAGES):
    return [passages[each.passage].sentences[each.sentence] for each in found]


class TestSearch:
    def test_finds_the_sentence_that_shares_the_rare_word(self, index):
        """By stems: "return" stands in the heading, "days" in the sentence."""
        found = index.search("how many days to return", NOWHERE)

        assert "Send it back within 14 days." == texts(found)[0]

    def test_finds_a_bare_item_by_what_introduces_it(self, index):
        """ "Myanmar" alone says nothing; below "We ship to:" it answers."""
        found = index.search("do you ship to Myanmar", NOWHERE)

        assert "Myanmar" == texts(found)[0]
        first, second = (each.hints[BOTH] for each in found[:2])
        assert first > second > 0

    def test_finds_by_the_vector_what_shares_no_word(self, index):
        """The encoder knows that it means the same."""
        found = index.search("footwear fit", unit(0, 0, 1, 0))

        assert "Our boots run small." == texts(found)[0]

    def test_of_no_passages_is_empty(self):
        """A shop begins with none."""
        assert [] == PassageIndex([], np.zeros((0, 4), np.float16)).search("hello", NOWHERE)

    def test_of_a_question_without_words_finds_no_share(self, index):
        """Marks alone weigh nothing, and divide nothing by zero."""
        found = index.search("???", NOWHERE)

        assert {0.0} == {each.hints[BOTH] for each in found}

    @given(st.text(max_size=40))
    def test_hints_are_numbers_that_a_reader_can_take(self, question):
        """Whatever was typed: finite, and never above 1 but for rounding."""
        vectors = np.tile(unit(1, 1, 0, 0), (6, 1))
        for each in PassageIndex(PASSAGES, vectors).search(question, unit(1, 0, 0, 0)):
            assert all(np.isfinite(each.hints))
            assert 1.001 >= max(each.hints)

    def test_gives_a_bounded_number_of_sentences(self):
        """A reader's time is spent on the likeliest."""
        passages = [PassageText(("Page",), tuple(f"day {n}" for n in range(20)))] * 9

        found = PassageIndex(passages, np.tile(unit(1, 0), (180, 1))).search("day", unit(1, 0))

        assert MOST_SENTENCES == len(found)


class TestManySentences:
    @settings(max_examples=3, deadline=None)
    @given(st.integers(0, 2**32 - 1))
    def test_the_nearest_is_found_by_groups_too(self, seed):
        """What is near a sentence is found among more than are compared one by one."""
        chance = np.random.default_rng(seed)
        vectors = chance.normal(size=(LONG + 500, 16)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        wanted = int(chance.integers(len(vectors)))

        rows, cosines = _Nearest(vectors.astype(np.float16)).search(vectors[wanted])

        assert wanted == rows[int(np.argmax(cosines))]
        assert len(rows) < len(vectors) / 3
