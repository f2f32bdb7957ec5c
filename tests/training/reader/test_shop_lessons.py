"""The shop's own reading lessons: what people said of quotations, taught among invented shops."""

import numpy as np
import pytest

from feedback.signals import PageLesson
from serving.passage_search import PassageText
from serving.ranker import FoundSentence
from training.evaluation.read_pages import OTHERS, TAUGHT, check_reading, compare_reading
from training.reader.confidence import graph_reader_of
from training.reader.reading import ReadingModule
from training.reader.shop_lessons import LessonPages, own_lessons, teach_reading

WRAPPED = "We put it into brown paper with a ribbon for two euros."
PASSAGES = [
    PassageText(("Gift wrapping",), (WRAPPED, "Write your card in the basket.")),
    PassageText(("Birthday club",), ("Members get a card on their birthday.", "It costs nothing.")),
    PassageText(("Delivery",), ("Parcels leave our house on the day you order.",)),
]
QUESTIONS = [
    "can you make it look nice for a birthday",
    "will it look nice for my mother's birthday",
    "i want it to look nice, it is for a birthday",
    "do you make birthday orders look nice",
]


def embed(texts):
    """Vectors that say nothing: words alone find."""
    return np.tile(np.array([1, 0], np.float32), (len(texts), 1))


def pages(*lessons):
    return LessonPages(["wrap", "club", "post"], PASSAGES, lessons)


def lesson(question, passage="wrap", first=0, last=0, right=True, weight=1.0):
    return PageLesson(question, passage, first, last, right, weight, "ada")


class TestOwnLessons:
    def test_mark_the_sentences_that_were_named(self):
        """Among what a search finds for the question."""
        (found,) = own_lessons(pages(lesson(QUESTIONS[0])), embed)

        marked = [text for text, yes in zip(found.sentences, found.answers, strict=True) if yes]
        assert [WRAPPED] == marked
        assert len(found.sentences) > 3
        assert not found.nothing

    def test_of_what_was_wrong_mark_anything_else_and_silence(self):
        """Nobody said what would have been right."""
        wrong = lesson(QUESTIONS[0], "club", right=False, weight=0.4)
        (found,) = own_lessons(pages(wrong), embed)

        left = [text for text, yes in zip(found.sentences, found.answers, strict=True) if not yes]
        assert [PASSAGES[1].sentences[0]] == left
        assert found.nothing
        assert 0.4 == found.weight

    def test_of_a_passage_named_as_a_whole_mark_all_of_it(self):
        """The staff name a passage, and no sentence."""
        (found,) = own_lessons(pages(lesson(QUESTIONS[0], last=-1)), embed)

        assert 2 == sum(found.answers)

    def test_of_a_passage_that_is_gone_teach_nothing(self):
        """Its page has changed."""
        assert [] == own_lessons(pages(lesson(QUESTIONS[0], "gone")), embed)


@pytest.fixture(scope="module")
def readers():
    """The reader that ships, and one taught three of four questions."""
    said = own_lessons(pages(*map(lesson, QUESTIONS[:3])), embed)
    shipped, taught = ReadingModule(), teach_reading(said, embed, seed=1)
    return [graph_reader_of(module) for module in (shipped, taught)]


@pytest.mark.slow
class TestTaughtReader:
    def test_quotes_rightly_what_was_corrected_and_what_means_the_same(self, readers):
        """The last of the questions was never said."""
        shipped, taught = readers

        assert WRAPPED not in {best(shipped, question) for question in QUESTIONS}
        assert {WRAPPED} == {best(taught, question) for question in QUESTIONS}

    def test_reads_other_shops_as_before(self, readers):
        """What the gate compares: the lessons won, and nothing lost beside them."""
        compared = compare_reading(pages(*map(lesson, QUESTIONS[:3])), embed, *readers)

        assert [TAUGHT, OTHERS] == [part.name for part in compared]
        assert 3 == compared[0].won
        assert all(check_reading(part).held is not False for part in compared)


def best(read, question):
    """The sentence that a reader likes best, or silence."""
    (found,) = own_lessons(pages(lesson(question)), embed)
    sentences = [
        FoundSentence(above, text, tuple(hints.tolist()))
        for above, text, hints in zip(found.headings, found.sentences, found.hints, strict=True)
    ]
    said = read(found.dialogue, sentences)
    return [*found.sentences, ""][int(np.argmax([*said.probabilities, said.nothing]))]
