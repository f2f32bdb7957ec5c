"""Stories of a reply book's problems: what is said twice, contradicts itself, or leads nowhere."""

from collections.abc import Sequence

import pytest

from feedback.db.tables.knowledge import Question, Reply
from feedback.knowledge.book_problems import find_problems
from tests.factories import NOW

FACTS = {"en": ["return_days"], "zh": []}


def book(**texts: str) -> list[Reply]:
    return [
        Reply(reply_id=reply_id, locale="en", text=text, updated_at=NOW)
        for reply_id, text in texts.items()
    ]


def asked(question: str, reply_id: str | None, locale: str = "en") -> Question:
    return Question(
        question=question,
        digest=question,
        locale=locale,
        reply_id=reply_id,
        added_at=NOW,
        labelled_at=NOW,
    )


def told(
    replies: list[Reply], questions: Sequence[Question] = ()
) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.reply_ids) for one in find_problems(replies, questions, FACTS)]


class TestTwins:
    @pytest.mark.parametrize(
        ("one", "other", "kind"),
        [
            ("We wrap gifts in recycled paper.", "We wrap gifts in recycled paper!", "duplicate"),
            (
                "You will find the serial number on the underside of every lamp we make.",
                "You find the serial number on the underside of every lamp we make.",
                "duplicate",
            ),
            (
                "Send it back to us within 30 days and we refund you.",
                "Send it back to us within 14 days and we refund you.",
                "conflict",
            ),
            (
                "Send it back to us within two weeks and we refund you.",
                "Send it back to us within 14 days and we refund you.",
                "duplicate",
            ),
        ],
    )
    def test_two_replies_for_the_same(self, one, other, kind):
        """
        The same words, nearly the same, or the same rule with other numbers.
        """
        assert [(kind, ("a", "b"))] == told(book(a=one, b=other))

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Delivery takes 3 days.", "A refund takes 5 days."),
            (
                "Express delivery to your door costs 9 EUR in all.",
                "Standard delivery to your door costs 4 EUR in all.",
            ),
            ("Hello!", "Hello there!"),
        ],
    )
    def test_other_rules_and_short_words_are_none(self, one, other):
        """
        Express and standard are two cases; greetings may be alike.
        """
        assert [] == told(book(a=one, b=other))

    def test_another_language_is_another_reply(self):
        """
        The same text under one name in two languages is not said twice.
        """
        replies = book(a="We wrap gifts in recycled paper.")
        same = Reply(reply_id="a", locale="zh", text=replies[0].text, updated_at=NOW)

        assert [] == told([*replies, same])


class TestLeadingNowhere:
    def test_slots_labels_and_languages_of_nothing(self):
        """
        Each is named with the reply that it is about; facts count in their own language.
        """
        replies = book(a="Until {policy.return_days}, {order.foo}", b="By {policy.nobody}.")
        replies.append(Reply(reply_id="c", locale="xx", text="Hej.", updated_at=NOW))

        found = told(replies, [asked("Where is it?", "gone"), asked("A riddle?", None)])

        assert [
            ("label", ("gone",)),
            ("slot", ("a",)),
            ("slot", ("b",)),
            ("locale", ("c",)),
        ] == found

    def test_one_question_with_two_replies(self):
        """
        But for signs and capitals it is the same one.
        """
        replies = book(a="Yes, we do, to every country of Europe.", b="No parcel leaves Sweden.")
        questions = [asked("Do you ship abroad?", "a"), asked("do you ship abroad", "b")]

        assert [("conflict", ("a", "b"))] == told(replies, questions)
