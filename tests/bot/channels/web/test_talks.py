"""A shopper's dialogues in the web chat: openings, the list, read marks, the last question."""

from typing import Any

import pytest

from feedback.dialogues.attention import Attentions
from feedback.dialogues.survey import Csat, Surveys
from tests.bot.visitor import Visitor
from tests.bot.web_shop import PASSWORD, Shop
from tests.factories import days


def begin(web: Visitor, **wanted: Any) -> dict[str, Any]:
    """Begin a session, and go on with its token."""
    begun: dict[str, Any] = web.post("/api/chat/sessions", json=wanted).json()
    web.headers["Authorization"] = f"Bearer {begun['token']}"
    return begun


def ask(web: Visitor, text: str, client_id: str) -> Any:
    """Ask something."""
    return web.post("/api/chat/messages", json={"text": text, "client_id": client_id}).json()


class TestOpening:
    @pytest.mark.parametrize(
        ("page", "greeting", "prompt"),
        [
            ("http://shop.test/", "Ask me about", "Where is my order?"),
            ("http://shop.test/products/clay-mug?x=1", "Clay Mug <3", "Is it in stock?"),
            ("http://shop.test/basket", "Ask me about", "What does delivery cost?"),
            ("http://shop.test/thanks?order=1", "Ask me about", "Where is my order?"),
        ],
    )
    def test_it_knows_the_page(self, web, page, greeting, prompt):
        """
        On a product's page the greeting names it, and the questions fit where the shopper is.
        """
        begun = begin(web, page=page)

        assert greeting in begun["greeting"]
        assert prompt == begun["prompts"][0]["title"]

    def test_it_speaks_the_pages_language(self, web):
        """
        The product has its Chinese name in a Chinese shop.
        """
        begun = begin(web, page="http://shop.test/products/clay-mug", locale="zh-CN")

        assert ("陶杯" in begun["greeting"], "有现货吗？") == (
            True,
            begun["prompts"][0]["title"],
        )


class TestSeveralDialogues:
    def test_a_new_one_and_back(self, web, shop: Shop):
        """
        The list has each dialogue with what it began with; a session goes on with any of them.
        """
        first = begin(web)
        ask(web, "can i return it", "m1")
        shop.clock.pass_by(minutes=1)
        begin(web, new_dialogue=True)
        ask(web, "recommend a mug", "m2")

        listed = web.get("/api/chat/dialogues").json()["dialogues"]
        back = begin(web, dialogue_id=first["dialogue_id"])

        assert [("recommend a mug", True), ("can i return it", False)] == [
            (one["first_words"], one["here"]) for one in listed
        ]
        assert (first["shopper_id"], first["dialogue_id"]) == (
            back["shopper_id"],
            back["dialogue_id"],
        )
        assert "can i return it" == web.get("/api/chat/history").json()["lines"][0]["text"]

    def test_nobody_elses(self, web, shop: Shop):
        """
        A dialogue of another shopper is not known here, and in no list.
        """
        with shop.visitor() as other:
            theirs = begin(other)["dialogue_id"]
            ask(other, "can i return it", "m1")
        begin(web)

        refused = web.post("/api/chat/sessions", json={"dialogue_id": theirs})

        assert (404, []) == (
            refused.status_code,
            web.get("/api/chat/dialogues").json()["dialogues"],
        )


class TestReadMarks:
    def test_the_shopper_has_read_so_far(self, web, shop: Shop):
        """
        A mark goes forward only, and never past what was said.
        """
        dialogue = begin(web)["dialogue_id"]
        last = ask(web, "can i return it", "m1")["message_id"]
        for seen in (last, last - 1, last + 1_000):
            web.post("/api/chat/seen", json={"message_id": seen})

        assert last == Attentions(shop.store.db).of(dialogue).shopper

    def test_a_colleague_who_types_has_read_it(self, web, shop: Shop):
        """
        The stream tells that the team writes, and up to where it has read; after seconds not.
        """
        dialogue = begin(web)["dialogue_id"]
        last = ask(web, "can i return it", "m1")["message_id"]
        with shop.visitor() as desk:
            desk.post("/desk/login", data={"password": PASSWORD})
            csrf = desk.get("/desk/reports").text.split('name="csrf" value="')[1].split('"')[0]
            sent = desk.post(f"/desk/dialogues/{dialogue}/typing", data={"csrf": csrf})

        told = web.get("/api/chat/events").text
        shop.clock.pass_by(seconds=7)
        later = web.get("/api/chat/events").text

        assert 204 == sent.status_code
        assert f'data: {{"typing": true, "seen": {last}}}' in told
        assert f'data: {{"typing": false, "seen": {last}}}' in later


class TestSurvey:
    def test_the_last_answer_counts(self, web, shop: Shop):
        """
        Solved at once, a grade and a word after it: one dialogue, one answer.
        """
        begin(web)
        web.post("/api/chat/survey", json={"solved": True})
        sent = web.post("/api/chat/survey", json={"solved": True, "grade": 5, "comment": "quick"})

        now = shop.clock()
        csat = Surveys(shop.store.db).csat(now - days(1), now + days(1))
        assert (204, Csat(answered=1, solved=1, graded=1, good=1), 1.0) == (
            sent.status_code,
            csat,
            csat.share,
        )

    def test_the_staff_read_what_it_comes_to(self, web, shop: Shop):
        """
        At the desk, beside the weekly reports.
        """
        begin(web)
        web.post("/api/chat/survey", json={"solved": True, "grade": 4})
        shop.clock.pass_by(hours=1)
        with shop.visitor() as desk:
            desk.post("/desk/login", data={"password": PASSWORD})
            page = desk.get("/desk/reports").text

        assert "solved 1 of 1; satisfied (grade 4 or 5) 1 of 1, <strong>CSAT 100%</strong>" in page

    @pytest.mark.parametrize("body", [{}, {"solved": True, "grade": 6}, {"solved": "maybe"}])
    def test_a_wrong_answer_is_refused(self, web, body):
        """
        A grade is one of five.
        """
        begin(web)

        assert 422 == web.post("/api/chat/survey", json=body).status_code
