"""Stories of the book: filled, filled again, and read in the shopper's language."""

from feedback.knowledge.importers.files import (
    DialogueLine,
    FactLine,
    QuestionLine,
    ReplyLine,
    TurnLine,
)
from feedback.knowledge.reply_book import ReplyBook, question_line
from tests.factories import NOW


class TestReplies:
    def test_reply_is_found_in_the_shoppers_language(self, database):
        """
        Where the language is missing, English answers, then any other.
        """
        book = ReplyBook(database)
        book.put_replies(
            [
                ReplyLine("hello", "Hello!", "en"),
                ReplyLine("hello", "你好！", "zh"),
                ReplyLine("bye", "再见", "zh"),
            ],
            NOW,
        )

        texts = [
            found.text if (found := book.reply(reply_id, locale)) else None
            for reply_id, locale in [
                ("hello", "zh"),
                ("hello", "fr"),
                ("bye", "en"),
                ("nothing", "en"),
            ]
        ]
        assert texts == ["你好！", "Hello!", "再见", None]

    def test_put_again_replaces(self, database):
        """
        The newer text holds; within one file the last line does.
        """
        book = ReplyBook(database)
        assert book.is_empty()
        assert book.put_replies([ReplyLine("a", "one"), ReplyLine("a", "two")], NOW) == 1
        assert book.put_replies([ReplyLine("a", "three"), ReplyLine("b", None)], NOW) == 1
        assert ["three"] == [reply.text for reply in book.replies()]
        assert not book.is_empty()

    def test_stamp_changes_with_every_change(self, database):
        """
        A cache that keeps the stamp knows when to read again, two changes in one moment included.
        """
        book = ReplyBook(database)
        stamps = [book.stamp()]
        for change in (
            lambda: book.put_replies([ReplyLine("a", "one")], NOW),
            lambda: book.put_replies([ReplyLine("a", "two")], NOW),
            lambda: book.put_facts([FactLine("return_days", "30")], NOW),
        ):
            change()
            stamps.append(book.stamp())
        assert len(set(stamps)) == len(stamps)
        assert book.stamp() == stamps[-1]


class TestWhatElseIsInIt:
    def test_question_asked_again_takes_the_newer_reply(self, database):
        """
        A corrected label replaces the first one; very long questions are kept too.
        """
        book = ReplyBook(database)
        long = "长" * 5_000
        book.put_questions([QuestionLine("where?", "a"), QuestionLine(long, None, "zh")], NOW)
        book.put_questions([QuestionLine("where?", "b")], NOW)
        assert [("where?", "b"), (long, None)] == [
            (question.question, question.reply_id) for question in book.questions()
        ]

    def test_fact_in_a_language_goes_before_one_for_all(self, database):
        """
        A fact without a language holds wherever the language has none of its own.
        """
        book = ReplyBook(database)
        book.put_facts(
            [
                FactLine("return_days", "30"),
                FactLine("hours", "9 to 5"),
                FactLine("hours", "九点到五点", "zh"),
            ],
            NOW,
        )
        assert book.facts("zh") == {"return_days": "30", "hours": "九点到五点"}
        assert book.facts("en") == {"return_days": "30", "hours": "9 to 5"}

    def test_past_dialogues_come_back_whole(self, database):
        """
        More than one batch of them, each once.
        """
        book = ReplyBook(database)
        turns = [TurnLine("shopper", "hi"), TurnLine("clerk", "Hello!", "greeting")]
        book.put_past_dialogues([DialogueLine(f"d{n}", turns, n == 0) for n in range(1_200)], NOW)

        past = list(book.past_dialogues())
        assert len({dialogue.id for dialogue in past}) == len(past) == 1_200
        assert past[0].turns[1] == {"speaker": "clerk", "text": "Hello!", "reply_id": "greeting"}
        assert past[0].accepted


class TestQuestionsWithHistory:
    HISTORY = (TurnLine("shopper", "can i send it back"), TurnLine("clerk", "Within 30 days."))

    def test_they_are_kept_beside_the_same_words_by_themselves(self, database):
        """What was said before makes another question of them; put again, it is replaced."""
        book = ReplyBook(database)
        follow_up = QuestionLine("how long?", "refund_time", "en", self.HISTORY)
        book.put_questions([QuestionLine("how long?", "shipping_time"), follow_up], NOW)
        book.put_questions([follow_up._replace(reply_id="return_time")], NOW)

        assert [
            QuestionLine("how long?", "shipping_time"),
            follow_up._replace(reply_id="return_time"),
        ] == [question_line(row) for row in book.questions()]
