"""S8: a model is a program. What may write files, or was not signed here, is never served.

The whole of it: tests/serving/versions/test_allowed_ops.py,
tests/serving/versions/test_folder.py and tests/shopclerk/test_signing.py.
"""

from pathlib import Path

import pytest

from serving.errors import BrokenVersion
from serving.versions.folder import VersionFolder
from tests.serving.fakes import write_version

ROOT = Path(__file__).parents[2]
DANGEROUS = ["WriteFile", "ReadFile", "PyFunc", "EagerPyFunc", "SaveV2", "PrintV2", "LoadLibrary"]


class TestS08Models:
    @pytest.mark.parametrize("operation", DANGEROUS)
    def test_a_graph_that_may_touch_files_or_run_python_is_refused(
        self, tmp_path: Path, operation: str
    ) -> None:
        """Before it has a number, so that no server ever loads it."""
        folder = VersionFolder(tmp_path / "models", [b"k" * 32])

        with pytest.raises(BrokenVersion):
            folder.publish(write_version(operation))

        assert [] == folder.versions()

    def test_a_version_that_was_changed_or_signed_elsewhere_is_refused(
        self, tmp_path: Path
    ) -> None:
        """One byte is enough; so is another shop's key."""
        ours = VersionFolder(tmp_path / "models", [b"o" * 32])
        number = ours.publish(write_version())
        with pytest.raises(BrokenVersion):
            VersionFolder(tmp_path / "models", [b"t" * 32]).verify(number)
        graph = ours.path(number) / "saved_model.pb"
        graph.write_bytes(graph.read_bytes() + b"\x00")

        with pytest.raises(BrokenVersion):
            ours.verify(number)

    def test_nothing_of_ours_unpickles_or_loads_a_keras_file(self) -> None:
        """Both run whatever the file says."""
        found = [
            f"{path.relative_to(ROOT)}: {word}"
            for room in ("bot", "feedback", "serving", "shopclerk", "training")
            for path in (ROOT / room).rglob("*.py")
            for word in (
                "pickle.load",
                "import pickle",
                "load_model(",
                "allow_pickle=True",
                "yaml.load(",
                "eval(",
                "shell=True",
            )
            if word in path.read_text(encoding="utf-8")
        ]

        assert [] == found
