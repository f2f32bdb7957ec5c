"""Fetches replies from an IMAP mailbox: each mail to a chat's address once, and nothing else.

Other mails in the mailbox are left as they are, unread; no mail is ever deleted or moved.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

import structlog

from bot.channels.mail.read import IncomingMail, read_mail, read_recipients
from bot.channels.mail.send import LOCAL
from bot.reply_addresses import ReplyAddresses
from feedback.mail import MailboxPlaces, MailPlace

SECONDS: Final = 20.0
PORTS: Final = {"imap": 143, "imaps": 993}
AT_ONCE: Final = 100  # mails of one look
LARGEST: Final = 10_100_000  # bytes of one mail; of a larger one the words come, not all its files

log = structlog.get_logger()


class MailNotFetched(Exception):
    """The mailbox cannot be read now; it may another time."""


class OpenMailbox(NamedTuple):
    """A mailbox that is connected and chosen."""

    server: imaplib.IMAP4
    validity: int

    def newer(self, than: int, since: datetime) -> list[int]:
        """The numbers of mails after one, of those that came since a day."""
        day = "-".join(format_datetime(since).split()[1:4])
        found = self._asked("SEARCH", f"UID {than + 1}:* SINCE {day}")
        numbers = (int(each) for line in found if isinstance(line, bytes) for each in line.split())
        return sorted(number for number in numbers if number > than)  # `n:*` names the last always

    def head(self, uid: int) -> bytes:
        """A mail's head; empty where it is gone."""
        return self._part(uid, "BODY.PEEK[HEADER]")

    def mail(self, uid: int) -> bytes:
        """A mail as it came, up to the largest that is taken; it stays unread."""
        return self._part(uid, f"BODY.PEEK[]<0.{LARGEST}>")

    def mark_read(self, uid: int) -> None:
        """Show the owner that it was taken; a mailbox that cannot keep marks goes without."""
        with suppress(MailNotFetched, imaplib.IMAP4.error):
            self._asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _part(self, uid: int, part: str) -> bytes:
        answers = self._asked("FETCH", str(uid), f"({part})")
        return next((bytes(one[1]) for one in answers if isinstance(one, tuple)), b"")

    def _asked(self, *command: str) -> list[Any]:
        status, answers = self.server.uid(*command)
        if status != "OK":
            raise MailNotFetched(f"{command[0]}: {_shown(answers)}")
        return answers


@dataclass(frozen=True)
class ImapMailbox:
    """A mailbox: `imaps://user:password@host/folder`, or `imap://…` which begins TLS by itself."""

    url: str = field(repr=False)  # its password stands in it

    @property
    def name(self) -> str:
        """What it is called, without its password."""
        at = urlsplit(self.url)
        return f"{unquote(at.username or '')}@{at.hostname}/{self._folder()}"

    @contextmanager
    def opened(self) -> Iterator[OpenMailbox]:
        """Connect, sign in, choose the folder.

        Raises:
            MailNotFetched: the server is away, refuses, or breaks off.
        """
        try:
            with self._connected() as server:
                at = urlsplit(self.url)
                if at.username:
                    server.login(unquote(at.username), unquote(at.password or ""))
                folder = self._folder().replace("\\", "\\\\").replace('"', '\\"')
                status, told = server.select(f'"{folder}"')
                if status != "OK":
                    raise MailNotFetched(f"{self._folder()}: {_shown(told)}")
                validity = server.response("UIDVALIDITY")[1]
                yield OpenMailbox(server, int(validity[0] or 0) if validity else 0)
        except (OSError, imaplib.IMAP4.error, UnicodeError, ValueError) as error:
            raise MailNotFetched(f"{type(error).__name__}: {_shown(error.args)}") from None

    def _folder(self) -> str:
        return unquote(urlsplit(self.url).path.strip("/")) or "INBOX"

    def _connected(self) -> imaplib.IMAP4:
        at = urlsplit(self.url)
        host, port = at.hostname or "", at.port or PORTS[at.scheme]
        context = ssl.create_default_context()
        if at.scheme == "imaps":
            return imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=SECONDS)
        server = imaplib.IMAP4(host, port, timeout=SECONDS)
        if host not in LOCAL:
            server.starttls(context)
        return server


@dataclass(frozen=True)
class MailFetcher:
    """Looks for replies, next to the chat; of several processes one at a time."""

    mailbox: ImapMailbox
    places: MailboxPlaces
    replies: ReplyAddresses
    take: Callable[[IncomingMail], str]
    clock: Callable[[], datetime]
    keep: timedelta  # of addresses: what came earlier can be for none

    def look(self) -> None:
        """Take what came since the last look, if one is due."""
        name = self.mailbox.name
        place = self.places.take(name, self.clock())
        if place is None:
            return
        try:
            with self.mailbox.opened() as box:
                self._read(box, place)
        except MailNotFetched as error:
            self.places.failed(name, self.clock())
            log.warning("mail.not_fetched", reason=str(error))

    def _read(self, box: OpenMailbox, place: MailPlace) -> None:
        seen = place.uid if box.validity == place.validity else 0
        name = self.mailbox.name
        for uid in box.newer(seen, self.clock() - self.keep)[:AT_ONCE]:
            here = MailPlace(box.validity, uid)
            if self.replies.key_among(read_recipients(box.head(uid))):
                try:
                    outcome = self.take(read_mail(box.mail(uid)))
                except MailNotFetched:
                    raise
                except Exception:  # ours: the store is away, or this one mail is too much for it
                    given_up = self.places.failed(name, self.clock(), here)
                    log.exception("mail.not_taken", given_up=given_up)
                    return
                box.mark_read(uid)
                log.info("mail.taken", outcome=outcome)
            self.places.read(name, here)
        self.places.done(name, self.clock())


def _shown(told: Any) -> str:
    """A server's words, for the log: one line, no more than 200 characters."""
    parts = (one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in told)
    return " ".join(" ".join(parts).split())[:200]
