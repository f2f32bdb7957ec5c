"""The desk in a Slack that we did not write: cards, take-over, the reply book, review, home."""

import json

import pytest
from sqlmodel import select

from feedback.db.tables.desk import DeskCard
from feedback.db.tables.signals import Review
from feedback.desk.notes import InternalNotes
from feedback.desk.review_sheets import Sheets
from tests.bot.channels.slack.running import RETRAINING, controls, settled
from tests.slack_peer import (
    ALICE,
    BOB,
    MIA,
    REVIEW,
    SUPPORT,
    button_of,
    eventually,
    text_of,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def changed():
    """What was asked of the rest of the shop."""
    return []


def draft(dialogue):
    """The model's own words, as it learned them: with slots."""
    asked = dialogue.rpartition("\x11")[2]
    if asked == "say it as the book does":
        return "You can return  anything within {policy.return_days} days."
    return f"{asked}? we can wrap <it>, back within {{policy.return_days}} days"


@pytest.fixture
def slack(shop, workspace, changed):
    """The peer with the clerk and its desk, in either mode."""
    asked = controls(retrain=lambda person: changed.append(person) or RETRAINING)
    with workspace.with_clerk(shop, controls=asked, managers=(MIA,), draft=draft) as peer:
        yield peer


@pytest.fixture
def card(shop, slack):
    """The card of a shopper in the web chat, with three candidates."""
    ask(shop, "do you gift wrap")
    return first_card(slack)


def ask(shop, text, confidence=0.2):
    shop.ranker.says(text, "return_how", "shipping_cost", "return_policy", confidence=confidence)
    dialogue_id = shop.open()
    shop.clerk.reply(dialogue_id, text, client_id="m1")
    return dialogue_id


def first_card(slack):
    return eventually(lambda: next(iter(slack.bot_messages(REVIEW)), None))


def now(slack, card):
    """The card's message as it stands."""
    return next(m for m in slack.messages(REVIEW) if m["ts"] == card["ts"])


def becomes(slack, card, text: str):
    return eventually(lambda: text in text_of(now(slack, card)) and now(slack, card))


def thread(slack, card):
    return [m["text"] for m in slack.bot_messages(REVIEW, card["ts"])]


def said(shop, dialogue_id):
    return [(turn.speaker, turn.text) for turn in shop.store.turns(dialogue_id)]


def dialogue_of(shop):
    with shop.store.db.reading() as session:
        return session.exec(select(DeskCard)).one().dialogue_id


def reviews(shop):
    with shop.store.db.reading() as session:
        return [(r.verdict, r.reply_id, r.text) for r in session.exec(select(Review))]


class TestCard:
    def test_says_why_it_came_and_what_could_be_said(self, slack, card):
        """Reason, turns, the three best with their confidence, the draft, every button."""
        text = text_of(card)

        assert "The clerk is not sure" in text
        assert "*Shopper:* do you gift wrap" in text
        assert ["20 % sure", "12 % sure"] == [s for s in ("20 % sure", "12 % sure") if s in text]
        assert "return anything within 30 days" in text
        assert "do you gift wrap? we can wrap &lt;it&gt;, back within 30 days" in text
        buttons = [e.get("action_id") for b in card["blocks"] for e in b.get("elements", [])]
        assert ["desk_send_0", "desk_take_over", "desk_done", "desk_more_card"] == [
            name for name in buttons if name and not name.startswith("desk_edit")
        ]
        for name in ("desk_edit_0", "desk_reject_0", "desk_send_2", "desk_edit_draft",
                     "desk_add_reply", "desk_edit_own"):  # fmt: skip
            assert button_of(card, name)

    def test_says_who_waits_and_shows_the_buttons_first(self, slack, card):
        """On a phone they are seen without scrolling: the talk stands below."""
        kinds = [block["type"] for block in card["blocks"]]

        assert "New shopper · English" == card["blocks"][1]["elements"][0]["text"]
        assert kinds.index("actions") <= 4
        assert "*Shopper:* do you gift wrap" in json.dumps(card["blocks"][-1])

    def test_shows_no_draft_that_says_what_the_book_says(self, slack, shop):
        """The book's words are on the card already, and can be sent as they are."""
        ask(shop, "say it as the book does")
        text = text_of(first_card(slack))

        assert "return anything within 30 days" in text
        assert "Draft" not in text

    def test_send_tells_the_shopper_teaches_and_closes(self, slack, card, shop):
        """Two people press at once: the first wins, the second is told by whom."""
        slack.press(card, MIA, "desk_send_1")
        slack.press(card, BOB, "desk_send_0")
        becomes(slack, card, "Mia Moreau answered.")
        told = eventually(lambda: slack.whispers(REVIEW))

        assert ("staff", "Delivery costs $6.") == said(shop, dialogue_of(shop))[-1]
        assert [("corrected", "shipping_cost", None)] == reviews(shop)
        assert ["Mia Moreau has dealt with this already."] == [w["text"] for w in told]
        assert [BOB] == [w["ephemeral_to"] for w in told]
        assert 1 == len(slack.bot_messages(REVIEW))
        assert "clerk" == shop.dialogue(dialogue_of(shop)).state

    def test_edit_and_send(self, slack, card, shop):
        """The modal begins with the reply; what was written is what the shopper reads."""
        slack.press(card, MIA, "desk_edit_0")
        modal = slack.modal()
        assert "do you gift wrap" in text_of(modal)
        assert "Print the label and drop the parcel off." in text_of(modal)
        slack.submit(MIA, text="Yes, we wrap it for $3.")
        becomes(slack, card, "Mia Moreau answered.")

        assert ("staff", "Yes, we wrap it for $3.") == said(shop, dialogue_of(shop))[-1]

    def test_who_asked_for_a_person_is_helped_with_what_was_asked_before(self, slack, shop):
        """Candidates and draft are about that: that a person comes, the clerk has said."""
        dialogue_id = ask(shop, "do you gift wrap", confidence=0.4)  # choices were offered
        shop.ranker.says("a human please", "talk_to_human")
        shop.clerk.reply(dialogue_id, "a human please", client_id="m2")
        card = first_card(slack)
        text = text_of(card)

        assert "Asked for a person" in text
        assert "`return_how`" in text
        assert "`talk_to_human`" not in text
        assert "do you gift wrap? we can wrap" in text
        slack.press(card, MIA, "desk_edit_draft")
        assert "back within 30 days" in text_of(slack.modal())

    def test_not_right_takes_a_reply_off_the_card_and_is_learned(self, slack, card, shop):
        """The card stays open for the others."""
        slack.press(card, MIA, "desk_reject_0")
        left = becomes(slack, card, "Not right here: `return_how`")

        assert "desk_take_over" in text_of(left)
        assert "Print the label" not in text_of(left)
        assert [("rejected", "return_how", None)] == reviews(shop)

    def test_done_closes_and_the_clerk_answers_again(self, slack, card, shop):
        """The next question of this shopper is the clerk's."""
        slack.press(card, BOB, "desk_done")
        becomes(slack, card, "Bob Brown closed it.")
        dialogue_id = dialogue_of(shop)
        shop.ranker.says("how do i return", "return_how")
        answer = shop.clerk.reply(dialogue_id, "how do i return", client_id="m2")

        assert "answer" == answer.kind


def reactions(slack, ts):
    return str(next(m for m in slack.messages(REVIEW) if m["ts"] == ts).get("reactions"))


class TestTakeOver:
    def test_the_thread_is_the_line_and_the_clerk_keeps_silent(self, slack, card, shop):
        """What the shopper writes comes in; what the staff write stays inside until it is sent."""
        slack.press(card, MIA, "desk_take_over")
        becomes(slack, card, "Mia Moreau has this dialogue")
        dialogue_id = dialogue_of(shop)
        assert "Mia Moreau" in said(shop, dialogue_id)[-1][1]

        assert shop.clerk.reply(dialogue_id, "<!channel> hello?", client_id="m2") is None
        eventually(lambda: "Shopper: &lt;!channel&gt; hello?" in thread(slack, card))
        ts = slack.say(REVIEW, MIA, "what do we charge?", thread_ts=card["ts"])
        offer = eventually(lambda: slack.whispers(REVIEW))[-1]
        assert offer["text"].startswith("Only the team reads this message.")
        assert "what do we charge?" not in str(said(shop, dialogue_id))

        slack.press(offer, MIA, "desk_send_message")
        eventually(lambda: ("staff", "what do we charge?") in said(shop, dialogue_id))
        slack.press(offer, MIA, "desk_send_message")
        eventually(lambda: "has this already" in str(slack.whispers(REVIEW)))
        assert 1 == str(said(shop, dialogue_id)).count("what do we charge?")
        assert eventually(lambda: "white_check_mark" in reactions(slack, ts) or None)

    def test_live_sends_at_once_what_its_owner_writes(self, slack, card, shop):
        """The card says so at its top; a colleague's words stay inside; it ends by a button."""
        slack.press(card, MIA, "desk_take_over")
        taken = becomes(slack, card, "Mia Moreau has this dialogue")
        slack.press(taken, MIA, "desk_live")
        live = becomes(slack, card, "LIVE until")
        slack.say(REVIEW, MIA, "We wrap it for $3.", thread_ts=card["ts"])
        slack.say(REVIEW, BOB, "is that so?", thread_ts=card["ts"])
        dialogue_id = dialogue_of(shop)
        eventually(lambda: ("staff", "We wrap it for $3.") in said(shop, dialogue_id))
        slack.press(live, MIA, "desk_end_live")
        becomes(slack, card, "stays inside until it is sent")
        slack.say(REVIEW, MIA, "phew", thread_ts=card["ts"])
        eventually(lambda: [w["ephemeral_to"] for w in slack.whispers(REVIEW)] == [BOB, MIA])

        assert "is that so?" not in str(said(shop, dialogue_id))
        assert "phew" not in str(said(shop, dialogue_id))

    def test_a_shopper_in_slack_reads_the_staff_in_their_thread(self, slack, shop):
        """One thread from the first question to the person's answer."""
        shop.ranker.says("gift wrap?", "return_how", confidence=0.2)
        asked = slack.say(SUPPORT, ALICE, "<@U0BOT> gift wrap?")
        slack.answer(SUPPORT, asked)
        card = first_card(slack)
        slack.press(card, MIA, "desk_take_over")
        hello = slack.answer(SUPPORT, asked, 2)
        assert "Mia Moreau" in hello["text"]
        slack.say(SUPPORT, ALICE, "great", thread_ts=asked)
        eventually(lambda: "Shopper: great" in thread(slack, card))
        slack.press(now(slack, card), MIA, "desk_edit_own")
        slack.modal()
        slack.submit(MIA, text="Yes <!here>")

        assert "Yes &lt;!here&gt;" == slack.answer(SUPPORT, asked, 3)["text"]
        assert 3 == len(slack.bot_messages(SUPPORT, asked))


class TestNotes:
    def test_a_note_of_the_desk_stands_in_the_thread(self, slack, card, shop):
        """With who wrote it, as text; the shopper reads nothing of it."""
        dialogue_id = dialogue_of(shop)
        notes = InternalNotes(shop.store.db)
        notes.add(dialogue_id, "Knows the <owner>.", "Ana", shop.clock())
        shown = eventually(lambda: next((m for m in slack.bot_messages(REVIEW, card["ts"])), None))

        assert "📝 Knows the &lt;owner&gt;." == shown["text"]
        assert "*Ana, a note*" in json.dumps(shown["blocks"])
        assert "owner" not in str(said(shop, dialogue_id))

    def test_a_note_of_the_thread_stands_at_the_desk_and_never_goes_out(self, slack, card, shop):
        """In a live thread, too; changed and taken back with its message; once however told."""
        slack.press(card, MIA, "desk_take_over")
        slack.press(becomes(slack, card, "Mia Moreau has this dialogue"), MIA, "desk_live")
        becomes(slack, card, "LIVE until")
        dialogue_id, notes = dialogue_of(shop), InternalNotes(shop.store.db)
        ts = slack.say(REVIEW, MIA, "Note: she is the owner's aunt", thread_ts=card["ts"])
        slack.say(REVIEW, BOB, ":memo: 老顾客", thread_ts=card["ts"])
        slack.say(REVIEW, MIA, "We wrap it for $3.", thread_ts=card["ts"])
        eventually(lambda: ("staff", "We wrap it for $3.") in said(shop, dialogue_id))
        eventually(lambda: "memo" in reactions(slack, ts))

        kept = [("Mia Moreau", "she is the owner's aunt"), ("Bob Brown", "老顾客")]
        assert kept == [(each.author, each.text) for each in notes.of(dialogue_id)]
        assert [] == [m for m in slack.bot_messages(REVIEW, card["ts"]) if "aunt" in m["text"]]
        slack.edit(REVIEW, MIA, ts, "note: she is the owner's niece")
        eventually(lambda: "she is the owner's niece" == notes.of(dialogue_id)[0].text)
        slack.delete(REVIEW, MIA, ts)
        eventually(lambda: ["老顾客"] == [each.text for each in notes.of(dialogue_id)])
        assert "owner" not in str(said(shop, dialogue_id))
        assert "老顾客" not in str(said(shop, dialogue_id))

    def test_what_becomes_a_note_is_taken_back_from_the_shopper(self, slack, card, shop):
        """A message that was sent, and reads as a note afterwards; a note is not sent either."""
        slack.press(card, MIA, "desk_take_over")
        becomes(slack, card, "Mia Moreau has this dialogue")
        dialogue_id, notes = dialogue_of(shop), InternalNotes(shop.store.db)
        ts = slack.say(REVIEW, MIA, "she always complains", thread_ts=card["ts"])
        offer = eventually(lambda: slack.whispers(REVIEW))[-1]
        slack.press(offer, MIA, "desk_send_message")
        eventually(lambda: ("staff", "she always complains") in said(shop, dialogue_id))
        slack.edit(REVIEW, MIA, ts, "note: she always complains")
        eventually(lambda: ["she always complains"] == [n.text for n in notes.of(dialogue_id)])
        eventually(lambda: "complains" not in str(said(shop, dialogue_id)))
        slack.press(offer, MIA, "desk_send_message")
        eventually(lambda: "This is a note for the team" in str(slack.whispers(REVIEW)))

        assert "complains" not in str(said(shop, dialogue_id))


class TestReplyBook:
    def test_a_reply_is_added_with_its_question_and_sent(self, slack, card, shop):
        """Mistakes are told at their fields; then the book has it, where the schedule sees it."""
        slack.press(card, MIA, "desk_add_reply")
        slack.modal()
        form = {"question": "do you gift wrap", "locale": "=en", "send": ["send"]}
        slack.submit(MIA, name="Gift Wrap", text="For {policy.wrap_fee}.", **form)
        assert slack.modal()["callback_id"] == "reply_modal"
        slack.submit(MIA, name="gift_wrap", text="We wrap gifts for free.", **form)
        becomes(slack, card, "Mia Moreau answered.")

        assert "We wrap gifts for free." == shop.book.reply("gift_wrap", "en").text
        assert ("do you gift wrap", "gift_wrap") in [
            (q.question, q.reply_id) for q in shop.book.questions()
        ]
        assert ("staff", "We wrap gifts for free.") == said(shop, dialogue_of(shop))[-1]


class TestThumbs:
    def test_a_thumbs_down_comes_to_the_desk_with_its_comment(self, slack, shop):
        """The shopper is asked what was wrong, once, and may leave it."""
        shop.ranker.says("how do i send it back?", "return_how")
        asked = slack.say(SUPPORT, ALICE, "<@U0BOT> how do i send it back?")
        slack.press(slack.answer(SUPPORT, asked), ALICE, "thumbs_down")
        card = first_card(slack)
        assert "Thumbs down" in text_of(card)
        more = eventually(lambda: slack.whispers(SUPPORT))[-1]
        slack.press(more, ALICE, "comment")
        slack.modal()
        slack.submit(ALICE, text="there is no <label>")

        becomes(slack, card, "there is no &lt;label&gt;")
        slack.press(slack.answer(SUPPORT, asked), ALICE, "thumbs_up")
        becomes(slack, card, "took the thumbs-down back")


class TestReview:
    def test_the_daily_sheet_is_judged_in_place(self, slack, shop):
        """Right, not right, or which it should have been: each becomes a verdict."""
        for number, text in enumerate(("how a", "how b", "how c")):
            shop.ranker.says(text, ("return_how", "shipping_cost", "return_policy")[number])
            shop.clerk.reply(shop.open(), text, client_id="m1")
        assert 3 == Sheets(shop.store.db).make("2026-03-02", shop.clock())
        sheet = first_card(slack)
        slack.press(sheet, MIA, "review_approve_1")
        becomes(slack, sheet, "1 of 3 judged")
        slack.press(now(slack, sheet), MIA, "review_reject_2")
        slack.press(now(slack, sheet), MIA, "review_correct_3")
        slack.modal()
        slack.submit(MIA, reply="=order_status")
        becomes(slack, sheet, "3 of 3 judged")

        assert ["approved", "corrected", "rejected"] == sorted(v for v, _, _ in reviews(shop))
        assert 1 == len(slack.bot_messages(REVIEW))


class TestHomeAndCommand:
    def test_home_shows_what_waits_and_the_model(self, slack, card):
        """Managers have buttons, others read which setting gives them."""
        mine, theirs = slack.home(MIA), slack.home(BOB)

        assert "Waiting for a person: 1" in text_of(mine)
        assert "Version 3 answers" in text_of(mine)
        assert "home_retrain" in text_of(mine)
        assert "home_promote_2" in text_of(mine)
        assert "home_retrain" not in text_of(theirs)
        assert "SHOPCLERK_MANAGERS" in text_of(theirs)

    def test_the_command_answers_who_wrote_it(self, slack, card, changed):
        """Status, versions and help for all; retraining for managers."""
        for text in ("status", "versions", "nonsense", "retrain"):
            slack.command(SUPPORT, BOB, text)
        slack.command(SUPPORT, MIA, "retrain")

        def told():
            answers = [w["text"] for w in slack.whispers(SUPPORT)]
            return answers if len(answers) == 5 else None

        answers = "\n".join(eventually(told))
        assert "*Waiting:* 1 (0 with a person)" in answers
        assert "version 3 · *answers*" in answers
        assert "`nonsense` is not known." in answers
        assert "SHOPCLERK_MANAGERS" in answers
        assert ["Mia Moreau"] == changed


class TestReconnect:
    def test_another_review_channel_gets_every_open_dialogue(self, shop, socket_workspace):
        """Whoever connects Slack anew finds all that waits, the closed ones left out."""
        shop.real_time = True  # asked in March and looked at today, a card would be overdue
        for text in ("gift wrap?", "do you repair it?"):
            ask(shop, text)
        with socket_workspace.with_clerk(shop) as peer:
            eventually(lambda: len(peer.bot_messages(REVIEW)) == 2 or None)
            cards = peer.bot_messages(REVIEW)
            closed = next(each for each in cards if "gift wrap?" in text_of(each))
            peer.press(closed, MIA, "desk_done")
            becomes(peer, closed, "closed it")
            settled(shop)
        with socket_workspace.with_clerk(shop, review_channel=SUPPORT) as peer:
            eventually(lambda: peer.bot_messages(SUPPORT))
            settled(shop)  # all cards that change their place are queued together
            again = peer.bot_messages(SUPPORT)

        assert 1 == len(again)
        assert "do you repair it?" in text_of(again[0])
        assert "desk_send_0" == button_of(again[0], "desk_send_0")["action_id"]


class TestWhoseTurn:
    def test_taking_over_mentions_the_colleague_in_the_thread(self, slack, card):
        """Slack then tells them of what comes there."""
        slack.press(card, MIA, "desk_take_over")

        assert eventually(lambda: any(f"<@{MIA}>" in text for text in thread(slack, card)) or None)

    def test_eyes_take_a_card_and_a_tick_closes_it(self, slack, card):
        """As its buttons do; of who is no staff they mean nothing."""
        slack.react(REVIEW, card["ts"], ALICE, "white_check_mark")
        slack.react(REVIEW, card["ts"], MIA, "eyes")
        becomes(slack, card, "Mia Moreau has this dialogue")
        slack.react(REVIEW, card["ts"], MIA, "white_check_mark")

        becomes(slack, card, "Mia Moreau closed it.")

    def test_the_command_lists_ones_own_and_finds_words(self, slack, card):
        """And the home page parts what waits."""
        slack.press(card, MIA, "desk_take_over")
        becomes(slack, card, "Mia Moreau has this dialogue")
        for text in ("mine", "find GIFT wrap", "find label", "find nothing-like-this"):
            slack.command(REVIEW, MIA, text)

        def told():
            answers = [w["text"] for w in slack.whispers(REVIEW)]
            return "\n".join(answers) if len(answers) == 4 else None

        answers = eventually(told)
        assert "• The clerk is not sure" in answers
        assert "• *Shopper:* do you gift wrap" in answers
        assert "• `return_how` Print the label and drop the parcel off." in answers
        assert "Nothing holds “nothing-like-this”." in answers
        assert "Yours: 1" in text_of(slack.home(MIA))
        assert "Colleagues': 1" in text_of(slack.home(BOB))


class TestAWordWhereOneIsDue:
    def test_what_is_written_under_a_closed_card_is_said_to_go_nowhere(self, slack, card, shop):
        """To who wrote it, once, however much they write."""
        slack.press(card, MIA, "desk_done")
        becomes(slack, card, "Mia Moreau closed it.")
        for text in ("one more thing", "hello?", "is this on?"):
            slack.say(REVIEW, MIA, text, thread_ts=card["ts"])
        slack.say(REVIEW, BOB, "what now?", thread_ts=card["ts"])
        eventually(lambda: len(slack.whispers(REVIEW)) >= 2)
        settled(shop)
        told = slack.whispers(REVIEW)

        assert [MIA, BOB] == [each["ephemeral_to"] for each in told]
        assert told[0]["text"].startswith("This dialogue is closed: nothing of this goes")
