"""Stories of an IMAP mailbox: what Anna replies is fetched from a real server, and no more."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Any

import pytest
from hypothesis import given, strategies as st

from bot.channels.mail.fetch import LARGEST, ImapMailbox, MailFetcher, MailNotFetched
from bot.channels.mail.read import IncomingMail, read_recipients
from bot.channels.mail.take import take_mail
from feedback.mail.mailboxes import MOST_TRIES, MailboxPlaces
from feedback.mail.repository import MailAddresses
from tests.bot.channels.mail.mails import REPLIES, bounce_of, reply_to
from tests.dovecot import CERTIFICATE, MailServer, mail_server
from tests.feedback.files.pictures import photo


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    """One server for this file."""
    with mail_server() as server:
        yield server


@pytest.fixture
def server(running: MailServer) -> MailServer:
    """Its mailbox, empty."""
    running.empty()
    return running


@pytest.fixture
def fetcher(shop: Any, server: MailServer) -> MailFetcher:
    """What looks into the mailbox."""
    return fetching(shop, server.url(), partial(take_mail, shop.app.state.context))


def fetching(shop: Any, url: str, take: Callable[[IncomingMail], str]) -> MailFetcher:
    places = MailboxPlaces(shop.store.db)
    return MailFetcher(ImapMailbox(url), places, REPLIES, take, shop.clock, timedelta(days=30))


def look_again(shop: Any, fetcher: MailFetcher) -> None:
    """A look, a minute later."""
    shop.clock.pass_by(minutes=1)
    fetcher.look()


def said(anna: Any) -> list[str]:
    """What Anna said so far."""
    lines = anna.get("/api/chat/history").json()["lines"]
    return [line["text"] for line in lines if line["speaker"] == "shopper"]


def newsletter() -> EmailMessage:
    """A mail of the owner's own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "news@x.example", "reply@shop.example", "<n@x>"
    mail.set_content("Ten new cups")
    return mail


class TestReplies:
    def test_a_reply_is_the_shoppers_next_message(self, shop, anna, sent, server, fetcher):
        """
        Once, with its picture, marked as read; the owner's own mails stay unread.
        """
        message = reply_to(sent, "Yes please!\n\nOn Monday, Juniper Lane wrote:\n> Shall we?")
        message.add_attachment(photo(), maintype="image", subtype="jpeg", filename="cup.jpg")
        server.deliver(newsletter())
        server.deliver(message)
        server.deliver(newsletter())
        fetcher.look()
        look_again(shop, fetcher)

        lines = anna.get("/api/chat/history").json()["lines"]
        mine = [line for line in lines if line["text"] == "Yes please!"]
        assert [["cup.jpg"]] == [[file["name"] for file in line["files"]] for line in mine]
        assert [False, True, False] == server.read()

    def test_nothing_is_obeyed_and_no_program_is_listened_to(
        self, shop, anna, sent, server, fetcher
    ):
        """
        A stranger's mail, a holiday note, a changed address: no turn; a bounce ends the mails.
        """
        before = said(anna)
        automatic = reply_to(sent, "I am away.")
        automatic["Auto-Submitted"] = "auto-replied"
        changed = reply_to(sent, "hello")
        changed.replace_header("To", "reply+aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb@shop.example")
        for mail in (reply_to(sent, "hi", "bo@home.example"), automatic, changed):
            server.deliver(mail)
        server.deliver(bounce_of(sent))
        fetcher.look()

        key = REPLIES.key_of(sent["Reply-To"]) or ""
        assert (before, None) == (said(anna), MailAddresses(shop.store.db).of_key(key))
        assert [True, True, False, True] == server.read()

    def test_a_mail_that_comes_by_both_ways_is_said_once(self, shop, anna, sent, server, fetcher):
        """
        By its own name: an owner who goes over from the webhook repeats nothing.
        """
        server.deliver(reply_to(sent, "Yes please!"))
        server.deliver(reply_to(sent, "Yes please!"))
        fetcher.look()

        assert 1 == said(anna).count("Yes please!")

    def test_what_is_numbered_anew_is_read_on(self, shop, anna, sent, server, fetcher):
        """
        A mailbox that moved to another server begins at one again.
        """
        server.deliver(newsletter())
        server.deliver(reply_to(sent, "first"))
        fetcher.look()
        server.empty(anew=True)
        again = reply_to(sent, "second")
        again.replace_header("Message-ID", "<3@home.example>")
        server.deliver(again)
        look_again(shop, fetcher)

        assert ["first", "second"] == said(anna)[-2:]

    def test_the_words_of_a_mail_that_is_too_large_arrive(self, anna, sent, server, fetcher):
        """
        Its file does not.
        """
        message = reply_to(sent, "Here is the film")
        message.add_attachment(bytes(LARGEST), maintype="video", subtype="mp4", filename="film.mp4")
        server.deliver(message)
        fetcher.look()

        assert "Here is the film" == said(anna)[-1]


class TestPatience:
    def test_one_process_looks_at_a_time_and_once_a_minute(self, shop, anna, sent, server):
        """
        Another goes on where the first has ended.
        """
        taken: list[str] = []

        def take(mail: IncomingMail) -> str:
            taken.append(mail.text)
            return "taken"

        first, second = (fetching(shop, server.url(), take) for _ in range(2))
        server.deliver(reply_to(sent, "one"))
        first.look()
        server.deliver(reply_to(sent, "two"))
        second.look()
        at_once = list(taken)
        look_again(shop, second)

        assert (["one"], ["one", "two"]) == (at_once, taken)

    def test_a_mail_that_fails_again_and_again_holds_nothing_up(self, shop, sent, server):
        """
        It is tried a few times, later and later, in its place; then the next is taken.
        """
        taken: list[str] = []

        def take(mail: IncomingMail) -> str:
            taken.append(mail.text)
            if mail.text == "bad":
                raise RuntimeError("the store is away")
            return "taken"

        fetcher = fetching(shop, server.url(), take)
        for text in ("before", "bad", "after"):
            server.deliver(reply_to(sent, text))
        for _ in range(MOST_TRIES + 1):
            fetcher.look()
            shop.clock.pass_by(hours=1)

        assert ["before", *["bad"] * MOST_TRIES, "after"] == taken

    @pytest.mark.parametrize(
        ("wrong", "word"),
        [({"password": "guessed"}, "AUTHENTICATIONFAILED"), ({"folder": "No such"}, "No such")],
    )
    def test_a_mailbox_that_cannot_be_read_is_named_without_its_password(
        self, shop, server, wrong, word
    ):
        """
        With what the server said; it is asked again later and later, and no mail is lost.
        """
        box = ImapMailbox(server.url(**wrong))
        with pytest.raises(MailNotFetched, match=word) as refused, box.opened():
            pass
        fetching(shop, box.url, lambda _: "taken").look()

        assert "guessed" not in f"{refused.value} {box.name}"
        assert None is MailboxPlaces(shop.store.db).take(box.name, shop.clock())

    def test_a_server_nobody_vouches_for_is_refused(self, server, monkeypatch):
        """
        Until its certificate is known; the password is not sent to it before.
        """
        box = ImapMailbox(server.tls_url())
        with pytest.raises(MailNotFetched, match="CERTIFICATE_VERIFY_FAILED"), box.opened():
            pass
        monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / CERTIFICATE))
        with box.opened() as opened:
            assert opened.validity > 0

    @given(raw=st.binary(max_size=300))
    def test_no_head_is_too_odd(self, raw):
        """
        Whatever came, to somebody or to nobody.
        """
        assert all("@" in each for each in read_recipients(b"To: " + raw))
