"""Calibration of answers from pages: questions held out, and scales that hold on them."""

import numpy as np
import pytest

from serving.page_answers import AnswerScale, AskedPages
from serving.passage_search import Found, PassageText
from serving.ranker import ReadAnswers
from training.reader.asked_pages import ASKED, asked_manuals
from training.reader.confidence import (
    INVENTED,
    WRONG,
    HeldOutQuestion,
    ask,
    fit_scale,
    measure,
)
from training.reader.lessons import InventedShop, LessonQuestion


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
    pages = AskedPages("how so", [PassageText((), ("So it is.",))] * 3)
    return HeldOutQuestion("en", pages, found, read, right, answerable)


@pytest.fixture(scope="module")
def asked():
    chance = np.random.default_rng(1)
    return [question(chance, answerable=number % 4 > 0) for number in range(400)]


@pytest.fixture(scope="module")
def scale(asked):
    return fit_scale(asked)


class TestFitScale:
    def test_orders_by_the_plain_sum_where_nothing_tells_otherwise(self, scale):
        """The cosine tells here, and the reader nothing."""
        reader, passage, both, cosine = scale.order

        assert cosine > 10.0
        assert reader < 0.2
        assert (pytest.approx(10.0, abs=0.01),) * 2 == (passage, both)

    def test_says_what_is_right_and_is_silent_where_nothing_answers(self, asked, scale):
        """At the policy's threshold: nearly all, and no more wrong than may be."""
        figures = measure(asked, "en", scale)

        assert figures["right"] > 0.9
        assert figures["wrong"] <= WRONG
        assert figures["invented"] <= INVENTED

    def test_says_so_much_that_little_is_wrong_in_each_script(self):
        """What is hard to tell in one script does not silence the other."""
        chance = np.random.default_rng(2)
        easy = [question(chance, answerable=number % 4 > 0) for number in range(200)]
        hard = [
            each._replace(
                kind="zh",
                asked=each.asked._replace(question="怎么退货"),
                right=each.right[[1, 2, 0]] if number % 2 else each.right,
            )
            for number, each in enumerate(
                question(chance, answerable=number % 4 > 0) for number in range(200)
            )
        ]
        both = fit_scale([*easy, *hard])

        for kind, told in (("en", easy), ("zh", hard)):
            figures = measure(told, kind, both)
            assert figures["wrong"] <= WRONG
            assert figures["invented"] <= INVENTED
        assert measure(easy, "en", both)["right"] > 0.9
        assert both.unspaced < 0

    def test_has_no_weight_below_nothing(self, scale):
        """So that no clue ever speaks against an answer."""
        assert min(*scale.order, *scale.clues) >= 0

    def test_comes_again_from_the_same_questions(self, asked, scale):
        """Nothing is left to chance."""
        assert isinstance(scale, AnswerScale)
        assert scale == fit_scale(asked)


class TestHeldOutQuestions:
    def test_are_asked_again_with_what_answers_taken_away(self):
        """So that silence is learned on pages that hold all but the answer."""
        page = PassageText(("Returns",), ("You have 14 days to return it.", "We refund you."))
        asked = [
            LessonQuestion("how many days to return it", frozenset({(0, 0)})),
            LessonQuestion("do you refund me", frozenset()),
        ]
        shop = InventedShop([page], asked)

        (again,) = ask("en", shop, one_direction, read_nothing, taken_away=True)

        assert not again.answerable
        assert [1] == [each.sentence for each in again.found]

    def test_about_a_manual_are_answered_by_the_sentence_they_name(self, tmp_path):
        """By its digest: another edition's sentence is another, and nobody asks for it."""
        (kept,) = (line for line in asked_of("debian.en") if line.startswith("3caddf48 "))
        text = "If you do like System V init, but don't like the /etc/rc?.d/* links,"
        text += " you could install the file-rc package."
        folder = tmp_path / "debian.en"
        folder.mkdir()
        (folder / "boot.html").write_text(
            f"<title>Boot</title><main><h1>Boot</h1><p>{text}</p></main>", encoding="utf-8"
        )

        manual = next(each for each in asked_manuals(tmp_path) if each.pages.passages)

        asked = [each.question for each in manual.pages.asked if each.answers]
        assert [kept.partition(" ")[2]] == asked
        silent = sum(line.startswith("- ") for line in asked_of("debian.en"))
        assert silent == sum(not each.answers for each in manual.pages.asked)


def asked_of(manual):
    return (ASKED / f"{manual}.txt").read_text(encoding="utf-8").splitlines()


def one_direction(texts):
    return np.tile(np.array([1.0, 0.0], np.float32), (len(texts), 1))


def read_nothing(question, index, found):
    return ReadAnswers((0.1,) * len(found), 1 - 0.1 * len(found))
