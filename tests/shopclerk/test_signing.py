"""Which key signs a shop's versions, and what is believed when the key changes."""

import pytest

from serving.errors import BrokenVersion
from serving.versions.folder import VersionFolder
from serving.versions.manifest import KEY_FILE
from shopclerk.settings import Settings
from shopclerk.wiring import build_rollout, version_folder, version_keys
from tests.serving.fakes import write_version

SECRET, OTHER = "s" * 32, "o" * 32


@pytest.fixture
def settings(tmp_path):
    """Settings of a shop in an empty folder, with a secret or without."""

    def settings(secret=None, **more) -> Settings:
        values = {
            "models_dir": tmp_path / "models",
            "database_url": f"sqlite:///{tmp_path}/shopclerk.db",
            "secret_key": secret,
            **more,
        }
        return Settings.model_validate(values)

    return settings


class TestKeys:
    def test_without_a_secret_the_folder_keeps_a_key(self, settings):
        """The same one at every start, wherever the store lies."""
        first = version_keys(settings())

        assert first == version_keys(settings(database_url="sqlite:///elsewhere.db"))
        assert 32 == len(first[0])

    def test_what_lies_there_when_the_key_is_made_is_ours(self, settings):
        """A shop from before there were keys goes on; what comes later unsigned does not."""
        VersionFolder(settings().models_dir).publish(write_version())

        folder = version_folder(settings())

        folder.verify(1)
        VersionFolder(settings().models_dir).publish(write_version())
        with pytest.raises(BrokenVersion, match="not signed"):
            folder.verify(2)

    def test_a_secret_that_is_set_later_signs_from_then_on(self, settings):
        """What the folder's own key signed is believed still."""
        version_folder(settings()).publish(write_version())

        later = version_folder(settings(SECRET))

        later.verify(1)
        later.verify(later.publish(write_version()))
        with pytest.raises(BrokenVersion):
            version_folder(settings()).verify(2)

    def test_another_secret_is_another_shop(self, settings):
        """Until its owner says otherwise."""
        version_folder(settings(SECRET)).publish(write_version())
        other = version_folder(settings(OTHER))
        with pytest.raises(BrokenVersion, match="--sign 1"):
            other.verify(1)

        other.sign(1)

        other.verify(1)

    def test_a_folder_that_can_only_be_read_has_no_key(self, settings, tmp_path):
        """Nothing is signed there, and nothing is asked."""
        (tmp_path / "models").write_text("in the way")

        assert [] == version_keys(settings())


class TestRollout:
    def test_promotes_what_is_signed_and_deletes_what_nobody_needs(self, settings):
        """By the shop's settings."""
        shop = settings(keep_versions=2)
        folder = version_folder(shop)
        for _ in range(4):
            folder.publish(write_version())

        build_rollout(shop).promote(4)

        assert [3, 4] == folder.versions()
        assert (shop.models_dir / KEY_FILE).is_file()
