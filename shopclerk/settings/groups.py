"""Every setting, in groups: its name, type, default and what docs/settings.md says of it."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import SecretStr, create_model
from pydantic_settings import BaseSettings

from bot.shops import SHOP_SETTINGS, ShopSetting
from shopclerk.settings.fields import (
    Addresses,
    CronText,
    Days,
    DeskPassword,
    HoldoutRamp,
    Names,
    Networks,
    OfficeHoursText,
    Origins,
    Recipient,
    ReportLanguage,
    SaleRule,
    SigningKey,
    SmtpAddress,
    TimeZone,
    WebAddress,
    Window,
    setting,
)


class ShopGroup(BaseSettings):
    """The shop"""

    shop_name: str | None = setting(
        None,
        "the shop's name",
        unset="the host in its address; of the demo shop Juniper Lane",
    )
    shop_url: WebAddress | None = setting(
        None,
        "where the shop's own product pages are, when it is not the demo shop",
        unset="the public address",
    )
    time_zone: TimeZone = setting("UTC", "the shop's time zone, for crons, days and weeks")
    locale: ReportLanguage = setting("en", "language of reports: `en`, `zh`")
    currency: str = setting("USD", "of imported products that name none, as Shopify's export")


class MachineGroup(BaseSettings):
    """Where things are"""

    database_url: str = setting(
        "sqlite:///data/shopclerk.db",
        "the store; `postgresql://user:password@host/name` for PostgreSQL",
    )
    models_dir: Path = setting(Path("data/models"), "where the model's versions lie")
    keep_versions: int = setting(
        5,
        "versions kept on disk, besides the labelled ones and the one a rollback returns to",
        ge=2,
    )
    serving_address: str | None = setting(
        None,
        "TensorFlow Serving's gRPC address, `host:8500`; several numeric ones, separated by commas",
        unset="the embedded server",
    )
    one_core: bool = setting(
        True,
        "the bot keeps to one core, whichever is calm: half as many answers again as spread over"
        " several; `false` leaves it to the system",
    )
    log_level: Literal["debug", "info", "warning"] = setting(
        "info", "what is logged; `debug` has a line for every request that went well, too"
    )
    otlp_endpoint: str | None = setting(
        None,
        "an OpenTelemetry collector's HTTP address, with the extra `otel`",
        unset="no traces",
    )


class EdgeGroup(BaseSettings):
    """Addresses and limits"""

    public_url: WebAddress = setting(
        "http://127.0.0.1:8000", "the address shoppers reach the clerk at"
    )
    allowed_origins: Origins = setting(
        (), "comma-separated sites that may embed the widget", unset="its own"
    )
    trusted_proxies: Networks = setting(
        (),
        "comma-separated addresses and networks of the proxies in front, whose `X-Forwarded-For`"
        " is believed; `unix` for a Unix socket: [running](running.md#behind-a-proxy)",
        unset="nobody",
    )
    messages_a_minute: int = setting(
        60, "messages a minute from one address; raise it where many shoppers share one", ge=1
    )
    show_ratings: bool = setting(True, "`false` hides the thumbs in the chat")
    mcp: bool = setting(
        False, "`true` lets agents ask over MCP at `/mcp`: questions, catalogue, products"
    )


class ActionsGroup(BaseSettings):
    """Order actions

    With a back office the clerk cancels, changes, returns and exchanges:
    [order actions](actions.md).
    """

    backoffice: Literal["signed", "shopify", "woocommerce"] | None = setting(
        None,
        "where orders are changed: `shopify` and `woocommerce` through the shop's own API,"
        " `signed` at `BACKOFFICE_URL`",
        unset="`signed` where that is set, else the clerk changes no order",
    )
    backoffice_url: WebAddress | None = setting(None, "the shop's signed back office", unset="none")
    backoffice_secret: SecretStr | None = setting(None, "the secret shared with it")
    identify_by: Names = setting(
        ("email", "name+zip", "signed-in"),
        "what a shopper has to tell, any of these, before an order of theirs is changed; of"
        " `email`, `number`, `name`, `zip`, and `signed-in` at the shop",
    )
    identify_address_by: Names = setting(
        ("email+number", "email+zip", "name+zip", "signed-in"),
        "the same where goods would go to another address",
    )
    customer_secret: SecretStr | None = setting(
        None,
        "signs who is signed in at the shop, in the chat's `data-customer`:"
        " [signed-in shoppers](shop.md#signed-in-shoppers)",
        unset="nobody is known by signing in",
    )
    approve_actions: Names = setting(
        (),
        "comma-separated actions that wait for a colleague's approval, such as `return_items`;"
        " `all`: every one",
        unset="none",
    )
    approve_over: Decimal | None = setting(
        None, "actions that move more money than this wait for it, too", unset="no limit", ge=0
    )
    alone_a_day: int | None = setting(
        None,
        "so many actions a day are done without approval; more wait for it",
        unset="no limit",
        ge=0,
    )
    staff_actions: Names = setting(
        (),
        "actions that a colleague carries out by hand, with a checklist",
        unset="none",
    )
    actions_a_day: int = setting(1_000, "so many actions a day; more go to the staff", ge=0)
    actions_a_shopper: int = setting(20, "the same for one shopper", ge=0)


class SecretsGroup(BaseSettings):
    """Keys and the desk's login"""

    secret_key: SigningKey | None = setting(
        None,
        "signs tokens and the model's versions, keys the hashes of e-mails; several rotate,"
        " `new,old`: [security](security.md#keys-that-rotate)",
        unset="made once",
    )
    desk_password: DeskPassword | None = setting(
        None,
        "opens `/desk` until the first owner has an account (`shopclerk staff put`, or"
        " `/desk/staff`); may be an argon2 hash",
        unset="made once, shown by `up`",
    )
    oidc_issuer: WebAddress | None = setting(
        None,
        "an OpenID Connect provider: log in at `/desk` with the company's own account,"
        " [security](security.md#the-desk)",
        unset="none",
    )
    oidc_client_id: str = setting("shopclerk", "the clerk's name at the provider")
    oidc_client_secret: SecretStr | None = setting(None, "its secret there")
    oidc_name: str = setting("your company's account", "what the button says")
    oidc_owners: Addresses = setting((), "comma-separated addresses, or @domain, of owners")
    oidc_staff: Addresses = setting((), "the same of staff")


