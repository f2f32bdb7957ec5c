"""The report's promises, kept on made-up shops; benchmarks/uplift_proofs.py has the full runs."""

from typing import Any

import numpy as np
import pytest

from feedback.experiments.validation import prove

SHOP: dict[str, Any] = {"weeks": 12, "weekly": 3_500, "cvr": 0.03}


class TestPromises:
    def test_a_a_looked_at_weekly_rarely_cries_wolf(self):
        """
        At most 5 % of shops without any effect are ever told of one; a plain interval tells 20 %.
        """
        proof = prove(runs=600, uplift=0.0, **SHOP)
        assert proof.alarms_ever <= 0.05
        assert proof.alarms_weekly_t > 0.12
        assert 0.02 < proof.alarms_last_t < 0.08

    def test_planted_uplift_is_held_and_found(self):
        """
        The sequence holds +15 % at every look in 95 % of the shops, the plain interval at the end.
        """
        proof = prove(runs=600, uplift=0.15, **SHOP)
        assert proof.held_at_every_look >= 0.95
        assert 0.92 < proof.covered_at_end < 0.98
        assert proof.alarms_ever > 0.5
        assert proof.median_week is not None
        assert proof.median_week < 12

    @pytest.mark.slow
    def test_the_trial_computes_what_the_report_does(self):
        """
        One shop drawn shopper by shopper: the same interval from the report's own functions.
        """
        from tea_tasting.aggr import Aggregates

        from feedback.experiments import validation
        from feedback.experiments.confidence_sequence import half_width
        from feedback.experiments.metric_registry import RPS
        from feedback.experiments.uplift import uplift_of

        arms, moments = [], []
        for seed, cvr in ((1, 0.03), (2, 0.04)):
            found = validation._moments(np.random.default_rng(seed), 1, 1, 4_000, cvr)
            chance = np.random.default_rng(seed)
            buyers = int(chance.binomial(4_000, cvr, size=(1, 1))[0, 0])
            revenue = np.zeros(4_000)
            revenue[:buyers] = chance.lognormal(*validation.BASKET, size=buyers)
            orders = (revenue > 0).astype(float)
            arms.append(
                Aggregates(
                    4_000,
                    {"revenue": revenue.mean(), "buyers": orders.mean()},
                    {"revenue": revenue.var(ddof=1), "buyers": orders.var(ddof=1)},
                    {},
                )
            )
            moments.append(found)
        control, treatment = moments
        ratio = float(treatment.mean[0, 0] / control.mean[0, 0])
        half = half_width(float(control.relative[0, 0] + treatment.relative[0, 0]), 8_000)
        theirs = uplift_of(RPS, *arms)
        assert theirs.value == pytest.approx(ratio - 1, rel=1e-10)
        assert theirs.low == pytest.approx(ratio * np.exp(-half) - 1, rel=1e-9)
