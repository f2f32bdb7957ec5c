"""Questions nobody could answer: counted by words, grouped by meaning, gone once answered."""

import numpy as np

from feedback.dialogues.state import AfterAnswer
from feedback.knowledge.importers.records import QuestionLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.report.unanswered import Unanswered, grouped_by_meaning, read_unanswered
from tests.factories import NOW, answer, hours, make_store, open_dialogue

HANDED_OVER = AfterAnswer(handover="no_fitting_reply")


def ask(database, *questions):
    """Each asked by somebody else, in vain."""
    store = make_store(database)
    for question in questions:
        answer(store, open_dialogue(store), question=question, kind="handover", after=HANDED_OVER)


def unanswered(database):
    return [(one.question, one.times) for one in read_unanswered(database, None, NOW + hours(9))]


class TestUnanswered:
    def test_same_words_count_together(self, database):
        """However they are written; personal data is taken out."""
        ask(database, "Do you wrap gifts?", "do you wrap gifts", "I am anna@example.org, hello?")

        assert ("Do you wrap gifts?", 2) == unanswered(database)[0]
        assert "anna@example.org" not in str(unanswered(database))

    def test_is_gone_once_the_book_answers(self, database):
        """Asked in vain once more after that, it is back."""
        ask(database, "Do you wrap gifts?")
        answered = QuestionLine("do you wrap gifts", "gift_wrap", "en")
        ReplyBook(database).put_questions([answered], NOW + hours(1))

        assert [] == unanswered(database)

        store = make_store(database)
        later = {"now": NOW + hours(2), "after": HANDED_OVER, "kind": "handover"}
        answer(store, open_dialogue(store), question="Do you wrap gifts?", **later)
        assert [("Do you wrap gifts?", 1)] == unanswered(database)


class TestGroups:
    def test_hold_what_means_the_same(self):
        """The most asked first, with the other wordings; two that differ stay apart."""
        found = [
            Unanswered("do you wrap gifts", "en", 3, "a"),
            Unanswered("how late are you open", "en", 2, "b"),
            Unanswered("is there gift wrapping", "en", 2, "c"),
        ]
        vectors = np.array([[1, 0], [0, 1], [0.8, 0.6]], np.float32)

        gifts, hours_open = grouped_by_meaning(found, vectors, alike=0.75)

        assert ("do you wrap gifts", 5, (found[2],)) == (gifts.question, gifts.times, gifts.alike)
        assert found[1] == hours_open
