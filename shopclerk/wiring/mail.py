"""Wiring of mail: who writes to shoppers, through which server, and where their replies come in."""

from email.utils import parseaddr
from functools import partial
from typing import TYPE_CHECKING

from feedback.db import Database
from feedback.desk import DeskHooks
from feedback.dialogues import Store
from shopclerk.settings import BadSettings, Settings
from shopclerk.wiring.base import EXPERIMENT, derived_key, shop_name, utc_now

if TYPE_CHECKING:
    from bot.channels.mail import MailFetcher, MailWorker
    from bot.http import WebContext
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


def build_mail_fetcher(
    settings: Settings, database: Database, context: "WebContext"
) -> "MailFetcher | None":
    """What reads replies out of a mailbox; None where none is named.

    Raises:
        BadSettings: a mailbox is named, and no mail asks to be answered there.
    """
    from bot.channels.mail import ImapMailbox, MailFetcher, take_mail
    from feedback.mail import MailboxPlaces

    if settings.imap_url is None:
        return None
    replies = reply_addresses(settings)
    if replies is None or not settings.mail_reply_to:
        raise BadSettings(
            "SHOPCLERK_IMAP_URL needs SHOPCLERK_SMTP_URL, and the mailbox's address in"
            " SHOPCLERK_MAIL_REPLY_TO: only replies to mails of the chat are read"
        )
    return MailFetcher(
        mailbox=ImapMailbox(settings.imap_url.get_secret_value()),
        places=MailboxPlaces(database),
        replies=replies,
        take=partial(take_mail, context),
        clock=utc_now,
        keep=settings.keep_mail,
    )
