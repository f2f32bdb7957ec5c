"""What shoppers wanted done, by the staff's word: kept, listed, learned."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.actions.rules import ActionRules
from feedback.actions.history import ActionHistory
from feedback.actions.labels import ActionLabels
from feedback.db import Impression
from feedback.db.database import Database
from tests.bot.actions.acting_shop import ActingShop


@pytest.fixture
def shop(one_database: Database) -> ActingShop:
    return ActingShop(one_database)


@pytest.fixture
def labels(shop: ActingShop) -> ActionLabels:
    return ActionLabels(shop.runs.db)


class TestLostFlows:
    def test_words_that_the_clerk_took_for_no_wish_are_listed(
        self, shop: ActingShop, labels: ActionLabels
    ):
        """They went to a colleague; an order's number is taken out of them."""
        shop.say("could you make order A1001 disappear")
        flow = labels.lost(shop.shop.clock())[0]

        assert ("", "") == (flow.taken_for, flow.asked)
        assert "A1001" not in flow.words
        assert "disappear" in flow.words

    def test_a_wish_that_was_lost_is_listed_by_the_words_that_began_it(
        self, shop: ActingShop, labels: ActionLabels
    ):
        """With what it was heard as, and which question lost it."""
        shop.say("please cancel it, no longer needed")
        for _ in range(4):
            shop.say("no idea")
        flow = labels.lost(shop.shop.clock())[0]

        assert ("cancel_order", "please cancel it, no longer needed") == (
            flow.taken_for,
            flow.words,
        )
        assert "order_number" == flow.asked

    def test_what_was_done_is_not_listed(self, shop: ActingShop, labels: ActionLabels):
        """Nothing was lost."""
        shop.talk("please cancel order A1001, no longer needed. ann@example.com", "yes")

        assert [] == labels.lost(shop.shop.clock())


class TestLabels:
    def test_the_staffs_word_is_a_lesson_without_personal_data(
        self, shop: ActingShop, labels: ActionLabels
    ):
        """And stands beside the words from then on."""
        shop.say("my name is Ann Lee, could you make order A1001 disappear, ann@example.com")
        now = shop.shop.clock()
        flow = labels.lost(now)[0]
        assert labels.put(flow.impression_id, "cancel_order", staff="Mei", now=now)

        (lesson,) = labels.lessons()
        assert "cancel_order" == lesson.action
        assert not any(told in lesson.words for told in ("A1001", "ann@", "Lee"))
        assert "cancel_order" == labels.lost(now)[0].label

    def test_said_again_the_last_word_counts(self, shop: ActingShop, labels: ActionLabels):
        """A slip is mended."""
        shop.say("could you make order A1001 disappear")
        now = shop.shop.clock()
        flow = labels.lost(now)[0]
        for action in ("return_items", "cancel_order"):
            labels.put(flow.impression_id, action, staff="Mei", now=now)

        assert ["cancel_order"] == [each.action for each in labels.lessons()]

    def test_words_that_are_gone_teach_nothing(self, labels: ActionLabels, shop: ActingShop):
        """Who was erased in between is not learned from."""
        assert not labels.put("gone", "cancel_order", staff="Mei", now=shop.shop.clock())
        assert [] == labels.lessons()


class TestCompletedFlows:
    def test_what_was_done_teaches_the_words_that_began_it(
        self, shop: ActingShop, labels: ActionLabels
    ):
        """Without personal data; what was asked in between is not among them."""
        shop.talk(
            "my name is Ann Lee, please call off order A1001",
            "ann@example.com",
            "no longer needed",
            "yes",
        )
        (lesson,) = labels.lessons()

        assert ("cancel_order", True) == (lesson.action, "call off" in lesson.words)
        assert ("A1001" in lesson.words, "Lee" in lesson.words) == (False, False)
        assert shop.runs.newest()[0].shopper_id == lesson.shopper_id

    def test_what_was_left_or_undone_in_favour_of_something_else_teaches_nothing(
        self, shop: ActingShop, labels: ActionLabels
    ):
        """A summary without its yes; a dialogue about several actions."""
        shop.talk("cancel order A1001, no longer needed, ann@example.com", "no")
        shop.talk("return the rug from order A1002", "yes")

        assert [] == labels.lessons()

    def test_the_staffs_word_stands_before_what_was_done(
        self, shop: ActingShop, labels: ActionLabels
    ):
        """They have read what was meant."""
        shop.talk("cancel order A1001, no longer needed, ann@example.com", "yes")
        first = shop.shop.store.db
        with first.reading() as session:
            (began, *_) = session.exec(select(Impression).order_by(col(Impression.shown_at))).all()
        labels.put(began.impression_id, "none", staff="Mei", now=shop.shop.clock())

        assert ["none"] == [each.action for each in labels.lessons()]


class TestHistory:
    def test_a_card_tells_their_orders_and_what_they_asked_for_before(self, one_database: Database):
        """As the shop had them when they said yes."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk("please cancel order A1001, no longer needed. ann@example.com", "yes")
        first = shop.decisions.waiting()[0]
        shop.decisions.decide(first.run_id, "decline", "Mei", shop.shop.clock())
        shop.worker.look()
        shop.shop.now += timedelta(hours=1)
        shop.talk("return the rug from order A1002", "yes")
        second = shop.decisions.waiting()[0]

        history = ActionHistory(one_database)
        assert "no earlier request" in history.line(first)
        line = history.line(second)
        assert line.startswith("3 orders")
        assert "1 earlier request: 1 declined; the newest: Cancel order, declined" in line
