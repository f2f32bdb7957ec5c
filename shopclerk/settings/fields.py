"""Types of settings: how each is written, checked, and refused with the remedy."""

from collections.abc import Callable
from datetime import date, timedelta
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from feedback.desk import is_easy, read_office_hours
from feedback.experiments import own_metric
from feedback.languages import LANGUAGES
from feedback.sales import read_sale_rule
from shopclerk.encryption import recipient_of
from training.jobs import Cron

# What people paste from examples; a clerk signed with one of these could be spoken for by anybody.
EXAMPLE_SECRETS = {"secret", "changeme", "change-me", "example", "password", "your-secret-key"}
MIN_SECRET_CHARS = 16


def setting(default: Any, text: str, *, unset: str = "", name: str = "", **bounds: Any) -> Any:
    """A field with what docs/settings.md says of it.

    Args:
        text: What it is, in Markdown.
        unset: What holds when it is not set, where the default alone does not say so.
        name: Its name in the environment, where that is not `SHOPCLERK_` and the field's.
        bounds: Pydantic's, such as `ge`.
    """
    return Field(
        default=default,
        description=text,
        json_schema_extra={"unset": unset},
        validation_alias=AliasChoices(name) if name else None,
        **bounds,
    )


def listed(text: str) -> list[str]:
    """What commas separate; a text without one, even an empty one, is a list of itself."""
    return [part.strip() for part in text.split(",") if part.strip()] or [text]


def _separated(change: Callable[[str], str]) -> BeforeValidator:
    def split(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(change(part.strip()) for part in value.split(",") if part.strip())

    return BeforeValidator(split)


def _network(text: str) -> str:
    try:
        trusts_all = text != "unix" and ip_network(text, strict=False).prefixlen == 0
    except ValueError:
        raise ValueError(
            f"{text} is no address and no network; write it like 10.0.0.0/8,fd00::/8"
        ) from None
    if trusts_all:
        raise ValueError(
            f"{text} is everybody, who could then claim any address; name your proxies"
        )
    return text


def _report_language(locale: str) -> str:
    if locale not in LANGUAGES:
        raise ValueError(f"no report is written in {locale}; one of {', '.join(LANGUAGES)} is")
    return locale


def _ramp(value: Any) -> Any:
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


def _metric(line: str) -> str:
    own_metric(line)
    return line


def _sale_rule(value: str) -> str:
    read_sale_rule(value)
    return value


def _recipient(value: str) -> str:
    recipient_of(value)
    return value


def _smtp_address(value: SecretStr) -> SecretStr:
    at = urlsplit(value.get_secret_value())
    if at.scheme not in ("smtp", "smtps") or not at.hostname:
        raise ValueError("write it like smtps://user:password@mail.your-shop.example")
    return value


def _imap_address(value: SecretStr) -> SecretStr:
    at = urlsplit(value.get_secret_value())
    if at.scheme not in ("imap", "imaps") or not at.hostname:
        raise ValueError("write it like imaps://user:password@mail.your-shop.example")
    return value


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("write it with http:// or https://")
    return value.rstrip("/")


def _signing_key(value: SecretStr) -> SecretStr:
    for text in listed(value.get_secret_value()):
        if text.lower() in EXAMPLE_SECRETS or len(text) < MIN_SECRET_CHARS:
            raise ValueError(
                f"it is an example or shorter than {MIN_SECRET_CHARS} characters; take the"
                " output of openssl rand -hex 32"
            )
    return value


def _hard_to_guess(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if text and not text.startswith("$argon2") and is_easy(text):
        raise ValueError("it is among the first that are guessed; take three or four words")
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("not a time zone; write it like Europe/Berlin") from None
    return value


def _cron(value: str) -> str:
    Cron(value)  # what can not be read stops whoever starts, not the schedule alone
    return value


def _office_hours(value: str) -> str:
    read_office_hours(value)
    return value


def _date(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _longer_than_nothing(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("a window is longer than nothing; write it like PT24H or P7D")
    return value


Names = Annotated[tuple[str, ...], NoDecode, _separated(str)]
MetricLines = Annotated[tuple[str, ...], NoDecode, _separated(_metric)]
Addresses = Annotated[tuple[str, ...], NoDecode, _separated(str.lower)]  # of e-mail
Origins = Annotated[tuple[str, ...], NoDecode, _separated(lambda text: text.rstrip("/"))]
Networks = Annotated[tuple[str, ...], NoDecode, _separated(_network)]
HoldoutRamp = Annotated[tuple[tuple[date, float], ...], NoDecode, BeforeValidator(_ramp)]
SaleRule = Annotated[str, AfterValidator(_sale_rule)]
Recipient = Annotated[str, AfterValidator(_recipient)]
ReportLanguage = Annotated[str, AfterValidator(_report_language)]
SmtpAddress = Annotated[SecretStr, AfterValidator(_smtp_address)]
ImapAddress = Annotated[SecretStr, AfterValidator(_imap_address)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
SigningKey = Annotated[SecretStr, AfterValidator(_signing_key)]
DeskPassword = Annotated[SecretStr, AfterValidator(_hard_to_guess)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
CronText = Annotated[str, AfterValidator(_cron)]
OfficeHoursText = Annotated[str, AfterValidator(_office_hours)]
Days = Annotated[tuple[date, ...], NoDecode, _separated(_date)]
Window = Annotated[timedelta, AfterValidator(_longer_than_nothing)]
