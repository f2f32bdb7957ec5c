"""Stories of mail: an answer nobody read goes out by a real SMTP server, and the reply comes in."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bot.channels.mail.compose import MailIdentity, MailWriter
from bot.channels.mail.send import SmtpServer
from bot.channels.mail.worker import MailWorker
from bot.reply_addresses import ReplyAddresses
from bot.shops.signatures import sign
from feedback.files.repository import Files, NewFile
from feedback.mail.repository import MOST_ATTEMPTS, MailAddresses
from feedback.privacy.erasure import Erasure
from feedback.privacy.retention import Keep, forget_old
from tests.bot.visitor import Visitor
from tests.bot.web_shop import PUBLIC_URL, Shop, open_shop
from tests.factories import days, queue_of
from tests.feedback.files.pictures import PDF, photo

SECRET = "a secret for mails in tests"
REPLIES = ReplyAddresses("reply@shop.example", b"key of the tests")


class Mailbox:
    """What a mail server took; it can be told to refuse."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.refuses = False

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Take a mail."""
        if self.refuses:
            return "451 later"
        self.senders.append(envelope.mail_from)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """A mail server on this machine, and its port."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


@pytest.fixture
def shop(one_database) -> Shop:
    """A shop that writes mails."""
    return open_shop(one_database, mail_replies=REPLIES, mail_secret=SECRET, mails_per_minute=50)


@pytest.fixture
def worker(shop: Shop, mailbox: tuple[Mailbox, int]) -> MailWorker:
    """What sends its mails."""
    identity = MailIdentity(
        "help@shop.example", lambda: "Juniper\nLane", PUBLIC_URL, REPLIES, takes_replies=True
    )
    return MailWorker(
        shop.store,
        SmtpServer(f"smtp://127.0.0.1:{mailbox[1]}"),
        MailWriter(identity),
        shop.clock,
        timedelta(minutes=2),
    )


@pytest.fixture
def anna(shop: Shop) -> Iterator[Visitor]:
    """Anna, who waits for a person and left her address."""
    with shop.visitor() as web:
        begun = web.post("/api/chat/sessions", json={}).json()
        web.headers["Authorization"] = f"Bearer {begun['token']}"
        web.headers["X-Dialogue"] = begun["dialogue_id"]
        web.post("/api/chat/handover", json={})
        assert 204 == web.post("/api/chat/email", json={"email": "anna@home.example"}).status_code
        yield web


def answered(shop: Shop, anna: Visitor, text: str, minutes: float = 3) -> int:
    """A colleague answers, and time passes; the answer's number."""
    turn = shop.store.record_staff_turn(anna.headers["X-Dialogue"], text, "Mei", shop.clock())
    shop.clock.pass_by(minutes=minutes)
    return turn.turn_id or 0


def wrote(anna: Visitor, message: EmailMessage, secret: str = SECRET) -> Any:
    """A mail that the owner's mail server passes on."""
    raw = message.as_bytes()
    return anna.post(
        "/webhooks/mail", content=raw, headers={"X-Shopclerk-Signature": sign(secret, raw)}
    )


def reply_to(mail: EmailMessage, text: str, sender: str = "Anna@home.example") -> EmailMessage:
    """Anna's reply to a mail."""
    message = EmailMessage()
    message["From"], message["To"] = sender, mail["Reply-To"]
    message["Message-ID"], message["In-Reply-To"] = "<2@home.example>", mail["Message-ID"]
    message.set_content(text)
    return message


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
        waiting = queue_of(shop.store).waiting()
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
    @pytest.fixture
    def sent(self, shop, anna, mailbox, worker) -> EmailMessage:
        """A mail that Anna got."""
        answered(shop, anna, "Shall we send a new one?")
        worker.look()
        mail: EmailMessage = mailbox[0].mails[0]
        return mail

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
            queue_of(shop.store).waiting()[0].reason,
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
        raw = (
            f"From: MAILER-DAEMON@home.example\r\nTo: {sent['Reply-To']}\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--b--\r\n"
        )
        outcome = wrote(anna, message_from_bytes(raw.encode(), policy=policy.default))

        key = REPLIES.key_of(sent["Reply-To"]) or ""
        assert ("bounced", None) == (
            outcome.json()["status"],
            MailAddresses(shop.store.db).of_key(key),
        )
        assert "not_delivered" == queue_of(shop.store).waiting()[0].reason

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
