"""Reads the settings from the environment and `.env`: nothing else does.

Each is named `SHOPCLERK_<NAME>`, Slack's own as Slack names them. Everything has a default that
works on one machine; settings stop at `shopclerk.wiring`, which passes plain values on.
"""

import getpass
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from bot.shops import SHOP_SETTINGS, ShopSetting
from shopclerk.misspelt import PREFIX, misspelt
from shopclerk.settings.fields import listed
from shopclerk.settings.groups import (
    ActionsGroup,
    EdgeGroup,
    MachineGroup,
    SecretsGroup,
    ShopGroup,
    ShopSystemsGroup,
)
from shopclerk.settings.loop_groups import ExperimentGroup, PrivacyGroup, ScheduleGroup
from shopclerk.settings.staff_groups import DeskGroup, MailGroup, SlackGroup

DATA_FOLDER = Path("data")  # where the store is when nobody says otherwise
MADE_UP_SECRETS = (  # where nothing else is set
    "secret_key",
    "desk_password",
    *(one.name for one in SHOP_SETTINGS if one.kind == "made once"),
)


class BadSettings(Exception):
    """A setting cannot be used: each line names the setting, its value and the remedy."""


# Read by TensorFlow's C++ part when it is first imported, so whoever starts a process sets them.
# Not among them: TF_ENABLE_ONEDNN_OPTS=0. It silences a line, and nearly doubled a training's time
# (28 s instead of 16), most of it in the kernel, giving memory back and asking for it again.
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "GRPC_VERBOSITY": "ERROR",
    "KERAS_BACKEND": "tensorflow",
}


# Set for the commands that a schedule or Slack starts, so that the audit log tells them apart.
STARTED_BY = "SHOPCLERK_STARTED_BY"


class Settings(
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
    ShopSystemsGroup,  # type: ignore[misc, valid-type] # each system says what it can be told
    SlackGroup,
):
    """All settings, with their defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    @property
    def data_dir(self) -> Path:
        """Where made-up secrets and the list of erasures are: next to the store or the models.

        In a container the models are a volume of their own, `/models`, and what is next to it is
        the root of the file system, often read-only: then it is the folder `data`.
        """
        if self.database_url.startswith("sqlite:///"):
            return Path(self.database_url.removeprefix("sqlite:///")).parent
        beside = self.models_dir.parent
        return beside if _may_keep(beside) else DATA_FOLDER

    @property
    def secret_keys(self) -> list[str]:
        """The keys that sign and hash, newest first: the first signs, all of them are believed."""
        return listed(self.secret("secret_key"))

    def shop_values(self, declared: Iterable[ShopSetting] = SHOP_SETTINGS) -> dict[str, str]:
        """What is set of the shop systems' settings, by name; secrets as they are."""
        set_ones = {one.name: getattr(self, one.name) for one in declared}
        return {
            name: value.get_secret_value() if isinstance(value, SecretStr) else value
            for name, value in set_ones.items()
            if value is not None
        }

    def secret(self, name: str) -> str:
        """The secret `name`: as set, or made once and kept in a file only its owner reads."""
        value: SecretStr | None = getattr(self, name)
        if value is not None:
            return value.get_secret_value()
        return _kept_secret(self.data_dir / f"{name}.txt", words=name == "desk_password")


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


def in_environment(name: str) -> str | None:
    """What the environment says of a setting, whatever `.env` does; None: nothing."""
    return os.environ.get(variable(name)) or None


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


def _may_keep(folder: Path) -> bool:
    """Whether files may be put there: it is not the root, and it or what will hold it is ours."""
    place = folder.resolve()
    there = next(each for each in (place, *place.parents) if each.exists())
    return place != Path(place.anchor) and os.access(there, os.W_OK)


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
