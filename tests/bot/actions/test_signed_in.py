"""Shoppers who are signed in at the shop: its page vouches for them, and no one else's does."""

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from bot.actions.rules import ActionRules
from bot.messages import Place
from bot.signed_in import LONGEST, SignedIn, read_signed_in, sign
from feedback.db.database import Database
from tests.bot.actions.acting_shop import ActingShop
from tests.factories import NOW

SECRET = "shared with the shop"
ANN = Place(customer="ann@example.com")
CANCEL = "please cancel order A1001, i no longer need it"
SOON = NOW + timedelta(hours=1)


class TestToken:
    @given(
        customer=st.from_regex(r"[^|\s]{1,40}", fullmatch=True),
        minutes=st.integers(min_value=1, max_value=24 * 60),
    )
    def test_what_the_shop_signed_is_read_as_it_was_meant(self, customer: str, minutes: int):
        """Whoever the customer is, and however long it holds."""
        until = NOW + timedelta(minutes=minutes)

        assert SignedIn(customer, until) == read_signed_in(sign(customer, until, SECRET), SECRET)

    @given(st.data())
    def test_one_letter_changed_is_nobody(self, data: st.DataObject):
        """Another customer, a longer life, another signature: all are seen."""
        token = sign("ann@example.com", SOON, SECRET)
        at = data.draw(st.integers(min_value=0, max_value=len(token) - 1))
        other = data.draw(st.sampled_from([c for c in "abc0|x" if c != token[at].lower()]))

        assert read_signed_in(token[:at] + other + token[at + 1 :], SECRET) is None

    @pytest.mark.parametrize(
        "token", ["", "|", "ann@example.com", "a|1|b", "a|99999999999|" + "0" * 64]
    )
    def test_what_nobody_signed_is_nobody(self, token: str):
        """Empty, or made up."""
        assert read_signed_in(token, SECRET) is None

    def test_it_holds_until_it_ends_and_never_for_more_than_a_day(self):
        """A token that somebody took along is of no use tomorrow."""
        held = [SignedIn("ann", NOW + wait) for wait in (timedelta(0), LONGEST, 2 * LONGEST)]

        assert [False, True, False] == [each.holds(NOW) for each in held]


class TestActions:
    def test_who_is_signed_in_is_asked_nothing_about_themselves(self, shop: ActingShop):
        """The summary comes at once, of an order of theirs."""
        assert "confirm" == shop.say(CANCEL, place=ANN).kind
        assert "done" == shop.say("yes", place=ANN).kind

    def test_it_suffices_for_another_address(self, shop: ActingShop):
        """The shop knows them by their login."""
        moved = shop.say("ship order A1001 to 7 Elm Street, Boise, ID 83702", place=ANN)

        assert "confirm" == moved.kind

    def test_once_the_page_vouches_no_more_they_are_asked(self, shop: ActingShop):
        """What was signed for holds an hour, and the chat is open for a day."""
        shop.say("i want to cancel order A1001", place=ANN)
        later = shop.say("ordered by mistake")

        assert "email" in later.details.asks
        assert [] == shop.written

    def test_anothers_order_is_not_found(self, shop: ActingShop):
        """Being known opens their own account, and no other."""
        answer = shop.say("please cancel order B2001, ordered by mistake", place=ANN)

        assert ("B2001" in answer.text, "confirm" == answer.kind) == (True, False)

    def test_an_unknown_customer_is_asked_as_anybody_is(self, shop: ActingShop):
        """The shop has orders of them under another address."""
        answer = shop.say(CANCEL, place=Place(customer="nobody@example.com"))

        assert "email" in answer.details.asks

    def test_the_owner_may_want_more(self, one_database: Database):
        """`SHOPCLERK_IDENTIFY_BY` without it."""
        shop = ActingShop(one_database, ActionRules(identify_by=("email+number",)))

        assert "email" in shop.say(CANCEL, place=ANN).details.asks
