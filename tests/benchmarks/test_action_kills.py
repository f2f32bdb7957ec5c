"""The benchmark that kills the clerk in the middle of an order action: a few of its rounds."""

import pytest

from benchmarks.action_kills import FAULTS, Fault, KillRounds


@pytest.mark.slow
class TestActionKills:
    def test_each_fault_at_the_write_leaves_it_once_or_not_at_all(self, tmp_path):
        """A real process dies of SIGKILL; another goes on, and what it tells is what happened."""
        with KillRounds(tmp_path, seed=3) as rounds:
            told = [rounds.play(Fault(kind, 4)) for kind in FAULTS]

        assert [""] * len(FAULTS) == told
