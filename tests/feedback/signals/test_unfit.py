"""How many messages fitted no reply, by what the staff said of each way of answering."""

import pytest

from feedback.db import Period
from feedback.signals.unfit import JudgedMessages, count_unfit, read_asked
from tests.factories import NOW, answer, hours, make_store, new_id, open_dialogue, signals_of


def shown(store, kind, **changes):
    dialogue = open_dialogue(store)
    return answer(store, dialogue, kind=kind, **{"served_by": "model", **changes}).impression


def review(store, impression, verdict, **changes):
    signals_of(store).review(
        review_id=new_id("review"),
        impression_id=impression.impression_id,
        staff="mei",
        verdict=verdict,
        now=NOW,
        **changes,
    )


def counted(database, kind):
    counts = count_unfit(database, Period(NOW - hours(999), NOW + hours(999)))
    return counts[("answer", "choices", "handover").index(kind)]


class TestUnfitMessages:
    @pytest.mark.parametrize(
        ("kind", "verdict", "changes", "unfit"),
        [
            ("answer", "approved", {}, 0),
            ("answer", "corrected", {"reply_id": "shipping"}, 0),
            ("answer", "corrected", {"text": "We have no shop in Bern."}, 1),
            ("answer", "rejected", {}, 1),
            ("handover", "approved", {}, 1),
            ("handover", "corrected", {"reply_id": "shipping"}, 0),
        ],
    )
    def test_are_told_by_the_verdict(self, one_database, kind, verdict, changes, unfit):
        """A reply of the book was right, or would have been; else the message fitted nothing."""
        store = make_store(one_database)
        review(store, shown(store, kind), verdict, **changes)

        assert JudgedMessages(1, 1, unfit) == counted(one_database, kind)

    def test_that_nobody_judged_count_as_shown(self, one_database):
        """Hand-overs are looked at more often than answers, so each has its own share."""
        store = make_store(one_database)
        for _ in range(3):
            shown(store, "answer")
        review(store, shown(store, "handover"), "approved")

        assert JudgedMessages(3, 0, 0) == counted(one_database, "answer")
        assert JudgedMessages(1, 1, 1) == counted(one_database, "handover")

    def test_the_newest_verdict_holds_and_candidates_looked_at_say_nothing(self, one_database):
        """ "Not right" of another candidate is no word on the message."""
        store = make_store(one_database)
        said = shown(store, "answer")
        review(store, said, "rejected")
        review(store, said, "rejected", reply_id="shipping")
        assert JudgedMessages(1, 1, 1) == counted(one_database, "answer")

        signals_of(store).review(
            review_id=new_id("review"), impression_id=said.impression_id, staff="mei",
            verdict="approved", now=NOW + hours(1),
        )  # fmt: skip

        assert JudgedMessages(1, 1, 0) == counted(one_database, "answer")

    def test_keyword_search_is_not_asked(self, one_database):
        """In the holdout nothing is known to fit."""
        store = make_store(one_database)
        review(store, shown(store, "answer", served_by="keywords"), "rejected")

        assert JudgedMessages(0, 0, 0) == counted(one_database, "answer")


class TestMessagesAsAsked:
    def test_are_the_first_ones_that_the_model_ranked_replies_for(self, one_database):
        """A later one says little by itself; what the policy or keywords answered says nothing."""
        store = make_store(one_database)
        dialogue = open_dialogue(store)
        answer(store, dialogue, question="where is my parcel", kind="answer", served_by="model")
        answer(store, dialogue, question="and the other one", kind="answer", served_by="model")
        for kind, served_by in (("ask", "policy"), ("answer", "keywords")):
            other = open_dialogue(store)
            answer(store, other, question="hello there", kind=kind, served_by=served_by)
        answer(
            store, open_dialogue(store), question="sing a song", kind="handover", served_by="model"
        )
        period = Period(NOW - hours(1), NOW + hours(1))

        assert ["sing a song", "where is my parcel"] == read_asked(one_database, period)
        assert ["sing a song"] == read_asked(one_database, period, most=1)
        assert [] == read_asked(one_database, Period(NOW + hours(1), NOW + hours(2)))
