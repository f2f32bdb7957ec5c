"""Several processes on loopback train one model: the curve of one, and a way on after a death."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slack_peer import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[3]


def start(folder, *arguments, index=None, ports=()):
    """A worker; alone where no ports are given."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}
    if ports:
        peers = [f"127.0.0.1:{port}" for port in ports]
        task = {"type": "worker", "index": index}
        environment["TF_CONFIG"] = json.dumps({"cluster": {"worker": peers}, "task": task})
    return subprocess.Popen(
        [sys.executable, "-m", "tests.training.worker", str(folder), *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(*workers):
    """What each printed."""
    ended = [(worker, *worker.communicate()) for worker in workers]
    for worker, _, err in ended:
        assert 0 == worker.returncode, err[-3_000:]
    return [json.loads(out.splitlines()[-1]) for _, out, _ in ended]


@pytest.fixture(scope="module")
def curves(tmp_path_factory):
    """Of one worker, and of two together."""
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    ports = (free_port(), free_port())
    workers = [start(folders[0]), *(start(folders[1], index=n, ports=ports) for n in (0, 1))]
    return finished(*workers)


class TestWorkers:
    def test_two_workers_learn_what_one_learns(self, curves):
        """The same curve within a few hundredths: a batch is summed in two halves."""
        one, two, _ = curves

        assert len(one["curve"]) == len(two["curve"]) == 5
        assert one["curve"][-1] < 0.7 * one["curve"][0]
        assert two["curve"] == pytest.approx(one["curve"], rel=0.05, abs=0.03)

    def test_workers_stay_alike_to_the_last_bit(self, curves):
        """They take the same averaged gradients."""
        _, first, second = curves

        assert first == second

    def test_a_killed_worker_comes_back_and_all_go_on_from_the_backup(self, curves, tmp_path):
        """The second worker dies after two epochs; the curve in the end is that of no death."""
        ports = (free_port(), free_port())
        first = start(tmp_path, index=0, ports=ports)
        second = start(tmp_path, "--die-after", "2", index=1, ports=ports)
        second.communicate()
        assert -signal.SIGKILL == second.returncode
        try:
            first.communicate(timeout=60)  # it hears that its peer is gone
        except subprocess.TimeoutExpired:
            first.kill()  # as the job's own deadline would
            first.communicate()
        assert 0 != first.returncode
        assert (tmp_path / "epoch.npz").exists()

        ports = (free_port(), free_port())
        again = finished(*(start(tmp_path, index=n, ports=ports) for n in (0, 1)))

        assert again[0]["curve"] == pytest.approx(curves[1]["curve"], rel=1e-4)
        assert again[0] == again[1]
