"""Carrying out: each write once or not at all, however many answers get lost."""

import random

import pytest

from bot.actions.rules import ActionRules
from feedback.db import Database
from tests.bot.actions.acting_shop import ActingShop

CANCEL = "please cancel order A1001, i no longer need it. ann@example.com"


class TestLostAnswers:
    @pytest.mark.parametrize("lost", ["before", "after"])
    def test_a_write_without_an_answer_is_done_once_and_told_later(
        self, shop: ActingShop, lost: str
    ):
        """The shopper reads that it is being tried, and then that it is done."""
        shop.say(CANCEL)
        shop.office.lose = lambda what: lost if what.endswith("/cancel") else ""
        waiting = shop.say("yes")
        shop.office.lose = lambda _: ""
        shop.shop.now = shop.shop.now.replace(hour=13)
        shop.worker.look()
        told = shop.shop.store.turns(shop.dialogue_id)[-1]

        assert ("submitted", 1) == (waiting.kind, len(shop.written))
        assert "is cancelled" in told.text
        assert [shop.dialogue_id] == shop.woken

    def test_a_process_that_died_after_the_yes_is_taken_over(self, shop: ActingShop):
        """Killed between the write and its record: the key is the same, so it is done once."""
        shop.say(CANCEL)

        def die(what: str) -> str:
            if what.endswith("/cancel"):
                raise KeyboardInterrupt
            return ""

        shop.office.lose = die
        with pytest.raises(KeyboardInterrupt):
            shop.say("yes", client_id="m2")
        shop.office.lose = lambda _: ""
        answer = shop.say("yes", client_id="m2")  # the browser sends it once more

        assert ("done", 1) == (answer.kind, len(shop.written))

    def test_a_process_that_died_before_its_answer_was_kept_leaves_nobody_untold(
        self, shop: ActingShop
    ):
        """Written, noted as done, and killed: another process says it, once."""
        shop.say(CANCEL)
        turn_of_yes = shop.shop.store.record_answer

        def die(**_: object) -> None:
            raise KeyboardInterrupt

        shop.shop.store.record_answer = die  # type: ignore[method-assign,assignment]
        with pytest.raises(KeyboardInterrupt):
            shop.say("yes")
        shop.shop.store.record_answer = turn_of_yes  # type: ignore[method-assign]
        for _ in range(2):
            shop.shop.now += _an_hour()
            shop.worker.look()
        said = [turn.text for turn in shop.shop.store.turns(shop.dialogue_id)]

        assert (1, 1) == (len(shop.written), sum("is cancelled" in text for text in said))

    def test_what_was_told_in_the_answer_is_not_told_again(self, shop: ActingShop):
        """However often the worker looks."""
        shop.talk(CANCEL, "yes")
        shop.shop.now += _an_hour()
        shop.worker.look()
        said = [turn.text for turn in shop.shop.store.turns(shop.dialogue_id)]

        assert 1 == sum("is cancelled" in text for text in said)

    def test_two_hundred_rounds_of_lost_answers_write_each_order_at_most_once(
        self, one_database: Database
    ):
        """Reads, dry runs and writes fail at random; what the shopper is told is what happened."""
        chance = random.Random(7)
        shop = ActingShop(one_database, ActionRules(a_shopper=10_000))
        for _ in range(50):
            order = shop.office.orders["A1001"]
            order["status"] = "pending"
            before = len(shop.written)
            shop.office.lose = lambda _: chance.choice(("", "", "before", "after"))
            shop.dialogue_id = shop.clerk.open(
                shopper_id=None, channel="web", locale="en"
            ).dialogue_id
            for text in (CANCEL, CANCEL, "yes", "yes"):
                answer = shop.say(text)
            shop.office.lose = lambda _: ""
            shop.shop.now = shop.shop.now.replace(day=shop.shop.now.day) + _an_hour()
            shop.worker.look()
            said = " ".join(turn.text for turn in shop.shop.store.turns(shop.dialogue_id))
            written = len(shop.written) - before

            assert written in (0, 1)
            assert ("is cancelled" in said) == (written == 1), (answer.kind, said)


class TestApproval:
    def test_an_action_that_needs_approval_waits_for_a_colleague(self, one_database: Database):
        """Approved, it is carried out once, and the shopper reads it."""
        shop = ActingShop(one_database, ActionRules(approve=("cancel_order",)))
        waiting = shop.talk(CANCEL, "yes")
        assert ("submitted", []) == (waiting.kind, shop.written)

        run = shop.decisions.waiting()[0]
        shop.decisions.decide(run.run_id, "approve", "Mei", shop.shop.clock())
        shop.worker.look()
        shop.worker.look()

        assert 1 == len(shop.written)
        assert "approved by Mei" in shop.office.actors[0]
        assert "is cancelled" in shop.shop.store.turns(shop.dialogue_id)[-1].text

    def test_the_same_wish_said_again_while_it_waits_is_the_same_run(self, one_database: Database):
        """One card, one write, however often the shopper says it."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk(CANCEL, "yes")
        for _ in range(3):
            assert "submitted" == shop.say(CANCEL).kind

        assert 1 == len(shop.decisions.waiting())

    def test_declined_with_words_nothing_is_written(self, one_database: Database):
        """The words reach the shopper."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk(CANCEL, "yes")
        run = shop.decisions.waiting()[0]
        shop.decisions.decide(
            run.run_id, "decline", "Mei", shop.shop.clock(), "It is packed already."
        )
        shop.worker.look()

        assert [] == shop.written
        assert "It is packed already." in shop.shop.store.turns(shop.dialogue_id)[-1].text

    def test_what_moves_more_money_than_the_limit_waits_too(self, one_database: Database):
        """$50 is over $20."""
        from decimal import Decimal

        shop = ActingShop(one_database, ActionRules(approve_over=Decimal(20)))
        answer = shop.talk(CANCEL, "yes")

        assert ("submitted", "50.00 is over 20, which waits for approval") == (
            answer.kind,
            shop.decisions.waiting()[0].why,
        )

    def test_what_nobody_looked_at_expires_and_is_told(self, one_database: Database):
        """After three days."""
        from datetime import timedelta

        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk(CANCEL, "yes")
        shop.shop.now += timedelta(days=4)
        shop.worker.look()

        assert [] == shop.written
        assert "in time" in shop.shop.store.turns(shop.dialogue_id)[-1].text


def _an_hour():
    from datetime import timedelta

    return timedelta(hours=1)
