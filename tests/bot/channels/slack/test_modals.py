"""The form of a new reply, and the search for the reply that would have been right."""

import asyncio
import json

import pytest
from slack_bolt.async_app import AsyncBoltRequest

from bot.channels.slack.block_rules import broken_view_rules
from bot.channels.slack.modals import correct_modal, found_replies
from bot.channels.slack.reply_form import ReplyDraft, known_slots, reply_modal, written_on
from tests.bot.channels.slack.running import edge_of
from tests.slack_peer import ALICE, MIA, REVIEW, TEAM, SlackPeer

FACTS = {f"fact_{n:03}": f"value {n}" for n in range(130)} | {"return_fee": "4.90 USD"}


def slots_of(modal):
    menus = [e for b in modal["blocks"] for e in b.get("elements", []) if "option_groups" in e]
    return [o["value"] for menu in menus for g in menu["option_groups"] for o in g["options"]]


def typed(text, block="text", **more):
    """A form's state as Slack sends it."""
    fields = {"question": "do you wrap", block: text, "name": "gift_wrap"}
    values = {b: {"value": {"type": "plain_text_input", "value": v}} for b, v in fields.items()}
    return {"state": {"values": values | more}}


class TestReplyForm:
    def test_lists_every_slot_however_many_facts_there_are(self):
        """Those of orders and products too; Slack takes the form."""
        modal = reply_modal({"card_id": "c1"}, ReplyDraft(), FACTS)

        assert known_slots(FACTS) == slots_of(modal)
        assert "policy.return_fee" in slots_of(modal)
        assert [] == broken_view_rules(modal)

    def test_sends_nothing_by_itself(self):
        """Sending it to the shopper too is ticked by a person."""
        modal = reply_modal({"card_id": "c1"}, ReplyDraft(), FACTS)
        boxes = [b["element"] for b in modal["blocks"] if b.get("block_id") == "send"]

        assert [False] == ["initial_options" in box for box in boxes]

    def test_a_chosen_slot_is_put_behind_what_was_typed(self):
        """The field gets another id, or Slack would keep the old words."""
        about = {"card_id": "c1"}
        draft = written_on(typed("It costs"), about, "policy.return_fee")
        again = written_on(typed(draft.text, "text1"), about, "order.number")
        modal = reply_modal(about, again, FACTS)

        assert "It costs {policy.return_fee} {order.number}" == again.text
        assert "text2" in [block.get("block_id") for block in modal["blocks"]]
        assert ("gift_wrap", "do you wrap") == (again.name, again.question)

    def test_the_preview_reads_as_the_shopper_will(self):
        """Facts filled in; what an order tells stays as it is."""
        draft = ReplyDraft(text="It costs {policy.return_fee} for {order.number}.")
        shown = [b["text"]["text"] for b in reply_modal({}, draft, FACTS, preview=True)["blocks"]
                 if b["type"] == "section"]  # fmt: skip

        assert ["It costs 4.90 USD for {order.number}."] == shown


class TestCorrect:
    def test_more_replies_than_a_menu_holds_are_found_by_typing(self):
        """By a part of the name, or of the words."""
        replies = [(f"reply_{n:03}", f"words {n}") for n in range(300)]
        found = [each["value"] for each in found_replies(replies, "words 277")]

        assert ["reply_277"] == found
        assert 100 == len(found_replies(replies, ""))
        assert [] == found_replies([("a", "x")], "x", without="a")
        assert [] == broken_view_rules(correct_modal({}, "where is it"))


@pytest.mark.slow
class TestSearch:
    @pytest.mark.parametrize(("user", "expected"), [(MIA, ["shipping_cost"]), (ALICE, [])])
    def test_finds_replies_for_the_staff_alone(self, shop, tmp_path, user, expected):
        """As Slack asks while a person types."""
        asked = {
            "type": "block_suggestion",
            "user": {"id": user, "team_id": TEAM},
            "team": {"id": TEAM},
            "api_app_id": "A0CLERK",
            "action_id": "value",
            "block_id": "reply",
            "value": "delivery cost",
            "view": {"id": "V1", "private_metadata": f'{{"channel": "{REVIEW}"}}'},
        }

        async def ask(edge):
            return await edge.app.async_dispatch(AsyncBoltRequest(body=asked, mode="socket_mode"))

        with SlackPeer(tmp_path / "slack") as peer:
            answer = asyncio.run(ask(edge_of(shop, peer)))

        assert expected == [each["value"] for each in options_of(answer)]


def options_of(answer):

    return json.loads(answer.body)["options"]
