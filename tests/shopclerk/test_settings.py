"""The settings: defaults that work, errors that say what to do, secrets that stay secret."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from shopclerk.commands.checks.check import run as run_check
from shopclerk.commands.run import NoModelServer, bot
from shopclerk.settings import (
    BadSettings,
    Settings,
    misspelt_settings,
    read_settings,
    settings_page,
    variable,
)
from shopclerk.settings.groups import GROUPS

ROOT = Path(__file__).parents[2]
POSTGRESQL = "postgresql://clerk@store/clerk"


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch, tmp_path):
    """Each test starts with an empty environment and no `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SHOPCLERK_{name.upper()}", raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


class TestReading:
    def test_reads_every_group_that_the_documentation_names(self) -> None:
        """A group that is left out of them is documented, and read by nobody."""
        assert [] == [group.__name__ for group in GROUPS if not issubclass(Settings, group)]

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

    def test_reads_the_proxies_that_are_trusted(self, monkeypatch):
        """Addresses, networks of both kinds, and the Unix socket's word."""
        monkeypatch.setenv("SHOPCLERK_TRUSTED_PROXIES", "127.0.0.1, 10.1.2.3/8,fd00::/8 ,unix")

        assert ("127.0.0.1", "10.1.2.3/8", "fd00::/8", "unix") == read_settings().trusted_proxies

    def test_an_empty_variable_counts_as_unset(self, monkeypatch):
        """Compose files pass variables on empty."""
        monkeypatch.setenv("SHOPCLERK_HOLDOUT_SHARE", "")

        assert read_settings().holdout_share is None

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("HOLDOUT_SHARE", "2", "SHOPCLERK_HOLDOUT_SHARE is '2'"),
            ("TIME_ZONE", "Mars/Olympus", "Europe/Berlin"),
            ("OUTCOME_WINDOW", "PT0S", "P7D"),
            ("PUBLIC_URL", "shop.example", "https://"),
            ("REPORT_CRON", "0 9 * * 8", "bad day-of-week"),
            ("BACKUP_CRON", "nightly", "minute, hour, day"),
            ("METRICS", "speed=miles/hour", "facts are buyers, purchases"),
            ("METRICS", "cvr=buyers", "with a new name"),
            ("TRUSTED_PROXIES", "10.0.0.0/8,ingress", "ingress is no address"),
            ("TRUSTED_PROXIES", "0.0.0.0/0", "name your proxies"),
            ("TRUSTED_PROXIES", "fd00::/8,::/0", "name your proxies"),
        ],
    )
    def test_a_bad_value_is_named_with_the_remedy(self, monkeypatch, name, value, expected):
        """The message holds the variable or the way to write it."""
        monkeypatch.setenv(f"SHOPCLERK_{name}", value)

        with pytest.raises(BadSettings, match="SHOPCLERK_" + name) as raised:
            read_settings()

        assert expected in str(raised.value)


class TestMisspelt:
    def test_they_are_named_with_the_nearest(self, monkeypatch, tmp_path):
        """In the environment and in `.env`, in whichever case; values are not repeated."""
        monkeypatch.setenv("SHOPCLERK_CURENCY", "chf")
        monkeypatch.setenv("SLACK_BOT_TOKN", "xoxb-1")
        monkeypatch.setenv("SHOPCLERC_TIME_ZONE", "UTC")
        (tmp_path / ".env").write_text("shopclerk_holdout_shares=0.1\nSHOPCLERK_QQQQ=1\n")

        named = [sentence.split(" is no setting") for sentence in misspelt_settings()]

        assert {
            "SHOPCLERK_CURENCY": "SHOPCLERK_CURRENCY?",
            "SHOPCLERK_HOLDOUT_SHARES": "SHOPCLERK_HOLDOUT_SHARE?",
            "SHOPCLERC_TIME_ZONE": "SHOPCLERK_TIME_ZONE?",
            "SLACK_BOT_TOKN": "SLACK_BOT_TOKEN?",
            "SHOPCLERK_QQQQ": "are.",
        } == {name: rest.split()[-1] for name, rest in named}

    def test_what_others_set_is_not(self, monkeypatch):
        """Compose's own, Kubernetes' services, Slack's that we do not read."""
        for name in (
            "SHOPCLERK_PORT",
            "SHOPCLERK_PORT_80_TCP_ADDR",
            "SHOPCLERK_SERVICE_HOST",
            "SHOPCLERK_SERVICE_PORT_HTTP",
            "SHOPCLERK_TRAINER_MEMORY",
            "SLACK_USER_TOKEN",
            "shopclerk_currency",
        ):
            monkeypatch.setenv(name, "EUR")

        assert [] == misspelt_settings()

    def test_check_and_start_name_them(self, monkeypatch, capsys, tmp_path):
        """`check` says BAD; whoever starts a bot reads it, though it goes on."""
        monkeypatch.setenv("SHOPCLERK_CURENCY", "CHF")

        bad = [finding.text for finding in run_check() if not finding.well]
        with pytest.raises(NoModelServer):
            bot(host="127.0.0.1", port=0)

        assert "did you mean SHOPCLERK_CURRENCY?" in bad[0]
        assert "Warning: SHOPCLERK_CURENCY" in capsys.readouterr().err

    def test_check_names_what_cannot_be_read(self, monkeypatch):
        """Each setting, and nothing else is looked at."""
        monkeypatch.setenv("SHOPCLERK_REPORT_CRON", "0 9 * * 8")
        monkeypatch.setenv("SHOPCLERK_TIME_ZONE", "Mars")

        found = run_check()

        assert ["SHOPCLERK_REPORT_CRON", "SHOPCLERK_TIME_ZONE"] == sorted(
            finding.text.split()[0] for finding in found
        )
        assert not any(finding.well for finding in found)


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


@contextmanager
def writing_nothing(folder: Path) -> Iterator[None]:
    """This process may not write there; root, who may everywhere, is somebody else meanwhile."""
    folder.chmod(0o500)
    user = os.getuid()
    try:
        if user == 0:
            os.setreuid(65534, -1)  # the real user is whom `os.access` asks about
        yield
    finally:
        if user == 0:
            os.setreuid(user, -1)
        folder.chmod(0o700)


class TestDataFolder:
    """Where made-up secrets and the list of erasures are."""

    def data_dir(self, **settings) -> Path:
        return read_settings(**settings).data_dir

    def test_it_is_next_to_the_store(self):
        """SQLite's file; wherever the models are."""
        there = self.data_dir(database_url="sqlite:////srv/clerk/a.db", models_dir=Path("/models"))
        assert Path("/srv/clerk") == there

    def test_it_is_next_to_the_models(self, tmp_path):
        """With PostgreSQL, also where nothing exists yet."""
        there = self.data_dir(database_url=POSTGRESQL, models_dir=tmp_path / "new" / "models")
        assert tmp_path / "new" == there

    @pytest.mark.parametrize("models", ["/models", "/models/", "/srv/../models"])
    def test_it_is_never_the_root(self, models):
        """As in a container, whose models are a volume of their own."""
        assert Path("data") == self.data_dir(database_url=POSTGRESQL, models_dir=Path(models))

    def test_it_is_no_folder_that_can_not_be_written(self, tmp_path):
        """Nor one that would have to be made in such a one."""
        with writing_nothing(tmp_path):
            for models in (tmp_path / "models", tmp_path / "new" / "models"):
                assert Path("data") == self.data_dir(database_url=POSTGRESQL, models_dir=models)

    def test_secrets_are_made_there(self, tmp_path):
        """Not in the root, which may be read-only."""
        read_settings(database_url=POSTGRESQL, models_dir=Path("/models")).secret("orders_secret")

        assert (tmp_path / "data" / "orders_secret.txt").exists()


class TestDocumentation:
    def test_the_page_is_the_settings_own(self):
        """docs/settings.md is what `shopclerk settings` prints."""
        assert settings_page() == (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", Settings.model_fields)
    def test_every_setting_is_described(self, name):
        """A setting nobody can find is not there."""
        assert f"| `{variable(name)}` |" in settings_page()
        assert Settings.model_fields[name].description
