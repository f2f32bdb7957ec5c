"""What `shopclerk check` says of mail, to real servers."""

import pytest
from aiosmtpd.controller import Controller

from shopclerk.commands.checks.check_mail import look_at_mail
from shopclerk.settings import BadSettings, read_settings
from shopclerk.wiring.mail import build_mail_fetcher
from tests.bot.web_shop import open_shop
from tests.dovecot import free_port, mail_server


class TestMail:
    def test_both_ways_are_tried_and_nothing_is_said_of_none(self, monkeypatch):
        """Signed in at the one and at the other; a wrong password is told with what to change."""
        nothing = look_at_mail(read_settings())
        port = free_port()
        smtp = Controller(object(), hostname="127.0.0.1", port=port)
        smtp.start()
        try:
            with mail_server() as box:
                for name, value in {
                    "SMTP_URL": f"smtp://127.0.0.1:{port}",
                    "MAIL_FROM": "Juniper Lane <help@shop.example>",
                    "MAIL_REPLY_TO": "reply@shop.example",
                    "IMAP_URL": box.url(),
                }.items():
                    monkeypatch.setenv(f"SHOPCLERK_{name}", value)
                well = look_at_mail(read_settings())
                monkeypatch.setenv("SHOPCLERK_IMAP_URL", box.url(password="guessed"))
                badly = look_at_mail(read_settings())[1]
        finally:
            smtp.stop()
        away = look_at_mail(read_settings())

        assert [] == nothing
        assert [("mail", True), ("mailbox", True)] == [(each.subject, each.well) for each in well]
        assert "SHOPCLERK_IMAP_URL" in badly.text
        assert "guessed" not in badly.text
        assert [False, False] == [each.well for each in away]

    def test_a_mailbox_nobody_is_asked_to_answer_at_is_refused(self, one_database, monkeypatch):
        """With what is missing."""
        monkeypatch.setenv("SHOPCLERK_IMAP_URL", "imaps://reply:word@mail.example")
        settings = read_settings()
        with pytest.raises(BadSettings, match="SHOPCLERK_MAIL_REPLY_TO"):
            build_mail_fetcher(settings, one_database, open_shop(one_database).app.state.context)

        assert [False] == [each.well for each in look_at_mail(settings)]
