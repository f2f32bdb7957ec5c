"""What is read of a mail: words without what they quote, files, and whether a program wrote it."""

from email.message import EmailMessage
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from bot.channels.mail.read import MailKind, read_mail, without_quotes


def mail(text: str = "Yes please!", **head: str) -> EmailMessage:
    """A mail from Anna, with further headers; `_` stands for `-`."""
    message = EmailMessage()
    told = {"From": "Anna <anna@home.example>", "To": "reply+k@shop.example", "Message-ID": "<1@h>"}
    told |= {name.replace("_", "-"): value for name, value in head.items()}
    for name, value in told.items():
        message[name] = value
    message.set_content(text)
    return message


class TestWords:
    @pytest.mark.parametrize(
        "quoted",
        [
            "On Mon, 2 Mar 2026 at 10:00, Juniper Lane <r@shop.example> wrote:\n> Hello",
            "> Hello\n> there",
            "Am 02.03.2026 um 10:00 schrieb Juniper Lane:\n> Hallo",
            "在 2026年3月2日，Juniper Lane 写道：\n> 您好",
            "-----Original Message-----\nFrom: us",
            "________________________________\nFrom: us@shop.example",
            "-- \nAnna\nwith a signature",
        ],
    )
    def test_what_is_quoted_is_left_out(self, quoted):
        """
        Whichever program wrote the mail, only what is new is shown.
        """
        assert "Yes please!" == without_quotes(f"Yes please!\r\n\r\n{quoted}")

    def test_a_page_becomes_text(self):
        """
        Of a mail that is a page its words are shown, and no script or quotation.
        """
        message = EmailMessage()
        message["From"] = "anna@home.example"
        message.set_content(
            "<p>It is <b>broken</b></p><script>alert(1)</script><blockquote>ours</blockquote>",
            subtype="html",
        )

        assert ["It is", "broken"] == read_mail(message.as_bytes()).text.split("\n")

    def test_files_come_along(self):
        """
        At most five, with their names.
        """
        message = mail()
        for number in range(7):
            message.add_attachment(
                b"%PDF-", maintype="application", subtype="pdf", filename=f"{number}.pdf"
            )

        assert [f"{number}.pdf" for number in range(5)] == [
            file.name for file in read_mail(message.as_bytes()).files
        ]

    @given(st.binary(max_size=300))
    def test_anything_can_be_read(self, raw):
        """
        Whatever comes is a mail of some kind.
        """
        for damaged in (raw, b"From: " + raw + b"\r\nTo: " + raw + b"\r\n\r\n" + raw):
            assert read_mail(damaged).kind in get_args(MailKind)


class TestPrograms:
    @pytest.mark.parametrize(
        "head",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
            {"Return_Path": "<>"},
            {"List_Id": "<news.example>"},
            {"From": "MAILER-DAEMON@home.example"},
            {"From": "no-reply@home.example"},
        ],
    )
    def test_an_autoresponder_is_known(self, head):
        """
        Holiday notes, lists and robots say so in their heads.
        """
        assert "automatic" == read_mail(mail(**head).as_bytes()).kind

    def test_a_person_is_none(self):
        """
        A plain reply, even one that says it is not automatic.
        """
        for head in ({}, {"Auto_Submitted": "no"}):
            assert "written" == read_mail(mail(**head).as_bytes()).kind

    @pytest.mark.parametrize(("action", "kind"), [("failed", "bounced"), ("delayed", "automatic")])
    def test_a_report_of_delivery(self, action: str, kind: str):
        """
        What failed for good is a bounce; a delay is only news.
        """
        raw = (
            "From: MAILER-DAEMON@home.example\r\nTo: reply+k@shop.example\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            f"Reporting-MTA: dns; home.example\r\n\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
            "--b--\r\n"
        )

        assert kind == read_mail(raw.encode()).kind
