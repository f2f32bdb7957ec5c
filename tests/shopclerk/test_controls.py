"""What the staff may ask of the model, as it is wired."""

import os

import pytest

from shopclerk.wiring.controls import check_writable


class TestReadOnlyModels:
    """As the compose file gives them to the bot."""

    def test_retraining_is_refused_where_it_would_fail_unread(self, tmp_path):
        """The folder is named."""
        with pytest.raises(OSError, match="Read-only file system.*" + tmp_path.name):
            check_writable(tmp_path, can=lambda _, __: False)

    def test_a_folder_not_made_yet_is_judged_by_what_holds_it(self, tmp_path):
        """A first training makes it."""
        may = {(tmp_path, os.W_OK)}

        check_writable(tmp_path / "a" / "models", can=lambda *what: what in may)
