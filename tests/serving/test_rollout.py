"""Promote, canary, roll back: the three-step dance and what a crash or a broken version leaves."""

import pytest

from serving.errors import BrokenVersion, NothingToRollBack, UnknownVersion, VersionNotLoaded
from serving.rollout import Rollout, read_labels
from serving.versions import VersionFolder
from tests.serving.fakes import FakeModelServer, write_version


@pytest.fixture
def folder(tmp_path):
    folder = VersionFolder(tmp_path)
    for _ in range(3):
        folder.publish(write_version())
    return folder


class TestPromoting:
    def test_the_label_moves_only_after_both_versions_are_loaded(self, folder):
        """Load old and new, then relabel, then drop the old."""
        server = FakeModelServer()
        Rollout(folder, server).promote(1)
        server.configs.clear()

        Rollout(folder, server).promote(2)

        assert [{"stable": 1}, {"stable": 2}, {"stable": 2}] == [
            read_labels(config) for config in server.configs
        ]
        assert "versions: 1 versions: 2" in server.configs[0]
        assert {2} == server.loaded

    def test_without_a_server_the_file_says_what_the_next_start_loads(self, folder):
        """A promotion needs no running server."""
        Rollout(folder).promote(3)

        assert {"stable": 3} == Rollout(folder).labels()
        assert "versions: 3" in (folder.models_dir / "models.config").read_text()

    def test_a_version_the_server_can_not_load_changes_nothing(self, folder):
        """The champion goes on serving, in the server and in the file."""
        server = FakeModelServer(broken={2})
        rollout = Rollout(folder, server)
        rollout.promote(1)

        with pytest.raises(VersionNotLoaded, match="broken"):
            rollout.promote(2)

        assert {"stable": 1} == rollout.labels()
        assert {1} == server.loaded

    def test_a_broken_version_is_refused_before_the_server_hears_of_it(self, folder):
        """Its files are compared with the manifest first."""
        (folder.path(2) / "saved_model.pb").write_text("evil")
        server = FakeModelServer()

        with pytest.raises(BrokenVersion):
            Rollout(folder, server).promote(2)

        assert [] == server.configs

    def test_an_unknown_version_is_refused(self, folder):
        """With the versions there are."""
        with pytest.raises(UnknownVersion, match="1, 2, 3"):
            Rollout(folder).promote(9)

    def test_a_promoted_challenger_is_no_challenger_any_more(self, folder):
        """Its label goes."""
        rollout = Rollout(folder)
        rollout.promote(1)
        rollout.canary(2)
        assert {"stable": 1, "canary": 2} == rollout.labels()

        rollout.promote(2)

        assert {"stable": 2} == rollout.labels()

    def test_a_server_that_crashed_midway_is_mended_by_the_same_command(self, folder):
        """Each step leaves a configuration that works; the command goes on from there."""

        class Crash(Exception):
            pass

        class CrashingServer(FakeModelServer):
            def reload(self, config):
                if len(self.configs) == 1:
                    raise Crash
                super().reload(config)

        Rollout(folder).promote(1)
        with pytest.raises(Crash):
            Rollout(folder, CrashingServer()).promote(2)

        Rollout(folder, FakeModelServer()).promote(2)

        assert {"stable": 2} == Rollout(folder).labels()
        assert 1 == Rollout(folder).rollback()


class TestRollingBack:
    def test_goes_back_step_by_step(self, folder):
        """Rolling back twice goes two steps back, not forth again."""
        rollout = Rollout(folder)
        for version in (1, 2, 3):
            rollout.promote(version)

        assert [2, 1] == [rollout.rollback(), rollout.rollback()]
        assert {"stable": 1} == rollout.labels()

    def test_leaves_a_champion_that_the_server_can_not_load(self, folder):
        """The label may not stay where nothing answers; the server would refuse it."""
        server = FakeModelServer()
        rollout = Rollout(folder, server)
        rollout.promote(1)
        rollout.promote(2)
        server.broken = {2}  # it was started again, and the champion's weights are gone

        assert 1 == rollout.rollback()
        assert {"stable": 1} == rollout.labels()
        assert {1} == server.loaded

    def test_a_challenger_that_can_not_be_loaded_does_not_stand_in_the_way(self, folder):
        """It loses its label; its shoppers are answered by the champion."""
        server = FakeModelServer()
        rollout = Rollout(folder, server)
        rollout.promote(1)
        rollout.promote(2)
        rollout.canary(3)
        server.broken = {3}

        rollout.rollback()

        assert {"stable": 1} == rollout.labels()

    def test_the_first_version_has_nothing_before_it(self, folder):
        """It says so."""
        rollout = Rollout(folder)
        rollout.promote(1)

        with pytest.raises(NothingToRollBack, match="version 1"):
            rollout.rollback()
