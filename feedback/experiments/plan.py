"""Experiment plan: split, horizon and looks, and what effect they can show; decided before looking.

Two measures decide, the share of shoppers who buy and capped revenue per shopper; alpha is split
evenly between them. Sizes are counted in buyers: at a few per cent of conversion the logarithm of
the ratio of two conversions has the variance 1 ÷ buyers of one arm + 1 ÷ buyers of the other.
"""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import NormalDist
from typing import Any, Final, Literal

Looks = Literal["planned", "anytime"]

ALPHA: Final = 0.05
# Of each of the two measures that decide. A fifth of the 5 % is kept back: scores of an arm of a
# tenth with 60 buyers are skewed, and at 2.5 % each one cell of 72 was mistaken in 6.3 % of years.
ALPHA_EACH: Final = 0.8 * ALPHA / 2
POWER: Final = 0.8
MIN_BUYERS: Final = 60  # in both arms, before a measure has an interval
TUNED_PART: Final = 0.35  # of the planned shoppers, where the anytime sequence is tightest
LOOKS_COST: Final = 1.03  # more buyers than for one look, by O'Brien and Fleming's weekly ones
EFFECT: Final = 0.10
EFFECTS: Final = (0.05, 0.10, 0.15, 0.20, 0.30, 0.50)
HALF: Final = 0.5  # held out until the first verdict, or the planned end
AFTERWARDS: Final = 0.1  # and then for good
LONGEST: Final = 26  # weeks a plan takes unless somebody wants it longer: half a year
SPLITS: Final = (0.5, 0.3, 0.2, 0.1)


@dataclass(frozen=True)
class Traffic:
    """What comes in a week: shoppers who meet the clerk, how many of them buy, and for how much."""

    visitors: float
    cvr: float
    basket: float = 0.0

    @property
    def buyers(self) -> float:
        """Buyers a week, in all arms."""
        return self.visitors * self.cvr


@dataclass(frozen=True)
class ExperimentPlan:
    """A plan as it stands in the log; `weeks` None: no end, the sequence is read at any time."""

    holdout: float = HALF
    afterwards: float = AFTERWARDS
    looks: Looks = "planned"
    weeks: int | None = LONGEST
    effect: float = EFFECT
    traffic: Traffic | None = None  # None: nothing is known yet of how many come
    cap: float | None = None  # of a shopper's revenue, in the shop's currency; None: by history
    measures: tuple[str, ...] = ("cvr", "rps_capped")
    started_at: datetime | None = None  # the first shopper dealt under it
    origin: str = "default"  # default, settings, person, before (begun under an earlier version)

    @property
    def alpha_each(self) -> float:
        """What each deciding measure may spend."""
        return ALPHA if len(self.measures) == 1 else ALPHA_EACH

    @property
    def planned_buyers(self) -> float | None:
        """Buyers of all arms by the planned end."""
        if self.traffic is None or self.weeks is None:
            return None
        return self.traffic.buyers * self.weeks

    @property
    def tuned_at(self) -> float | None:
        """Shoppers at which the anytime sequence is tightest; None: nothing is planned."""
        if self.traffic is None:
            return None
        return TUNED_PART * self.traffic.visitors * (self.weeks or LONGEST)


@dataclass(frozen=True)
class SplitOption:
    """What a holdout of one size takes and costs."""

    holdout: float
    weeks: int | None  # until the wanted effect is seen with 80 % chance; None: past ten years
    detectable: float | None  # smallest effect seen within the longest wanted time
    held_out: float  # shoppers a week
    cost: float  # a week: what these would have brought more, were the effect as wanted


NEVER_WEEKS: Final = 520


def buyers_needed(
    effect: float, holdout: float, *, power: float = POWER, cvr: float = 0.0
) -> float:
    """Buyers of both arms until an effect on conversion is seen, at the alpha of one measure.

    >>> round(buyers_needed(0.10, 0.5)), round(buyers_needed(0.10, 0.1))
    (4552, 12644)
    """
    points = NormalDist().inv_cdf(1 - ALPHA_EACH / 2) + NormalDist().inv_cdf(power)
    spread = (1 - cvr) * (1 / holdout + 1 / (1 - holdout))
    return LOOKS_COST * spread * (points / math.log1p(effect)) ** 2


def weeks_needed(effect: float, holdout: float, traffic: Traffic) -> int | None:
    """Weeks until the effect is seen with 80 % chance; None: more than ten years.

    >>> weeks_needed(0.10, 0.5, Traffic(4_000, 0.03)), weeks_needed(0.20, 0.5, Traffic(4_000, 0.03))
    (37, 11)
    """
    if traffic.buyers <= 0:
        return None
    weeks = math.ceil(buyers_needed(effect, holdout, cvr=traffic.cvr) / traffic.buyers)
    return weeks if weeks <= NEVER_WEEKS else None


def detectable(weeks: float, holdout: float, traffic: Traffic) -> float | None:
    """The smallest effect seen with 80 % chance by then; None: nobody buys.

    >>> round(detectable(26, 0.5, Traffic(4_000, 0.03)) or 0, 3)
    0.12
    """
    buyers = traffic.buyers * weeks
    if buyers <= 0:
        return None
    return math.expm1(
        math.log(2) * math.sqrt(buyers_needed(1.0, holdout, cvr=traffic.cvr) / buyers)
    )


def options(traffic: Traffic, effect: float, longest: int = LONGEST) -> list[SplitOption]:
    """Each split: how long it takes, what it can see, and what it costs while it runs."""
    return [
        SplitOption(
            holdout=split,
            weeks=weeks_needed(effect, split, traffic),
            detectable=detectable(longest, split, traffic),
            held_out=traffic.visitors * split,
            cost=traffic.visitors * split * traffic.cvr * traffic.basket * effect,
        )
        for split in SPLITS
    ]


def plan_for(
    traffic: Traffic, *, effect: float | None = None, longest: int = LONGEST, **chosen: Any
) -> ExperimentPlan:
    """The plan for so many shoppers: the wanted effect, or the smallest that is seen in time.

    Where even the largest takes longer, the plan ends after `longest` weeks with what it has seen.

    >>> plan_for(Traffic(4_000, 0.03)).effect, plan_for(Traffic(4_000, 0.03)).weeks
    (0.15, 18)
    >>> plan_for(Traffic(200, 0.03)).effect, plan_for(Traffic(200, 0.03)).weeks
    (0.5, 26)
    """
    plan = replace(ExperimentPlan(), traffic=traffic, **chosen)
    wanted = EFFECTS if effect is None else (effect,)
    for each in wanted:
        weeks = weeks_needed(each, plan.holdout, traffic)
        if weeks is not None and (weeks <= longest or effect is not None):
            return replace(plan, effect=each, weeks=max(weeks, 2))
    return replace(plan, effect=wanted[-1], weeks=longest)


def settle_for(traffic: Traffic, plan: ExperimentPlan) -> ExperimentPlan:
    """The same plan with the horizon that the shop's own numbers ask for.

    >>> settle_for(Traffic(4_000, 0.03), ExperimentPlan()).weeks
    18
    """
    if plan.weeks is None:
        return replace(plan, traffic=traffic)
    wanted = plan_for(traffic, holdout=plan.holdout)
    return replace(plan, traffic=traffic, effect=wanted.effect, weeks=wanted.weeks)


ANYTIME: Final = ExperimentPlan(looks="anytime", weeks=None)  # nothing was planned
BEFORE: Final = ExperimentPlan(
    holdout=AFTERWARDS, looks="anytime", weeks=None, measures=("rps",), origin="before"
)  # what ran under the defaults of earlier versions goes on as it was begun
