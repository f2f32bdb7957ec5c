"""The chat's API, through HTTP."""

import re
from typing import Any

import pytest
from sqlmodel import select

from feedback.db.tables.people import Uncounted
from feedback.db.tables.signals import Rating
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop, open_shop
from tests.factories import queue_of


def say(web: Visitor, text: str, client_id: str = "c1", **more: Any) -> Any:
    return web.post("/api/chat/messages", json={"text": text, "client_id": client_id, **more})


class TestSessions:
    def test_a_new_shopper_gets_a_token_and_a_greeting(self, web: Visitor) -> None:
        """The names of the interface, and what the widget needs beside them."""
        begun = web.post("/api/chat/sessions", json={"locale": "zh-CN", "page": "/products/mug"})

        assert 200 == begun.status_code
        assert {"token", "shopper_id", "dialogue_id"} <= begun.json().keys()
        assert "Juniper Lane" in begun.json()["greeting"]

    def test_begins_without_a_body(self, web: Visitor) -> None:
        """Nothing in the request is obligatory."""
        assert 200 == web.post("/api/chat/sessions").status_code

    def test_a_valid_token_resumes_the_dialogue(
        self, web: Visitor, session: dict[str, Any]
    ) -> None:
        """After a reload the shopper finds what was said."""
        say(web, "can i return it")

        resumed = web.post("/api/chat/sessions", json={}).json()

        assert session["dialogue_id"] == resumed["dialogue_id"]
        history = web.get("/api/chat/history").json()
        assert ["shopper", "clerk"] == [line["speaker"] for line in history["lines"]]
        assert "answer" == history["lines"][1]["reply"]["kind"]

    def test_the_same_shopper_may_have_a_new_dialogue(
        self, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Who they are stays, what was said does not."""
        again = web.post("/api/chat/sessions", json={"new_dialogue": True}).json()

        assert session["shopper_id"] == again["shopper_id"]
        assert session["dialogue_id"] != again["dialogue_id"]

    def test_an_old_token_begins_anew(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """A shopper who comes back after a day is not sent away."""
        shop.clock.pass_by(hours=25)

        again = web.post("/api/chat/sessions", json={})

        assert 200 == again.status_code
        assert session["shopper_id"] != again.json()["shopper_id"]


class TestRobots:
    def test_a_crawler_is_answered_and_left_out_of_every_figure(
        self, shop: Shop, web: Visitor
    ) -> None:
        """By the name it gives itself."""
        robot = {"User-Agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}
        begun = web.post("/api/chat/sessions", json={}, headers=robot).json()
        person = web.post("/api/chat/sessions", json={}).json()
        robots, people = ({each["shopper_id"]} for each in (begun, person))

        assert robots == left_out(shop)
        assert not people & left_out(shop)

    @pytest.mark.parametrize(
        ("address", "counted"), [("https://shop.example", False), ("http://127.0.0.1:8000", True)]
    )
    def test_a_browser_without_a_window_counts_where_only_this_machine_comes(
        self, one_database: Any, address: str, counted: bool
    ) -> None:
        """There somebody tries the shop; on the web it is a program."""
        shop = open_shop(one_database, public_url=address)
        driven = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/141.0"}
        with shop.visitor() as web:
            begun = web.post("/api/chat/sessions", json={}, headers=driven).json()

        assert counted == (begun["shopper_id"] not in left_out(shop))

    def test_who_writes_faster_than_anybody_reads_is_a_program(self, one_database: Any) -> None:
        """The fourth message of a minute is refused here, and the shopper counts no more."""
        shop = open_shop(one_database, shopper_per_minute=3)
        with shop.visitor() as web:
            begun = web.post("/api/chat/sessions", json={}).json()
            web.headers["Authorization"] = f"Bearer {begun['token']}"
            statuses = [say(web, "can i return it", f"c{n}").status_code for n in range(4)]

        assert [200, 200, 200, 429] == statuses
        assert {begun["shopper_id"]} == left_out(shop)


def left_out(shop: Shop) -> set[str]:
    with shop.store.db.reading() as reading:
        return set(reading.exec(select(Uncounted.shopper_id)).all())


@pytest.mark.usefixtures("session")
class TestMessages:
    def test_a_question_is_answered(self, shop: Shop, web: Visitor) -> None:
        """The reply's slots are filled, and an impression stands behind it."""
        answer = say(web, "can i return it").json()

        assert "You can return it within 30 days." == answer["reply"]["text"]
        assert "answer" == answer["reply"]["kind"]
        assert shop.store.impression(answer["reply"]["impression_id"]) is not None

    def test_the_same_client_id_gets_the_same_answer(self, shop: Shop, web: Visitor) -> None:
        """Sent twice, recorded once."""
        first, second = say(web, "can i return it"), say(web, "can i return it")

        assert first.json() == second.json()
        assert 2 == len(web.get("/api/chat/history").json()["lines"])

    def test_a_client_id_for_another_text_is_a_conflict(self, web: Visitor) -> None:
        """Nothing is overwritten, nothing silently dropped."""
        say(web, "can i return it")

        refused = say(web, "where is my order")

        assert 409 == refused.status_code
        assert "c1" in refused.json()["detail"]

    def test_unsure_offers_buttons_and_a_pressed_one_answers(self, web: Visitor) -> None:
        """The choice goes along as its reply_id."""
        offered = say(web, "unsure").json()["reply"]
        answer = say(web, "Return", "c2", choice="return_policy").json()["reply"]

        assert "choices" == offered["kind"]
        assert "return_policy" in [choice["reply_id"] for choice in offered["choices"]]
        assert "You can return it within 30 days." == answer["text"]

    def test_a_button_that_was_not_shown_is_refused_without_words(self, web: Visitor) -> None:
        """A clear problem; with words they are answered."""
        refused = say(web, "", "c1", choice="return_policy")
        answer = say(web, "where is my order", "c2", choice="return_policy").json()["reply"]

        assert 422 == refused.status_code
        assert "choice 'return_policy' was not offered in this dialogue" in refused.json()["detail"]
        assert "You can return it within 30 days." != answer["text"]

    def test_a_product_card_leads_through_the_click_counter(self, web: Visitor) -> None:
        """Also when the card is shown again after a reload."""
        card = say(web, "recommend something").json()["reply"]["products"][0]
        shown_again = web.get("/api/chat/history").json()["lines"][1]["reply"]["products"][0]

        assert card["click_url"].startswith("http://shop.test/c/")
        assert card["click_url"] == shown_again["click_url"]

    def test_the_clerk_is_silent_while_a_person_has_the_dialogue(
        self, shop: Shop, web: Visitor
    ) -> None:
        """The shopper's turn is kept, the reply is null, the state says why."""
        dialogue_id = web.post("/api/chat/sessions", json={}).json()["dialogue_id"]
        shop.store.record_staff_turn(dialogue_id, "Hi, I am Mei.", "Mei", shop.clock())

        answer = say(web, "can i return it").json()

        assert (None, "staff") == (answer["reply"], answer["state"])
        lines = web.get("/api/chat/history").json()["lines"]
        assert [("staff", "Mei"), ("shopper", None)] == [(x["speaker"], x["author"]) for x in lines]
        assert lines[-1]["message_id"] == answer["message_id"]

    def test_talk_to_a_person_hands_over(self, web: Visitor) -> None:
        """From the first turn on; pressed twice it is one wish."""
        first = web.post("/api/chat/handover", json={"client_id": "h1"})
        second = web.post("/api/chat/handover", json={"client_id": "h1"})

        assert ("handover", "waiting") == (first.json()["reply"]["kind"], first.json()["state"])
        assert first.json() == second.json()

    @pytest.mark.parametrize(
        ("body", "status", "named"),
        [
            (b'{"text": "", "client_id": "c"}', 422, "empty"),
            (b'{"text": "   ", "client_id": "c"}', 422, "empty"),
            (b'{"text": "a\\u0000b", "client_id": "c"}', 422, "NUL"),
            (b'{"text": "\\ud800", "client_id": "c"}', 422, "text"),
            (b'{"text": 5, "client_id": "c"}', 422, "text is 5"),
            (b'{"text": NaN, "client_id": "c"}', 422, "text is nan"),
            (b'{"text": "hello"}', 422, "client_id is missing"),
            (b'{"text": "hello", "client_id": ""}', 422, "client_id"),
            (b'{"text": "' + b"x" * 4_001 + b'", "client_id": "c"}', 422, "4000"),
            (b'{"text": "hello", ', 400, "JSON"),
            (b"\xff\xfe\x00", 400, "UTF-8"),
            (b"[" * 20_000, 400, "UTF-8"),
            (b"[]", 422, "the body"),
            (b"", 422, "the body is missing"),
            (b'{"text": "' + b"x" * 70_000, 413, "64 kB"),
        ],
    )
    def test_bad_input_is_refused_with_its_value_and_remedy(
        self, web: Visitor, body: bytes, status: int, named: str
    ) -> None:
        """Always a problem document, never a crash."""
        headers = {"Content-Type": "application/json"}

        answer = web.post("/api/chat/messages", content=body, headers=headers)

        assert (status, "application/problem+json") == (
            answer.status_code,
            answer.headers["content-type"],
        )
        assert named in answer.json()["detail"]
        assert len(answer.json()["detail"]) < 300

    def test_another_content_type_is_refused(self, web: Visitor) -> None:
        """Browsers send forms and plain text to other sites without asking."""
        answer = web.post(
            "/api/chat/messages", content=b"{}", headers={"Content-Type": "text/plain"}
        )

        assert 415 == answer.status_code
        assert "application/json" in answer.json()["detail"]

    def test_markup_comes_back_as_it_was_written(self, web: Visitor) -> None:
        """JSON carries it unharmed; showing it as text is the widget's duty."""
        said = "<script>alert(1)</script> markup"

        answer = say(web, said).json()

        assert "<b>bold</b> & <script>alert(1)</script>" == answer["reply"]["text"]
        assert said == web.get("/api/chat/history").json()["lines"][0]["text"]


class TestWhoMay:
    def test_nobody_without_a_token(self, web: Visitor) -> None:
        """The refusal says where to get one."""
        refused = say(web, "hello")

        assert 401 == refused.status_code
        assert "Bearer" == refused.headers["www-authenticate"]
        assert "/api/chat/sessions" in refused.json()["detail"]

    @pytest.mark.usefixtures("session")
    @pytest.mark.parametrize("spoil", [lambda t: t[:-2] + "xx", lambda t: t * 300, lambda t: "ü"])
    def test_nobody_with_a_changed_token(self, web: Visitor, spoil: Any) -> None:
        """Tampered, huge or not even ASCII."""
        token = web.headers.pop("Authorization").removeprefix("Bearer ")

        refused = web.get(
            "/api/chat/history", headers={b"Authorization": f"Bearer {spoil(token)}".encode()}
        )

        assert 401 == refused.status_code

    def test_nobody_after_a_day(self, shop: Shop, web: Visitor, session: dict[str, Any]) -> None:
        """Tokens live 24 hours."""
        shop.clock.pass_by(hours=24)

        assert 401 == say(web, "hello").status_code

    def test_a_click_token_is_no_session(self, shop: Shop, web: Visitor) -> None:
        """Every purpose is signed apart."""
        token = shop.tokens.click("a", "b", "c")

        refused = web.get("/api/chat/history", headers={"Authorization": f"Bearer {token}"})

        assert 401 == refused.status_code

    @pytest.mark.usefixtures("session")
    def test_no_other_site_with_the_token(self, shop: Shop, web: Visitor) -> None:
        """A token given to one origin does not work on another."""
        refused = web.get("/api/chat/history", headers={"Origin": "https://evil.example"})

        assert 403 == refused.status_code

    def test_a_dialogue_that_was_erased_is_not_found(self, shop: Shop, web: Visitor) -> None:
        """The widget then begins anew."""
        token = shop.tokens.session("nobody", "nothing", "")
        headers = {"Authorization": f"Bearer {token}"}

        said = web.post(
            "/api/chat/messages", json={"text": "hello", "client_id": "c"}, headers=headers
        )
        asked = web.post("/api/chat/handover", headers=headers)
        read = web.get("/api/chat/history", headers=headers)
        streamed = web.get("/api/chat/events", headers=headers)

        assert [404] * 4 == [x.status_code for x in (said, asked, read, streamed)]


class TestRatings:
    def rate(self, web: Visitor, impression_id: str, value: str | None, **more: Any) -> Any:
        return web.post(
            "/api/chat/ratings", json={"impression_id": impression_id, "value": value, **more}
        )

    def test_the_last_thumb_counts_and_can_be_taken_back(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Up, then down with a comment, then none."""
        shown = say(web, "can i return it").json()["reply"]["impression_id"]
        seen = []
        for value in ("up", "down", None):
            assert 200 == self.rate(web, shown, value, comment="hm").status_code
            answer = queue_of(shop.store).recent(1)[0]
            seen.append((answer.up, answer.down))

        assert [(1, 0), (0, 1), (0, 0)] == seen

    def test_where_it_came_from_is_kept_as_a_hash_alone(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Enough to see that many came from one place, too little to say which."""
        shown = say(web, "can i return it").json()["reply"]["impression_id"]
        self.rate(web, shown, "up")
        with shop.store.db.reading() as reading:
            rating = reading.get_one(Rating, (shown, session["shopper_id"]))

        assert re.fullmatch("[0-9a-f]{16}", rating.origin or "")

    def test_only_the_shopper_who_saw_it_may_rate(
        self, shop: Shop, web: Visitor, session: dict[str, Any]
    ) -> None:
        """Others are refused, and nothing is stored."""
        shown = say(web, "can i return it").json()["reply"]["impression_id"]
        other = web.post("/api/chat/sessions", json={}, headers={"Authorization": ""}).json()
        web.headers["Authorization"] = f"Bearer {other['token']}"

        assert 403 == self.rate(web, shown, "up").status_code
        assert 0 == queue_of(shop.store).recent(1)[0].up

    def test_an_unknown_impression_or_thumb_is_named(
        self, web: Visitor, session: dict[str, Any]
    ) -> None:
        """404 for the one, 422 for the other."""
        unknown, sideways = self.rate(web, "nope", "up"), self.rate(web, "nope", "sideways")

        assert (404, 422) == (unknown.status_code, sideways.status_code)
        assert "'nope'" in unknown.json()["detail"]
        assert "'sideways'" in sideways.json()["detail"]


class TestLimits:
    def test_a_shopper_may_ask_twenty_times_a_minute(self, one_database: Any) -> None:
        """The twenty-first is told when to come back."""
        with open_shop(one_database).visitor() as web:
            token = web.post("/api/chat/sessions", json={}).json()["token"]
            web.headers["Authorization"] = f"Bearer {token}"
            answers = [say(web, "can i return it", f"c{turn}") for turn in range(21)]

        assert [200] * 20 + [429] == [answer.status_code for answer in answers]
        assert (
            1 <= int(answers[-1].headers["retry-after"]) <= 63
        )  # its last twentieth ends with the next minute
        assert "20 a minute" in answers[-1].json()["detail"]

    def test_an_address_may_begin_sixty_sessions_a_minute(self, one_database: Any) -> None:
        """New shoppers from one address share its window."""
        with open_shop(one_database).visitor() as web:
            statuses = [web.post("/api/chat/sessions", json={}).status_code for _ in range(61)]

        assert [200] * 60 + [429] == statuses


class TestArm:
    """No browser is told which arm its shopper is in."""

    @pytest.mark.parametrize("arm", ["holdout", "champion", "challenger"])
    def test_nothing_that_reaches_a_browser_names_it(self, one_database: Any, arm: str) -> None:
        """Bodies, headers and events of a whole chat have the same fields in each arm."""
        with open_shop(one_database, arm=arm).visitor() as web:
            begun = web.post("/api/chat/sessions", json={})
            web.headers["Authorization"] = f"Bearer {begun.json()['token']}"
            answered = say(web, "can i return it")
            told = [begun, answered, web.get("/api/chat/history"), web.get("/api/chat/events")]

        fields = "impression_id kind text reply_ids sources choices products"
        of_actions = "asks about order summary executed"
        assert {*fields.split(), *of_actions.split()} == {*answered.json()["reply"]}
        for answer in told:
            said = f"{answer.text} {dict(answer.headers)}".lower()
            assert not re.search(r"holdout|champion|challenger|confidence|canary|stable", said)

    def test_the_document_of_the_api_knows_no_field_of_it(self, web: Visitor) -> None:
        """Neither in what is sent nor in what may be sent."""
        schemas = web.get("/api/openapi.json").json()["components"]["schemas"]
        fields = {name for schema in schemas.values() for name in schema.get("properties", {})}

        assert not fields & {"arm", "confidence", "served_by", "model_version", "propensity"}

    def test_a_browser_that_asks_for_an_arm_is_not_heard(self, shop: Shop, web: Visitor) -> None:
        """Whatever else it sends."""
        wish = {"arm": "holdout", "shopper_id": "mine", "confidence": 1}
        begun = web.post("/api/chat/sessions?arm=holdout", json=wish).json()

        dialogue = shop.store.dialogue(begun["dialogue_id"])
        assert dialogue is not None
        assert ("champion", False) == (dialogue.arm, "mine" == dialogue.shopper_id)