class ExperimentGroup(BaseSettings):
    """The experiment, and what counts"""

    holdout_share: float | None = setting(
        None,
        "share of shoppers answered without the model: [statistics](statistics.md#the-plan)",
        unset="half until the plan has decided, then a tenth; nobody in the demo shop",
        ge=0,
        lt=1,
    )
    no_clerk_share: float = setting(
        0.0,
        "share of the visitors who are shown no chat, to measure what having a clerk adds for"
        " everybody: [no clerk](shop.md#what-having-a-clerk-adds)",
        ge=0,
        le=0.5,
    )
    experiment_looks: Literal["planned", "anytime"] = setting(
        "planned",
        "how an experiment that begins is read: `planned`, weekly looks up to a planned end, or"
        " `anytime`, without an end; one that runs keeps its plan",
    )
    holdout_ramp: HoldoutRamp = setting(
        (), "the holdout's share from a day on: `2026-12-01=0.5,2027-01-01=0.1`"
    )
    experiment_end: date | None = setting(
        None, "announced end, `2027-03-01`: from then on nobody is held out"
    )
    canary_share: float = setting(
        0.1,
        "share of shoppers a challenger gets, when there is one; where too few come for that, up to"
        " half of those who are not held out; `0`: what passes the gate is promoted at once",
        ge=0,
        lt=1,
    )
    canary_longest: Window = setting(
        timedelta(days=14),
        "how long a challenger may be on trial without proof either way; then the champion stays",
    )
    canary_approval: bool = setting(
        False,
        "`true`: a challenger that did well on trial waits until a person promotes it, in Slack,"
        " at the desk, or with `shopclerk promote N`",
    )
    canary_standing_yes: bool = setting(
        False,
        "where too few shoppers come to prove anything, three days on trial without harm promote a"
        " challenger that passed the gate; `false`: a person is asked, in Slack and at the desk",
    )
    explore_share: float = setting(
        0.05,
        "of replies that fit almost alike, how often the second is said, so that the model learns"
        " about both; never in the holdout; `0`: never",
        ge=0,
        le=0.5,
    )
    same_answers: bool = setting(
        False, "A/A: the holdout has the model's answers too, to test the report itself"
    )
    attribution: Literal["last", "first", "linear"] = setting(
        "last", "which reply an order is credited to: `last`, `first`, `linear`"
    )
    sale_from: SaleRule = setting(
        "paid",
        "from which state on an order is a sale, by the way it is paid:"
        " `paid,cod=pending,bank transfer=fulfilled`; [statistics](statistics.md#what-is-a-sale)",
    )
    staff_emails: Addresses = setting(
        (), "comma-separated; shoppers who give one are left out of every figure"
    )
    outcome_window: Window = setting(
        timedelta(days=7), "how long after first contact a shopper's orders count for their arm"
    )
    direct_window: Window = setting(
        timedelta(hours=24), "a clicked product bought within it is a direct sale"
    )
    assisted_window: Window = setting(
        timedelta(days=7), "an order within it after a dialogue is an assisted sale"
    )


