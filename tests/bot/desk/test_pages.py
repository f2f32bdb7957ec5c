"""The desk: log in, answer, judge, and read what the model and the week brought."""

import re
from typing import Any

import pytest

from feedback.db.retrain_runs import Retraining
from tests.bot.visitor import Visitor
from tests.bot.web_shop import PASSWORD, Shop, open_shop
from tests.factories import queue_of, waiting_in

PAGES = [
    "/desk",
    "/desk/answers",
    "/desk/replies",
    "/desk/model",
    "/desk/reports",
    "/reports/latest",
]


@pytest.fixture
def desk(web: Visitor) -> Visitor:
    """Mei, logged in."""
    assert 303 == log_in(web).status_code
    return web


def log_in(web: Visitor, password: str = PASSWORD, *, name: str = "Mei") -> Any:
    return web.post("/desk/login", data={"password": password, "name": name})


def csrf(web: Visitor) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', web.get("/desk").text)
    assert found
    return found[1]


def handed_over(web: Visitor) -> str:
    """The id of a dialogue that waits for a person."""
    begun = web.post("/api/chat/sessions", json={}).json()
    headers = {"Authorization": f"Bearer {begun['token']}"}
    message = {"text": "<script>x</script> a puzzle", "client_id": "c"}
    web.post("/api/chat/messages", json=message, headers=headers)
    dialogue_id: str = begun["dialogue_id"]
    return dialogue_id


class TestLogin:
    @pytest.mark.parametrize("path", [*PAGES, "/reports/latest.png"])
    def test_nobody_gets_in_without(self, web: Visitor, path: str) -> None:
        """The browser is sent to the login."""
        answer = web.get(path)

        assert (303, "/desk/login") == (answer.status_code, answer.headers["location"])

    def test_the_cookie_is_not_for_scripts_nor_other_sites(self, web: Visitor) -> None:
        """HttpOnly and SameSite=Strict; Secure where the shop is reached over HTTPS."""
        cookie = log_in(web).headers["set-cookie"].lower()

        assert "httponly" in cookie
        assert "samesite=strict" in cookie

    def test_over_https_the_cookie_is_secure(self, one_database: Any) -> None:
        """It never goes over an open line."""
        with open_shop(one_database, public_url="https://shop.test").visitor() as web:
            assert "secure" in log_in(web).headers["set-cookie"].lower()

    def test_a_wrong_password_is_refused_and_tries_are_limited(self, one_database: Any) -> None:
        """Five a minute from one address."""
        with open_shop(one_database).visitor() as web:
            statuses = [log_in(web, "wrong").status_code for _ in range(6)]

        assert [401] * 5 + [429] == statuses

    def test_without_a_password_the_setting_is_named(self, one_database: Any) -> None:
        """A desk nobody set up stays closed."""
        with open_shop(one_database, check_password=None).visitor() as web:
            answer = log_in(web, "")

        assert 503 == answer.status_code
        assert "SHOPCLERK_DESK_PASSWORD" in answer.text

    def test_a_login_ends_by_itself_and_by_hand(self, shop: Shop, desk: Visitor) -> None:
        """After twelve hours, or with the button."""
        token = csrf(desk)
        desk.post("/desk/logout", data={"csrf": token})
        by_hand = desk.get("/desk").status_code
        log_in(desk)
        shop.clock.pass_by(hours=12)

        assert (303, 303) == (by_hand, desk.get("/desk").status_code)

    def test_a_form_from_elsewhere_is_refused(self, desk: Visitor) -> None:
        """Without the page's own token, or from another site."""
        dialogue_id = handed_over(desk)
        path = f"/desk/dialogues/{dialogue_id}/state"
        token = csrf(desk)

        forged = desk.post(path, data={"act": "close", "csrf": "guess"})
        foreign = desk.post(
            path, data={"act": "close", "csrf": token}, headers={"Origin": "https://evil.example"}
        )

        assert (403, 403) == (forged.status_code, foreign.status_code)
        assert dialogue_id in desk.get("/desk").text


