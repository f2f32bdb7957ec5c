"""Stories of mail: an answer nobody read goes out by a real SMTP server, and the reply comes in."""

import pytest

from feedback.files.repository import Files, NewFile
from feedback.mail.repository import MOST_ATTEMPTS, MailAddresses
from feedback.privacy.erasure import Erasure
from feedback.privacy.retention import Keep, forget_old
from tests.bot.channels.mail.mails import REPLIES, answered, bounce_of, reply_to, wrote
from tests.bot.web_shop import PUBLIC_URL, open_shop
from tests.factories import days, waiting_in
from tests.feedback.files.pictures import PDF, photo


class TestAnswers:
    def test_an_unread_answer_goes_to_the_address(self, shop, anna, mailbox, worker):
        """
        After two minutes unread; once, with where to reply and how to end it.
        """
        answered(shop, anna, "We send a new one.", minutes=1)
        worker.look()
        early = len(mailbox[0].mails)
        shop.clock.pass_by(minutes=2)
        worker.look()
        worker.look()

        (mail,) = mailbox[0].mails
        assert (0, "anna@home.example", "Your answer from Juniper Lane") == (
            early,
            mail["To"],
            mail["Subject"],
        )
        assert "We send a new one.\n– Mei" in mail.get_content().replace("\r", "")
        assert "auto-generated" == mail["Auto-Submitted"]
        assert f"<{PUBLIC_URL}/mail/end/" in mail["List-Unsubscribe"]
        assert REPLIES.key_of(mail["Reply-To"])
        assert [mail["Reply-To"]] == mailbox[0].senders

    def test_what_is_read_in_the_chat_is_not_mailed(self, shop, anna, mailbox, worker):
        """
        Nor what was said before the address was left.
        """
        seen = answered(shop, anna, "We send a new one.", minutes=1)
        anna.post("/api/chat/seen", json={"message_id": seen})
        shop.clock.pass_by(minutes=9)
        worker.look()

        assert [] == mailbox[0].mails

    def test_a_file_comes_along(self, shop, anna, mailbox, worker):
        """
        What a colleague sent with the answer is attached.
        """
        dialogue = anna.headers["X-Dialogue"]
        Files(shop.store.db).keep(
            NewFile("f1", dialogue, "label.pdf", PDF, "staff", "s1"), shop.clock()
        )
        shop.store.record_staff_turn(dialogue, "The label", "Mei", shop.clock(), client_id="s1")
        shop.clock.pass_by(minutes=3)
        worker.look()

        (mail,) = mailbox[0].mails
        assert ["label.pdf"] == [part.get_filename() for part in mail.iter_attachments()]

    def test_a_server_that_refuses_is_tried_again(self, shop, anna, mailbox, worker):
        """
        Later and later, and in the end the staff are told that nothing arrives.
        """
        answered(shop, anna, "We send a new one.")
        mailbox[0].refuses = True
        for _ in range(MOST_ATTEMPTS):
            worker.look()
            shop.clock.pass_by(hours=4)

        mailbox[0].refuses = False
        worker.look()
        waiting = waiting_in(shop.store)
        assert ([], "not_delivered") == (mailbox[0].mails, waiting[0].reason)

    def test_the_whole_chat_on_wish(self, shop, anna, mailbox, worker):
        """
        A transcript is sent once, with who said what.
        """
        anna.post("/api/chat/messages", json={"text": "can i return it", "client_id": "m9"})
        wish = {"email": "anna@home.example", "answers": False, "transcript": True}
        anna.post("/api/chat/email", json=wish)
        worker.look()
        worker.look()

        (mail,) = mailbox[0].mails
        assert "Your chat with Juniper Lane" == mail["Subject"]
        assert "You:\ncan i return it" in mail.get_content().replace("\r", "")

    @pytest.mark.parametrize("wrong", ["", "anna", "a@b", "a@b.example\nBcc: c@d.e", "a b@c.d"])
    def test_a_wrong_address_is_refused(self, anna, wrong):
        """
        Nothing that is no address gets into a header.
        """
        assert 422 == anna.post("/api/chat/email", json={"email": wrong}).status_code

    def test_a_shop_without_a_mail_server_says_so(self, one_database):
        """
        The chat is told beforehand, and asks for no address.
        """
        with open_shop(one_database).visitor() as web:
            begun = web.post("/api/chat/sessions", json={}).json()
            web.headers["Authorization"] = f"Bearer {begun['token']}"
            refused = web.post("/api/chat/email", json={"email": "a@b.example"})

        assert (False, 503) == (begun["takes_mail"], refused.status_code)


