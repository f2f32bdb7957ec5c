"""Size of a challenger's trial: how many shoppers it takes, and whether so many come. Pure.

That a challenger is not worse by the guard's margin takes 1,600 of its shoppers where one in ten is
handed over and it has a tenth of them, 2,700 where it has half: the champion's are fewer then. A
shop with too few gives it more of them, up to half; where that is not enough the trial is small: it
can show harm, proof it can not, so a person decides.
"""

import math
from datetime import timedelta
from typing import Any, Final, NamedTuple

from feedback.experiments.canary_guard import FEWEST, MARGIN, half_width
from feedback.experiments.confidence_sequence import NORMAL_80

MOST_SHARE: Final = 0.5  # of those who are not held out: half of them for each version
SHARES: Final = (0.1, 0.2, 0.3, 0.4, MOST_SHARE)
LEAST_RATE: Final = 0.01  # a shop without a thumb down so far will have one
WEEK: Final = timedelta(days=7)
FURTHEST: Final = 1_000_000


class TrialSize(NamedTuple):
    """What a trial takes, and what it will have."""

    needed: int  # challenger's shoppers, until it is likely shown to be no worse
    coming: int  # by the trial's end, at this share
    share: float  # of those who are not held out

    @property
    def enough(self) -> bool:
        """Whether it can be shown."""
        return self.coming >= self.needed

    def as_json(self) -> dict[str, Any]:
        """To be kept with the trial."""
        return {**self._asdict(), "enough": self.enough}


def plan_trial(
    weekly: float, rates: tuple[float, ...], longest: timedelta, least_share: float
) -> TrialSize:
    """The smallest share of the shoppers with which the trial comes to an end in time.

    Args:
        weekly: shoppers a week who are not held out.
        rates: of them, how many press a thumb down, and how many are handed over.
        longest: how long the trial may take.
        least_share: what a challenger gets where that is enough.

    >>> plan_trial(9_000, (0.02, 0.1), timedelta(days=14), 0.1)
    TrialSize(needed=1602, coming=1800, share=0.1)
    >>> plan_trial(200, (0.02, 0.1), timedelta(days=14), 0.1).enough
    False
    """
    sizes = []
    for share in (least_share, *(each for each in SHARES if each > least_share)):
        needed = shoppers_needed(max(*rates, LEAST_RATE), share)
        coming = int(weekly * share * (longest / WEEK))
        sizes.append(TrialSize(needed, coming, share))
        if sizes[-1].enough:
            break
    return sizes[-1]


def shoppers_needed(rate: float, share: float) -> int:
    """The challenger's shoppers with whom an equal one is shown no worse, four times in five."""

    def shown(challengers: int) -> bool:
        champions = challengers * (1 - share) / share
        variance = rate * (1 - rate) * (1 / challengers + 1 / champions)
        half = half_width(variance, round(challengers + champions))
        return half + NORMAL_80 * math.sqrt(variance) < MARGIN

    low, high = 1, FURTHEST
    while high - low > max(1, low // 200):
        middle = (low + high) // 2
        low, high = (low, middle) if shown(middle) else (middle, high)
    return max(FEWEST, high)
