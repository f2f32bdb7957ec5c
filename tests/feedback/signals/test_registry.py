"""A signal of one's own: registered once, it is learned from, exported, erased and emptied."""

from datetime import datetime

import pytest
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel, col, select

from feedback.db.tables.columns import Instant, Words
from feedback.privacy.erasure import Erasure
from feedback.privacy.retention import Keep, forget_old
from feedback.signals.examples import gather
from feedback.signals.registry import SIGNALS, RightReply, Signal, SignalSources
from tests.factories import NOW, answer, days, hours, make_store, open_dialogue, signals_of


class OfTests(SQLModel, registry=registry()):
    """Tables that are not the product's."""


class Grade(OfTests, table=True):
    """What a shopper thought of a whole dialogue, from 1 to 5 stars, asked at its end."""

    dialogue_id: str = Field(primary_key=True)
    stars: int
    why: str | None = Field(default=None, sa_type=Words)
    graded_at: datetime = Field(sa_type=Instant)


def well_graded(sources: SignalSources) -> RightReply:
    """Four stars and five speak for every reply of the dialogue."""
    good = set(sources.session.exec(select(Grade.dialogue_id).where(col(Grade.stars) >= 4)))
    return lambda shown: shown.reply_id if shown.dialogue_id in good else None


GRADE = Signal("grade", 0.7, well_graded, Grade, "grades")
WITH_GRADES = (*SIGNALS, GRADE)


@pytest.fixture
def database(database):
    Grade.metadata.create_all(database.engine)
    return database


def graded(database, shopper, stars, why=None):
    """A dialogue of one answer, graded at its end."""
    store = make_store(database)
    dialogue = open_dialogue(store, shopper_id=shopper)
    shown = answer(store, dialogue, question=f"asked by {shopper}").impression
    with database.transaction() as session:
        session.add(Grade(dialogue_id=dialogue.dialogue_id, stars=stars, why=why, graded_at=NOW))
    return shown


def learned(database):
    return [
        (example.signal, example.turns[-1][1], example.reply_id, example.weight)
        for example in gather(database, now=NOW + hours(9), signals=WITH_GRADES).examples
    ]


class TestAddingASignal:
    def test_it_is_learned_from_with_its_weight(self, database):
        """
        A dialogue with five stars teaches its reply with the grade's weight, one with two nothing.
        """
        graded(database, "anna", 5)
        graded(database, "bert", 2)

        assert [("grade", "asked by anna", "return_policy", 0.7)] == learned(database)

    def test_a_stronger_signal_is_learned_instead(self, database):
        """
        Of a grade and a thumb on the same answer the thumb counts: it is believed more.
        """
        shown = graded(database, "anna", 5)
        signals_of(make_store(database)).rate(
            impression_id=shown.impression_id, voter="anna", value="up", now=NOW
        )
        assert [("thumb", "asked by anna", "return_policy", 1.0)] == learned(database)

    def test_a_thumbs_down_vetoes_it(self, database):
        """
        A shopper's signal teaches nothing of a dialogue that somebody disliked.
        """
        shown = graded(database, "anna", 5)
        signals_of(make_store(database)).rate(
            impression_id=shown.impression_id, voter="anna", value="down", now=NOW
        )
        assert [] == learned(database)

    def test_it_is_exported_and_erased(self, database):
        """
        An export shows the grade; an erasure takes it, counts it, and leaves another's alone.
        """
        graded(database, "anna", 5, why="so quick")
        graded(database, "bert", 4)
        erasure = Erasure(database, WITH_GRADES)

        export = erasure.export("anna")
        assert export is not None
        assert [(5, "so quick")] == [(row["stars"], row["why"]) for row in export["grades"]]

        forgotten = erasure.erase_shopper("anna", NOW)
        assert forgotten is not None
        assert 1 == forgotten.examples
        with database.reading() as session:
            assert [4] == list(session.exec(select(Grade.stars)))

    def test_its_words_go_in_time(self, database):
        """
        When the dialogue is old the number stays, and what was written beside it goes.
        """
        graded(database, "anna", 5, why="so quick")

        forget_old(database, NOW + days(401), Keep(), WITH_GRADES)

        with database.reading() as session:
            assert [(5, None)] == list(session.exec(select(Grade.stars, Grade.why)))


class TestRegistered:
    def test_the_staff_are_believed_before_buyers_and_buyers_before_others(self):
        """
        Learned from is the strongest signal, so weights alone order them.
        """
        assert ["staff", "staff", "staff", "staff", "order", "shopper", "shopper"] == [
            each.vouched_by for each in sorted(SIGNALS, key=lambda each: -each.weight)
        ]
