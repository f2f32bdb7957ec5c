"""The settings: the only reader of the environment and of `.env`.

Each is named `SHOPCLERK_<NAME>`, Slack's own as Slack names them. Everything has a default that
works on one machine; settings stop at `shopclerk.wiring`, which passes plain values on.
"""

import getpass
import os
import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from feedback.desk import is_easy
from feedback.sales import read_sale_rule
from shopclerk.misspelt import PREFIX, misspelt
from training.jobs import Cron

# What people paste from examples; a clerk signed with one of these could be spoken for by anybody.
EXAMPLE_SECRETS = {"secret", "changeme", "change-me", "example", "password", "your-secret-key"}
MIN_SECRET_CHARS = 16
MADE_UP_SECRETS = ("secret_key", "desk_password", "orders_secret")  # where nothing else is set


class BadSettings(Exception):
    """A setting cannot be used: each line names the setting, its value and the remedy."""


# Read by TensorFlow's C++ part when it is first imported, so whoever starts a process sets them.
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "GRPC_VERBOSITY": "ERROR",
    "KERAS_BACKEND": "tensorflow",
}


# Set for the commands that a schedule or Slack starts, so that the audit log tells them apart.
STARTED_BY = "SHOPCLERK_STARTED_BY"


def _slack(name: str) -> Any:
    return Field(default=None, validation_alias=AliasChoices(name))


