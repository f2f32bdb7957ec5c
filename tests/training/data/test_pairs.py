"""How questions and dialogues become pairs to learn from."""

from feedback.knowledge.importers.records import DialogueLine, QuestionLine, ReplyLine, TurnLine
from training.data.pairs import Pair, book_of_dialogues, from_dialogues, from_questions, locales_of

DIALOGUE = DialogueLine(
    "d1",
    [
        TurnLine("clerk", "Hello!"),
        TurnLine("shopper", "where is it"),
        TurnLine("action", "order 1: shipped"),
        TurnLine("clerk", "On its way.", "order_status"),
        TurnLine("shopper", "thanks"),
        TurnLine("clerk", "Any time."),
    ],
)


class TestQuestions:
    def test_are_dialogues_of_one_turn(self):
        """The shopper's mark stands before the words."""
        assert from_questions([QuestionLine("hi", "hello", "en")]) == [Pair("\x11hi", "hello")]

    def test_with_no_reply_are_null(self):
        """Neither an id nor a text: nothing fits."""
        assert from_questions([QuestionLine("sing", None)])[0].is_null


class TestDialogues:
    def test_each_clerks_turn_answers_all_that_was_said_before(self):
        """An opening that answers nothing is no pair."""
        found = list(from_dialogues([DIALOGUE]))

        assert [(pair.reply_id, pair.text) for pair in found] == [
            ("order_status", "On its way."),
            (None, "Any time."),
        ]
        assert found[0].dialogue == "\x12Hello!\x11where is it\x13order 1: shipped"

    def test_lend_their_named_replies_as_a_book(self):
        """With the commonest wording of each id."""
        assert book_of_dialogues([DIALOGUE]) == [ReplyLine("order_status", "On its way.")]

    def test_lend_their_wordings_when_none_is_named(self):
        """An unnamed reply is known by its words."""
        turns = [turn._replace(reply_id=None) for turn in DIALOGUE.turns]
        book = book_of_dialogues([DIALOGUE._replace(turns=turns)])

        assert {line.text for line in book} == {"Hello!", "On its way.", "Any time."}
        assert len({line.reply_id for line in book}) == 3


class TestLocales:
    def test_are_named_once(self):
        """In the order of the alphabet."""
        assert locales_of([Pair("", "a", locale="zh"), Pair("", "a"), Pair("", "b")]) == [
            "en",
            "zh",
        ]
