"""The desk's order actions: approve, decline with words, a part, by hand, the emergency stop."""

import html
import re
from typing import Any

import pytest

from feedback.actions.decisions import ActionDecisions
from feedback.actions.labels import ActionLabels
from feedback.actions.runs import ActionRuns, StoredYes, summary_id
from feedback.db.tables.actions import ActionRun
from feedback.dialogues.action_memory import PlannedCall
from tests.bot.desk.test_pages import log_in
from tests.bot.desk.test_source_pages import post
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop
from tests.factories import open_dialogue

CALL = PlannedCall("return_items", {"order_id": "1", "skus": ["rug", "hat"]}, {"refund": "120.00"})
SUMMARY = "Return from order 1:\n• Wool Rug\n• <b>Felt Hat</b>"


@pytest.fixture
def desk(web: Visitor) -> Visitor:
    """Mei, logged in."""
    log_in(web)
    return web


def waiting(shop: Shop, *, by_staff: bool = False) -> str:
    """A return of two pieces that waits for a colleague; its id."""
    dialogue_id = open_dialogue(shop.store).dialogue_id
    id_, why = summary_id(dialogue_id, [CALL]), "Return items waits for approval"
    yes = StoredYes(
        dialogue_id, "anna", id_, SUMMARY, "en", [CALL], wait_for=why, by_staff=by_staff
    )
    return ActionRuns(shop.orders.db).confirm(yes, shop.clock())[0].run_id


def run_of(shop: Shop, run_id: str) -> ActionRun:
    run = ActionRuns(shop.orders.db).get(run_id)
    assert run is not None
    return run


class TestActionPages:
    def test_what_waits_is_shown_in_words_and_markup_is_text(self, desk: Visitor, shop: Shop):
        """Its name is no identifier of ours."""
        waiting(shop)
        shown = desk.get("/desk/actions").text

        assert "<strong>Return items</strong>" in shown
        assert "return_items" not in shown
        assert "&lt;b&gt;Felt Hat&lt;/b&gt;" in shown

    def test_an_orders_page_tells_who_asked_who_decided_and_what_it_moved(
        self, desk: Visitor, shop: Shop
    ):
        """From the yes to its end, with the way to the conversation; linked from the newest."""
        run_id = waiting(shop)
        post(desk, f"/desk/actions/{run_id}/decide", verdict="decline", words="It is worn.")
        page = desk.get("/desk/orders/1").text

        assert '<a href="/desk/orders/1">' in desk.get("/desk/actions").text
        assert "&lt;b&gt;Felt Hat&lt;/b&gt;" in page
        assert "decided on" in page
        assert "“It is worn.”" in page
        assert f"/desk/conversations?dialogue={run_of(shop, run_id).dialogue_id}" in page
        assert 404 == desk.get("/desk/orders/2").status_code

    def test_declined_with_words_and_decided_once(self, desk: Visitor, shop: Shop):
        """A second word comes too late, and is told so."""
        run_id = waiting(shop)
        post(desk, f"/desk/actions/{run_id}/decide", verdict="decline", words="It is worn.")
        late = post(desk, f"/desk/actions/{run_id}/decide", verdict="approve")

        run = run_of(shop, run_id)
        assert ("declined", "Mei", "It is worn.") == (run.state, run.decided_by, run.decision)
        assert 409 == late.status_code

    def test_a_part_is_offered_to_the_shopper(self, desk: Visitor, shop: Shop):
        """All of it, or none, is no change."""
        run_id = waiting(shop)
        same = post(desk, f"/desk/actions/{run_id}/change", keep=["0", "1"])
        post(desk, f"/desk/actions/{run_id}/change", keep=["0"], words="The hat is worn.")

        run = run_of(shop, run_id)
        assert (422, "offered", ["rug"]) == (same.status_code, run.state, run.arguments["skus"])

    def test_what_is_done_by_hand_has_its_steps(self, desk: Visitor, shop: Shop):
        """And is done when the colleague says so."""
        run_id = waiting(shop, by_staff=True)
        shown = desk.get("/desk/actions").text
        post(desk, f"/desk/actions/{run_id}/decide", verdict="fulfil")

        assert "<li>Tell the shopper where to send it</li>" in shown
        assert "done" == run_of(shop, run_id).state

    def test_the_emergency_stop_names_who_stopped_all(self, desk: Visitor, shop: Shop):
        """And ends when somebody says so."""
        post(desk, "/desk/actions/stop")
        stopped = desk.get("/desk/actions").text
        post(desk, "/desk/actions/resume")

        assert "Mei stopped all actions" in stopped
        assert ActionDecisions(shop.orders.db).waiting() == []
        assert ActionRuns(shop.orders.db).stopped() is None


class TestWhatWasWanted:
    """Words at which the clerk was lost: the staff say what was wanted, and the model learns it."""

    @pytest.fixture
    def words(self, web: Visitor, session: dict[str, Any]) -> str:
        """What a shopper wrote who was passed on; their e-mail is among it."""
        said = {"text": "unmake what i bought, ann@example.com <b>now</b>", "client_id": "lost"}
        assert "handover" == web.post("/api/chat/messages", json=said).json()["reply"]["kind"]
        return "unmake what i bought, [email] <b>now</b>"

    def test_the_words_are_listed_and_the_staffs_word_is_learned(
        self, words: str, desk: Visitor, shop: Shop
    ):
        """Without personal data, and markup is text."""
        shown = desk.get("/desk/actions").text
        assert html.escape(words) in shown
        impression_id = re.findall(r'name="impression_id" value="([^"]+)"', shown)[0]
        said = {"impression_id": impression_id, "action": "cancel_order"}
        assert 303 == post(desk, "/desk/actions/labels", **said).status_code

        lessons = ActionLabels(shop.orders.db).lessons()
        assert [("cancel_order", words)] == [(one.action, one.words) for one in lessons]

    def test_what_is_no_action_or_not_known_is_refused(self, desk: Visitor, shop: Shop):
        """A made-up name, and words that were erased."""
        made_up = post(desk, "/desk/actions/labels", impression_id="x", action="give_money")
        gone = post(desk, "/desk/actions/labels", impression_id="x", action="cancel_order")

        assert (422, 404) == (made_up.status_code, gone.status_code)
