"""Whose turn it is, in a Slack that we did not write: assign, snooze, reminders, in both modes."""

from datetime import timedelta

import pytest

from feedback.desk.office_hours import ALWAYS, read_office_hours
from feedback.desk.targets import AnswerTargets
from tests.slack_peer import ALICE, BOB, MIA, REVIEW, eventually, text_of

pytestmark = pytest.mark.slow

SOON = AnswerTargets(timedelta(seconds=6), timedelta(hours=1), read_office_hours(ALWAYS))


@pytest.fixture
def slack(shop, workspace):
    """The peer with the clerk connected in either mode; who waits is answered in six seconds."""
    with workspace.with_clerk(shop, targets=SOON) as peer:
        yield peer


@pytest.fixture
def card(shop, slack):
    """Somebody waits for a person."""
    shop.ranker.says("do you gift wrap", "return_how", "shipping_cost", confidence=0.2)
    shop.clerk.reply(shop.open(), "do you gift wrap", client_id="m1")
    return eventually(lambda: next(iter(slack.bot_messages(REVIEW)), None))


def becomes(slack, card, text):
    def now():
        return next(m for m in slack.messages(REVIEW) if m["ts"] == card["ts"])

    return eventually(lambda: text in text_of(now()) and now())


def thread(slack, card):
    return [m["text"] for m in slack.bot_messages(REVIEW, card["ts"])]


def channel(slack):
    return [m["text"] for m in slack.bot_messages(REVIEW) if not m.get("thread_ts")]


class TestWhoseTurn:
    def test_a_card_is_assigned_reminded_of_and_told_to_the_channel_once(self, slack, card):
        """A shopper can be given none; the colleague is mentioned, then reminded, then overdue."""
        slack.press(card, MIA, "desk_assign")
        slack.modal()
        slack.submit(MIA, who=f"@{ALICE}")
        assert "assign_modal" == slack.modal()["callback_id"]
        slack.submit(MIA, who=f"@{BOB}")
        becomes(slack, card, "Assigned to Bob Brown")

        told = eventually(lambda: len(thread(slack, card)) == 2 and thread(slack, card))
        assert f"<@{BOB}> has this dialogue now, from Mia Moreau." == told[0]
        assert told[1].startswith(f"⏳ <@{BOB}> the shopper waits since")
        late = eventually(lambda: [each for each in channel(slack) if "🔴 *Overdue:*" in each])
        assert f"<@{BOB}> has it. “do you gift wrap”" in late[0]
        becomes(slack, card, "Overdue since")
        home = text_of(slack.home(BOB))
        assert "Overdue: 1" in home
        assert "Yours: 1" in home

        assert 1 == len([each for each in channel(slack) if "Overdue" in each])
        assert 2 == len(thread(slack, card))

    def test_a_snoozed_card_reminds_nobody_until_it_wakes(self, slack, card):
        """It stands in a list of its own, and comes back when the shopper writes."""
        slack.press(card, MIA, "desk_snooze")
        offered = slack.modal()["blocks"][0]["element"]["options"]
        slack.submit(MIA, until=f"={offered[0]['value']}")
        snoozed = becomes(slack, card, "Snoozed until")
        assert "Snoozed: 1" in text_of(slack.home(MIA))
        assert "Unassigned" not in text_of(slack.home(MIA))
        slack.press(snoozed, MIA, "desk_wake")
        becomes(slack, card, "Nobody has it yet. Waits for us since")

        assert eventually(lambda: "Unassigned: 1" in text_of(slack.home(MIA)) or None)
