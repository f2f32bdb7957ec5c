"""Shoppers never see the shop's inside: queue, names, figures, reports, versions."""

import pytest
from sqlmodel import select

from bot.channels.slack.receive import submission
from feedback.db.tables.people import Uncounted
from feedback.desk.inbox import Inbox
from tests.bot.channels.slack.running import controls
from tests.slack_peer import (
    ALICE,
    BOB,
    REVIEW,
    SUPPORT,
    TEAM,
    eventually,
    text_of,
)

pytestmark = pytest.mark.slow

INSIDE = (
    "Waiting", "Version", "orders", "seven days", "The clerk is not sure", "SHOPCLERK", "Mia",
    "version", "report", "retrain", "sure",
)  # fmt: skip


@pytest.fixture
def slack(shop, socket_workspace):
    """The peer with the clerk; ALICE is not in the staff's channel, BOB is."""
    report = controls(report=lambda: "Better by 9 %. Revenue 1,234.50 USD")
    with socket_workspace.with_clerk(shop, controls=report) as peer:
        yield peer


@pytest.fixture
def card(shop, slack):
    """Somebody waits for a person."""
    shop.ranker.says("do you gift wrap", "return_how", "shipping_cost", confidence=0.2)
    shop.clerk.reply(shop.open(), "do you gift wrap", client_id="m1")
    return eventually(lambda: next(iter(slack.bot_messages(REVIEW)), None))


def left_out(shop):
    with shop.store.db.reading() as session:
        return [(each.shopper_id, each.reason) for each in session.exec(select(Uncounted))]


class TestHome:
    def test_is_a_shoppers_own_for_who_is_no_staff(self, slack, card):
        """Ask, their own dialogues, languages; nothing of the desk."""
        home = text_of(slack.home(ALICE))

        assert [] == [word for word in INSIDE if word in home]
        assert "You have asked nothing yet." in home
        assert "English, 中文" in home
        assert "Waiting for a person: 1" in text_of(slack.home(BOB))

    def test_lists_their_own_dialogues_and_no_others(self, slack, card, shop):
        """With the words they began with, and how each stands."""
        asked = slack.say(ALICE, ALICE, "what is &lt;delivery&gt;")
        slack.answer(slack.direct_channel(ALICE), asked)
        home = text_of(slack.home(ALICE))

        assert "what is &lt;delivery&gt;" in home
        assert "gift wrap" not in home
        assert "Waiting" not in home

    def test_a_question_asked_there_is_answered_in_direct_messages(self, slack, shop):
        """The form's words become a message, its answer stands in their thread."""
        shop.ranker.says("what is delivery", "shipping_cost")
        asked = {
            "callback_id": "ask_modal",
            "user": ALICE,
            "team": TEAM,
            "text": "what is delivery",
        }
        slack.home(ALICE)
        Inbox(shop.store.db).put(submission({"id": "V1"}, "home", asked), shop.clock())

        def answered():
            said = slack.bot_messages(slack.direct_channel(ALICE))
            return said if len(said) == 2 else None

        question, answer = eventually(answered)
        assert "what is delivery" == question["text"]
        assert question["ts"] == answer["thread_ts"]
        assert "Delivery costs $6." in text_of(answer)


class TestStatus:
    def test_a_direct_message_says_what_is_done_meanwhile(self, slack, shop):
        """In the shopper's language; where Slack knows no status nothing else changes."""
        shop.ranker.says("what is delivery", "shipping_cost")
        asked = slack.say(ALICE, ALICE, "what is delivery")
        slack.answer(slack.direct_channel(ALICE), asked)

        assert "assistant.threads.setStatus" in str(slack.log())


class TestCommand:
    def test_tells_a_shopper_nothing_of_the_inside(self, slack, card):
        """They are told what they may ask."""
        words = ("status", "report", "find gift wrap", "overdue", "retrain", "whatever")
        for word in words:
            slack.command(SUPPORT, ALICE, word)
        eventually(lambda: len(slack.whispers(SUPPORT)) == len(words) or None)
        told = {whisper["text"].partition(".")[0] for whisper in slack.whispers(SUPPORT)}

        assert {"This is for the shop's staff"} == told

    def test_answers_a_shoppers_question_without_figures(self, slack, shop):
        """How sure the clerk is stays inside."""
        slack.command(SUPPORT, ALICE, "help")
        told = eventually(lambda: slack.whispers(SUPPORT))[-1]["text"]

        assert [] == [word for word in INSIDE if word in told]


class TestCard:
    def test_is_not_pressed_by_who_is_no_staff(self, slack, card, shop):
        """Not even where the channel is open to be looked at; they are told."""
        for action_id in ("desk_send_0", "desk_edit_0", "desk_done"):
            slack.press(card, ALICE, action_id)
        told = eventually(lambda: len(slack.whispers(REVIEW)) == 3 and slack.whispers(REVIEW))

        assert {ALICE} == {each["ephemeral_to"] for each in told}
        assert all("This is for the shop's staff." in each["text"] for each in told)
        assert "closed it" not in text_of(slack.bot_messages(REVIEW)[0])


class TestStaffTryingTheClerk:
    def test_are_no_shoppers_of_an_experiment(self, slack, shop):
        """BOB is left out of every figure, ALICE counts."""
        for user in (BOB, ALICE):
            slack.answer(SUPPORT, slack.say(SUPPORT, user, "<@U0BOT> what is delivery"))

        expected = [(f"shopper-T0SHOP-{BOB}", "staff")]
        assert expected == eventually(lambda: left_out(shop) or None)
