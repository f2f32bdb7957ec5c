"""A short run of the state machine of dialogue, hand-over, outbox and erasing."""

from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.hostile.machine import machine_over


class TestAnyOrderOfSteps:
    def test_keeps_every_promise(self, migrated_file: Path) -> None:
        """Nothing is said twice, out of order, over a person, or after it was erased."""
        short = settings(
            max_examples=12, stateful_step_count=25, deadline=None, derandomize=True,
            database=None, suppress_health_check=list(HealthCheck),
        )  # fmt: skip

        run_state_machine_as_test(machine_over(migrated_file), settings=short)
