"""Pictures and documents between shoppers and staff, in a Slack that we did not write."""

import io

import pytest
from PIL import Image
from sqlmodel import select

from feedback.db.tables.desk import DeskCard
from feedback.files.check import LARGEST
from feedback.files.repository import Files, NewFile
from tests.bot.channels.slack.running import settled
from tests.slack_peer import (
    ALICE,
    MIA,
    REVIEW,
    SUPPORT,
    eventually,
    text_of,
)

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.4\n%%EOF"


def picture():
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def socket_slack(shop, socket_workspace):
    with socket_workspace.with_clerk(shop) as peer:
        yield peer


@pytest.fixture
def slack(shop, workspace):
    """The peer with the clerk connected, in either mode."""
    with workspace.with_clerk(shop) as peer:
        yield peer


def first_card(slack):
    return eventually(lambda: next(iter(slack.bot_messages(REVIEW)), None))


def becomes(slack, card, text):
    def now():
        return next(m for m in slack.messages(REVIEW) if m["ts"] == card["ts"])

    return eventually(lambda: text in text_of(now()) and now())


def files_in(slack, channel, thread_ts):
    found = [
        file
        for message in slack.bot_messages(channel, thread_ts)
        for file in message.get("files") or []
    ]
    return found or None


def dialogue_of(shop):
    with shop.store.db.reading() as session:
        return session.exec(select(DeskCard)).one().dialogue_id


def said(shop):
    return [(turn.speaker, turn.text) for turn in shop.store.turns(dialogue_of(shop))]


def ticked(slack, ts):
    message = next(m for m in slack.messages(REVIEW) if m["ts"] == ts)
    return "white_check_mark" in str(message.get("reactions"))


class TestBothWays:
    def test_a_shoppers_picture_is_looked_at_and_answered_with_a_document(self, slack, shop):
        """On the card with name, kind and size, whole in its thread; the PDF in the shopper's."""
        asked = slack.upload(SUPPORT, ALICE, {"scratch.png": picture()}, "<@U0BOT> it is broken")
        card = first_card(slack)

        assert "Sent a file" in text_of(card)
        assert "scratch.jpg (JPEG, " in text_of(card)
        (photo,) = eventually(lambda: files_in(slack, REVIEW, card["ts"]))
        assert ("scratch.jpg", "image/jpeg") == (photo["name"], photo["mimetype"])
        with Image.open(io.BytesIO(slack.bytes_of(photo))) as shown:
            assert (40, 30) == shown.size

        slack.press(card, MIA, "desk_take_over")
        slack.press(becomes(slack, card, "Mia Moreau has this dialogue"), MIA, "desk_live")
        becomes(slack, card, "LIVE until")
        label = slack.upload(
            REVIEW, MIA, {"label.pdf": PDF}, "Print this.", thread_ts=card["ts"]
        )  # fmt: skip
        (sent,) = eventually(lambda: files_in(slack, SUPPORT, asked))
        assert ("label.pdf", PDF) == (sent["name"], slack.bytes_of(sent))
        assert ("staff", "Print this.") in said(shop)
        assert eventually(lambda: ticked(slack, label) or None)


class TestWithoutWords:
    def test_a_picture_alone_during_a_take_over_wakes_nobody(self, socket_slack, shop):
        """The colleague sees it; the clerk says nothing."""
        slack = socket_slack
        asked = slack.upload(SUPPORT, ALICE, {"a.png": picture()}, "<@U0BOT> look")
        card = first_card(slack)
        slack.press(card, MIA, "desk_take_over")
        becomes(slack, card, "Mia Moreau has this dialogue")
        assert "Mia Moreau" in slack.answer(SUPPORT, asked, 2)["text"]
        slack.upload(SUPPORT, ALICE, {"b.png": picture()}, thread_ts=asked)

        eventually(lambda: len(files_in(slack, REVIEW, card["ts"]) or ()) == 2 or None)
        assert ("shopper", "b.png") == said(shop)[-1]
        slack.upload(SUPPORT, ALICE, {"notes.txt": b"no picture"}, thread_ts=asked)
        told = slack.answer(SUPPORT, asked, 3)["text"]
        assert told.startswith("I could not pass notes.txt on")
        settled(shop)
        assert 3 == len(slack.bot_messages(SUPPORT, asked))

    def test_an_empty_relay_is_not_ticked_as_sent(self, socket_slack, shop):
        """What the shopper could not be given the colleague is told, with the reason."""
        slack = socket_slack
        slack.upload(SUPPORT, ALICE, {"a.png": picture()}, "<@U0BOT> look")
        card = first_card(slack)
        slack.press(card, MIA, "desk_take_over")
        slack.press(becomes(slack, card, "Mia Moreau has this dialogue"), MIA, "desk_live")
        becomes(slack, card, "LIVE until")
        count = len(said(shop))
        note = slack.upload(REVIEW, MIA, {"notes.txt": b"no picture"}, thread_ts=card["ts"])
        told = eventually(lambda: slack.whispers(REVIEW))[-1]["text"]

        assert told.startswith("notes.txt did not go to the shopper. This is no JPEG")
        assert not ticked(slack, note)
        assert count == len(said(shop))


class TestFromTheWebChat:
    def test_a_picture_of_the_web_chat_comes_into_the_cards_thread(self, socket_slack, shop):
        """And what is sent by the button beside an internal message shows in the chat."""
        slack, dialogue_id, files = socket_slack, shop.open(), Files(shop.store.db)
        files.keep(NewFile("f1", dialogue_id, "me.png", picture(), "shopper"), shop.clock())
        files.attach(dialogue_id, "m1", ["f1"])
        shop.clerk.hand_over(dialogue_id, "sent_files", client_id="m1", said="see")
        card = first_card(slack)
        (photo,) = eventually(lambda: files_in(slack, REVIEW, card["ts"]))
        assert "me.jpg" == photo["name"]

        slack.press(card, MIA, "desk_take_over")
        becomes(slack, card, "Mia Moreau has this dialogue")
        slack.upload(REVIEW, MIA, {"b.pdf": PDF, "c.exe": b"MZ"}, thread_ts=card["ts"])
        offer = eventually(lambda: slack.whispers(REVIEW))[-1]
        slack.press(offer, MIA, "desk_send_message")
        told = eventually(lambda: slack.whispers(REVIEW)[1:])[0]["text"]

        assert "c.exe did not go to the shopper." in told
        assert ("staff", "b.pdf") == said(shop)[-1]
        sent = files.sent_in(dialogue_id)
        assert ["b.pdf"] == [f.name for each in sent.values() for f in each if f.sender == "staff"]


class TestLimits:
    def test_what_is_too_large_is_refused_before_it_is_fetched(self, socket_slack, shop):
        """With the words it came with the clerk goes on."""
        slack = socket_slack
        shop.ranker.says("what is delivery", "shipping_cost")
        big = picture() + b"\0" * LARGEST
        asked = slack.upload(SUPPORT, ALICE, {"big.png": big}, "<@U0BOT> what is delivery")

        eventually(lambda: len(slack.bot_messages(SUPPORT, asked)) == 2 or None)
        told = "\n".join(m["text"] for m in slack.bot_messages(SUPPORT, asked))
        assert "I could not pass big.png on" in told
        assert "Delivery costs $6." in told
        assert "download" not in " ".join(entry["summary"] for entry in slack.log())