class Settings(BaseSettings):
    """All settings, with their defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = "sqlite:///data/shopclerk.db"
    models_dir: Path = Path("data/models")
    serving_address: str | None = None  # unset: the embedded model server
    keep_versions: int = Field(default=5, ge=2)  # besides the labelled and the one before stable
    public_url: str = "http://127.0.0.1:8000"
    shop_url: str | None = None  # where the shop's own product pages are; unset: PUBLIC_URL
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()  # sites that may embed the widget
    # Networks whose X-Forwarded-For is believed, or "unix"; unset: nobody's
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    messages_a_minute: int = Field(default=60, ge=1)  # by address
    show_ratings: bool = True  # False: no thumbs in the chat
    # Several rotate, newest first; unset: made once, kept beside the database
    secret_key: SecretStr | None = None
    desk_password: SecretStr | None = None  # unset: made once, kept beside the database

    oidc_issuer: str | None = None  # of an OpenID Connect provider that logs in at the desk
    oidc_client_id: str = "shopclerk"
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "your company's account"  # on the button
    oidc_owners: Annotated[tuple[str, ...], NoDecode] = ()  # addresses, or @domain
    oidc_staff: Annotated[tuple[str, ...], NoDecode] = ()

    holdout_share: float = Field(default=0.1, ge=0, lt=1)
    canary_share: float = Field(default=0.1, ge=0, lt=1)
    canary_longest: timedelta = timedelta(days=14)  # of a trial without proof; then nothing changes
    canary_approval: bool = False  # a person has to say yes before a challenger is promoted
    # The holdout's share from a day on: 2026-12-01=0.5,2027-01-01=0.1
    holdout_ramp: Annotated[tuple[tuple[date, float], ...], NoDecode] = ()
    experiment_end: date | None = None  # announced beforehand; from this day on nobody is held out
    # Of replies that fit almost alike, how often another than the first is said; 0: never.
    explore_share: float = Field(default=0.05, ge=0, le=0.5)
    same_answers: bool = False  # A/A: the holdout has the model's answers too
    attribution: Literal["last", "first", "linear"] = "last"  # which reply an order is credited to
    # From which state on an order is a sale, by the way it is paid: paid,cod=pending,bacs=fulfilled
    sale_from: str = "paid"
    staff_emails: Annotated[tuple[str, ...], NoDecode] = ()  # whoever gives one is not counted
    direct_window: timedelta = timedelta(hours=24)
    assisted_window: timedelta = timedelta(days=7)
    outcome_window: timedelta = timedelta(days=7)

    keep_dialogues: timedelta = timedelta(days=400)  # what was said; counts stay
    keep_identities: timedelta = timedelta(days=400)  # hashes of e-mails, carts, tracking numbers
    keep_audit: timedelta = timedelta(days=730)
    privacy_note: str | None = None  # in the chat, under its first line; unset: a sentence of ours
    privacy_url: str | None = None  # the shop's privacy page, linked from there

    one_core: bool = True  # the bot, as any Python, is quicker on one core than spread over several
    otlp_endpoint: str | None = None  # of a collector of traces; unset: none are made

    report_channel: str | None = None
    review_channel: str | None = None
    retrain_cron: str = "0 3 * * *"
    retrain_after: int = Field(default=200, ge=0)  # new accepted dialogues, between; 0: never
    retrain_on_drift: bool = True  # when shoppers ask otherwise than they did
    train_memory_mb: int = Field(default=6_000, ge=500)  # a training that takes more is ended
    report_cron: str = "0 9 * * mon"
    review_cron: str = "0 10 * * *"
    backup_dir: Path | None = None  # unset: the schedule makes no backups
    backup_recipient: str | None = None  # age's public key, age1…; unset: not encrypted
    backup_cron: str = "30 2 * * *"
    backup_keep: int = Field(default=14, ge=1)  # the newest of backup_dir
    tidy_cron: str = "45 4 * * *"  # what is older than it may be kept is deleted
    time_zone: str = "UTC"  # the shop's; crons and weeks are read in it
    locale: Literal["en", "zh"] = "en"  # the language of reports
    shop_name: str = "Juniper Lane"
    currency: str = "USD"  # of imported products: Shopify's export names none

    shopify_secret: SecretStr | None = None
    woocommerce_secret: SecretStr | None = None
    stripe_secret: SecretStr | None = None
    orders_secret: SecretStr | None = None  # unset: made once

    # To ask the shop for what its webhooks missed: `shopclerk reconcile`, and the schedule.
    shopify_shop: str | None = None  # example.myshopify.com
    shopify_token: SecretStr | None = None  # an Admin API token that may read orders
    woocommerce_url: str | None = None  # https://shop.example
    woocommerce_key: SecretStr | None = None  # ck_…:cs_…, a REST API key that may read
    reconcile_cron: str = "17 * * * *"

    slack_bot_token: SecretStr | None = _slack("SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = _slack("SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr | None = _slack("SLACK_SIGNING_SECRET")
    managers: Annotated[tuple[str, ...], NoDecode] = ()  # in Slack, may retrain and promote
    thumbs: Literal["native", "plain", "off"] = "native"
    slack_api_url: str = Field(
        default="https://slack.com/api/", validation_alias=AliasChoices("SLACK_API_URL")
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _comma_separated(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())

    @field_validator("staff_emails", "oidc_owners", "oidc_staff", mode="before")
    @classmethod
    def _addresses(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip().lower() for part in value.split(",") if part.strip())

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        named = tuple(part.strip() for part in value.split(",") if part.strip())
        for each in named:
            try:
                trusts_all = each != "unix" and ip_network(each, strict=False).prefixlen == 0
            except ValueError:
                raise ValueError(
                    f"{each} is no address and no network; write it like 10.0.0.0/8,fd00::/8"
                ) from None
            if trusts_all:
                raise ValueError(
                    f"{each} is everybody, who could then claim any address; name your proxies"
                )
        return named

    @field_validator("holdout_ramp", mode="before")
    @classmethod
    def _steps(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        steps = []
        for part in (part.strip() for part in value.split(",") if part.strip()):
            day, _, share = part.partition("=")
            try:
                steps.append((date.fromisoformat(day.strip()), float(share)))
            except ValueError:
                raise ValueError("write it like 2026-12-01=0.5,2027-01-01=0.1") from None
            if not 0 <= steps[-1][1] < 1:
                raise ValueError("a share is 0 or more, and less than 1")
        return tuple(steps)

    @field_validator("sale_from")
    @classmethod
    def _a_rule(cls, value: str) -> str:
        read_sale_rule(value)
        return value

    @field_validator("managers", mode="before")
    @classmethod
    def _ids(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip() for part in value.split(",") if part.strip())

    @field_validator("backup_recipient")
    @classmethod
    def _a_recipient(cls, value: str | None) -> str | None:
        if value is not None:
            from shopclerk.encryption import recipient_of  # noqa: PLC0415 - it knows no settings

            recipient_of(value)
        return value

    @field_validator("public_url", "shop_url", "woocommerce_url", "privacy_url", "oidc_issuer")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("write it with http:// or https://")
        return value.rstrip("/")

    @field_validator("secret_key", "orders_secret")
    @classmethod
    def _not_an_example(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None:
            return None
        for text in _listed(value.get_secret_value()):
            if text.lower() in EXAMPLE_SECRETS or len(text) < MIN_SECRET_CHARS:
                raise ValueError(
                    f"it is an example or shorter than {MIN_SECRET_CHARS} characters; take the"
                    " output of openssl rand -hex 32"
                )
        return value

    @field_validator("desk_password")
    @classmethod
    def _hard_to_guess(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value is not None else ""
        if text and not text.startswith("$argon2") and is_easy(text):
            raise ValueError("it is among the first that are guessed; take three or four words")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("not a time zone; write it like Europe/Berlin") from None
        return value

    @field_validator(
        "retrain_cron", "report_cron", "review_cron", "backup_cron", "tidy_cron", "reconcile_cron"
    )
    @classmethod
    def _a_cron(cls, value: str) -> str:
        Cron(value)  # what can not be read stops whoever starts, not the schedule alone
        return value

    @field_validator(
        "direct_window",
        "assisted_window",
        "outcome_window",
        "canary_longest",
        "keep_dialogues",
        "keep_identities",
        "keep_audit",
    )
    @classmethod
    def _some_time(cls, value: timedelta) -> timedelta:
        if value <= timedelta(0):
            raise ValueError("a window is longer than nothing; write it like PT24H or P7D")
        return value

    @property
    def data_dir(self) -> Path:
        """Where made-up secrets are kept: beside the SQLite file, else beside the models."""
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///")).parent
        return self.models_dir.parent

    @property
    def secret_keys(self) -> list[str]:
        """The keys that sign and hash, newest first: the first signs, all of them are believed."""
        return _listed(self.secret("secret_key"))

    def secret(self, name: Literal["secret_key", "desk_password", "orders_secret"]) -> str:
        """The secret `name`: as set, or made once and kept in a file only its owner reads."""
        value: SecretStr | None = getattr(self, name)
        if value is not None:
            return value.get_secret_value()
        return _kept_secret(self.data_dir / f"{name}.txt", words=name == "desk_password")


def _listed(text: str) -> list[str]:
    """What commas separate; a text without one, even an empty one, is a list of itself."""
    return [part.strip() for part in text.split(",") if part.strip()] or [text]


def read_settings(**overrides: Any) -> Settings:
    """Read the environment and `.env`; `overrides` (from the command line) win.

    Raises:
        BadSettings: names each setting that cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        raise BadSettings("\n".join(_explain(problem) for problem in error.errors())) from None


