"""A models folder that was moved, or in which a byte has changed."""

import shutil

import pytest

from serving import contract
from serving.errors import UnsignedVersion
from serving.versions.folder import VersionFolder
from serving.versions.recovery import recover, relocate
from serving.versions.rollout import Rollout
from tests.serving.fakes import write_version

KEY = b"k" * 32


@pytest.fixture
def rollout(tmp_path):
    """Three versions, each of which was champion once; the third is."""
    folder = VersionFolder(tmp_path / "models", [KEY])
    rollout = Rollout(folder)
    for _ in range(3):
        rollout.promote(folder.publish(write_version()))
    return rollout


def flip(rollout, version):
    """Change one byte of the weights."""
    path = rollout.folder.path(version) / "variables" / "variables.data-00000-of-00001"
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)


def config(rollout):
    return rollout.config_path.read_text(encoding="utf-8")


class TestMoved:
    def test_the_config_names_the_folder_it_lies_in(self, rollout, tmp_path):
        """Labels and the way back stay as they were."""
        before = config(rollout)
        shutil.move(tmp_path / "models", tmp_path / "elsewhere")
        moved = Rollout(VersionFolder(tmp_path / "elsewhere", [KEY]))
        relocate(moved)

        assert before.replace("/models/", "/elsewhere/") == config(moved)
        assert (3, 2) == (moved.stable(), moved.predecessor())

    def test_what_is_right_is_not_written(self, rollout):
        """A server that watches the file reads nothing again."""
        before = rollout.config_path.stat().st_ino
        relocate(rollout)

        assert [] == recover(rollout)
        assert before == rollout.config_path.stat().st_ino


class TestDamaged:
    def test_the_only_version_is_set_aside(self, tmp_path):
        """Then there is no model, as at first; its number is not given again."""
        folder = VersionFolder(tmp_path, [KEY])
        only = Rollout(folder)
        only.promote(folder.publish(write_version()))
        flip(only, 1)
        said = recover(only)

        assert "was changed after it was published" in said[0]
        assert "broken-1" in said[0]
        assert ([], None) == (folder.versions(), only.stable())
        assert (folder.base / "broken-1" / "saved_model.pb").is_file()
        assert 2 == folder.publish(write_version())

    def test_the_champion_before_answers_instead(self, rollout):
        """The newest that is whole; the next rollback leads further back."""
        flip(rollout, 3)
        flip(rollout, 2)
        said = recover(rollout)

        assert "Version 1 answers instead." == said[-1]
        assert (1, None) == (rollout.stable(), rollout.predecessor())
        assert [1] == rollout.folder.versions()
        rollout.folder.verify(1)

    def test_a_damaged_challenger_ends_its_trial(self, rollout):
        """The champion goes on."""
        rollout.canary(rollout.folder.publish(write_version()))
        flip(rollout, 4)
        recover(rollout)

        assert {contract.STABLE: 3} == rollout.labels()

    def test_one_that_is_gone_is_named(self, rollout):
        """Somebody removed its folder."""
        shutil.rmtree(rollout.folder.path(3))
        said = recover(rollout)

        assert "3" in said[0]
        assert 2 == rollout.stable()

    def test_one_without_our_signature_is_left_to_a_person(self, rollout):
        """The key may have changed; nothing is moved."""
        other = Rollout(VersionFolder(rollout.folder.models_dir, [b"o" * 32]))
        with pytest.raises(UnsignedVersion, match="versions --sign"):
            recover(other)
        assert [1, 2, 3] == other.folder.versions()

    def test_a_config_that_cannot_be_read_is_written_anew(self, rollout):
        """From what is known of former champions."""
        rollout.config_path.write_bytes(b"model_config_list { conf\x01ig")
        said = recover(rollout)

        assert "can not be read" in said[0]
        assert 3 == rollout.stable()
