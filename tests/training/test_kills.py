"""`kill -9` at every stage of a retraining: the next worker goes on, and nothing is done twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "retrain_kills.py"


class TestKills:
    def test_a_turn_survives_the_death_of_its_workers_at_every_stage(self):
        """One round here; ten of them are the benchmark's."""
        command = [sys.executable, str(SCRIPT), "--rounds", "1"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)

        assert 0 == done.returncode, done.stderr
        found = json.loads(done.stdout)
        assert (14, 2, 2) == (found["deaths"], found["turns"], found["promoted"])
        assert [1, 2] == found["versions"] == found["history"]
