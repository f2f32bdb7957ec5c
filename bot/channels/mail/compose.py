"""Composes mails to shoppers: plain text, with an address to answer to and one that ends it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr

from bot.languages import phrases_in
from bot.reply_addresses import ReplyAddresses
from feedback.db import DialogueTurn
from feedback.files import OpenedFile
from feedback.mail import DueMail


@dataclass(frozen=True)
class MailIdentity:
    """Who writes to shoppers."""

    sender: str  # `Juniper Lane <help@shop.example>`, or the address alone
    shop: Callable[[], str]
    public_url: str
    replies: ReplyAddresses
    takes_replies: bool  # whether answers come back, or the mailbox is only the sender's

    def end_address(self, key: str) -> str:
        """A page with one button, which ends the mails."""
        return f"{self.public_url}/mail/end/{self.replies.token(key)}"


@dataclass(frozen=True)
class MailWriter:
    """Writes mails of one shop."""

    identity: MailIdentity

    def write(
        self,
        mail: DueMail,
        turns: Sequence[DialogueTurn],
        now: datetime,
        files: Sequence[OpenedFile] = (),
    ) -> EmailMessage:
        """A mail with these turns, and the files that came with them."""
        who, words, shop = self.identity, phrases_in(mail.locale).mail, self.identity.shop()
        domain = who.sender.rpartition("@")[2].strip("> ")
        message = EmailMessage(policy=SMTP)
        message["From"] = formataddr(
            (_line(parseaddr(who.sender)[0] or shop), parseaddr(who.sender)[1])
        )
        message["To"] = mail.address
        subject = words.transcript_subject if mail.transcript else words.subject
        message["Subject"] = _line(subject.format(shop=shop))
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{mail.reply_key}.{turns[-1].turn_id if turns else 0}@{domain}>"
        message["References"] = f"<{mail.reply_key}@{domain}>"  # one thread a dialogue
        message["List-Unsubscribe"] = f"<{who.end_address(mail.reply_key)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Auto-Submitted"] = "auto-generated"  # nobody's holiday note answers it
        message["X-Auto-Response-Suppress"] = "All"
        if who.takes_replies:
            message["Reply-To"] = who.replies.address(mail.reply_key)
        message.set_content(self._text(mail, turns))
        for file in files:
            kind, _, subtype = file.media_type.partition("/")
            message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
        return message

    def envelope_sender(self, mail: DueMail) -> str:
        """Where mail that cannot be delivered comes back to."""
        who = self.identity
        if who.takes_replies:
            return who.replies.address(mail.reply_key)
        return parseaddr(who.sender)[1]

    def _text(self, mail: DueMail, turns: Sequence[DialogueTurn]) -> str:
        who, words, shop = self.identity, phrases_in(mail.locale).mail, self.identity.shop()
        names = {"shopper": words.you, "clerk": words.clerk}
        said = [
            f"{turn.author or names.get(turn.speaker, shop)}:\n{turn.text}"
            if mail.transcript
            else f"{turn.text}\n– {turn.author or shop}"
            for turn in turns
        ]
        how = words.how_to_reply if who.takes_replies else words.no_replies
        end = words.end.format(address=who.end_address(mail.reply_key))
        return "\n\n".join([*said, "--", how.format(shop=shop), end]) + "\n"


def _line(text: str) -> str:
    """One line, as a header has to be."""
    return " ".join(text.split())
