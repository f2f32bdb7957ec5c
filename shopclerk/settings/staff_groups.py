"""Settings of the staff's places, in groups: the desk, mail, Slack."""

from datetime import timedelta
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from shopclerk.settings.fields import (
    Days,
    ImapAddress,
    Names,
    OfficeHoursText,
    SmtpAddress,
    Window,
    setting,
)


class DeskGroup(BaseSettings):
    """The desk's targets

    How soon the staff want to answer. When half of the time is over, the card's thread is reminded;
    when all of it is, the channel is told once: [Slack](slack.md#whose-turn-it-is).
    """

    office_hours: OfficeHoursText = setting(
        "mon-fri 09:00-18:00",
        "when the staff are there, in the shop's time zone: `mon-fri 09:00-17:00, sat 10:00-14:00`,"
        " or `always`; only this time is counted",
    )
    closed_days: Days = setting((), "days on which they are not: `2026-12-25,2026-12-26`")
    first_answer_target: Window = setting(
        timedelta(minutes=30), "how soon who came to the staff is answered first"
    )
    next_answer_target: Window = setting(
        timedelta(hours=1), "how soon what they write afterwards is answered"
    )


class MailGroup(BaseSettings):
    """Mail

    Shoppers who leave an address in the chat get the staff's answers there: [mail](mail.md).
    """

    smtp_url: SmtpAddress | None = setting(
        None,
        "the mail server, `smtps://user:password@host` or `smtp://user:password@host:587`, which"
        " begins TLS by itself",
        unset="no mail is sent",
    )
    mail_from: str = setting(
        "", "who writes: `Juniper Lane <help@your-shop.example>`; needed to send mail"
    )
    mail_reply_to: str = setting(
        "",
        "the mailbox whose mails come back into the chat: `reply@your-shop.example`; answers go to"
        " `reply+…@your-shop.example`",
        unset="mails say that nobody reads answers to them",
    )
    mail_secret: SecretStr | None = setting(
        None, "signs mails that are passed on to `/webhooks/mail`"
    )
    imap_url: ImapAddress | None = setting(
        None,
        "where that mailbox is read once a minute instead, `imaps://user:password@host/INBOX`, or"
        " `imap://…`, which begins TLS by itself",
        unset="only mails that are passed on come back",
    )
    mail_after: Window = setting(
        timedelta(minutes=2), "an answer that was not read in the chat by then is mailed"
    )
    keep_mail: Window = setting(
        timedelta(days=30), "how long an address is kept after it was left in the chat"
    )


class SlackGroup(BaseSettings):
    """Slack"""

    slack_bot_token: SecretStr | None = setting(
        None, "Slack's own, `xoxb-…`", name="SLACK_BOT_TOKEN"
    )
    slack_app_token: SecretStr | None = setting(
        None, "Slack's own, `xapp-…`: Socket Mode", name="SLACK_APP_TOKEN"
    )
    slack_signing_secret: SecretStr | None = setting(
        None, "Slack's own: events over HTTP", name="SLACK_SIGNING_SECRET"
    )
    slack_api_url: str = setting(
        "https://slack.com/api/", "another address, for tests", name="SLACK_API_URL"
    )
    report_channel: str | None = setting(
        None, "Slack channel of the weekly report", unset="the desk"
    )
    review_channel: str | None = setting(
        None, "Slack channel where the staff review", unset="the desk"
    )
    staff: Names = setting(
        (),
        "ids of people and user groups that are staff in Slack, besides the review channel's"
        " members",
        unset="the review channel's members alone",
    )
    managers: Names = setting(
        (),
        "ids of people and user groups that may retrain, promote and roll back in Slack",
        unset="nobody",
    )
    thumbs: Literal["native", "plain", "off"] = setting(
        "native", "thumbs under answers in Slack: `native`, `plain`, `off`"
    )
