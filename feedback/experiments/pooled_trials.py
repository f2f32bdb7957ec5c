"""Pooled evidence over successive challengers: what all who met one since made of them. Pure.

One small trial says next to nothing. Several versions after one another come from the same staff,
the same data and the same training, so what is wrong with these shows in all of them together: the
e-values of trials that have no shopper in common may be multiplied.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from feedback.experiments.canary_guard import HARM, RATES

POOLED: Final = 8  # trials: about two months of one a week, the model of before is another's


class PooledTrials(NamedTuple):
    """What several trials say together."""

    trials: int
    challengers: int  # shoppers who met a challenger
    rates: Mapping[str, tuple[float, float]]  # of each measure the challengers' and the champions'
    evidence: float  # of harm, the larger of both measures: an e-value

    @property
    def harmful(self) -> bool:
        """Whether the versions together did harm, though none alone was caught."""
        return self.evidence >= HARM

    @property
    def sentence(self) -> str:
        """The same in plain words."""
        down, passed_on = (self.rates[name] for name in RATES)
        return (
            f"in the last {self.trials} trials {self.challengers} shoppers met a challenger:"
            f" {_percent(down[0])} pressed a thumb down ({_percent(down[1])} of the champions'),"
            f" {_percent(passed_on[0])} were handed over ({_percent(passed_on[1])})"
        )


def pooled_trials(seen: Iterable[Mapping[str, Any]]) -> PooledTrials:
    """Of the last looks at so many trials, as they are stored; the newest first."""
    looks = [each for each in seen if each.get("challengers") and each.get("rates")][:POOLED]
    new = sum(each["challengers"] for each in looks)
    old = sum(each["champions"] for each in looks)
    logs = dict.fromkeys(RATES, 0.0)
    happened = {name: [0.0, 0.0] for name in RATES}
    for each in looks:
        for rate in each["rates"]:
            name = rate["name"]
            logs[name] += math.log(max(rate["evidence"], 1e-300))
            happened[name][0] += rate["challenger"] * each["challengers"]
            happened[name][1] += rate["champion"] * each["champions"]
    rates = {name: (yes / max(new, 1), was / max(old, 1)) for name, (yes, was) in happened.items()}
    return PooledTrials(len(looks), new, rates, math.exp(min(max(logs.values()), 700.0)))


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