class TestReplies:
    def test_a_reply_is_the_shoppers_next_message(self, shop, anna, sent):
        """
        Once, however often it is delivered, without what it quotes, with its picture.
        """
        message = reply_to(sent, "Yes please!\n\nOn Monday, Juniper Lane wrote:\n> Shall we?")
        message.add_attachment(photo(), maintype="image", subtype="jpeg", filename="cup.jpg")
        outcomes = [wrote(anna, message).json()["status"] for _ in range(2)]

        lines = anna.get("/api/chat/history").json()["lines"]
        mine = [line for line in lines if line["speaker"] == "shopper"][-1]
        assert ["taken", "taken"] == outcomes
        assert 1 == sum(line["text"] == "Yes please!" for line in lines)
        assert ["cup.jpg"] == [file["name"] for file in mine["files"]]

    def test_nothing_in_a_mail_is_obeyed(self, shop, anna, sent):
        """
        A wish that the clerk would answer in the chat is only shown to a person.
        """
        shop.store.hand_on(anna.headers["X-Dialogue"], "give_back", shop.clock())
        wrote(anna, reply_to(sent, "can i return it"))

        last = anna.get("/api/chat/history").json()["lines"][-1]
        assert ("handover", "by_mail") == (
            last["reply"]["kind"],
            waiting_in(shop.store)[0].reason,
        )

    def test_a_stranger_an_autoresponder_and_a_changed_address_say_nothing(self, anna, sent):
        """
        Each is counted for what it is, and no turn is written.
        """
        before = len(anna.get("/api/chat/history").json()["lines"])
        automatic = reply_to(sent, "I am away.")
        automatic["Auto-Submitted"] = "auto-replied"
        changed = reply_to(sent, "hello")
        changed.replace_header("To", "reply+aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb@shop.example")
        outcomes = [
            wrote(anna, one).json()["status"]
            for one in (reply_to(sent, "hi", "bo@home.example"), automatic, changed)
        ]

        assert ["stranger", "automatic", "unknown"] == outcomes
        assert before == len(anna.get("/api/chat/history").json()["lines"])

    def test_a_bounce_ends_the_mails_and_tells_the_staff(self, shop, anna, sent):
        """
        The address is forgotten.
        """
        outcome = wrote(anna, bounce_of(sent))

        key = REPLIES.key_of(sent["Reply-To"]) or ""
        assert ("bounced", None) == (
            outcome.json()["status"],
            MailAddresses(shop.store.db).of_key(key),
        )
        assert "not_delivered" == waiting_in(shop.store)[0].reason

    def test_a_body_without_our_signature_is_refused(self, anna, sent):
        """
        Nobody else speaks for shoppers.
        """
        assert 401 == wrote(anna, reply_to(sent, "hi"), secret="another").status_code

    def test_one_button_ends_it(self, shop, anna, sent, mailbox, worker):
        """
        Looking at the page ends nothing; the button does, and the address is forgotten.
        """
        address = str(sent["List-Unsubscribe"]).strip("<>").removeprefix(PUBLIC_URL)
        looked = anna.get(address)
        key = REPLIES.key_of(sent["Reply-To"]) or ""
        kept = MailAddresses(shop.store.db).of_key(key)
        ended = anna.post(address, data={"List-Unsubscribe": "One-Click"})
        answered(shop, anna, "Another answer")
        worker.look()

        assert ("Send me no more" in looked.text, kept is not None) == (True, True)
        assert "you get no more of these mails" in ended.text
        assert 1 == len(mailbox[0].mails)


class TestForgetting:
    def test_the_address_goes_with_the_shopper_and_with_age(self, shop, anna):
        """
        It is shown to who asks for their data, and gone after its time.
        """
        shopper = shop.store.dialogue(anna.headers["X-Dialogue"]).shopper_id
        shown = Erasure(shop.store.db).export(shopper) or {}
        gone = forget_old(shop.store.db, shop.clock() + days(31), Keep())["mail addresses"]

        assert (["anna@home.example"], 1) == (
            [one["address"] for one in shown["mail_addresses"]],
            gone,
        )
