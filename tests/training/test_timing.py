"""How long a version's answers take, on a machine that has other work to do."""

import random
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # TensorFlow takes seconds to load


class Timed:
    """A version whose answers take 2 ms, and 9 where the machine turned to something else."""

    def __init__(self, disturbed: float, chance: random.Random) -> None:
        self.disturbed = disturbed
        self.chance = chance

    def answer_ms(self, dialogue, clock):
        return 9.0 if self.chance.random() < self.disturbed else 2.0


class TestUndisturbed:
    """What the gate compares."""

    @pytest.mark.parametrize("seed", range(20))
    def test_a_busy_machine_makes_no_version_slow(self, seed):
        """Six in ten of one version's answers were disturbed, three in ten of the other's."""
        from training.evaluation.evaluate import undisturbed_ms

        chance = random.Random(seed)
        versions: list[Any] = [Timed(0.3, chance), Timed(0.6, chance)]

        assert [2.0, 2.0] == undisturbed_ms(versions, ["a", "b", "c"], lambda: 0.0)

    def test_a_slow_one_is_seen(self):
        """Nine in ten of its answers take longer, whoever goes first."""
        from training.evaluation.evaluate import undisturbed_ms

        chance = random.Random(1)
        versions: list[Any] = [Timed(0, chance), Timed(0.9, chance)]

        assert [2.0, 9.0] == undisturbed_ms(versions, ["a"], float)

    def test_without_questions_nothing_is_timed(self):
        """A shop may have none kept apart."""
        from training.evaluation.evaluate import undisturbed_ms

        versions: list[Any] = [Timed(0, random.Random(1))] * 2

        assert [0.0, 0.0] == undisturbed_ms(versions, [], float)