class PrivacyGroup(BaseSettings):
    """Privacy"""

    keep_dialogues: Window = setting(
        timedelta(days=400),
        "how long what was said is kept; counts stay ([security](security.md))",
    )
    keep_files: Window = setting(
        timedelta(days=90), "how long pictures and documents sent in the chat are kept"
    )
    virus_scan: str | None = setting(
        None,
        "a command that reads a file on its standard input and exits 0 where it is clean, 1 where"
        " it is not, such as `clamdscan --no-summary -`",
        unset="files are checked by their content alone",
    )
    keep_identities: Window = setting(
        timedelta(days=400), "how long hashes of e-mails, carts and tracking numbers are kept"
    )
    keep_audit: Window = setting(timedelta(days=730), "how long the audit log is kept")
    privacy_note: str | None = setting(
        None, "what the chat says becomes of what is written", unset="a sentence of ours"
    )
    privacy_url: WebAddress | None = setting(None, "the shop's privacy page, linked from there")


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
        "the mailbox whose mails are passed on to `/webhooks/mail`: `reply@your-shop.example`;"
        " answers go to `reply+…@your-shop.example`",
        unset="mails say that nobody reads answers to them",
    )
    mail_secret: SecretStr | None = setting(None, "signs mails that are passed on")
    mail_after: Window = setting(
        timedelta(minutes=2), "an answer that was not read in the chat by then is mailed"
    )
    keep_mail: Window = setting(
        timedelta(days=30), "how long an address is kept after it was left in the chat"
    )


class ScheduleGroup(BaseSettings):
    """The schedule

    Crons are read in the shop's time zone; Monday is 1 or `mon`, Sunday 0 or 7, as in any crontab.
    """

    retrain_cron: CronText = setting("0 3 * * *", "when to retrain")
    retrain_after: int = setting(
        200, "so many newly accepted dialogues retrain in between; `0`: never", ge=0
    )
    retrain_on_drift: bool = setting(True, "retrain when shoppers ask otherwise than they did")
    train_memory_mb: int = setting(6_000, "a scheduled training that takes more is ended", ge=500)
    report_cron: CronText = setting("0 9 * * mon", "when to post the report")
    review_cron: CronText = setting("0 10 * * *", "when to post answers to review")
    propose_cron: CronText = setting(
        "30 5 * * *", "when what the staff wrote in their own words is proposed for the reply book"
    )
    backup_dir: Path | None = setting(
        None,
        "a folder for nightly backups, verified; see [running](running.md)",
        unset="no backups",
    )
    backup_recipient: Recipient | None = setting(
        None,
        "age's public key (`age1…`): backups open with its secret key alone",
        unset="not encrypted",
    )
    backup_cron: CronText = setting("30 2 * * *", "when to back up")
    backup_keep: int = setting(14, "how many backups stay in the folder", ge=1)
    tidy_cron: CronText = setting("45 4 * * *", "when what is older than it may be kept is deleted")
    knowledge_cron: CronText = setting(
        "23 */4 * * *", "when sites, files and folders of knowledge are looked at again"
    )
    reconcile_cron: CronText = setting(
        "17 * * * *", "when to ask the shop for what webhooks missed"
    )


# Of each kind of a shop system's setting how it is checked.
_KINDS: dict[str, Any] = {
    "secret": SecretStr,
    "made once": SigningKey,
    "address": WebAddress,
    "text": str,
}


def shop_systems_group(declared: Iterable[ShopSetting]) -> type[BaseSettings]:
    """The settings that the shop systems declare for themselves; read by `Settings.shop_values`."""
    fields: dict[str, Any] = {
        one.name: (
            _KINDS[one.kind] | None,
            setting(None, one.text, unset=one.kind if one.kind == "made once" else ""),
        )
        for one in declared
    }
    return create_model("ShopSystemsGroup", __base__=BaseSettings, __doc__="Shop systems", **fields)


ShopSystemsGroup = shop_systems_group(SHOP_SETTINGS)


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


GROUPS: tuple[type[BaseSettings], ...] = (
    ShopGroup,
    MachineGroup,
    EdgeGroup,
    ActionsGroup,
    SecretsGroup,
    ExperimentGroup,
    PrivacyGroup,
    DeskGroup,
    MailGroup,
    ScheduleGroup,
    ShopSystemsGroup,
    SlackGroup,
)
