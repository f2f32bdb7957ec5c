"""Reads a mail that came in: who wrote, to whom, what is new in it, and whether a program did.

Nothing in a mail is obeyed: its words are shown to the staff, and nothing else is done with it.
"""

import hashlib
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Final, Literal, NamedTuple

from selectolax.lexbor import LexborHTMLParser

MOST_FILES: Final = 5
MOST_CHARS: Final = 4_000
RECIPIENTS: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-forwarded-to")
ROBOTS: Final = re.compile(r"^(?:mailer-daemon|postmaster|no-?reply|bounces?)\b", re.IGNORECASE)
# How the usual programs begin what they quote; all from there on is known already.
QUOTED: Final = re.compile(
    r"^(?:>|On\b.{5,200}\bwrote:\s*$|Am\b.{5,200}\bschrieb\b.*:\s*$|Le\b.{5,200}\bécrit\s?:\s*$"
    r"|.{0,100}(?:写道|寫道)\s*[:：]\s*$|-{2,}\s*(?:Original|Forwarded) Message|_{10,}\s*$"
    r"|(?:From|Von|发件人)\s*[:：].*@|-- $)",
    re.IGNORECASE,
)

MailKind = Literal["written", "automatic", "bounced", "unreadable"]


class MailedFile(NamedTuple):
    """A file that came along."""

    name: str
    content: bytes


class IncomingMail(NamedTuple):
    """A mail, read."""

    kind: MailKind
    mail_id: str  # the same for a mail that comes twice
    sender: str
    recipients: tuple[str, ...]
    text: str
    files: tuple[MailedFile, ...]


def read_mail(raw: bytes) -> IncomingMail:
    """Read a mail as it came, with whatever is wrong in it."""
    try:
        return _read(raw)
    except Exception:  # the standard library's parser fails on some heads, with anything
        return IncomingMail("unreadable", "", "", (), "", ())


def _read(raw: bytes) -> IncomingMail:
    message = message_from_bytes(raw, policy=policy.default)
    named = str(message.get("message-id", "")).encode("utf-8", "replace") or raw
    written = _addresses(message, "from")
    return IncomingMail(
        kind=_kind(message, written),
        mail_id=hashlib.sha256(named).hexdigest()[:32],
        sender=written[0] if len(written) == 1 else "",
        recipients=tuple(address for name in RECIPIENTS for address in _addresses(message, name)),
        text=without_quotes(_words(message))[:MOST_CHARS],
        files=tuple(_files(message)),
    )


def read_recipients(raw: bytes) -> tuple[str, ...]:
    """To whom a mail was sent, by its head alone; nobody where that cannot be read."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        return tuple(each for name in RECIPIENTS for each in _addresses(message, name))
    except Exception:  # as above
        return ()


def without_quotes(text: str) -> str:
    """What somebody wrote above the mail they answer.

    >>> without_quotes("Yes please!\\n\\nOn Mon, 2 Mar 2026, Juniper Lane wrote:\\n> Shall we?")
    'Yes please!'
    """
    lines = text.replace("\r", "").split("\n")
    ends = next((at for at, line in enumerate(lines) if QUOTED.match(line)), len(lines))
    return "\n".join(lines[:ends]).strip()


def _kind(message: EmailMessage, written: list[str]) -> MailKind:
    """By RFC 3834, and what programs that know it not have in their heads."""
    if message.get_content_type() == "multipart/report":
        status = re.search(r"^Action:\s*failed", message.as_string(), re.IGNORECASE | re.MULTILINE)
        return "bounced" if status else "automatic"
    head = {name: str(message.get(name, "")).strip().lower() for name in _TELLTALES}
    robot = (
        head["auto-submitted"] not in ("", "no")
        or head["precedence"] in ("bulk", "junk", "list", "auto_reply")
        or head["return-path"] == "<>"
        or any(head[name] for name in ("list-id", "x-autoreply", "x-autorespond", "feedback-id"))
        or any(ROBOTS.match(address) for address in written)
    )
    return "automatic" if robot else "written"


_TELLTALES: Final = (
    *("auto-submitted", "precedence", "return-path"),
    *("list-id", "x-autoreply", "x-autorespond", "feedback-id"),
)


def _addresses(message: EmailMessage, name: str) -> list[str]:
    written = [str(value) for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(written) if "@" in address]


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())
    except (LookupError, KeyError, ValueError):  # a charset nobody knows
        raw = body.get_payload(decode=True)
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    if body.get_content_type() != "text/html":
        return text
    page = LexborHTMLParser(text)
    for node in page.css("style, script, head, blockquote, .gmail_quote"):
        node.decompose()
    return page.body.text(separator="\n", strip=True) if page.body else ""


def _files(message: EmailMessage) -> Iterator[MailedFile]:
    for part, _ in zip(message.iter_attachments(), range(MOST_FILES), strict=False):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield MailedFile(part.get_filename() or "file", content)
