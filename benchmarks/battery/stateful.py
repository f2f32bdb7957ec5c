"""Stateful property tests of dialogue, hand-over, outbox and erasure: two thousand runs.

    python -m benchmarks.battery.stateful [--runs N] [--steps N]

Prints one JSON object; a counterexample ends it with the steps that lead there.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from feedback.db.database import Database
from tests.hostile.machine import machine_over


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000)
    parser.add_argument("--steps", type=int, default=50)
    wanted = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "migrated.db"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        database.close()
        run_state_machine_as_test(
            machine_over(path),
            settings=settings(
                max_examples=wanted.runs, stateful_step_count=wanted.steps, deadline=None,
                database=None, suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    seconds = round(time.monotonic() - started, 1)
    print(
        json.dumps(
            {"runs": wanted.runs, "steps": wanted.steps, "counterexamples": 0, "seconds": seconds}
        )
    )


if __name__ == "__main__":
    main()
