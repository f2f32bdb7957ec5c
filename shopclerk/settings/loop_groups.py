"""Settings of the loop, in groups: experiment, privacy, schedule."""

from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings

from shopclerk.settings.fields import (
    Addresses,
    CronText,
    HoldoutRamp,
    MetricLines,
    Recipient,
    SaleRule,
    WebAddress,
    Window,
    setting,
)


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
    metrics: MetricLines = setting(
        (),
        "the report's metrics of your own, comma-separated: `clicks_per_dialogue=clicks/dialogues`"
        " ([metrics](extending/metric.md#by-one-line))",
    )
    staff_minutes: float = setting(6.0, "minutes that a hand-over takes your team", gt=0)
    staff_hour_cost: float | None = setting(
        None, "what an hour of your team costs, in the shop's currency: the report's savings", ge=0
    )
    monthly_cost: float | None = setting(
        None, "what running the clerk costs a month: the report's return", ge=0
    )
    margin: float | None = setting(
        None, "what is left of revenue once the goods are paid, as a share: `0.4`", ge=0, le=1
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
    teacher: str | None = setting(
        None,
        "who reads the shop's own texts to the encoder before it is trained: `installed`, the extra"
        " `teacher`; or the path of a Python whose environment has its packages:"
        " [training](training.md#a-teacher-for-the-shops-own-texts)",
        unset="nobody",
    )
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