def misspelt_settings() -> list[str]:
    """A sentence for each name in the environment or `.env` that only looks like a setting."""
    file = dotenv_values(str(Settings.model_config["env_file"]))
    return list(misspelt({*os.environ, *file}, [variable(name) for name in Settings.model_fields]))


def variable(name: str) -> str:
    """The environment's name of a setting.

    >>> variable("time_zone"), variable("slack_bot_token")
    ('SHOPCLERK_TIME_ZONE', 'SLACK_BOT_TOKEN')
    """
    return name.upper() if name.upper().startswith("SLACK_") else f"{PREFIX}{name.upper()}"


def child_environment() -> Mapping[str, str]:
    """The environment for processes we start: ours, with TensorFlow kept from chattering."""
    return {**QUIET, **os.environ}


def trains_with_others() -> bool:
    """Whether this process is one of several that train together: TensorFlow's own variable."""
    return bool(os.environ.get("TF_CONFIG"))


def started_by() -> str:
    """Who started this command: a job, or a person by their name on this machine."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have a number and no name
        person = "unnamed"
    return os.environ.get(STARTED_BY, f"command:{person}")


def quieten_tensorflow() -> None:
    """Set the same for this process; TensorFlow reads it when it is first imported."""
    os.environ.update(child_environment())


def _explain(problem: Any) -> str:
    name = str(problem["loc"][0]) if problem["loc"] else "?"
    secret = any(word in name for word in ("secret", "token", "password"))
    shown = "(not shown)" if secret else repr(problem.get("input"))
    return f"{variable(name)} is {shown}: {problem['msg'].removeprefix('Value error, ')}."


def _kept_secret(path: Path, *, words: bool) -> str:
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    value = secrets.token_hex(6) if words else secrets.token_hex(32)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of this shop was quicker
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value + "\n")
    return value
