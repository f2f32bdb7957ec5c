"""The settings: defaults that work, errors that say what to do, secrets that stay secret."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from shopclerk.settings import BadSettings, Settings, read_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch, tmp_path):
    """Each test starts with an empty environment and no `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SHOPCLERK_{name.upper()}", raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


class TestReading:
    def test_everything_has_a_default(self):
        """Nothing has to be set."""
        assert Settings() == read_settings()

    def test_reads_durations_lists_and_slacks_own_names(self, monkeypatch):
        """Windows are ISO 8601 durations, origins a comma-separated list."""
        monkeypatch.setenv("SHOPCLERK_OUTCOME_WINDOW", "P14D")
        monkeypatch.setenv("SHOPCLERK_ALLOWED_ORIGINS", "https://a.example, https://b.example/")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")

        settings = read_settings()

        assert timedelta(days=14) == settings.outcome_window
        assert ("https://a.example", "https://b.example") == settings.allowed_origins
        assert settings.slack_bot_token is not None
        assert "xoxb-1" == settings.slack_bot_token.get_secret_value()

    def test_an_empty_variable_counts_as_unset(self, monkeypatch):
        """Compose files pass variables on empty."""
        monkeypatch.setenv("SHOPCLERK_HOLDOUT_SHARE", "")

        assert 0.1 == read_settings().holdout_share

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("HOLDOUT_SHARE", "2", "SHOPCLERK_HOLDOUT_SHARE is '2'"),
            ("TIME_ZONE", "Mars/Olympus", "Europe/Berlin"),
            ("OUTCOME_WINDOW", "PT0S", "P7D"),
            ("PUBLIC_URL", "shop.example", "https://"),
        ],
    )
    def test_a_bad_value_is_named_with_the_remedy(self, monkeypatch, name, value, expected):
        """The message holds the variable or the way to write it."""
        monkeypatch.setenv(f"SHOPCLERK_{name}", value)

        with pytest.raises(BadSettings, match="SHOPCLERK_" + name) as raised:
            read_settings()

        assert expected in str(raised.value)


class TestSecrets:
    def test_example_secrets_are_refused_and_not_shown(self, monkeypatch):
        """A clerk signed with an example's secret could be spoken for by anybody."""
        monkeypatch.setenv("SHOPCLERK_SECRET_KEY", "changeme")

        with pytest.raises(BadSettings, match="openssl rand") as raised:
            read_settings()

        assert "changeme" not in str(raised.value)

    def test_an_unset_secret_is_made_once_and_kept_for_its_owner(self, tmp_path):
        """The second process reads what the first one made; nobody else can read it."""
        first = read_settings().secret("secret_key")

        assert first == read_settings().secret("secret_key")
        assert 0o600 == stat.S_IMODE((tmp_path / "data" / "secret_key.txt").stat().st_mode)

    def test_no_secret_shows_in_the_settings_text(self, monkeypatch):
        """Settings may end in a log line by accident."""
        monkeypatch.setenv("SHOPCLERK_ORDERS_SECRET", "a-long-enough-secret-0123")

        assert "a-long-enough" not in repr(read_settings())


class TestDocumentation:
    @pytest.mark.parametrize("name", Settings.model_fields)
    def test_every_setting_is_in_the_readme(self, name):
        """A setting nobody can find is not there."""
        variable = name.upper() if name.startswith("slack_") else f"SHOPCLERK_{name.upper()}"

        assert f"`{variable}`" in (ROOT / "README.md").read_text(encoding="utf-8")
