"""The settings: every name, type and default, and the only reader of the environment."""

from shopclerk.settings.env_file import EnvFile
from shopclerk.settings.reading import (
    DATA_FOLDER,
    MADE_UP_SECRETS,
    STARTED_BY,
    BadSettings,
    Settings,
    child_environment,
    misspelt_settings,
    quieten_tensorflow,
    read_settings,
    started_by,
    trains_with_others,
    variable,
)
from shopclerk.settings.table import settings_page

__all__ = [
    "DATA_FOLDER",
    "MADE_UP_SECRETS",
    "STARTED_BY",
    "BadSettings",
    "EnvFile",
    "Settings",
    "child_environment",
    "misspelt_settings",
    "quieten_tensorflow",
    "read_settings",
    "settings_page",
    "started_by",
    "trains_with_others",
    "variable",
]
