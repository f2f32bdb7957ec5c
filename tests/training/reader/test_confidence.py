"""Calibration of answers from pages: questions held out, and scales that hold on them."""

import gzip
import json

import numpy as np
import pytest

from serving.page_answers import AnswerScale
from serving.passage_search import Found
from serving.ranker import ReadAnswers
from training.reader.confidence import (
    HELD_OUT,
    HeldOutQuestion,
    fit_scale,
    held_out_shops,
    measure,
    product_pages,
)
from training.reader.lessons import SLOT, read_facts


def question(chance, *, answerable):
    """Three sentences: the reader tells little, the search much, of which answers."""
    right = np.arange(3) == (chance.integers(3) if answerable else 3)
    found = [
        Found(place, 0, (0.3, 0.3, 0.0, 0.3, 0.4 + 0.3 * good + 0.1 * chance.random(), 0.0, 1.0))
        for place, good in enumerate(right)
    ]
    nothing = 0.2 + 0.2 * chance.random() if answerable else 0.5 + 0.4 * chance.random()
    shares = chance.dirichlet(np.ones(3)) * (1 - nothing)
    read = ReadAnswers(tuple(shares.tolist()), float(nothing))
    return HeldOutQuestion("en", found, [200] * 3, read, right, answerable)


@pytest.fixture(scope="module")
def asked():
    chance = np.random.default_rng(1)
    return [question(chance, answerable=number % 4 > 0) for number in range(400)]


@pytest.fixture(scope="module")
def scale(asked):
    return fit_scale(asked)


class TestFitScale:
    def test_orders_by_what_tells(self, scale):
        """The cosine here, far more than the reader."""
        reader, *_, cosine = scale.order

        assert cosine > 5 * reader

    def test_says_what_is_right_and_is_silent_where_nothing_answers(self, asked, scale):
        """At the policy's threshold."""
        figures = measure(asked, "en", scale)

        assert figures["right"] > 0.9
        assert figures["wrong"] < 0.02
        assert figures["invented"] < 0.05

    def test_has_no_weight_below_nothing(self, scale):
        """So that no clue ever speaks against an answer."""
        assert min(*scale.order, *scale.clues) >= 0

    def test_comes_again_from_the_same_questions(self, asked, scale):
        """Nothing is left to chance."""
        assert isinstance(scale, AnswerScale)
        assert scale == fit_scale(asked)


class TestHeldOutQuestions:
    def test_are_of_facts_that_the_weights_did_not_learn(self):
        """Some have an answer in the shop, some have none."""
        (shop, *_) = held_out_shops("en", np.random.default_rng(3))

        starts = tuple(
            SLOT.split(asked)[0] for fact in read_facts("en")[HELD_OUT] for asked in fact.questions
        )
        assert all(each.question.startswith(starts) for each in shop.asked)
        assert {True, False} == {bool(each.answers) for each in shop.asked}

    def test_are_answered_by_the_sentences_that_people_judged_right(self, tmp_path):
        """Each product's sentences on its own page, below its name."""
        row = {
            "question": "is it blue", "product_id": "1", "product_title": "Cup",
            "candidates": [{"text": "It is blue.", "label": 2}, {"text": "A cup.", "label": 0}],
        }  # fmt: skip
        path = tmp_path / "judged.jsonl.gz"
        path.write_bytes(gzip.compress(json.dumps(row).encode()))

        (shop,) = product_pages(path, np.random.default_rng(1))

        assert [(("Cup",), ("It is blue.", "A cup."))] == [page[:2] for page in shop.passages]
        assert [("is it blue", {(0, 0)})] == [tuple(each) for each in shop.asked]
