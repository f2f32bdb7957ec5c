"""Stories of what may be learned: staff before shoppers, no thumbs-down, nobody too often."""

import pytest

from feedback.book import Book
from feedback.examples import collect
from feedback.files import QuestionLine
from tests.factories import (
    NOW,
    answer,
    hours,
    make_orders,
    make_purchase,
    make_store,
    new_id,
    open_dialogue,
)


def learned(database, **changes):
    return [
        (example.signal, example.turns[-1][1], example.reply_id, example.weight)
        for example in collect(database, now=NOW + hours(999), **changes)
    ]


def review(store, shown, verdict, **changes):
    store.review(
        review_id=new_id("review"),
        impression_id=shown.impression_id,
        staff="mei",
        verdict=verdict,
        now=NOW,
        **changes,
    )


@pytest.fixture
def store(sqlite_database):
    return make_store(sqlite_database)


class TestSignals:
    def test_questions_of_the_staff_count_one(self, database):
        """
        A labelled question is a dialogue of one turn; no reply is a label too.
        """
        Book(database).put_questions(
            [QuestionLine("send it back?", "return_how"), QuestionLine("sing a song", None)], NOW
        )
        assert learned(database) == [
            ("question", "send it back?", "return_how", 1.0),
            ("question", "sing a song", None, 1.0),
        ]

    def test_thumb_up_sale_approval_and_correction(self, database):
        """
        Each signal has its weight; a correction teaches the right reply and refuses the wrong one.
        """
        store, orders = make_store(database), make_orders(database)
        for name in ("thumb", "sale", "approved", "corrected", "silent"):
            dialogue = open_dialogue(store, shopper_id=name)
            shown = answer(store, dialogue, question=f"about {name}").impression
            if name == "thumb":
                store.rate(impression_id=shown.impression_id, voter=name, value="up", now=NOW)
            if name == "sale":
                orders.record(make_purchase(token_shopper_id=name, placed_at=NOW + hours(1)), NOW)
            if name == "approved":
                review(store, shown, "approved")
            if name == "corrected":
                review(store, shown, "corrected", reply_id="return_how")

        assert sorted(learned(database)) == [
            ("approved", "about approved", "return_policy", 2.0),
            ("corrected", "about corrected", "return_how", 3.0),
            ("sale", "about sale", "return_policy", 1.5),
            ("thumb", "about thumb", "return_policy", 1.0),
        ]
        corrected = [each for each in collect(database, now=NOW + hours(9)) if each.rejected]
        assert [("return_policy",)] == [each.rejected for each in corrected]

    def test_thumb_down_keeps_the_dialogue_out(self, sqlite_database, store):
        """
        A dialogue with a thumbs-down teaches nothing that only shoppers vouch for.
        """
        dialogue = open_dialogue(store)
        for value in ("up", "down"):
            shown = answer(store, dialogue, question=f"{value}?").impression
            store.rate(impression_id=shown.impression_id, voter="anna", value=value, now=NOW)
        assert learned(sqlite_database) == []

    def test_rejected_reply_is_a_hard_negative_elsewhere(self, sqlite_database, store):
        """
        A reply refused for a question is named as wrong where the right one is known.
        """
        Book(sqlite_database).put_questions([QuestionLine("send back?", "return_how")], NOW)
        review(
            store, answer(store, open_dialogue(store), question="send back?").impression, "rejected"
        )
        (example,) = collect(sqlite_database, now=NOW + hours(1))
        assert ("return_how", ("return_policy",)) == (example.reply_id, example.rejected)

    def test_button_chosen_is_a_weak_sign(self, sqlite_database, store):
        """
        Picking one of three replies says a little about which was right.
        """
        shown = answer(
            store, open_dialogue(store), question="hm?", kind="choices", reply_id=None
        ).impression
        store.record_click(
            click_id="c", impression_id=shown.impression_id, kind="choice", target="jobs", now=NOW
        )
        assert learned(sqlite_database) == [("choice", "hm?", "jobs", 0.5)]


class TestFairShare:
    def test_one_shopper_adds_a_few_at_most(self, sqlite_database, store):
        """
        Whoever presses a hundred thumbs counts ten times.
        """
        dialogue = open_dialogue(store)
        for number in range(15):
            shown = answer(store, dialogue, question=f"question {number}?").impression
            store.rate(impression_id=shown.impression_id, voter="anna", value="up", now=NOW)
        assert len(learned(sqlite_database)) == 10
        assert len(learned(sqlite_database, per_shopper=3)) == 3

    def test_same_words_with_the_same_reply_count_once(self, sqlite_database, store):
        """
        Said by many it is still one example, under its strongest signal.
        """
        for verdict in (None, "approved"):
            shown = answer(store, open_dialogue(store), question="back?").impression
            if verdict:
                review(store, shown, verdict)
            store.rate(impression_id=shown.impression_id, voter="v", value="up", now=NOW)
        assert learned(sqlite_database) == [("approved", "back?", "return_policy", 2.0)]


class TestPrivacy:
    def test_personal_data_is_taken_out_first(self, sqlite_database, store):
        """
        E-mail, order and what we know of the shopper's orders leave placeholders.
        """
        dialogue = open_dialogue(store, shopper_id="anna")
        make_orders(sqlite_database).record(
            make_purchase(number="JL77", tracking="TRACKME", token_shopper_id="anna"), NOW
        )
        shown = answer(
            store, dialogue, question="JL77, anna@home.example, TRACKME where is it?"
        ).impression
        review(store, shown, "approved")
        (example,) = collect(sqlite_database, now=NOW + hours(1))
        assert example.turns == (("shopper", "<PERSONAL>, <EMAIL>, <PERSONAL> where is it?"),)

    def test_doubtful_text_is_left_out(self, sqlite_database, store):
        """
        What may still hold an address is not learned from.
        """
        shown = answer(store, open_dialogue(store), question="to Suite 4, zip code x").impression
        review(store, shown, "approved")
        assert learned(sqlite_database) == []

    def test_context_is_what_had_been_said(self, sqlite_database, store):
        """
        An example holds the dialogue up to the question, staff and clerk speaking as one.
        """
        dialogue = open_dialogue(store)
        answer(store, dialogue, question="hi", text="Hello!")
        shown = answer(store, dialogue, question="back?").impression
        answer(store, dialogue, question="later")
        review(store, shown, "approved")
        (example,) = collect(sqlite_database, now=NOW + hours(1))
        assert example.turns == (("shopper", "hi"), ("clerk", "Hello!"), ("shopper", "back?"))
