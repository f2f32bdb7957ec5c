"""A shop that writes mails, its mail server, and Anna, who left her address."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller

from bot.channels.mail.compose import MailIdentity, MailWriter
from bot.channels.mail.send import SmtpServer
from bot.channels.mail.worker import MailWorker
from tests.bot.channels.mail.mails import REPLIES, SECRET, Mailbox, answered
from tests.bot.visitor import Visitor
from tests.bot.web_shop import PUBLIC_URL, Shop, open_shop


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


@pytest.fixture
def sent(
    shop: Shop, anna: Visitor, mailbox: tuple[Mailbox, int], worker: MailWorker
) -> EmailMessage:
    """A mail that Anna got."""
    answered(shop, anna, "Shall we send a new one?")
    worker.look()
    return mailbox[0].mails[0]
