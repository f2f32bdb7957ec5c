"""How many of a shop's messages fit nothing, without anybody's verdict."""

import numpy as np
import pytest

from training.fitting.unfit_share import FEWEST_ASKED, LEAST, asked_share


def calibrated(count, share, assumed, seed=1):
    """Probabilities of fitting, right where `assumed` fits nothing; of these messages `share` does.

    The evidence is a number around 1.5 for what fits and -1.5 for what does not: its log-odds at
    even shares are three times it.
    """
    chance = np.random.default_rng(seed)
    fits = chance.random(count) >= share
    evidence = chance.normal(np.where(fits, 1.5, -1.5), 1.0)
    return 1.0 / (1.0 + np.exp(-2 * 1.5 * evidence - np.log((1 - assumed) / assumed)))


class TestAskedShare:
    @pytest.mark.parametrize("share", [0.15, 0.42, 0.72])
    @pytest.mark.parametrize("assumed", [0.5, 0.1])
    def test_is_found_whatever_was_assumed(self, share, assumed):
        """Two thousand messages tell it to a few points."""
        found = asked_share(calibrated(2_000, share, assumed), assumed)

        assert found == pytest.approx(share, abs=0.05)

    def test_of_few_messages_is_what_was_assumed(self):
        """And a hundred count as much as that."""
        assert 0.5 == asked_share(calibrated(FEWEST_ASKED - 1, 0.0, 0.5), 0.5)
        assert 0.2 < asked_share(calibrated(FEWEST_ASKED, 0.0, 0.5), 0.5) < 0.3

    def test_is_a_tenth_at_least(self):
        """Nobody's messages all fit; a shop that is sure of less has named such questions."""
        assert LEAST == asked_share(calibrated(5_000, 0.0, 0.5), 0.5)

    def test_is_believed_by_half_on_the_first_days(self):
        """Then other shops' questions say how sure to be: ours may be nearer, or stranger."""
        fits = calibrated(5_000, 0.2, 0.5)
        found = asked_share(fits, 0.5)

        assert (found + 0.5) / 2 == pytest.approx(asked_share(fits, 0.5, own=False))
