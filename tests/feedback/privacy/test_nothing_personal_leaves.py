"""What a shopper told of themselves reaches no example and no report, whichever way it came in."""

from dataclasses import asdict

import pytest

from feedback.db.period import Period
from feedback.dialogues.state import AfterAnswer
from feedback.report.behaviour import behaviour_of
from feedback.report.unanswered import read_unanswered
from feedback.signals.examples import gather
from tests.factories import (
    NOW,
    answer,
    days,
    hours,
    make_store,
    new_id,
    open_dialogue,
    signals_of,
)

WAITS = AfterAnswer(handover="no_fitting_reply")
TOLD = {
    "Zbigniew": "Hi, this is Zbigniew Kowalczyk, where is my order?",
    "Anneliese": "wo ist mein Paket?\nViele Grüße\nAnneliese Brandt",
    "王小明": "你好,我叫王小明,我的快递到哪了",
    "ab12cde": "my plate is AB12 CDE".replace("AB12 CDE", "AB12CDE"),
    "1985": "I was born on 3 March 1985, may I order?",
    "x1234567": "my passport is X1234567",
    "gmail": "write to ana dot fontaine at gmail dot com",
    "hunter2": "my password is hunter2",
    "fontaine88": "my instagram is ana.fontaine88",
    "4242": "the card ending in 4242 was charged",
    "elm street": "send it to 12 Elm Street please",
    "信義路": "寄到台北市信義區信義路五段7號",
    "5552671": "call me on +1 415 5552671",
}


@pytest.fixture
def told(database):
    """A store in which every value was said, approved, disliked with a comment, and handed over."""
    store = make_store(database)
    signals = signals_of(store)
    for text in TOLD.values():
        shown = answer(store, open_dialogue(store), question=text).impression
        signals.review(review_id=new_id("review"), impression_id=shown.impression_id, staff="mei",
                       verdict="approved", now=NOW)  # fmt: skip
        shown = answer(store, open_dialogue(store), question=text).impression
        signals.rate(impression_id=shown.impression_id, voter=new_id("voter"), value="down",
                     comment=f"wrong! {text}", now=NOW)  # fmt: skip
        answer(store, open_dialogue(store), question=text, kind="handover", reply_id=None,
               after=WAITS)  # fmt: skip
    return database


def left_of(shown):
    """The values that can still be read."""
    words = str(shown).casefold()
    return [value for value in TOLD if value.casefold() in words]


class TestWhatWasTold:
    def test_reaches_no_example(self, told):
        """Not the turns, not the words of refused replies."""
        found = gather(told, now=NOW + hours(1))
        assert len(found.examples) > 0
        assert [] == left_of([asdict(example) for example in found.examples])

    def test_reaches_no_report(self, told):
        """Neither "asked most" nor "unanswered" nor the comments under replies."""
        with told.reading() as session:
            week = Period(NOW - days(7), NOW + hours(1))
            report = behaviour_of(session, week, [], "USD", None)[0]
        assert report.unanswered
        assert [] == left_of(report)

    def test_reaches_no_list_of_what_the_book_lacks(self, told):
        """The questions worth a reply, as they go to the staff."""
        assert [] == left_of(read_unanswered(told, None, NOW + hours(1), most=50))
