"""How questions and dialogues become pairs to learn from."""

from feedback.knowledge.importers.records import DialogueLine, QuestionLine, ReplyLine, TurnLine
from feedback.signals import Example
from training.data.pairs import (
    Pair,
    book_of_dialogues,
    from_dialogues,
    from_examples,
    from_questions,
    locales_of,
)

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

    def test_with_a_history_end_in_the_question(self):
        """A staff member speaks as the clerk, and values are hidden in what was said before too."""
        history = (TurnLine("shopper", "where is order 5001?"), TurnLine("clerk", "It is sent."))
        (pair,) = from_questions([QuestionLine("and when?", "order_late", "en", history)])

        assert "\x11where is order [order]?\x12It is sent.\x11and when?" == pair.dialogue

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


class TestExamples:
    def test_keep_the_turns_before_the_one_that_was_answered(self):
        """ "how long does that take" is learned behind what "that" is."""
        turns = (
            ("shopper", "can i get my money back"),
            ("staff", "Yes, for a month."),
            ("shopper", "how long does that take"),
        )

        (pair,) = from_examples([Example(turns, "refund_time", 1.0)])

        told = "\x11can i get my money back\x12Yes, for a month.\x11how long does that take"
        assert (told, "refund_time") == (pair.dialogue, pair.reply_id)


class TestValues:
    def test_are_placeholders_in_whatever_is_learned(self):
        """A number says who asks, an address too; what is asked is the same."""
        said = "where is order 1001, ann@example.com"
        line = DialogueLine("d", [TurnLine("shopper", said), TurnLine("clerk", "On its way.")])

        asked = {
            from_questions([QuestionLine(said, "order_status")])[0].dialogue,
            from_examples([Example((("shopper", said),), "order_status", 1.0)])[0].dialogue,
            next(iter(from_dialogues([line]))).dialogue,
        }

        assert {"\x11where is order [order], [email]"} == asked


class TestLocales:
    def test_are_named_once(self):
        """In the order of the alphabet."""
        assert locales_of([Pair("", "a", locale="zh"), Pair("", "a"), Pair("", "b")]) == [
            "en",
            "zh",
        ]
