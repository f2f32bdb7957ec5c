"""After the yes: undone for some minutes, changed by a colleague, done by hand."""

from datetime import timedelta

import pytest

from bot.actions.rules import ActionRules
from feedback.actions.states import RunMoveNotAllowed
from feedback.db.database import Database
from serving.ranker import Candidate, Ranking
from tests.bot.actions.acting_shop import ActingShop

CANCEL = "please cancel order A1001, i no longer need it. ann@example.com"
MOVE = "please ship order A1001 to 7 Elm Street, Boise, ID 83702. ann@example.com"
RETURN = "return everything from order A1002, ann@example.com"


def last_words(shop: ActingShop) -> str:
    return shop.shop.store.turns(shop.dialogue_id)[-1].text


class TestUndo:
    def test_a_new_address_can_be_taken_back_for_some_minutes(self, shop: ActingShop):
        """The button below it, or the word."""
        for words, by_button in (("", True), ("undo that please", False)):
            done = shop.talk(MOVE, "yes")
            assert "83702" == shop.office.orders["A1001"]["shipping_address"]["zip"]
            undone = shop.say(words, choice=done.choices[0].id if by_button else None)

            assert "80014" == shop.office.orders["A1001"]["shipping_address"]["zip"]
            assert ("done", "It is undone") == (undone.kind, undone.text[:12])

    def test_pressed_twice_it_is_undone_once(self, shop: ActingShop):
        """As after an answer that got lost."""
        done = shop.talk(MOVE, "yes")
        for _ in range(2):
            shop.say("", choice=done.choices[0].id)

        assert ["address", "address"] == [what for what, _ in shop.written]

    def test_later_it_is_too_late_and_a_colleague_is_asked(self, shop: ActingShop):
        """After ten minutes."""
        done = shop.talk(MOVE, "yes")
        shop.shop.now += timedelta(minutes=11)
        answer = shop.say("", choice=done.choices[0].id)

        assert ("handover", 1) == (answer.kind, len(shop.written))

    def test_what_cannot_be_taken_back_offers_nothing(self, shop: ActingShop):
        """A cancellation is final."""
        assert () == shop.talk(CANCEL, "yes").choices

    def test_nothing_is_undone_that_has_left_meanwhile(self, shop: ActingShop):
        """The back office says no, and the shopper reads why."""
        done = shop.talk(MOVE, "yes")
        shop.office.orders["A1001"]["status"] = "processed"
        answer = shop.say("", choice=done.choices[0].id)

        assert ("refused", 1) == (answer.kind, len(shop.written))

    def test_another_dialogues_button_does_nothing(self, shop: ActingShop):
        """A forged press is no press."""
        done = shop.talk(MOVE, "yes")
        shop.dialogue_id = shop.clerk.open(shopper_id=None, channel="web", locale="en").dialogue_id
        shop.say("hm", choice=done.choices[0].id)

        assert 1 == len(shop.written)


