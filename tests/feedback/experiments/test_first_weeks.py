"""Stories of the first weeks: an arm without a sale has no uplift, whatever rounding left of it."""

from tea_tasting.aggr import Aggregates

from feedback.experiments.aggregates import Stratum
from feedback.experiments.metric_registry import FACTS, METRICS
from feedback.experiments.uplift import metric_results


def arm(revenue: float, buyers: float) -> Aggregates:
    means = dict.fromkeys(FACTS, 0.0) | {"revenue": revenue, "capped": revenue}
    means |= {"buyers": buyers, "orders": buyers, "purchases": buyers}
    pairs = {(left, right): 0.0 for left in FACTS for right in FACTS}
    return Aggregates(40, means, dict.fromkeys(FACTS, 0.001), pairs)


class TestFirstWeeks:
    def test_nothing_is_no_denominator(self):
        """
        Centred sums leave 1e-17 of an arm that sold nothing; by it +14 % once was -2.8e17 %.
        """
        nothing, some = arm(-1.4e-17, 0.0), arm(2.0, 0.05)
        found = metric_results({Stratum("holdout", 0): nothing, Stratum("champion", 0): some})
        assert {None} == {found[metric].uplift.value for metric in METRICS}
