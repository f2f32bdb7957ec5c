"""The desk's conversations: lists by whose turn it is, search, and one talk with its shopper."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bot.desk.test_pages import csrf, handed_over, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop


@pytest.fixture
def shop(one_database: Any) -> Shop:
    """A shop where one may log in often."""
    return open_shop(one_database, logins_per_minute=100, address_per_minute=500)


@pytest.fixture
def desk(shop: Shop) -> Iterator[Visitor]:
    """Mei, logged in."""
    with shop.visitor() as web:
        log_in(web)
        yield web


def listed(desk: Visitor, **asked: str) -> str:
    return desk.get("/desk/conversations", params=asked).text


def card_of(shop: Shop, dialogue_id: str) -> Any:
    from feedback.desk.conversations import Conversations

    found = Conversations(shop.store.db).one(dialogue_id)
    assert found is not None
    return found.card


class TestLists:
    def test_a_new_wait_is_unassigned_and_nobody_s(self, shop: Shop, desk: Visitor) -> None:
        """In the lists where somebody looks for it, and in no other."""
        dialogue_id = handed_over(desk)

        names = ("open", "unassigned", "for_staff", "mine", "overdue", "snoozed", "done")
        there = {name for name in names if dialogue_id in listed(desk, list=name)}

        assert {"open", "unassigned", "for_staff"} == there

    def test_given_to_me_it_is_mine_and_put_back_it_is_not(self, shop: Shop, desk: Visitor) -> None:
        """By one button."""
        dialogue_id = handed_over(desk)
        card = card_of(shop, dialogue_id)
        form = {"csrf": csrf(desk), "dialogue": dialogue_id}

        desk.post(f"/desk/cards/{card.card_id}/assign", data=form)
        mine = dialogue_id in listed(desk, list="mine")
        desk.post(f"/desk/cards/{card.card_id}/unassign", data=form)

        assert mine
        assert dialogue_id not in listed(desk, list="mine")

    def test_snoozed_it_sleeps_until_its_hour(self, shop: Shop, desk: Visitor) -> None:
        """Out of every list but its own; then it is back."""
        dialogue_id = handed_over(desk)
        card = card_of(shop, dialogue_id)
        form = {"csrf": csrf(desk), "dialogue": dialogue_id, "hours": "4"}
        desk.post(f"/desk/cards/{card.card_id}/snooze", data=form)

        sleeping = [dialogue_id in listed(desk, list=name) for name in ("snoozed", "open")]
        shop.clock.pass_by(hours=4)
        awake = [dialogue_id in listed(desk, list=name) for name in ("snoozed", "open")]

        assert [True, False] == sleeping
        assert [False, True] == awake

    def test_unanswered_too_long_it_is_overdue(self, shop: Shop, desk: Visitor) -> None:
        """The usual target of a first answer is half an hour."""
        dialogue_id = handed_over(desk)
        shop.clock.pass_by(minutes=31)

        page = listed(desk, list="overdue")

        assert dialogue_id in page
        assert "overdue since" in page

    def test_forged_it_is_refused(self, shop: Shop, desk: Visitor) -> None:
        """Without the page's own token."""
        card = card_of(shop, handed_over(desk))
        answer = desk.post(f"/desk/cards/{card.card_id}/assign", data={"csrf": "guess"})

        assert 403 == answer.status_code


class TestSearch:
    def test_finds_dialogues_by_what_was_said(self, shop: Shop, desk: Visitor) -> None:
        """All words, whoever said them; what nobody said is said so."""
        dialogue_id = handed_over(desk)
        words = shop.store.turns(dialogue_id)[0].text.split()[:2]

        assert dialogue_id in listed(desk, find=" ".join(words))
        assert "Nobody said that." in listed(desk, find="zanzibar")

    def test_replies_of_the_book_are_offered_while_typing(self, desk: Visitor) -> None:
        """Filled with the facts, and with their names, so that the model learns from it."""
        found = desk.get("/desk/canned", params={"find": "return it"}).json()
        texts = {each["reply_id"]: each["text"] for each in found}

        assert "You can return it within 30 days." == texts["return_policy"]


class TestTalk:
    def test_shows_the_whole_talk_and_who_it_is(self, shop: Shop, desk: Visitor) -> None:
        """Text is text, whatever it looks like."""
        dialogue_id = handed_over(desk)
        page = listed(desk, dialogue=dialogue_id)

        assert "&lt;script&gt;x&lt;/script&gt;" in page
        assert "<script>x" not in page
        assert "no, a new shopper" in page
        assert "Best replies to what is open" in page

    def test_an_answer_leads_back_to_the_talk(self, shop: Shop, desk: Visitor) -> None:
        """And reaches the shopper."""
        dialogue_id = handed_over(desk)
        sent = {"text": "We open at nine.", "csrf": csrf(desk), "back": "conversations"}
        answer = desk.post(f"/desk/dialogues/{dialogue_id}/send", data=sent)

        assert f"/desk/conversations?dialogue={dialogue_id}" == answer.headers["location"]
        assert "We open at nine." == shop.store.turns(dialogue_id)[-1].text

    def test_an_unknown_one_is_none(self, desk: Visitor) -> None:
        """The list stays."""
        assert "Choose a conversation." in listed(desk, dialogue="nobody's")
