"""The clerk in a Slack that we did not write, by Socket Mode and by signed events."""

import hashlib
import hmac
import time
import urllib.error
import urllib.request

import pytest
from sqlmodel import select

from bot.languages.registry import phrases_in
from feedback.db.tables.signals import Rating
from feedback.dialogues.repository import DialogueThread
from feedback.knowledge.importers.records import ReplyLine
from tests.bot.channels.slack.running import edge_of, serving
from tests.bot.shop import NOON
from tests.slack_peer import (
    ALICE,
    BOB,
    SIGNING_SECRET,
    SUPPORT,
    TEAM,
    SlackPeer,
    button_of,
    eventually,
    free_port,
    text_of,
)

EN = phrases_in("en")

pytestmark = pytest.mark.slow


@pytest.fixture
def slack(shop, workspace):
    """The peer with the clerk connected, in either mode."""
    with workspace.with_clerk(shop) as peer:
        yield peer


@pytest.fixture
def socket_slack(shop, socket_workspace):
    """The peer with the clerk connected by Socket Mode."""
    with socket_workspace.with_clerk(shop) as peer:
        yield peer


def ratings(shop):
    with shop.store.db.reading() as session:
        return session.exec(select(Rating)).all()


class TestEitherMode:
    def test_a_mention_is_answered_in_its_thread_and_the_thumb_is_recorded(self, slack, shop):
        """Asked, answered, rated, thanked; the last thumb counts."""
        shop.ranker.says("how do i send it back?", "return_how")
        asked = slack.say(SUPPORT, ALICE, "<@U0BOT> how do i send it back?")
        answer = slack.answer(SUPPORT, asked)
        assert answer["text"] == "Print the label and drop the parcel off."

        slack.press(answer, ALICE, "thumbs_up")
        eventually(lambda: slack.whispers(SUPPORT))
        assert slack.whispers(SUPPORT)[0]["text"] == EN.thanks
        slack.press(answer, ALICE, "thumbs_down")
        eventually(lambda: len(slack.whispers(SUPPORT)) == 2)
        (rating,) = ratings(shop)

        assert ("down", f"shopper-{TEAM}-{ALICE}") == (rating.value, rating.voter)
        assert len(slack.bot_messages(SUPPORT)) == 1

    def test_a_choice_is_pressed_and_answered(self, slack, shop):
        """The buttons carry the questions; the answer says what was chosen."""
        shop.ranker.says("hm", "return_policy", "return_how", confidence=0.5)
        asked = slack.say(SUPPORT, ALICE, "<@U0BOT> hm")
        offered = slack.answer(SUPPORT, asked)
        assert "How do i send it back" == button_of(offered, "choice_1")["text"]["text"]

        slack.press(offered, ALICE, "choice_1")
        slack.press(offered, ALICE, "choice_1")
        answer = slack.answer(SUPPORT, asked, 2)

        assert "› How do i send it back" in text_of(answer)
        assert "Print the label" in answer["text"]
        assert 1 == shop.clicks()
        assert 2 == len(slack.bot_messages(SUPPORT))


class TestThreads:
    def test_a_direct_message_is_answered_in_its_thread(self, socket_slack, shop):
        """No mention is needed there; the dialogue is the thread's."""
        shop.ranker.says("how do i send it back?", "return_how")
        asked = socket_slack.say(ALICE, ALICE, "how do i send it back?")
        channel = socket_slack.direct_channel(ALICE)
        answer = socket_slack.answer(channel, asked)
        dialogue = shop.store.dialogue_in(DialogueThread(TEAM, channel, asked))

        assert "Print the label" in answer["text"]
        assert ("slack", f"shopper-{TEAM}-{ALICE}") == (dialogue.channel, dialogue.shopper_id)

    def test_follow_ups_need_no_mention_and_colleagues_are_let_talk(self, socket_slack, shop):
        """Alice goes on in her thread; Bob talks there to Alice, not to the clerk."""
        shop.ranker.says("where is my order", "order_status")
        asked = socket_slack.say(SUPPORT, ALICE, "<@U0BOT> where is my order")
        assert socket_slack.answer(SUPPORT, asked)["text"] == EN.ask_both

        socket_slack.say(SUPPORT, BOB, "I had that last week too", thread_ts=asked)
        socket_slack.say(SUPPORT, ALICE, "not for you, clerk")
        mail = "<mailto:ann@example.com|ann@example.com>"
        socket_slack.say(SUPPORT, ALICE, f"1001 {mail}", thread_ts=asked)
        answer = socket_slack.answer(SUPPORT, asked, 2)

        assert answer["text"] == "Order 1001: on its way. Tracking: TRACK9."
        assert 2 == len(socket_slack.bot_messages(SUPPORT))

    def test_an_edit_that_changes_no_word_is_not_asked_again(self, socket_slack, shop):
        """Bold letters or a mention more: the clerk reads the same and has answered it."""
        shop.ranker.says("hi", "return_how")
        shop.ranker.says("what is delivery", "shipping_cost")
        asked = socket_slack.say(SUPPORT, ALICE, "<@U0BOT> hi")
        socket_slack.answer(SUPPORT, asked)
        socket_slack.edit(SUPPORT, ALICE, asked, "<@U0BOT> *hi* <@U02BOB>")
        socket_slack.say(SUPPORT, ALICE, "what is delivery", thread_ts=asked)

        # One thread's events are worked off in order: an answer to the edit would stand second.
        assert "Delivery costs $6." in text_of(socket_slack.answer(SUPPORT, asked, 2))

    def test_a_bare_mention_is_greeted(self, socket_slack, shop):
        """Without being recorded as a turn."""
        asked = socket_slack.say(SUPPORT, ALICE, "<@U0BOT>")

        assert "Juniper Lane" in socket_slack.answer(SUPPORT, asked)["text"]
        assert shop.ranker.asked == []


