"""The embedded server as shopclerk runs it: versions come and go, it crashes, its parent ends."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from serving.client.tfserving import TFServingRanker
from serving.errors import BrokenVersion, NoVersions, VersionNotLoaded
from serving.ranker import Candidate, RankerUnavailable
from serving.server.child_process import EmbeddedChild, ModelServerFailed, start_embedded
from serving.server.discovery import find_running
from serving.versions.folder import VersionFolder
from serving.versions.rollout import Rollout
from tests.serving.conftest import ENVIRONMENT, WAIT_SECONDS

pytestmark = pytest.mark.slow


def eventually(condition, seconds=180.0):  # loading takes a second, on a machine at rest
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def version(client):
    return client.rank("hi", locale="en", label="stable").version


@pytest.fixture
def folder(tmp_path, publish):
    folder = VersionFolder(tmp_path)
    publish(folder, "one")
    return folder


class Running(NamedTuple):
    """A server on a folder with versions 1 and 2."""

    folder: VersionFolder
    child: EmbeddedChild


@pytest.fixture(scope="module")
def shared_server(toys, tmp_path_factory):
    """For all tests that need no server of their own: starting one loads TensorFlow."""
    folder = VersionFolder(tmp_path_factory.mktemp("shared"))
    for name in ("one", "two"):
        folder.publish(lambda path: shutil.copytree(toys / name, path, dirs_exist_ok=True))  # noqa: B023
    child = start_embedded(folder.models_dir, environment=ENVIRONMENT, wait_seconds=WAIT_SECONDS)
    yield Running(folder, child)
    child.stop()


@pytest.fixture
def running(shared_server):
    """The shared server, with version 1 served to everybody."""
    client = TFServingRanker(shared_server.child.address, timeout=60)
    rollout = Rollout(shared_server.folder, client)
    rollout.canary(None)
    rollout.promote(1)
    client.close()
    return shared_server


class TestVersions:
    def test_labels_move_under_calls_and_no_answer_is_lost(self, running):
        """Promote back and forth while four threads ask: each call is answered, by 1 or 2."""
        client = TFServingRanker(running.child.address)
        rollout = Rollout(running.folder, client)
        stop, seen, failures = threading.Event(), set(), []

        def ask():
            while not stop.is_set():
                try:
                    seen.add(client.rank("hi", locale="en", label="stable").version)
                except RankerUnavailable as error:
                    failures.append(error)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for version in (1, 2, 1, 2):
            rollout.promote(version)
            time.sleep(0.2)
        stop.set()
        for thread in threads:
            thread.join()
        client.close()

        assert [] == failures
        assert {1, 2} == seen

    def test_a_challenger_answers_beside_the_champion(self, running):
        """Each by its label."""
        client = TFServingRanker(running.child.address)
        Rollout(running.folder, client).canary(2)

        answers = [client.rank("hi", locale="en", label=label) for label in ("stable", "canary")]
        client.close()

        assert ["one", "two"] == [answer.candidates[0].reply_id for answer in answers]

    def test_a_version_harmed_on_disk_is_never_served(self, folder, publish, start):
        """Not by promotion, and not when the folder is swapped behind our back."""
        client = TFServingRanker(start(folder.models_dir).address)
        Rollout(folder, client).promote(1)
        harmed = folder.path(publish(folder, "two")) / "variables" / "variables.data-00000-of-00001"
        harmed.write_bytes(b"\x00" * harmed.stat().st_size)

        with pytest.raises(BrokenVersion, match="was changed"):
            Rollout(folder, client).promote(2)
        folder.verify = lambda version: None
        with pytest.raises(VersionNotLoaded, match="was changed"):
            Rollout(folder, client).promote(2)

        assert 1 == client.rank("hi", locale="en", label="stable").version
        client.close()

    def test_a_config_file_changed_by_hand_is_taken_when_its_versions_are_loaded(
        self, folder, publish, start
    ):
        """Promoted by a process that knows of no server: loaded first, then labelled."""
        publish(folder, "two")
        Rollout(folder).promote(1)
        client = TFServingRanker(start(folder.models_dir).address)

        Rollout(folder).promote(2)

        # Never a moment without an answer: `version` raises when there is none.
        eventually(lambda: version(client) == 2)
        client.close()

    def test_a_config_file_that_is_no_text_changes_nothing(self, running):
        """And the next good one is taken."""
        folder, child = running
        client, pid = TFServingRanker(child.address), child.pid
        config = folder.models_dir / "models.config"
        good = config.read_text()
        config.write_bytes(b"\xff\xfe\x00")
        time.sleep(1.5)

        assert 1 == version(client)
        config.write_text(good)
        Rollout(folder).promote(2)
        eventually(lambda: version(client) == 2)
        assert pid == child.pid
        client.close()

    def test_a_base_path_that_vanishes_costs_no_answer(self, running):
        """A mount that is away for a moment; what is back is served on."""
        folder, child = running
        client = TFServingRanker(child.address)
        away = folder.base.with_name("away")
        folder.base.rename(away)
        time.sleep(1.5)

        assert 1 == version(client)
        away.rename(folder.base)
        time.sleep(1.5)
        assert 1 == version(client)
        client.close()

    def test_what_nobody_we_know_signed_is_not_loaded(self, tmp_path, publish, start):
        """Even where it is promoted by a hand that did not look."""
        folder = VersionFolder(tmp_path, [b"k" * 32])
        publish(folder, "one")
        client = TFServingRanker(start(folder.models_dir, keys=folder.keys).address)
        strange = VersionFolder(tmp_path)
        publish(strange, "two")

        with pytest.raises(VersionNotLoaded, match="not signed with this shop's key"):
            Rollout(strange, client).promote(2)

        assert 1 == version(client)
        client.close()

    def test_packed_answers_are_read_as_well(self, folder, start):
        """As TensorFlow Serving gives them with the same flag."""
        flags = ["--enable_serialization_as_tensor_content=true"]
        client = TFServingRanker(start(folder.models_dir, flags=flags).address)

        ranking = client.rank("hi", locale="en", label="stable")

        assert [Candidate("one", 2.0), Candidate("one", 1.0)] == list(ranking.candidates)
        client.close()

    def test_calls_of_many_at_once_are_answered_row_by_row(self, running):
        """Batched, a call that the graph refuses among them."""
        client = TFServingRanker(running.child.address, timeout=60)
        texts = ["x" * length for length in range(1, 65)]

        def ask(text):
            return client.rank(text, locale="en", label="stable").confidence

        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(ask, texts))

        assert [len(text) / 128 for text in texts] == found
        client.close()


class TestProcess:
    def test_a_crashed_server_comes_back_on_its_port(self, running):
        """Nobody has to do anything."""
        child = running.child
        client = TFServingRanker(child.address, timeout=0.5)
        os.kill(child.pid, signal.SIGKILL)

        def answers():
            try:
                return client.rank("hi", locale="en", label="stable").version == 1
            except RankerUnavailable:
                return False

        eventually(lambda: not answers())
        eventually(answers)
        client.close()

    def test_it_ends_with_its_parent(self, folder):
        """However hard the parent's end was."""
        script = (
            "import os, sys, pathlib\n"
            "from serving.server.child_process import start_embedded\n"
            "child = start_embedded(pathlib.Path(sys.argv[1]), environment=os.environ)\n"
            "print(child.pid, flush=True)\n"
            "sys.stdin.read()\n"
        )
        parent = subprocess.Popen(
            [sys.executable, "-c", script, str(folder.models_dir)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert parent.stdout is not None
        assert parent.stdin is not None
        pid = int(parent.stdout.readline())
        address = find_running(folder.models_dir)
        assert address is not None
        parent.kill()
        parent.wait()
        parent.stdin.close()
        parent.stdout.close()

        eventually(lambda: find_running(folder.models_dir) is None)
        eventually(lambda: not _is_running(pid))

    def test_others_find_it_while_it_runs(self, folder, start):
        """`retrain` in another terminal asks the same server."""
        assert find_running(folder.models_dir) is None
        child = start(folder.models_dir)

        assert child.address == find_running(folder.models_dir)
        child.stop()
        assert find_running(folder.models_dir) is None


class TestStarting:
    def test_without_a_model_it_says_how_to_make_one(self, tmp_path, start):
        """Named folder, named command."""
        with pytest.raises(NoVersions, match="shopclerk retrain"):
            start(tmp_path)

    def test_a_half_written_champion_is_named(self, folder, start):
        """With what to do about it."""
        Rollout(folder).promote(1)
        (folder.path(1) / "variables" / "variables.index").unlink()

        with pytest.raises(BrokenVersion, match=r"variables\.index is missing.*retrain"):
            start(folder.models_dir)

    def test_a_port_in_use_is_named(self, running, folder, start):
        """The server's own words reach whoever started it."""
        taken = int(running.child.address.rpartition(":")[2])

        with pytest.raises(ModelServerFailed, match=f"port {taken} is in use"):
            start(folder.models_dir, port=taken)


def _is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
