"""The version folders: whole or not at all, and never taken for whole when they are not."""

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.errors import BrokenVersion, NoVersions, UnknownVersion
from serving.versions.folder import VersionFolder, VersionTaken
from serving.versions.manifest import KEY_FILE, make_own_key, own_key
from tests.serving.fakes import write_version

OURS, THEIRS = b"o" * 32, b"t" * 32


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

    @pytest.mark.parametrize(
        ("models", "folders", "files"), [(0o700, 0o700, 0o600), (0o755, 0o755, 0o644)]
    )
    def test_whoever_may_read_the_models_folder_can_read_it(self, folder, models, folders, files):
        """A model server of another user, where the folder was opened to it; else its owner."""
        folder.models_dir.mkdir(parents=True, exist_ok=True)
        folder.models_dir.chmod(models)

        def write_privately(path):
            write_version()(path)
            for entry in [path, *path.rglob("*")]:
                entry.chmod(0o700 if entry.is_dir() else 0o600)

        path = folder.path(folder.publish(write_privately))

        modes = {entry.stat().st_mode & 0o777 for entry in [folder.base, path, *path.rglob("*")]}
        assert {folders, files} == modes

    def test_those_who_publish_at_once_get_a_number_each(self, folder):
        """Nobody overwrites, nobody fails."""
        with ThreadPoolExecutor(8) as pool:
            numbers = list(pool.map(lambda _: folder.publish(write_version()), range(24)))

        assert list(range(1, 25)) == sorted(numbers) == folder.versions()
        for number in numbers:
            folder.verify(number)

    @pytest.mark.parametrize("operation", ["WriteFile", "ReadFile", "PyFunc", "EagerPyFunc"])
    def test_a_model_that_would_reach_beyond_tensors_is_refused(self, folder, operation):
        """A SavedModel is a program; it is read before it gets a number."""
        with pytest.raises(BrokenVersion, match=operation):
            folder.publish(write_version(operation))

        assert [] == folder.numbers()


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
            (lambda path: (path / "variables" / "more").symlink_to("/etc/hostname"), "is a link"),
            (lambda path: (path / "complete.json").write_text("{"), "manifest"),
            (lambda path: (path / "complete.json").write_text('{"sha256": 3}'), "manifest"),
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


class TestSigning:
    @pytest.fixture
    def signing(self, tmp_path):
        """Our folder: what it publishes is signed, what we did not sign is not believed."""
        return VersionFolder(tmp_path / "models", [OURS])

    def test_what_we_publish_is_ours(self, signing):
        """And stays so when another key signs from now on."""
        version = signing.publish(write_version())

        signing.verify(version)
        VersionFolder(signing.models_dir, [THEIRS, OURS]).verify(version)

    @pytest.mark.parametrize("keys", [[], [THEIRS]], ids=["unsigned", "signed by another"])
    def test_what_somebody_else_put_there_is_not(self, signing, keys):
        """Its manifest fits its files, and is worth nothing."""
        version = VersionFolder(signing.models_dir, keys).publish(write_version())

        with pytest.raises(BrokenVersion, match=f"versions --sign {version}"):
            signing.verify(version)
        assert not signing.is_signed(version)

    def test_a_changed_file_with_a_manifest_to_fit_is_found(self, signing):
        """Who changes weights and their digest can not sign for them."""
        path = signing.path(signing.publish(write_version()))
        manifest = json.loads((path / "complete.json").read_text())
        forged = VersionFolder(signing.models_dir)
        other = forged.path(forged.publish(write_version("Add")))
        shutil.copy(other / "saved_model.pb", path / "saved_model.pb")
        manifest["sha256"] = json.loads((other / "complete.json").read_text())["sha256"]
        (path / "complete.json").write_text(json.dumps(manifest))

        with pytest.raises(BrokenVersion, match="not signed with this shop's key"):
            signing.verify(1)

    def test_an_old_version_can_not_come_back_under_a_new_number(self, signing):
        """The number is signed too."""
        signing.publish(write_version())
        shutil.copytree(signing.path(1), signing.base / "9")

        with pytest.raises(BrokenVersion, match="not signed"):
            signing.verify(9)

    def test_the_owner_can_take_a_strange_version_for_their_own(self, signing):
        """By saying so; a broken or a harmful one not even then."""
        version = VersionFolder(signing.models_dir).publish(write_version())

        signing.sign(version)

        signing.verify(version)
        (signing.path(version) / "saved_model.pb").write_text("evil")
        with pytest.raises(BrokenVersion, match="was changed"):
            signing.sign(version)

    def test_a_folder_without_a_secret_keeps_a_key_of_its_own(self, tmp_path):
        """Made once, read by its owner alone."""
        assert own_key(tmp_path) is None

        made = make_own_key(tmp_path)

        assert made == own_key(tmp_path) == make_own_key(tmp_path)
        assert 0o600 == (tmp_path / KEY_FILE).stat().st_mode & 0o777

    def test_a_key_that_others_may_touch_is_no_key(self, tmp_path):
        """Somebody may have put it there."""
        make_own_key(tmp_path)
        (tmp_path / KEY_FILE).chmod(0o640)

        assert own_key(tmp_path) is None


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