class TestChangedByColleague:
    @pytest.fixture
    def waits(self, one_database: Database) -> ActingShop:
        """A return of two pieces of which a colleague takes one back."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk(RETURN, "yes")
        run = shop.decisions.waiting()[0]
        order = {**run.arguments, "skus": ["rug-1"]}
        shop.decisions.offer(run.run_id, order, "Mei", shop.shop.clock(), "The hat is worn.")
        shop.worker.look()
        return shop

    def test_the_shopper_is_asked_for_a_yes_to_exactly_the_change(self, waits: ActingShop):
        """With the amount of a new dry run, and the colleague's words."""
        assert [] == waits.written
        assert "The hat is worn." in last_words(waits)
        assert "$90.00" in last_words(waits)
        assert "Felt Hat" not in last_words(waits)

    def test_their_yes_has_it_done_without_another_approval(self, waits: ActingShop):
        """Once, and the change alone."""
        answer = waits.say("yes")

        assert ("done", ["rug-1"]) == (answer.kind, waits.written[0][1]["skus"])
        assert 1 == len(waits.written)

    def test_their_no_ends_it(self, waits: ActingShop):
        """A later yes has nothing to be a yes to."""
        waits.talk("no", "yes")

        assert [] == waits.written

    def test_a_change_that_the_shop_refuses_goes_back_to_the_colleague(
        self, one_database: Database
    ):
        """The order has gone back meanwhile."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk(RETURN, "yes")
        run = shop.decisions.waiting()[0]
        shop.office.orders["A1002"]["status"] = "return requested"
        order = {**run.arguments, "skus": ["rug-1"]}
        shop.decisions.offer(run.run_id, order, "Mei", shop.shop.clock())
        shop.worker.look()

        assert ["submitted"] == [one.state for one in shop.decisions.waiting()]
        assert "wrong_status" in shop.decisions.waiting()[0].why


class TestByHand:
    @pytest.fixture
    def by_hand(self, one_database: Database) -> ActingShop:
        """Cancellations are the staff's."""
        return ActingShop(one_database, ActionRules(staff_only=("cancel_order",)))

    def test_the_summary_says_that_a_colleague_does_it(self, by_hand: ActingShop):
        """The amount is still the shop's."""
        summary = by_hand.say(CANCEL)

        assert "by hand" in summary.text
        assert "$50.00" in summary.text

    def test_it_is_done_when_the_colleague_says_so(self, by_hand: ActingShop):
        """And the shopper reads it; nothing was sent to the back office."""
        waiting = by_hand.talk(CANCEL, "yes")
        run = by_hand.decisions.waiting()[0]
        with pytest.raises(RunMoveNotAllowed):
            by_hand.decisions.decide(run.run_id, "approve", "Mei", by_hand.shop.clock())
        by_hand.decisions.decide(run.run_id, "fulfil", "Mei", by_hand.shop.clock())
        by_hand.worker.look()

        assert ("submitted", []) == (waiting.kind, by_hand.written)
        assert "is cancelled" in last_words(by_hand)

    def test_what_the_shops_system_cannot_do_is_the_staffs(self, one_database: Database):
        """An action without an address at the back office."""
        shop = ActingShop(one_database, addresses={"return_items": "/v1/orders/{order_id}/returns"})
        answer = shop.talk(CANCEL, "yes")

        assert ("submitted", True) == (answer.kind, shop.decisions.waiting()[0].by_staff)


