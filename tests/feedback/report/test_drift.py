"""Reasons to retrain: the model is unsure more often, meets new words, is asked other things."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from feedback.db.tables.dialogues import Dialogue, DialogueTurn, Impression
from feedback.db.tables.people import Shopper
from feedback.db.tables.sales import Order
from feedback.db.tables.signals import Rating, Review
from feedback.report.drift import FEWEST, Answered, accepted_since, drift, psi, read_drift
from tests.factories import NOW, days, hours
from tests.feedback.world import insert_rows

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 500), min_size=1)


def answers(count, *, sure=0.9, topic="returns", question="how do i send it back"):
    return [Answered(sure, topic, f"{question}") for _ in range(count)]


class TestDrift:
    def test_nothing_is_said_of_few_answers(self):
        """A quiet week is no drift."""
        assert drift(answers(FEWEST), answers(FEWEST - 1, sure=0.1)) is None

    def test_the_same_questions_are_no_reason(self):
        """Nor is chance."""
        found = drift(answers(1_000), answers(500))
        assert found is not None
        assert () == found.reasons

    def test_being_unsure_more_often_is_one(self):
        """And it is told in words."""
        found = drift(answers(1_000), [*answers(400), *answers(100, sure=0.2)])
        assert found is not None
        assert ("unsure of 20% of its answers, before of 0%",) == found.reasons

    def test_new_words_are_one(self):
        """Though the model was sure of its answer."""
        recent = [*answers(400), *answers(100, question="crypto voucher blockchain token")]
        found = drift(answers(1_000), recent)
        assert found is not None
        assert ["words are new" in reason for reason in found.reasons] == [True]

    def test_other_topics_are_one(self):
        """A sale brings questions about delivery."""
        recent = [*answers(200), *answers(300, topic="delivery")]
        found = drift([*answers(900), *answers(100, topic="delivery")], recent)
        assert found is not None
        assert ["other things" in reason for reason in found.reasons] == [True]


class TestPsi:
    @given(COUNTS)
    def test_of_equal_counts_is_nothing(self, counts):
        """Whatever they are."""
        assert psi(counts, counts) == pytest.approx(0.0)

    @given(COUNTS, COUNTS)
    def test_is_never_negative_and_the_same_both_ways(self, before, now):
        """It is a distance, nearly."""
        assert psi(before, now) >= -1e-12
        assert psi(before, now) == pytest.approx(psi(now, before))


def talk(database, name, *, at, sure=0.9, question="how do i send it back"):
    """A shopper asks, the model answers."""
    insert_rows(database, Shopper, [{"shopper_id": name, "created_at": at}])
    dialogue = Dialogue(
        dialogue_id=name, shopper_id=name, channel="web", locale="en", arm="champion",
        started_at=at, last_at=at,
    )  # fmt: skip
    shown = Impression(
        impression_id=name, dialogue_id=name, shopper_id=name, arm="champion", kind="answer",
        reply_id="returns", text="Send it back.", locale="en", confidence=sure,
        served_by="model", shown_at=at, candidates=[{"reply_id": "returns", "score": 1.0}],
    )  # fmt: skip
    with database.transaction() as session:
        session.add(dialogue)
        session.flush()
        asked = DialogueTurn(dialogue_id=name, speaker="shopper", text=question, at=at)
        session.add(asked)
        session.flush()
        session.add(shown)
        answered = DialogueTurn(
            dialogue_id=name, speaker="clerk", text="Send it back.", at=at,
            answers_turn_id=asked.turn_id, impression_id=name,
        )  # fmt: skip
        session.add(answered)


def rate(database, name, value, at=NOW):
    row = {"impression_id": name, "voter": name, "value": value, "rated_at": at}
    insert_rows(database, Rating, [row])


class TestAccepted:
    def test_thumbs_verdicts_and_sales_count_once_a_dialogue(self, database):
        """A thumbs-down undoes what shoppers said, not what the staff did."""
        for name in ("up", "down", "both", "approved", "sold", "old", "nothing"):
            talk(database, name, at=NOW - hours(1))
        for name in ("up", "both"):
            rate(database, name, "up")
        rate(database, "down", "down")
        rate(database, "old", "up", at=NOW - days(9))
        with database.transaction() as session:
            session.add(Rating(impression_id="both", voter="x", value="down", rated_at=NOW))
            for name in ("approved", "down"):
                review = Review(
                    review_id=name, impression_id=name, staff="mia", verdict="approved",
                    reviewed_at=NOW,
                )  # fmt: skip
                session.add(review)
            for name, placed in (("sold", NOW), ("nothing", NOW + days(30))):
                order = Order(
                    order_id=name, number=name, source="orders", shopper_id=name,
                    placed_at=placed, currency="USD", total=Decimal(1), updated_at=NOW,
                )  # fmt: skip
                session.add(order)

        found = accepted_since(database, NOW - days(2), window=days(7))

        assert 4 == found  # up, approved, sold, and the one that the staff approved all the same


class TestReadDrift:
    def test_the_store_tells_what_shoppers_ask_now(self, one_database):
        """Four weeks before the training beside the week after it."""
        for number in range(FEWEST):
            talk(one_database, f"before-{number}", at=NOW - days(20))
            talk(
                one_database,
                f"now-{number}",
                at=NOW - days(1),
                sure=0.2,
                question="crypto voucher blockchain",
            )

        found = read_drift(one_database, learned_at=NOW - days(8), now=NOW)

        assert found is not None
        assert (0.0, 1.0, 0.0, 1.0) == (
            found.unsure_before,
            found.unsure,
            found.new_words_expected,
            found.new_words,
        )
        assert 2 == len(found.reasons)
        assert read_drift(one_database, learned_at=NOW, now=NOW) is None
