"""Mails of the tests: what a mail server took, and what Anna writes back."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from bot.reply_addresses import ReplyAddresses
from bot.shops.signatures import sign
from tests.bot.visitor import Visitor
from tests.bot.web_shop import Shop

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


def bounce_of(mail: EmailMessage) -> EmailMessage:
    """A report that a mail could not be delivered."""
    raw = (
        f"From: MAILER-DAEMON@home.example\r\nTo: {mail['Reply-To']}\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n\r\n--b--\r\n"
    )
    return message_from_bytes(raw.encode(), policy=policy.default)
