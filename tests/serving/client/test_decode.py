"""What a version's outputs say, older ones' too."""

import numpy as np

from serving import contract
from serving.client.decode import rankings

RANKED = {
    contract.REPLY_ID: np.array([[b"returns", b"hours"]], np.object_),
    contract.SCORE: np.array([[9.0, 3.0]], np.float32),
    contract.CONFIDENCE: np.array([0.4], np.float32),
}
OWN = {
    contract.AMONG_THREE: np.array([0.75], np.float32),
    contract.ANSWER_AT: np.array([0.5], np.float32),
    contract.OFFER_AT: np.array([0.25], np.float32),
}


class TestRankings:
    def test_carry_the_versions_own_thresholds(self):
        """With the probability that one of the first three is right."""
        (ranking,) = rankings({**RANKED, **OWN}, 1, 7)

        assert (0.75, 0.5, 0.25) == (ranking.among_three, ranking.answer_at, ranking.offer_at)

    def test_of_an_older_version_carry_none(self):
        """Then the policy's hold."""
        (ranking,) = rankings(RANKED, 1, 7)

        assert (None, None, None) == (ranking.among_three, ranking.answer_at, ranking.offer_at)