class TestPeople:
    def test_talk_to_a_person_hands_over_and_the_staff_silence_the_clerk(self, socket_slack, shop):
        """Once a person has the dialogue, the clerk keeps silent in the thread."""
        shop.ranker.says("hi", "return_how")
        asked = socket_slack.say(SUPPORT, ALICE, "<@U0BOT> hi")
        answer = socket_slack.answer(SUPPORT, asked)
        socket_slack.press(answer, ALICE, "talk_to_person")
        handed = socket_slack.answer(SUPPORT, asked, 2)
        assert "A colleague is here Monday to Friday, 9 to 6" in handed["text"]

        dialogue = shop.store.dialogue_in(DialogueThread(TEAM, SUPPORT, asked))
        assert dialogue.state == "waiting"
        shop.store.record_staff_turn(dialogue.dialogue_id, "Hi, Mia here", "Mia", NOON)
        assert "Hi, Mia here" in socket_slack.answer(SUPPORT, asked, 3)["text"]
        socket_slack.say(SUPPORT, ALICE, "thanks!", thread_ts=asked)
        eventually(
            lambda: "thanks!" in [t.text for t in shop.store.turns(dialogue.dialogue_id)] or None
        )

        assert 3 == len(socket_slack.bot_messages(SUPPORT, asked))

    def test_only_who_asked_may_choose(self, socket_slack, shop):
        """Others are told so, and only they see it."""
        shop.ranker.says("hm", "return_policy", "return_how", confidence=0.5)
        asked = socket_slack.say(SUPPORT, ALICE, "<@U0BOT> hm")
        socket_slack.press(socket_slack.answer(SUPPORT, asked), BOB, "choice_0")
        eventually(lambda: socket_slack.whispers(SUPPORT))

        assert [EN.not_yours] == [w["text"] for w in socket_slack.whispers(SUPPORT)]
        assert [BOB] == [w["ephemeral_to"] for w in socket_slack.whispers(SUPPORT)]


class TestHostileText:
    def test_what_the_book_or_catalogue_holds_can_not_mention_or_link(self, socket_slack, shop):
        """It arrives as text, in the blocks and in the fallback."""
        title = "<!channel> <@U01ALICE> <https://x.example|Refund>"
        shop.book.put_replies([ReplyLine("shipping_cost", f"{title} costs $6.")], NOON)
        shop.ranker.says("cost", "shipping_cost")
        asked = socket_slack.say(SUPPORT, ALICE, "<@U0BOT> cost")
        answer = socket_slack.answer(SUPPORT, asked)
        escaped = title.replace("<", "&lt;").replace(">", "&gt;")

        assert f"{escaped} costs $6." == answer["text"]
        assert title not in text_of(answer)


class TestSignatures:
    def test_only_slack_s_own_signature_is_taken(self, shop, tmp_path):
        """A forged or stale request is refused, and nothing is answered; nor is broken UTF-8."""
        port = free_port()
        url = f"http://127.0.0.1:{port}/slack/events"
        body = b'{"type": "event_callback", "event": {}}'

        def status(secret: str, age: int, content: bytes = body) -> int:
            stamp = str(int(time.time()) - age)
            signed = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + content, hashlib.sha256)
            request = urllib.request.Request(url, content, method="POST")
            request.add_header("Content-Type", "application/json")
            request.add_header("X-Slack-Request-Timestamp", stamp)
            request.add_header("X-Slack-Signature", f"v0={signed.hexdigest()}")
            try:
                with urllib.request.urlopen(request, timeout=10) as response:
                    return int(response.status)
            except urllib.error.HTTPError as refused:
                refused.close()
                return refused.code

        with (
            SlackPeer(tmp_path / "slack", mode="events", request_url=url) as peer,
            serving(edge_of(shop, peer, socket_mode=False), port),
        ):
            verify = b'{"type": "url_verification", "challenge": "c"}'
            assert 200 == status(SIGNING_SECRET, 0, verify)
            assert 401 == status("another secret", 0, verify)
            assert 401 == status(SIGNING_SECRET, 600, verify)
            assert 400 == status(SIGNING_SECRET, 0, b"\xff\xfe")
