"""An answer to several questions: each reply in it is learned by itself, with its own question."""

import pytest
from sqlmodel import col, select

from feedback.db.period import Period
from feedback.db.tables.dialogues import AnswerPart
from feedback.knowledge.importers.files import QuestionLine
from feedback.knowledge.reply_book import ReplyBook
from feedback.knowledge.reply_use import ReplyUse, reply_uses
from feedback.privacy.erasure import Erasure
from feedback.privacy.retention import Keep, forget_old
from feedback.signals.decision_log import read_log
from feedback.signals.evidence import read_evidence
from feedback.signals.examples import collect
from feedback.signals.product_examples import collect_product_examples
from tests.factories import NOW, answer, hours, make_store, open_dialogue, signals_of

BOTH = "how much is delivery, and can I send it back?"
ASKED = {"shipping_cost": "how much is delivery", "return_policy": "can I send it back"}


def part(place, reply_id, **changes):
    """A part as the clerk records it: the reply ranked first for its own question."""
    fields = {
        "impression_id": "i1",
        "place": place,
        "asked": ASKED[reply_id],
        "reply_id": reply_id,
        "candidates": [{"reply_id": reply_id, "score": -0.1}],
        "confidence": 0.9,
        "served_by": "model",
        "model_version": 3,
    }
    return AnswerPart(**{**fields, **changes})


@pytest.fixture
def store(database):
    ReplyBook(database).put_questions(
        [QuestionLine(f"{topic} {n}", topic) for topic in ASKED for n in range(20)], NOW
    )
    return make_store(database)


@pytest.fixture
def shown(store):
    """Both questions answered at once; delivery's part showed a card, and was drawn at 0.9."""
    return answer(
        store,
        open_dialogue(store),
        question=BOTH,
        impression_id="i1",
        reply_id="shipping_cost",
        candidates=[{"reply_id": "shipping_cost", "score": -0.1}],
        products=[{"product_id": "mug"}],
        parts=[
            part(1, "shipping_cost", products=["mug"], propensity=0.9),
            part(2, "return_policy"),
        ],
    ).impression


def rate(store, value):
    signals_of(store).rate(impression_id="i1", voter="anna", value=value, now=NOW)


def review(store, verdict, reply_id=None):
    signals_of(store).review(
        review_id="r", impression_id="i1", staff="mei", verdict=verdict, reply_id=reply_id, now=NOW
    )


def learned(store):
    found = collect(store.db, now=NOW + hours(9))
    return {
        (each.signal, each.turns[-1][1], each.reply_id)
        for each in found
        if each.signal != "question"
    }


class TestLearning:
    def test_a_thumb_teaches_each_question_its_own_reply(self, store, shown):
        """And the message as a whole teaches nothing."""
        rate(store, "up")

        wanted = {("thumb", asked, reply_id) for reply_id, asked in ASKED.items()}
        assert wanted == learned(store)

    def test_an_approval_by_the_staff_is_one_of_each(self, store, shown):
        """They read the whole answer."""
        review(store, "approved")

        wanted = {("approved", asked, reply_id) for reply_id, asked in ASKED.items()}
        assert wanted == learned(store)

    def test_a_thumb_down_refuses_neither(self, store, shown):
        """It says not which; what else shoppers vouch for in that dialogue is left out."""
        rate(store, "down")
        evidence = read_evidence(
            store.db, Period(None, NOW + hours(9)), direct_window=hours(1), assisted_window=hours(1)
        )

        assert () == evidence.refused
        assert set() == learned(store)

    def test_a_correction_teaches_the_message_as_a_whole(self, store, shown):
        """The parts are neither right nor refused by it."""
        review(store, "corrected", "bulk_order")

        assert {("corrected", BOTH, "bulk_order")} == learned(store)

    def test_a_clicked_card_is_learned_with_the_question_that_showed_it(self, store, shown):
        """What was asked beside it says nothing of the product."""
        signals_of(store).record_click(
            click_id="c", impression_id="i1", kind="product", target="mug", now=NOW
        )
        [example] = collect_product_examples(store.db, now=NOW + hours(9))

        assert "how much is delivery" == example.turns[-1][1]


class TestLog:
    def test_each_part_is_a_decision_with_its_own_propensity(self, store, shown):
        """So a later model is judged by each question."""
        rate(store, "up")
        log = read_log(store.db, now=NOW + hours(9))

        assert [
            ("how much is delivery", "shipping_cost", 0.9, True),
            ("can I send it back", "return_policy", 1.0, True),
        ] == [(each.question, each.reply_id, each.propensity, each.accepted) for each in log]


class TestUse:
    def test_each_reply_was_shown_and_is_liked(self, store, shown):
        """As the reply book's page tells it."""
        rate(store, "up")

        wanted = {reply_id: ReplyUse(shown=1, up=1) for reply_id in ASKED}
        assert wanted == reply_uses(store.db, NOW - hours(1))

    def test_what_is_held_against_the_answer_is_held_against_neither(self, store, shown):
        """Nobody said which."""
        rate(store, "down")
        review(store, "rejected")

        wanted = {reply_id: ReplyUse(shown=1) for reply_id in ASKED}
        assert wanted == reply_uses(store.db, NOW - hours(1))


class TestForgetting:
    def test_the_parts_go_with_the_shopper(self, store, shown):
        """Exported before, gone after."""
        erasure = Erasure(store.db)
        exported = erasure.export(shown.shopper_id)
        assert exported is not None
        assert 2 == len(exported["parts_shown"])

        erasure.erase_shopper(shown.shopper_id, NOW)

        assert [] == parts(store)

    def test_of_old_ones_the_words_go(self, store, shown):
        """What was said in figures stays."""
        forget_old(store.db, NOW + hours(24 * 500), Keep())

        assert [(None, "shipping_cost"), (None, "return_policy")] == [
            (each.asked, each.reply_id) for each in parts(store)
        ]


def parts(store):
    with store.db.reading() as session:
        return session.exec(select(AnswerPart).order_by(col(AnswerPart.place))).all()
