"""What callers see while a model server stalls, resets and talks nonsense, in its shortest form."""

import pytest

from benchmarks.product.serve_faults import measure_faults
from tests.serving.fakes import ScriptedPrediction, serve


@pytest.mark.slow
class TestFaults:
    def test_everybody_is_answered_and_the_model_comes_back(self):
        """The breaker opens within 5 s and closes within 30 s, whatever the fault."""
        server, address = serve(ScriptedPrediction())

        found = measure_faults(address, seconds=0.0, fault_seconds=4.0)
        server.stop(None)

        assert (0, None) == (found["unanswered"], found["first_error"])
        assert min(found["by_model"], found["by_keywords"]) > 0
        kinds = {"stalled", "resetting", "garbage"}
        assert kinds == found["opens_after_s"].keys() == found["closes_after_s"].keys()
        assert all(after < 5 for after in found["opens_after_s"].values()), found
        assert all(after < 30 for after in found["closes_after_s"].values()), found
