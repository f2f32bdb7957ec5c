"""What `shopclerk check` says of the machinery, and how to mend it."""

import os
from datetime import timedelta

import pytest

from feedback.db.forwarders import Forwarders
from feedback.db.jobs import Runs
from feedback.desk.outbox import Outbox
from shopclerk.commands.checks.check_machine import look_at_machine
from shopclerk.settings import Settings
from tests.factories import NOW, hours


@pytest.fixture
def look(sqlite_database, tmp_path):
    def looked(**settings):
        url = f"sqlite:///{tmp_path}/shopclerk.db"
        given = Settings(_env_file=None, database_url=url, **settings)
        return {each.subject: each for each in look_at_machine(given, sqlite_database, NOW)}

    return looked


class TestMachine:
    def test_a_fresh_shop_is_well(self, look):
        """Nothing has run, nothing is late."""
        found = look()

        assert {"store kind", "disk", "jobs", "backups", "proxies"} == found.keys()
        assert "SHOPCLERK_BACKUP_DIR" in found["backups"].text
        assert "GB free" in found["disk"].text

    def test_a_teacher_that_is_asked_for_and_not_there_is_missed(self, look):
        """Trainings go on without: nobody else would tell."""
        found = look(teacher="/nonexistent/python")["teacher"]

        assert not found.well
        assert "shopclerk[teacher]" in found.text

    def test_a_failed_job_is_named_with_its_reason(self, sqlite_database, look):
        """From the ledger, whichever process ran it."""
        runs = Runs(sqlite_database)
        claim = runs.claim("retrain", NOW, "me", hours(1), NOW)
        assert claim
        runs.finish(claim, ok=False, note="disk full")

        found = look()["jobs"]

        assert not found.well
        assert "retrain failed at 2026-11-24 12:00 UTC: disk full" == found.text

    def test_old_backups_are_none(self, look, tmp_path):
        """The newest of three days ago: the schedule does not run."""
        folder = tmp_path / "backups"
        assert not look(backup_dir=folder)["backups"].well
        folder.mkdir()
        made = folder / "shopclerk-20261121T023000Z.zip"
        made.write_bytes(b"")
        then = (NOW - timedelta(days=3)).timestamp()
        os.utime(made, (then, then))
        assert "3 days old" in look(backup_dir=folder)["backups"].text
        os.utime(made, (NOW.timestamp(), NOW.timestamp()))

        assert look(backup_dir=folder)["backups"].well

    def test_a_proxy_that_is_not_trusted_is_told_with_the_remedy(self, sqlite_database, look):
        """Until it is trusted; what was seen of it a day ago says nothing."""
        assert "trusted: none" == look()["proxies"].text
        Forwarders(sqlite_database).note("10.9.9.9", NOW - hours(30))
        assert look()["proxies"].well
        Forwarders(sqlite_database).note("172.18.0.1", NOW)
        Forwarders(sqlite_database).note("unix", NOW)

        told = look(trusted_proxies=("10.0.0.0/8",))["proxies"]
        mended = look(trusted_proxies=("172.16.0.0/12", "unix"))["proxies"]

        assert not told.well
        assert "SHOPCLERK_TRUSTED_PROXIES=10.0.0.0/8,172.18.0.1,unix" in told.text
        assert mended.well

    def test_a_header_from_a_public_address_is_no_fault(self, sqlite_database, look):
        """Anybody can send it; a CDN does, too."""
        Forwarders(sqlite_database).note("93.184.216.34", NOW)

        told = look()["proxies"]

        assert told.well
        assert "CDN" in told.text
        assert "93.184" not in told.text

    def test_a_slow_slack_is_told(self, sqlite_database, look):
        """Where Slack is set."""
        Outbox(sqlite_database).put(key="k", lane="C1", kind="words", now=NOW - hours(1))

        assert "Slack queue" not in look()
        assert not look(SLACK_BOT_TOKEN="xoxb-1")["Slack queue"].well
