"""The settings file `.env`: a checked value is written into it, the rest of it stays."""

from pathlib import Path

from dotenv import dotenv_values, set_key

from shopclerk.settings.reading import in_environment, read_settings, variable


class EnvFile:
    """`.env` in this folder, which only its owner reads: it may hold secrets."""

    def __init__(self, path: Path = Path(".env")) -> None:
        """At `path`; it is made with the first value."""
        self.path = path

    def value(self, name: str) -> str | None:
        """What the file says of a setting; None where it says nothing."""
        return dotenv_values(self.path).get(variable(name)) or None

    def put(self, name: str, value: str) -> None:
        """Set a setting.

        Raises:
            BadSettings: it cannot be that; nothing was written.
        """
        read_settings(**{name: value})
        if not self.path.exists():
            self.path.touch(mode=0o600)
        set_key(self.path, variable(name), value)
        self.path.chmod(0o600)

    def is_overruled(self, name: str) -> bool:
        """Whether the environment says otherwise, and wins."""
        said = in_environment(name)
        return said is not None and said != self.value(name)