class TestReminder:
    def test_a_day_before_it_expires_the_staff_are_reminded_once(self, one_database: Database):
        """It waits for two days quietly."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk(CANCEL, "yes")
        shop.shop.now += timedelta(days=1)
        assert [] == shop.decisions.remind(shop.shop.clock())
        shop.shop.now += timedelta(days=1, hours=1)

        assert 1 == len(shop.decisions.remind(shop.shop.clock()))
        assert [] == shop.decisions.remind(shop.shop.clock())

    def test_after_so_many_done_alone_the_others_wait(self, one_database: Database):
        """One a day here."""
        shop = ActingShop(one_database, ActionRules(alone_a_day=1))
        first = shop.talk(CANCEL, "yes")
        second = shop.talk(RETURN, "yes")

        assert ("done", "submitted") == (first.kind, second.kind)


class TestSaidAgainWhileItWaits:
    """A colleague has it: the same wish said once more is no second one."""

    @pytest.fixture
    def approved(self, one_database: Database) -> ActingShop:
        """All waits for a colleague."""
        return ActingShop(one_database, ActionRules(approve=("all",)))

    @pytest.mark.parametrize(
        ("wish", "again"),
        [
            (CANCEL, "i want to cancel order A1001"),
            (MOVE, "order A1001 has to go to another address"),
            (RETURN, "i want to return everything from order A1002"),
        ],
    )
    def test_it_is_told_how_it_stands_and_not_asked_about_again(
        self, approved: ActingShop, wish: str, again: str
    ):
        """No second summary, no second yes, no reason or address asked for anew."""
        approved.talk(wish, "yes")
        answer = approved.say(again)

        assert "submitted" == answer.kind
        assert "colleague" in answer.text
        assert wish.partition("A100")[2][0] in answer.text.partition("A100")[2]
        assert () == answer.details.asks
        assert 1 == len(approved.decisions.waiting())

    def test_another_address_is_another_wish(self, approved: ActingShop):
        """What was said yes to waits; the new words are asked about."""
        approved.talk(MOVE, "yes")

        answer = approved.say("ship order A1001 to 9 Oak Street, Boise, ID 83702 instead")
        assert ("confirm", True) == (answer.kind, "9 Oak Street" in answer.text)

    def test_other_pieces_of_the_same_order_are_another_wish(self, approved: ActingShop):
        """The rug is on its way back; the hat is asked about."""
        approved.talk("return the rug from order A1002, ann@example.com", "yes")

        answer = approved.say("i want to return the hat from order A1002, too")
        assert ("confirm", True) == (answer.kind, "Felt Hat" in answer.text)

    def test_the_next_wish_follows_behind(self, approved: ActingShop):
        """Who says the first again and a second is asked about the second."""
        approved.talk(CANCEL, "yes")

        answer = approved.say("cancel order A1001. also return the rug from order A1002")
        assert ("confirm", True) == (answer.kind, "colleague" in answer.text)
        assert "Wool Rug" in answer.text

    def test_once_it_is_declined_it_may_be_asked_for_again(self, approved: ActingShop):
        """It waits no more."""
        approved.talk(CANCEL, "yes")
        run = approved.decisions.waiting()[0]
        approved.decisions.decide(run.run_id, "decline", "Mei", approved.shop.clock())
        approved.worker.look()

        assert "confirm" == approved.talk(CANCEL).kind


class TestHowSoon:
    def test_the_worker_looks_only_where_something_is_due(self, one_database: Database):
        """Several times a second it asks one question; nothing else is read or written."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        assert not shop.under_way.is_due(shop.shop.clock())
        shop.talk(CANCEL, "yes")
        assert not shop.under_way.is_due(shop.shop.clock())
        run = shop.decisions.waiting()[0]
        shop.decisions.decide(run.run_id, "approve", "Mei", shop.shop.clock())
        assert shop.under_way.is_due(shop.shop.clock())
        shop.worker.look()
        assert not shop.under_way.is_due(shop.shop.clock())

    def test_a_change_of_a_colleagues_is_due_at_once(self, one_database: Database):
        """The shopper is asked for their yes."""
        shop = ActingShop(one_database, ActionRules(approve=("all",)))
        shop.talk(RETURN, "yes")
        run = shop.decisions.waiting()[0]
        kept = {**run.arguments, "skus": ["rug-1"]}
        shop.decisions.offer(run.run_id, kept, "Mei", shop.shop.clock())

        assert shop.under_way.is_due(shop.shop.clock())


class TestSpokenOn:
    """What is said after it was done is answered like anything else, and does nothing more."""

    @pytest.fixture
    def done(self, shop: ActingShop) -> ActingShop:
        """Her order is cancelled, after she had asked about delivery."""
        shop.shop.ranker.says("what is delivery", "shipping_cost", "return_how")
        shop.shop.ranker.says("and when do i get the money", "return_policy")
        shop.shop.ranker.says("and how long will that be", "return_policy")
        thanked = Ranking((Candidate("return_how", 0.1),), 0.1, "model", 3, acts={"thank": 0.9})
        shop.shop.ranker.answers["thank you"] = thanked
        assert "done" == shop.talk("what is delivery", CANCEL, "yes").kind
        return shop

    @pytest.mark.parametrize("text", ["and when do i get the money", "and how long will that be"])
    def test_a_question_about_it_is_answered(self, done: ActingShop, text: str):
        """What was spoken of before the action counts no more."""
        assert "return_policy" == done.say(text).reply_id
        assert 1 == len(done.written)

    def test_thanks_are_thanks(self, done: ActingShop):
        """Nobody is called for them."""
        assert "answer" == done.say("thank you").kind
        assert 1 == len(done.written)
