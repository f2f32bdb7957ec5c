"""The desk's conversations: lists by whose turn it is, search, and one talk with its shopper."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import update

from bot.desk.conversation_pages import LISTED
from feedback.db import Impression
from feedback.db.tables.pages import Page, Source
from feedback.knowledge import Block, Passages, cut
from tests.bot.desk.test_pages import csrf, handed_over, log_in
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop
from tests.factories import NOW


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
    return desk.get("/desk", params=asked).text


def chatted(web: Visitor, text: str, *, person: bool = False) -> tuple[str, dict[str, Any]]:
    """A shopper's dialogue of one question, and the reply; they may ask for a person."""
    begun = web.post("/api/chat/sessions", json={}).json()
    web.headers["Authorization"] = f"Bearer {begun['token']}"
    said = web.post("/api/chat/messages", json={"text": text, "client_id": "c1"}).json()["reply"]
    if person:
        web.post("/api/chat/handover", json={"client_id": "c2"}).raise_for_status()
    return begun["dialogue_id"], said


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

    def test_a_long_list_shows_what_is_due_first(self, shop: Shop, desk: Visitor) -> None:
        """And how many there are in all."""
        first = handed_over(desk)
        for _ in range(LISTED):
            shop.clock.pass_by(minutes=1)
            newest = handed_over(desk)
        page = listed(desk)

        assert f'<span class="count">{LISTED + 1}</span>' in page
        assert (True, False) == (first in page, newest in page)
        assert f"The first {LISTED}" in page

    def test_the_address_of_before_leads_here(self, desk: Visitor) -> None:
        """Bookmarks and Slack's cards have it."""
        answer = desk.get("/desk/conversations?dialogue=d1&list=mine")

        assert (307, "/desk?dialogue=d1&list=mine") == (
            answer.status_code,
            answer.headers["location"],
        )


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

    def test_what_a_page_nearly_answers_comes_as_a_draft_with_its_source(
        self, shop: Shop, desk: Visitor
    ) -> None:
        """To be worded and sent; the shopper sees the page's address."""
        dialogue_id = handed_over(desk)
        passages = Passages(shop.store.db)
        with shop.store.db.transaction() as session:
            session.add(Source(source_id="site", kind="site", address="https://shop.example",
                               added_at=NOW))  # fmt: skip
        page = Page(page_id="help", source_id="site", url="https://shop.example/help",
                    title="Returns", language="en", state="read", version=1)  # fmt: skip
        passages.put(page, cut([Block("text", "Send it back within 14 days.")]), NOW)
        (passage,) = passages.changed_since(None)
        candidate = {"id": f"{passage.passage_id}#0-0", "score": -0.9, "source": "pages"}
        with shop.store.db.transaction() as session:
            session.execute(update(Impression).values(candidates=[candidate], confidence=0.4))

        talk = listed(desk, dialogue=dialogue_id)

        assert "From your pages" in talk
        assert "Send it back within 14 days.\nReturns: https://shop.example/help" in talk

    def test_who_asks_for_a_person_comes_with_replies_to_their_question(
        self, desk: Visitor
    ) -> None:
        """The words of the button are no question; nor are they an answer to judge."""
        dialogue_id, _ = chatted(desk, "unsure about that", person=True)

        page, answered = listed(desk, dialogue=dialogue_id), desk.get("/desk/answers").text

        assert "Asked for a person" in page
        assert "You can return it within 30 days." in page
        assert " % sure" in page
        assert "unsure about that" in answered
        assert "Talk to a person" not in answered

    def test_a_thumb_down_comes_with_its_comment_and_the_answer_it_was_about(
        self, desk: Visitor
    ) -> None:
        """The clerk goes on answering meanwhile; taken back, it is gone."""
        dialogue_id, said = chatted(desk, "can i return it")
        thumb = {"impression_id": said["impression_id"], "value": "down", "comment": "<b>no</b>"}
        desk.post("/api/chat/ratings", json=thumb)

        page, waits = listed(desk, dialogue=dialogue_id), dialogue_id in listed(desk)
        desk.post("/api/chat/ratings", json={**thumb, "value": "up"})

        assert "Thumbs down" in page
        assert "the clerk goes on" in page
        assert "<q>&lt;b&gt;no&lt;/b&gt;</q>" in page
        assert said["text"] in page.split("Not liked:")[1]
        assert (True, False) == (waits, dialogue_id in listed(desk))

    def test_an_answer_leads_back_to_the_talk(self, shop: Shop, desk: Visitor) -> None:
        """And reaches the shopper."""
        dialogue_id = handed_over(desk)
        sent = {"text": "We open at nine.", "csrf": csrf(desk)}
        answer = desk.post(f"/desk/dialogues/{dialogue_id}/send", data=sent)

        assert f"/desk?dialogue={dialogue_id}#talk" == answer.headers["location"]
        assert "We open at nine." == shop.store.turns(dialogue_id)[-1].text

    def test_an_unknown_one_is_none(self, desk: Visitor) -> None:
        """The list stays."""
        assert "Choose a conversation." in listed(desk, dialogue="nobody's")


