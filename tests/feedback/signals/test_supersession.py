"""Stories of policies that change: old labels give way, old votes are void, nothing is lost."""

from feedback.db.tables.dialogues import Impression
from feedback.knowledge.importers.records import FactLine, QuestionLine, ReplyLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.knowledge.supersessions import Supersessions
from feedback.signals.decision_log import read_log
from feedback.signals.examples import collect
from tests.factories import NOW, answer, days, hours, make_store, new_id, open_dialogue, signals_of

LATER = NOW + days(2)


def put_book(database):
    book = ReplyBook(database)
    book.put_replies(
        [
            ReplyLine("old", "You have {policy.return_days} days."),
            ReplyLine("new", "Ask us for a label."),
        ],
        NOW,
    )
    return book


def ask(store, question, reply_id="old", now=NOW):
    shown = answer(
        store, open_dialogue(store, now=now), question=question, reply_id=reply_id, now=now
    )
    return shown.impression


def review(store, shown: Impression, verdict, reply_id=None, now=NOW):
    signals_of(store).review(
        review_id=new_id("review"), impression_id=shown.impression_id, staff="mei",
        verdict=verdict, reply_id=reply_id, now=now,
    )  # fmt: skip


def like(store, shown: Impression, value="up"):
    signals_of(store).rate(
        impression_id=shown.impression_id, voter=new_id("voter"), value=value, now=shown.shown_at
    )


def learned(database):
    examples = collect(database, now=NOW + days(30))
    return sorted((each.signal, each.turns[-1][1], each.reply_id) for each in examples)


def causes(database):
    return [(row.reply_id, row.successor, row.cause) for row in Supersessions(database).all()]


class TestAReplyThatGaveWay:
    def test_its_labels_and_verdicts_are_its_successors(self, database):
        """
        The questions are still asked; what answers them is another reply. Votes do not move.
        """
        book, store = put_book(database), make_store(database)
        book.put_questions([QuestionLine("send it back?", "old")], NOW)
        review(store, ask(store, "can i return it"), "approved")
        like(store, ask(store, "return please"))

        Supersessions(database).supersede("old", "new", staff="mei", now=LATER)

        assert [
            ("approved", "can i return it", "new"),
            ("question", "send it back?", "new"),
        ] == learned(database)

    def test_what_is_labelled_with_it_afterwards_stands(self, database):
        """
        A colleague who names it later knows what they say.
        """
        book = put_book(database)
        Supersessions(database).supersede("old", "new", staff="mei", now=LATER)
        book.put_questions([QuestionLine("the old way?", "old")], LATER + hours(1))

        assert [("question", "the old way?", "old")] == learned(database)

    def test_it_is_not_said_any_more_and_not_lost(self, database):
        """
        The book has it back once that is undone.
        """
        book, known = put_book(database), Supersessions(database)
        known.supersede("old", "new", staff="mei", now=LATER)
        during = [reply.reply_id for reply in book.replies()]
        known.undo(known.all()[0].number or 0, staff="tom", now=LATER)

        assert ["new"] == during
        assert ["new", "old"] == [reply.reply_id for reply in book.replies()]

    def test_the_old_way_may_come_back(self, database):
        """
        Of two that replaced each other the one named last is said, and has all labels.
        """
        book, known = put_book(database), Supersessions(database)
        book.put_questions([QuestionLine("send it back?", "old")], NOW)
        known.supersede("old", "new", staff="mei", now=LATER)
        known.supersede("new", "old", staff="mei", now=LATER + days(1))

        assert {"new": "old"} == book.replaced()
        assert [("question", "send it back?", "old")] == learned(database)

    def test_the_log_of_the_old_policy_is_silent(self, database):
        """
        It would speak against every model that follows the new one.
        """
        put_book(database)
        store = make_store(database)
        like(store, ask(store, "can i return it"))
        before = read_log(database, now=LATER)
        Supersessions(database).supersede("old", "new", staff="mei", now=LATER)

        assert (1, []) == (len(before), read_log(database, now=LATER))


class TestWordsThatChanged:
    def test_votes_on_other_words_are_void_and_labels_stay(self, database):
        """
        The question still asks for this reply; whether people liked its old text says nothing.
        """
        book, store = put_book(database), make_store(database)
        book.put_questions([QuestionLine("send it back?", "new")], NOW)
        like(store, ask(store, "return please", "new"))
        like(store, ask(store, "return it", "new"), "down")
        book.put_replies([ReplyLine("new", "Bring it to the shop.")], LATER)

        assert [("new", None, "text")] == causes(database)
        assert [("question", "send it back?", "new")] == learned(database)

    def test_a_spelling_mended_changes_nothing(self, database):
        """
        Votes are too few to lose them to a comma.
        """
        book, store = put_book(database), make_store(database)
        like(store, ask(store, "return please", "new"))
        book.put_replies([ReplyLine("new", "Ask us for a label!")], LATER)

        assert [] == causes(database)
        assert [("thumb", "return please", "new")] == learned(database)

    def test_a_fact_changes_every_reply_that_holds_it(self, database):
        """
        Thirty days were liked; fourteen may not be.
        """
        book = put_book(database)
        book.put_facts([FactLine("return_days", "30")], NOW)
        book.put_facts([FactLine("return_days", "14"), FactLine("phone", "1")], LATER)

        assert [("old", None, "fact")] == causes(database)


class TestStaffWhoCorrectAgain:
    def test_five_in_a_row_are_a_change_of_policy(self, database):
        """
        Earlier approvals do not stand in the way: they were right then.
        """
        put_book(database)
        store = make_store(database)
        review(store, ask(store, "earlier"), "approved")
        for number in range(5):
            shown = ask(store, f"question {number}", now=LATER)
            review(store, shown, "corrected", "new", now=LATER + hours(number))

        assert [("old", "new", "corrections")] == causes(database)

    def test_one_approved_between_says_the_reply_still_holds(self, database):
        """
        Then questions are confused, and no policy has changed.
        """
        put_book(database)
        store = make_store(database)
        for number in range(6):
            shown = ask(store, f"question {number}", now=LATER)
            verdict, reply_id = ("approved", None) if number == 3 else ("corrected", "new")
            review(store, shown, verdict, reply_id, now=LATER + hours(number))

        assert [] == causes(database)

    def test_the_same_question_five_times_is_one(self, database):
        """
        One question that is misread each time is one mistake.
        """
        put_book(database)
        store = make_store(database)
        for number in range(5):
            shown = ask(store, "question", now=LATER)
            review(store, shown, "corrected", "new", now=LATER + hours(number))

        assert [] == causes(database)

    def test_questions_labelled_anew_take_their_topic_along(self, database):
        """
        Where most of a reply's questions go to one other, so does the rest; else it was divided.
        """
        book = put_book(database)
        questions = [f"question {number}" for number in range(6)]
        book.put_questions([QuestionLine(each, "old") for each in questions], NOW)
        book.put_questions([QuestionLine(each, "new") for each in questions[:5]], LATER)

        assert [("old", "new", "relabelled")] == causes(database)
        assert ["new"] * 6 == [each.reply_id for each in book.questions()]
