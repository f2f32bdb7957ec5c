"""What is changed or taken back after it was said: whoever read it is told, both ways."""

import pytest

from tests.slack_peer import ALICE, MIA, REVIEW, SUPPORT, eventually, text_of

pytestmark = pytest.mark.slow


@pytest.fixture
def slack(shop, workspace):
    """The peer with the clerk and its desk, in either mode."""
    with workspace.with_clerk(shop) as peer:
        yield peer


def taken(slack):
    """A shopper's question that MIA has taken over: its ts, and its card."""
    asked = slack.say(SUPPORT, ALICE, "<@U0BOT> where is order 1001")
    card = eventually(lambda: next(iter(slack.bot_messages(REVIEW)), None))
    slack.press(card, MIA, "desk_take_over")
    becomes(slack, "Mia Moreau has this dialogue")
    return asked, card


def becomes(slack, text):
    return eventually(lambda: text in text_of(slack.bot_messages(REVIEW)[0]) or None)


def thread(slack, card):
    return [m["text"] for m in slack.bot_messages(REVIEW, card["ts"])]


class TestShopper:
    def test_a_changed_order_number_reaches_the_colleague(self, slack):
        """In the card's thread and on the card."""
        asked, card = taken(slack)
        slack.edit(SUPPORT, ALICE, asked, "<@U0BOT> where is order 1010")

        told = "✏️ The shopper's message now reads: where is order 1010"
        assert eventually(lambda: told in thread(slack, card))
        becomes(slack, "*Shopper:* where is order 1010")

    def test_what_the_shopper_took_back_is_not_shown_any_more(self, slack):
        """The colleague is told that something was."""
        asked, card = taken(slack)
        slack.delete(SUPPORT, ALICE, asked)

        assert eventually(lambda: "🗑 The shopper took this message back." in thread(slack, card))
        eventually(lambda: "order 1001" not in text_of(slack.bot_messages(REVIEW)[0]) or None)

    def test_a_changed_question_is_answered_anew_once_by_the_clerk(self, slack, shop):
        """A mistyped word is mended as people do it; below the first answer stands one more."""
        shop.ranker.says("what is delivery", "shipping_cost")
        shop.ranker.says("what is devilry", "return_how")
        asked = slack.say(SUPPORT, ALICE, "<@U0BOT> what is devilry")
        slack.answer(SUPPORT, asked)
        slack.edit(SUPPORT, ALICE, asked, "<@U0BOT> what is delivery")

        assert "Delivery costs $6." in text_of(slack.answer(SUPPORT, asked, 2))
        slack.say(SUPPORT, ALICE, "what is devilry", thread_ts=asked)
        assert "Print the label" in text_of(slack.answer(SUPPORT, asked, 3))


class TestStaff:
    def test_a_live_message_that_is_changed_is_changed_for_the_shopper(self, slack):
        """In the shopper's thread, in place."""
        asked, card = taken(slack)
        slack.press(slack.bot_messages(REVIEW)[0], MIA, "desk_live")
        becomes(slack, "LIVE until")
        said = slack.say(REVIEW, MIA, "it comes on *Monday*", thread_ts=card["ts"])
        eventually(lambda: "Monday" in text_of(slack.bot_messages(SUPPORT, asked)[-1]) or None)
        slack.edit(REVIEW, MIA, said, "it comes on Tuesday")
        eventually(lambda: "Tuesday" in text_of(slack.bot_messages(SUPPORT, asked)[-1]) or None)

        assert "Monday" not in text_of(slack.bot_messages(SUPPORT, asked)[-1])
        assert 3 == len(slack.bot_messages(SUPPORT, asked))  # hand-over, hello, this one

    def test_a_live_message_to_the_web_is_followed_by_its_correction(self, slack, shop):
        """What a browser shows already stays; the shopper reads the new words below."""
        dialogue_id = shop.open()
        shop.clerk.hand_over(dialogue_id)
        card = eventually(lambda: next(iter(slack.bot_messages(REVIEW)), None))
        slack.press(card, MIA, "desk_take_over")
        becomes(slack, "Mia Moreau has this dialogue")
        slack.press(slack.bot_messages(REVIEW)[0], MIA, "desk_live")
        becomes(slack, "LIVE until")
        said = slack.say(REVIEW, MIA, "it comes on Monday", thread_ts=card["ts"])
        eventually(lambda: "it comes on Monday" in words(shop, dialogue_id))
        slack.edit(REVIEW, MIA, said, "it comes on Tuesday")

        assert eventually(lambda: "Correction: it comes on Tuesday" in words(shop, dialogue_id))


def words(shop, dialogue_id):
    return [turn.text for turn in shop.store.turns(dialogue_id)]
