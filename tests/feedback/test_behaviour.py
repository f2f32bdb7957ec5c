"""What shoppers wanted: buttons and abuse are no questions."""

from feedback.behaviour import behaviour_of
from feedback.happenings import Stretch
from feedback.store import DialogueState
from tests.factories import NOW, answer, days, hours, make_store, open_dialogue

WAITS = DialogueState(state="waiting", handover_reason="no_fitting_reply")


def behaviour(database):
    with database.reading() as session:
        week = Stretch(NOW - days(7), NOW + hours(1))
        return behaviour_of(session, week, [], "USD", None)


class TestUnanswered:
    def test_what_the_ranker_handed_over_is_a_question_without_a_reply(self, sqlite_database):
        """Twice the same words count twice."""
        store = make_store(sqlite_database)
        for _ in range(2):
            answer(store, open_dialogue(store), question="Do you engrave?", kind="handover",
                   reply_id=None, state=WAITS)  # fmt: skip

        assert [("Do you engrave?", 2)] == [
            each[:2] for each in behaviour(sqlite_database).unanswered
        ]

    def test_a_pressed_button_and_abuse_are_none(self, sqlite_database):
        """Both are handed over by rule, before any ranker is asked."""
        store = make_store(sqlite_database)
        for said in ("Talk to a person", "you idiots"):
            answer(store, open_dialogue(store), question=said, kind="handover", reply_id=None,
                   served_by="policy", candidates=[], state=WAITS)  # fmt: skip

        found = behaviour(sqlite_database)
        assert ((), ()) == (found.unanswered, found.topics)
