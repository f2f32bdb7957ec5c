"""Sends mails by SMTP: encrypted, but to this machine itself."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

SECONDS: Final = 20.0
LOCAL: Final = ("localhost", "127.0.0.1", "::1")
PORTS: Final = {"smtp": 587, "smtps": 465}


class MailNotSent(Exception):
    """The mail server did not take a mail; it may another time."""


@dataclass(frozen=True)
class SmtpServer:
    """A mail server: `smtps://user:password@host`, or `smtp://…` which begins TLS by itself."""

    url: str = field(repr=False)  # its password stands in it

    def send(self, message: EmailMessage, *, envelope_sender: str) -> None:
        """Hand over a mail.

        Raises:
            MailNotSent: it was not taken.
        """
        with self._signed_in() as server:
            server.send_message(message, from_addr=envelope_sender)

    def check(self) -> None:
        """Sign in, and send nothing.

        Raises:
            MailNotSent: the server is away, or refuses.
        """
        with self._signed_in() as server:
            server.noop()

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        at = urlsplit(self.url)
        host, port = at.hostname or "", at.port or PORTS[at.scheme]
        context = ssl.create_default_context()
        try:
            with (
                smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
                if at.scheme == "smtps"
                else smtplib.SMTP(host, port, timeout=SECONDS)
            ) as server:
                if at.scheme == "smtp" and host not in LOCAL:
                    server.starttls(context=context)
                if at.username:
                    server.login(unquote(at.username), unquote(at.password or ""))
                yield server
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(type(error).__name__) from None
