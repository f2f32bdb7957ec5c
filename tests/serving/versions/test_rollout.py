"""Promote, canary, roll back: the three-step dance and what a crash or a broken version leaves."""

import itertools
import os
import sys

import pytest

from serving.errors import (
    BrokenVersion,
    NothingToRollBack,
    RolloutBusy,
    UnknownVersion,
    VersionNotLoaded,
)
from serving.ranker import RankerUnavailable
from serving.versions.config_file import read_labels
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from tests.serving.fakes import FakeModelServer, write_version


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch):
    """Hundreds of rollouts: what a power cut would lose is not looked at here."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def folder(tmp_path):
    folder = VersionFolder(tmp_path)
    for _ in range(3):
        folder.publish(write_version())
    return folder


class TestPromoting:
    def test_the_label_moves_only_after_both_versions_are_loaded(self, folder):
        """Load old and new, then relabel; the old stays loaded, to be gone back to."""
        server = FakeModelServer()
        Rollout(folder, server).promote(1)
        server.configs.clear()

        Rollout(folder, server).promote(2)

        assert [{"stable": 1}, {"stable": 2}, {"stable": 2}] == [
            read_labels(config) for config in server.configs
        ]
        assert "versions: 1 versions: 2" in server.configs[0]
        assert {1, 2} == server.loaded

    def test_only_one_way_back_stays_loaded(self, folder):
        """Two models are held, not all there ever were; a trial changes nothing about it."""
        server = FakeModelServer()
        rollout = Rollout(folder, server)
        for version in (1, 2, 3, 3):
            rollout.promote(version)

        assert {2, 3} == server.loaded

        rollout.canary(1)
        assert {1, 2, 3} == server.loaded
        rollout.canary(None)
        assert {2, 3} == server.loaded

    def test_without_a_server_the_file_says_what_the_next_start_loads(self, folder):
        """A promotion needs no running server."""
        Rollout(folder).promote(3)

        assert {"stable": 3} == Rollout(folder).labels()
        assert "versions: 3" in (folder.models_dir / "models.config").read_text()

    def test_the_first_model_is_there_before_its_server(self, folder):
        """Compose starts it only then. Later on a server that is away keeps the labels."""

        class Away(FakeModelServer):
            def status(self, version=None):
                raise RankerUnavailable("not started yet")

        Rollout(folder, Away()).promote(1)
        with pytest.raises(RankerUnavailable):
            Rollout(folder, Away()).promote(2)

        assert {"stable": 1} == Rollout(folder).labels()

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

    def test_a_server_too_busy_loading_to_say_so_is_waited_for(self, folder):
        """One call that ran out of time is no reason to give up."""

        class Busy(FakeModelServer):
            silent = 0  # so many calls get no answer

            def reload(self, config):
                silent, self.silent = self.silent, 0
                super().reload(config)
                self.silent = 0 if silent or read_labels(config) else 3

            def status(self, version=None):
                if self.silent:
                    self.silent -= 1
                    raise RankerUnavailable("busy")
                return super().status(version)

        server = Busy()

        Rollout(folder, server, sleep=lambda _: None).promote(2)

        assert {"stable": 2} == server.labels
        assert 0 == server.silent

    def test_versions_nobody_needs_are_deleted(self, folder):
        """The labelled stay, and the one to roll back to; the disk does not fill."""
        for _ in range(6):
            folder.publish(write_version())
        for version in (1, 2):
            Rollout(folder, keep=9).promote(version)
        rollout = Rollout(folder, keep=2)
        rollout.canary(4)

        rollout.promote(3)

        assert [2, 3, 4, 8, 9] == folder.versions()
        assert 2 == rollout.rollback()

    def test_two_who_promote_at_once_wait_for_each_other(self, folder):
        """Their steps do not mix; the second one is told if it takes too long."""
        slow = FakeModelServer()
        seen = []

        def promote_meanwhile(_):
            try:
                Rollout(folder, load_seconds=0.2).promote(3)
            except RolloutBusy as error:
                seen.append(error)
            slow.slow.clear()

        slow.slow = {2}
        Rollout(folder, slow, sleep=promote_meanwhile).promote(2)

        assert {"stable": 2} == Rollout(folder).labels()
        assert 1 == len(seen)


class Crash(BaseException):
    """The process ends here: nothing that comes after is run."""


class CrashingAt:
    """Counts every effect, on disk or in the server, and ends the process at the `step`-th."""

    def __init__(self, step: int, *, after: bool):
        self.step = step
        self.after = after
        self.count = 0

    def around(self, effect):
        def run(*arguments):
            self.count += 1
            if self.count == self.step and not self.after:
                raise Crash
            result = effect(*arguments)
            if self.count == self.step and self.after:
                raise Crash
            return result

        return run


class TestCrashing:
    """A move ended at each of its steps, before it and after it, with and without a server."""

    @pytest.fixture(params=[False, True], ids=["before the step", "after the step"])
    def crash_at(self, request, monkeypatch):
        """Run a command on a rollout whose `step`-th effect ends it; False once it has fewer."""

        def crash_at(step, folder, server, command) -> bool:
            crashing = CrashingAt(step, after=request.param)
            with monkeypatch.context() as patch:
                for module, name in [
                    ("label_moves", "replace_file"),
                    ("rollout_journal", "replace_file"),
                    ("rollout_journal", "unlink"),
                ]:
                    effect = getattr(sys.modules[f"serving.versions.{module}"], name)
                    patch.setattr(f"serving.versions.{module}.{name}", crashing.around(effect))
                if server is not None:
                    patch.setattr(server, "reload", crashing.around(server.reload))
                    patch.setattr(server, "status", crashing.around(server.status))
                try:
                    command(Rollout(folder, server))
                except Crash:
                    return True
            return False

        return crash_at

    @pytest.fixture(params=["server", "server starts anew", "no server"])
    def world(self, request, tmp_path):
        """Makes a fresh shop where 1 and then 2 were promoted; and what becomes of the server."""

        def begin(step):
            folder = VersionFolder(tmp_path / str(step))
            for _ in range(3):
                folder.publish(write_version())
            server = None if request.param == "no server" else FakeModelServer()
            for version in (1, 2):
                Rollout(folder, server).promote(version)
            return folder, server

        def after_crash(folder, server):
            if request.param == "server starts anew":
                server = FakeModelServer()
                server.start(Rollout(folder).config_path.read_text())
            return server

        return begin, after_crash

    @pytest.mark.parametrize(
        ("command", "target", "then"),
        [
            (lambda rollout: rollout.promote(3), 3, 2),
            (lambda rollout: rollout.rollback(), 1, None),
        ],
        ids=["promote", "rollback"],
    )
    def test_the_same_command_goes_on_from_any_step(self, crash_at, world, command, target, then):
        """Whatever is left answers; the command again ends where it would have ended."""
        begin, after_crash = world
        for step in itertools.count(1):
            folder, server = begin(step)
            crashed = crash_at(step, folder, server, command)
            if not crashed:
                break
            server = after_crash(folder, server)
            assert {2, target} >= set(Rollout(folder).labels().values())
            if server is not None:
                assert server.labels["stable"] in server.loaded

            finished = Rollout(folder, server)
            if finished._journal.pending() is not None or finished.stable() != target:
                command(finished)  # else its last step was done: it ended, only nobody was told

            assert {"stable": target} == finished.labels(), f"step {step}"
            assert then == finished.predecessor(), f"step {step}"
            if server is not None:
                assert {"stable": target} == server.labels
                assert {target, then} - {None} == server.loaded  # the way back too
        assert step > 3

    def test_a_promotion_that_crashed_can_be_rolled_back(self, crash_at, world):
        """At any step: to the champion of before, whether its label had moved or not."""
        begin, after_crash = world
        for step in itertools.count(1):
            folder, server = begin(step)
            if not crash_at(step, folder, server, lambda rollout: rollout.promote(3)):
                break
            server = after_crash(folder, server)
            rollout = Rollout(folder, server)
            begun = rollout._journal.pending() is not None

            assert (2 if begun or rollout.stable() == 3 else 1) == rollout.rollback()
            assert rollout.labels()["stable"] in (1, 2)


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
