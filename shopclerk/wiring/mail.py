"""Wiring of mail: who writes to shoppers, through which server, and where their answers go."""

from email.utils import parseaddr
from typing import TYPE_CHECKING

from feedback.db import Database
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from shopclerk.settings import BadSettings, Settings
from shopclerk.wiring.base import EXPERIMENT, derived_key, shop_name, utc_now

if TYPE_CHECKING:
    from bot.channels.mail import MailWorker
    from bot.reply_addresses import ReplyAddresses


def reply_addresses(settings: Settings) -> "ReplyAddresses | None":
    """Where answers to mails go; None where no mail is sent.

    Raises:
        BadSettings: there is a mail server, and nobody who writes.
    """
    from bot.reply_addresses import ReplyAddresses

    if settings.smtp_url is None:
        return None
    sender = parseaddr(settings.mail_from)[1]
    if "@" not in sender:
        raise BadSettings(
            "SHOPCLERK_MAIL_FROM is missing; write who sends mail, such as help@your-shop.example"
        )
    return ReplyAddresses(settings.mail_reply_to or sender, derived_key(settings, "mail"))


def build_mail_worker(settings: Settings, database: Database) -> "MailWorker | None":
    """What sends mails that are due; None where no mail is sent."""
    from bot.channels.mail import MailIdentity, MailWorker, MailWriter, SmtpServer

    replies = reply_addresses(settings)
    if settings.smtp_url is None or replies is None:
        return None
    identity = MailIdentity(
        sender=settings.mail_from,
        shop=shop_name(settings, database),
        public_url=settings.public_url,
        replies=replies,
        takes_replies=bool(settings.mail_reply_to),
    )
    return MailWorker(
        store=Store(database, EXPERIMENT, DeskHooks()),
        server=SmtpServer(settings.smtp_url.get_secret_value()),
        writer=MailWriter(identity),
        clock=utc_now,
        unread_for=settings.mail_after,
    )