class TestForms:
    """What a colleague does with a dialogue."""

    def test_a_thumb_down_is_done_with_at_the_desk(self, shop: Shop, desk: Visitor) -> None:
        """Done closes it for Slack's desk too."""
        begun = desk.post("/api/chat/sessions", json={}).json()
        headers = {"Authorization": f"Bearer {begun['token']}"}
        message = {"text": "can i return it", "client_id": "c"}
        said = desk.post("/api/chat/messages", json=message, headers=headers).json()["reply"]
        thumb = {"impression_id": said["impression_id"], "value": "down"}
        desk.post("/api/chat/ratings", json=thumb, headers=headers)

        form = {"act": "close", "csrf": csrf(desk)}
        desk.post(f"/desk/dialogues/{begun['dialogue_id']}/state", data=form)

        assert [] == waiting_in(shop.store)

    def test_an_own_answer_reaches_the_shopper(self, shop: Shop, desk: Visitor) -> None:
        """Under the staff member's name; from then on a person has the dialogue."""
        dialogue_id = handed_over(desk)

        sent = {"text": "We open at nine.", "csrf": csrf(desk)}
        assert 303 == desk.post(f"/desk/dialogues/{dialogue_id}/send", data=sent).status_code

        turn = shop.store.turns(dialogue_id)[-1]
        dialogue = shop.store.dialogue(dialogue_id)
        assert ("staff", "Mei", "We open at nine.") == (turn.speaker, turn.author, turn.text)
        assert dialogue is not None
        assert "staff" == dialogue.state

    def test_a_reply_of_the_book_also_teaches(self, shop: Shop, desk: Visitor) -> None:
        """It is kept as a correction of what the clerk had said."""
        dialogue_id = handed_over(desk)

        sent = {"text": "Within 30 days.", "reply_id": "return_policy", "csrf": csrf(desk)}
        desk.post(f"/desk/dialogues/{dialogue_id}/send", data=sent)

        assert "corrected" == queue_of(shop.store).recent(1)[0].verdict

    @pytest.mark.parametrize(
        ("act", "state"), [("take_over", "staff"), ("give_back", "clerk"), ("close", "done")]
    )
    def test_a_dialogue_can_be_taken_given_back_and_closed(
        self, shop: Shop, desk: Visitor, act: str, state: str
    ) -> None:
        """Three buttons."""
        dialogue_id = handed_over(desk)

        form = {"act": act, "csrf": csrf(desk)}
        desk.post(f"/desk/dialogues/{dialogue_id}/state", data=form)

        dialogue = shop.store.dialogue(dialogue_id)
        assert dialogue is not None
        assert state == dialogue.state

    def test_an_unknown_dialogue_or_state_is_named(self, desk: Visitor) -> None:
        """404 for the one, 422 for the other."""
        token = csrf(desk)
        answers = [
            desk.post("/desk/dialogues/nope/send", data={"text": "hi", "csrf": token}),
            desk.post("/desk/dialogues/nope/state", data={"act": "close", "csrf": token}),
            desk.post("/desk/dialogues/nope/state", data={"act": "odd", "csrf": token}),
            desk.post("/desk/dialogues/nope/send", data={"text": " ", "csrf": token}),
        ]

        assert [404, 404, 422, 422] == [answer.status_code for answer in answers]


class TestStaffPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_each_is_there_when_there_is_nothing_to_show(self, desk: Visitor, path: str) -> None:
        """Empty states say how something comes to be."""
        assert 200 == desk.get(path).status_code

    def test_the_book_and_the_runs_are_listed(self, shop: Shop, desk: Visitor) -> None:
        """What the staff wrote, and what retraining made of it."""
        turns = Retraining(shop.runs.db)
        run = turns.open("run-1", "Mei", shop.clock(), parent_version=1)
        turns.advance(run, "evaluate", data_hash="4f9a" * 16, scores={"top1": 0.875})
        turns.finish(run, "refused", shop.clock(), reason="worse in zh", version=2)

        assert "天内可以退货" in desk.get("/desk/replies").text
        page = desk.get("/desk/model").text
        assert all(told in page for told in ("worse in zh", "4f9a4f9a4f9a", "87.5 %"))

    @pytest.mark.slow
    def test_the_newest_report_is_shown_in_words_and_as_a_picture(
        self, shop: Shop, desk: Visitor
    ) -> None:
        """The verdict first; the picture is drawn by another process."""
        shop.runs.save_report("2026-W47", weekly_report(shop), shop.clock())

        page, listed = desk.get("/reports/latest").text, desk.get("/desk/reports").text
        picture = desk.get("/reports/latest.png")

        assert "Week 2026-W47" in page
        assert "2026-W47" in listed
        assert ("image/png", b"\x89PNG") == (picture.headers["content-type"], picture.content[:4])

    def test_without_a_report_there_is_no_picture(self, desk: Visitor) -> None:
        """The remedy is a command."""
        answer = desk.get("/reports/latest.png")

        assert 404 == answer.status_code
        assert "shopclerk report" in answer.json()["detail"]


def weekly_report(shop: Shop) -> dict[str, Any]:
    """What an empty week comes to."""
    from feedback.experiments.metric_registry import METRICS
    from feedback.experiments.results import Arm, MetricResult, Uplift
    from feedback.report.report import Report

    nothing = Uplift(reason="too_few_orders")
    return Report(
        since=None,
        until=shop.clock(),
        computed_at=shop.clock(),
        verdict="not yet",
        verdict_reason="too_few_orders",
        weeks_needed=12,
        srm_pvalue=None,
        currency="USD",
        metrics=dict.fromkeys(METRICS, MetricResult({"holdout": 0.1, "champion": 0.2}, nothing)),
        arms={"holdout": Arm(10), "champion": Arm(90)},
    ).to_json()
