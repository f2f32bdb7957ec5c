"""What the staff wrote in their own words: read with its question, without names, for the book."""

import pytest
from sqlmodel import select

from feedback.db.tables.shop_connections import Proposal
from feedback.desk.own_words import read_own_words
from feedback.dialogues.state import AfterAnswer
from feedback.knowledge.clustering import RepeatedReply, groups_of, spelled
from feedback.knowledge.importers.records import ReplyLine
from feedback.knowledge.proposals import Proposals
from feedback.knowledge.reply_book import ReplyBook
from feedback.privacy.erasure import Erasure
from tests.factories import NOW, answer, days, hours, make_store, open_dialogue

ENGRAVED = "We engrave up to ten letters on every mug for eight dollars."


def hand_over(store, question, told, author="Ana"):
    dialogue = open_dialogue(store)
    answer(
        store, dialogue, question=question, kind="handover", reply_id=None,
        after=AfterAnswer(handover="no_fitting_reply"),
    )  # fmt: skip
    store.record_staff_turn(dialogue.dialogue_id, told, author, NOW + hours(1))
    return dialogue


def read(database):
    return [tuple(one) for one in read_own_words(database, NOW - days(1))]


@pytest.fixture
def store(one_database):
    return make_store(one_database)


class TestOwnWords:
    def test_they_answer_what_was_handed_over(self, store):
        """
        Without the names and addresses that came along.
        """
        hand_over(store, "can you engrave a mug? i am ann@home.example", f"Hi Ben, {ENGRAVED}")

        ((told, asked),) = read(store.db)
        assert "ann@" not in asked
        assert "Ben" not in told
        assert told.endswith(ENGRAVED)

    def test_what_the_book_says_is_nothing_new(self, store):
        """
        Sent by hand or by a button, with whatever fills its slots.
        """
        ReplyBook(store.db).put_replies(
            [ReplyLine("returns", "You have {policy.return_days} days. (Unworn.)")], NOW
        )
        hand_over(store, "until when may i send it back", "You have 30 days. (Unworn.)")

        assert [] == read(store.db)

    def test_what_is_old_is_not_read(self, store):
        """
        A season's questions go with it.
        """
        hand_over(store, "can you engrave a mug", ENGRAVED)

        assert [] == read_own_words(store.db, NOW + days(1))


class TestProposals:
    def test_the_same_answer_twice_is_proposed_and_leaves_with_its_source(self, store):
        """
        Proposed anew each day: what is not said any more is taken back, what was left stays left.
        """
        for question in ("can you engrave a mug", "do you write names on mugs"):
            hand_over(store, question, ENGRAVED)
        groups = groups_of(read_own_words(store.db, NOW - days(1)), spelled, least=2)
        known = Proposals(store.db)
        again = RepeatedReply("Parking is behind the shop, for free.", 3, [])

        first = known.renew([*groups, again], {}, NOW)
        known.leave(
            next(one for one in known.open() if "Parking" in one.text).proposal_id,
            staff="mei",
            now=NOW,
        )
        second = known.renew([again], {}, NOW)

        assert [ENGRAVED, again.text] == [one.text for one in first]
        assert ["can you engrave a mug", "do you write names on mugs"] == first[0].questions
        assert ([], []) == (second, known.open())
        assert [again.text] == known.decided()

    def test_who_is_erased_takes_their_question_along(self, store):
        """
        Out of what is proposed, at once.
        """
        talks = [
            hand_over(store, question, ENGRAVED)
            for question in ("can you engrave a mug", "do you write names on mugs")
        ]
        groups = groups_of(read_own_words(store.db, NOW - days(1)), spelled, least=2)
        Proposals(store.db).put(groups, {}, NOW)
        Erasure(store.db).erase_shopper(talks[0].shopper_id, NOW + hours(2))

        with store.db.reading() as session:
            kept = session.exec(select(Proposal)).one()
            assert ["do you write names on mugs"] == kept.questions
