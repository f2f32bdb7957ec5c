"""Who looks at a dialogue at the desk, and what they note for each other."""

from datetime import timedelta

import pytest

from feedback.db.errors import UnknownDialogue
from feedback.desk.card_lock import Staff
from feedback.desk.notes import InternalNotes
from feedback.desk.presence import Colleague, Presences
from feedback.privacy.prune import prune_old_rows
from tests.factories import NOW, days, make_store, open_dialogue

MEI, BEN = Staff("desk:mei", "Mei"), Staff("desk:ben", "Ben")
SECOND = timedelta(seconds=1)


@pytest.fixture
def talk(database) -> str:
    """The id of a dialogue."""
    return open_dialogue(make_store(database)).dialogue_id


class TestPresence:
    def test_who_writes_writes_for_seconds_and_looks_on(self, database, talk):
        """
        A colleague is told of all the others, and of nobody who left.
        """
        there = Presences(database)
        there.looks(talk, MEI, NOW)
        there.writes(talk, BEN, NOW)

        assert [Colleague("Ben", writes=True)] == there.others(talk, MEI.id, NOW)
        later = NOW + 10 * SECOND
        assert [Colleague("Ben", writes=False)] == there.others(talk, MEI.id, later)
        assert [Colleague("Mei", writes=False)] == there.others(talk, BEN.id, later)
        assert [] == there.others(talk, MEI.id, NOW + 60 * SECOND)

    def test_a_look_does_not_end_what_is_being_written(self, database, talk):
        """
        The page asks every few seconds, also of who types.
        """
        there = Presences(database)
        there.looks(talk, BEN, NOW - 20 * SECOND)
        there.writes(talk, BEN, NOW)
        there.looks(talk, BEN, NOW + SECOND)

        assert [Colleague("Ben", writes=True)] == there.others(talk, MEI.id, NOW + 2 * SECOND)

    def test_nobody_is_at_what_is_none(self, database):
        """
        An unknown dialogue gets no row.
        """
        there = Presences(database)
        there.writes("nope", BEN, NOW)

        assert [] == there.others("nope", MEI.id, NOW)

    def test_yesterdays_looks_are_pruned(self, database, talk):
        """
        Nobody asks who looked when.
        """
        Presences(database).looks(talk, MEI, NOW - days(2))

        assert 1 == prune_old_rows(database, NOW)["presence"]


class TestInternalNotes:
    def test_are_told_in_the_order_they_were_written(self, database, talk):
        """
        With who wrote them.
        """
        notes = InternalNotes(database)
        notes.add(talk, "Called her back.", "Mei", NOW + SECOND)
        notes.add(talk, "She calls at five.", "Ben", NOW)

        found = [(one.author, one.text) for one in notes.of(talk)]
        assert [("Ben", "She calls at five."), ("Mei", "Called her back.")] == found

    def test_on_no_dialogue_are_refused(self, database):
        """
        By its name.
        """
        with pytest.raises(UnknownDialogue):
            InternalNotes(database).add("nope", "Hello.", "Mei", NOW)
