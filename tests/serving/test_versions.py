"""The version folders: whole or not at all, and never taken for whole when they are not."""

import os

import pytest

from serving.errors import BrokenVersion, NoVersions, UnknownVersion
from serving.versions import VersionFolder, VersionTaken
from tests.serving.fakes import write_version


@pytest.fixture
def folder(tmp_path):
    return VersionFolder(tmp_path / "models")


class TestPublishing:
    def test_numbers_go_up_by_one(self, folder):
        """The next version is one more than the last."""
        assert [1, 2] == [folder.publish(write_version()) for _ in range(2)]
        assert [1, 2] == folder.versions()

    def test_a_failed_writer_leaves_nothing_behind(self, folder):
        """A crash while writing never leaves a folder a server would load."""

        def fail(path):
            (path / "saved_model.pb").write_text("half")
            raise OSError("disk full")

        with pytest.raises(OSError, match="disk full"):
            folder.publish(fail)

        assert [] == list(folder.base.iterdir())

    def test_something_that_is_no_saved_model_is_refused(self, folder):
        """The manifest would seal nonsense."""
        with pytest.raises(BrokenVersion, match=r"saved_model\.pb is missing"):
            folder.publish(lambda path: None)

        assert [] == folder.numbers()

    def test_a_number_is_never_used_twice(self, folder):
        """Versions are never overwritten."""
        folder.publish(write_version(), version=4)

        with pytest.raises(VersionTaken, match="never overwritten"):
            folder.publish(write_version(), version=4)

    def test_leftovers_of_a_dead_process_are_swept_away(self, folder):
        """They are taken away by the next publication, those of the living are not."""
        dead, alive = folder.base / "writing-999999999-x", folder.base / f"writing-{os.getpid()}-x"
        dead.mkdir(parents=True)
        alive.mkdir()

        folder.publish(write_version())

        assert not dead.exists()
        assert alive.exists()


class TestVerifying:
    def test_an_untouched_version_is_whole(self, folder):
        """Nothing is raised."""
        folder.verify(folder.publish(write_version()))

    @pytest.mark.parametrize(
        ("harm", "reason"),
        [
            (lambda path: (path / "variables" / "variables.index").unlink(), "is missing"),
            (lambda path: (path / "saved_model.pb").write_text("evil"), "was changed"),
            (lambda path: (path / "extra.so").write_text("evil"), "was added"),
            (lambda path: (path / "complete.json").write_text("{"), "manifest"),
            (lambda path: (path / "complete.json").unlink(), r"complete\.json"),
        ],
    )
    def test_any_harm_is_found_and_named(self, folder, harm, reason):
        """Missing, changed and added files, and a manifest that can not be read."""
        version = folder.publish(write_version())
        harm(folder.path(version))

        with pytest.raises(BrokenVersion, match=reason):
            folder.verify(version)

    def test_an_unknown_version_is_answered_with_what_there_is(self, folder):
        """The message helps to pick another."""
        folder.publish(write_version())

        with pytest.raises(UnknownVersion, match="no version 9; versions there are: 1"):
            folder.verify(9)


class TestListing:
    def test_half_written_folders_are_no_versions(self, folder):
        """A number without a manifest was never published by us."""
        folder.publish(write_version())
        (folder.base / "2").mkdir()

        assert [1] == folder.versions()
        assert 3 == folder.next_version()

    def test_no_folder_means_no_versions(self, folder):
        """And asking for the newest says how to make one."""
        assert [] == folder.versions()
        with pytest.raises(NoVersions, match="shopclerk retrain"):
            folder.newest()

    def test_pruning_keeps_the_newest_and_the_needed(self, folder):
        """At least two stay, whatever is asked."""
        for _ in range(5):
            folder.publish(write_version())

        assert [2, 3] == folder.prune(1, needed={1})
        assert [1, 4, 5] == folder.versions()
