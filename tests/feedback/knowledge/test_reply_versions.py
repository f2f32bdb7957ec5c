"""Stories of a reply over time: written, changed, retired, deleted, and what it was used for."""

import pytest

from feedback.db.errors import FeedbackError
from feedback.knowledge.importers.records import QuestionLine, ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.knowledge.reply_use import ReplyUse, reply_uses
from feedback.knowledge.reply_versions import versions_of
from feedback.knowledge.supersessions import CannotSupersede, Supersessions
from tests.factories import (
    NOW,
    answer,
    days,
    hours,
    make_store,
    open_dialogue,
    signals_of,
)


@pytest.fixture
def book(database) -> ReplyBook:
    """One reply with a question."""
    book = ReplyBook(database)
    book.put_replies([ReplyLine("hours", "We open at nine.")], NOW)
    book.put_questions([QuestionLine("When do you open?", "hours")], NOW)
    return book


class TestVersions:
    def test_each_new_text_is_kept_with_who_wrote_it(self, book):
        """
        What is put again unchanged is no new version.
        """
        book.put_replies([ReplyLine("hours", "We open at nine.")], NOW + hours(1))
        book.put_replies([ReplyLine("hours", "We open at ten.")], NOW + hours(2), by="Mei")

        kept = [(one.by, one.text) for one in versions_of(book.db, "hours")]
        assert [("Mei", "We open at ten."), ("import", "We open at nine.")] == kept


class TestRetired:
    def test_it_is_said_no_more_until_it_is_brought_back(self, book):
        """
        Its questions are answered by nobody meanwhile.
        """
        known = Supersessions(book.db)
        stamp = book.stamp()
        known.retire("hours", staff="Mei", now=NOW + hours(1))
        retired = book.replies(), [one.reply_id for one in book.questions()], book.gone()
        known.undo(known.all()[0].number or 0, staff="Mei", now=NOW + hours(2))

        assert ([], [None], {"hours"}) == retired
        assert stamp != book.stamp()
        assert ["hours"] == [one.reply_id for one in book.replies()]
        assert ["hours"] == [one.reply_id for one in book.questions()]

    def test_an_import_does_not_bring_it_back(self, book):
        """
        The nightly file still has it.
        """
        Supersessions(book.db).retire("hours", staff="Mei", now=NOW + hours(1))
        book.put_replies([ReplyLine("hours", "We open at eight.")], NOW + hours(2))

        assert [] == book.replies()

    def test_what_is_gone_takes_no_other_s_place(self, book):
        """
        Nor is it retired twice; what the book has not is neither.
        """
        known = Supersessions(book.db)
        book.put_replies([ReplyLine("times", "See our page.")], NOW)
        known.retire("hours", staff="Mei", now=NOW + hours(1))

        for act in (
            lambda: known.supersede("times", "hours", staff="Mei", now=NOW + hours(2)),
            lambda: known.retire("hours", staff="Mei", now=NOW + hours(2)),
            lambda: known.retire("nope", staff="Mei", now=NOW + hours(2)),
        ):
            with pytest.raises(CannotSupersede):
                act()

    def test_a_reply_whose_successor_is_retired_goes_with_it(self, book):
        """
        Nothing is said in the place of either.
        """
        known = Supersessions(book.db)
        book.put_replies([ReplyLine("times", "See our page.")], NOW)
        known.supersede("hours", "times", staff="Mei", now=NOW + hours(1))
        known.retire("times", staff="Mei", now=NOW + hours(2))

        assert {"hours", "times"} == book.gone()
        assert {} == book.replaced()
        assert [None] == [one.reply_id for one in book.questions()]


class TestDeleted:
    def test_only_what_is_said_no_more_with_all_its_versions(self, book):
        """
        A label of it stays a question for a person.
        """
        known = Supersessions(book.db)
        with pytest.raises(FeedbackError, match="retire it first"):
            known.delete("hours")
        known.retire("hours", staff="Mei", now=NOW + hours(1))
        known.delete("hours")

        assert ([], []) == (book.texts("hours"), versions_of(book.db, "hours"))
        assert [None] == [one.reply_id for one in book.questions()]


class TestUses:
    def test_counts_what_was_shown_of_late_and_what_people_made_of_it(self, database):
        """
        Older answers do not count.
        """
        store = make_store(database)
        dialogue = open_dialogue(store)
        for number, age in enumerate((1, 2, 40)):
            shown = {"impression_id": f"i{number}", "reply_id": "hours"}
            answer(store, dialogue, now=NOW - days(age), **shown)
        signals_of(store).review(
            review_id="r1", impression_id="i0", staff="Mei", verdict="rejected",
            reply_id=None, text=None, now=NOW,
        )  # fmt: skip

        assert {"hours": ReplyUse(shown=2, corrected=1)} == reply_uses(database, NOW - days(30))