class TestNotes:
    def test_a_note_stands_in_the_talk_for_the_staff_alone(self, shop: Shop, desk: Visitor) -> None:
        """Where it was written, as text; the shopper's history has none of it."""
        dialogue_id, _ = chatted(desk, "can i return it", person=True)
        form = {"csrf": csrf(desk), "note": "Knows the owner. <i>Be kind.</i>"}

        kept = desk.post(f"/desk/dialogues/{dialogue_id}/notes", data=form)
        page = listed(desk, dialogue=dialogue_id)

        assert f"/desk?dialogue={dialogue_id}#talk" == kept.headers["location"]
        assert "Knows the owner. &lt;i&gt;Be kind.&lt;/i&gt;" in page
        assert "Mei, a note" in page
        assert "Knows the owner" not in desk.get("/api/chat/history").text

    def test_a_note_on_nothing_and_an_empty_one_are_refused(self, desk: Visitor) -> None:
        """404 for the one, 422 for the other."""
        dialogue_id, token = handed_over(desk), csrf(desk)
        statuses = [
            desk.post(
                f"/desk/dialogues/{one}/notes", data={"note": text, "csrf": token}
            ).status_code
            for one, text in (("nope", "hi"), (dialogue_id, " "))
        ]

        assert [404, 422] == statuses


class TestPresence:
    def test_colleagues_see_who_looks_and_who_writes(self, shop: Shop, desk: Visitor) -> None:
        """For some seconds after they are gone; nobody sees themselves."""
        dialogue_id = handed_over(desk)
        with shop.visitor() as other:
            log_in(other, name="Ben")
            listed(other, dialogue=dialogue_id)
            looks = listed(desk, dialogue=dialogue_id)
            other.post(f"/desk/dialogues/{dialogue_id}/typing", data={"csrf": csrf(other)})
            writes = listed(desk, dialogue=dialogue_id)
            shop.clock.pass_by(seconds=30)
            gone = listed(desk, dialogue=dialogue_id)

        assert "Ben looks at this, too." in looks
        assert "Ben is writing here." in writes
        assert "Mei" not in looks.partition('id="colleagues"')[2].partition("</p>")[0]
        assert "Ben" not in gone

    def test_how_many_wait_is_told_to_every_page(self, shop: Shop, desk: Visitor) -> None:
        """Without those that another colleague has; the newest is what a page rings for."""
        before = desk.get("/desk/waits").json()
        dialogue_id = handed_over(desk)
        waits = desk.get("/desk/waits").json()
        card = card_of(shop, dialogue_id)
        with shop.visitor() as other:
            log_in(other, name="Ben")
            other.post(f"/desk/cards/{card.card_id}/assign", data={"csrf": csrf(other)})
            bens = other.get("/desk/waits").json()

        assert {"count": 0, "newest": None} == before
        assert {"count": 1, "newest": shop.clock().isoformat()} == waits
        assert (1, 0) == (bens["count"], desk.get("/desk/waits").json()["count"])
