"""Whose model server runs here: notes of killed processes and of other shops."""

import json
import os
import shutil

import pytest

from serving.server.discovery import NOTE, Announcement, ServedElsewhere, find_running
from serving.versions.folder import VersionFolder


class TestAnnouncement:
    def test_one_process_at_a_time(self, tmp_path):
        """The second waits until the first has withdrawn."""
        first = Announcement(tmp_path)
        with pytest.raises(ServedElsewhere, match=str(tmp_path)):
            Announcement(tmp_path)
        first.withdraw()
        Announcement(tmp_path).withdraw()

    def test_withdrawn_it_takes_nobody_elses_note_away(self, tmp_path):
        """One that ends slowly, beside one that was started meanwhile."""
        ending = Announcement(tmp_path)
        ending.publish("127.0.0.1:1", os.getpid())
        ending.withdraw()
        starting = Announcement(tmp_path)
        starting.publish("127.0.0.1:2", os.getpid())
        ending.publish("127.0.0.1:1", os.getpid())
        ending.withdraw()

        assert "127.0.0.1:2" == json.loads((tmp_path / NOTE).read_text())["address"]
        starting.withdraw()
        assert not (tmp_path / NOTE).exists()


@pytest.mark.slow
class TestFinding:
    def test_another_shops_server_is_not_ours(self, tmp_path, publish, start):
        """A note left by a killed process names a port that another shop has now."""
        theirs = VersionFolder(tmp_path / "theirs")
        publish(theirs, "one")
        child = start(theirs.models_dir)
        ours, copied = tmp_path / "ours", tmp_path / "copied"
        ours.mkdir()
        (ours / NOTE).write_text(json.dumps({"address": child.address, "pid": child.pid}))
        shutil.copytree(theirs.models_dir, copied)

        assert child.address == find_running(theirs.models_dir)
        assert [None, None] == [find_running(ours), find_running(copied)]
        announced = Announcement(ours)
        assert find_running(ours) is None  # the old note went with the lock
        announced.withdraw()

    def test_one_that_will_be_stopped_is_not_found(self, tmp_path, publish, start):
        """Though it answers still."""
        folder = VersionFolder(tmp_path)
        publish(folder, "one")
        child = start(folder.models_dir)
        child.withdraw()

        assert find_running(folder.models_dir) is None
