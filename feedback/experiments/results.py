"""Results of an experiment: metrics by arm, uplift with its interval, verdict, revenue added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

Verdict = Literal["better", "worse", "not yet"]
VerdictReason = Literal[
    "decided", "undecided", "too_few_orders", "no_holdout", "srm",
    "planned_end",  # it came, and nothing was shown
    "contradiction",  # more buyers and less revenue, or the other way round
    "one_shopper",  # without one shopper it would not stand
    "matching",  # orders are matched differently in the arms
]  # fmt: skip


@dataclass(frozen=True)
class Uplift:
    """Treatment ÷ control − 1, as fractions.

    `low` and `high` hold however often one looks (95 %, asymptotic confidence sequence);
    `fixed_low` and `fixed_high` hold for a single look at a planned end (tea-tasting's interval).
    Those stand only in a report of the planned end. Where there is no interval `reason` says why.
    `pvalue` holds at every look too; `adjusted` is that of Benjamini and Hochberg over all metrics
    but the primary one.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    fixed_low: float | None = None
    fixed_high: float | None = None
    reason: str | None = None
    pvalue: float | None = None
    adjusted: float | None = None


@dataclass(frozen=True)
class MetricResult:
    """A metric's result: its value in each arm, and the champion's uplift over the holdout.

    `challenger` is the challenger's uplift over the champion, while there is a challenger.
    """

    arms: Mapping[str, float | None]
    uplift: Uplift
    challenger: Uplift | None = None


@dataclass(frozen=True)
class Arm:
    """What the shoppers of an arm did within their outcome windows."""

    shoppers: int
    buyers: int = 0
    orders: int = 0
    revenue: Decimal = Decimal(0)  # in the report's currency, net of refunds
    impressions: int = 0
    clicks: int = 0
    purchases: int = 0  # orders in any currency
    clicked: int = 0  # impressions with at least one click
    thumbs: int = 0
    up: int = 0
    offers: int = 0  # recommendations shown
    taken: int = 0  # and clicked
    dialogues: int = 0
    handed: int = 0
    resolved: int = 0
    complaints: int = 0
    costed_orders: int = 0  # of which the shop told what they cost it
    timed: int = 0  # answers whose time was taken


@dataclass(frozen=True)
class DialogueRates:
    """What became of the dialogues: counts, of which `dialogues` is the one denominator."""

    dialogues: int = 0
    answered: int = 0
    handed: int = 0
    confirmed: int = 0
    durable: int = 0
    open: int = 0
    up: int = 0
    down: int = 0

    @property
    def resolved(self) -> int:
        """Resolved without a person: confirmed by the shopper, or no return within 72 hours."""
        return self.confirmed + self.durable


@dataclass(frozen=True)
class DialogueEnds:
    """How many turns resolved dialogues took, and what was said last in lost ones."""

    resolved: int = 0  # those counted in `turns`
    turns: float | None = None  # of the shopper's, the median
    lost: int = 0  # not resolved, and nobody was called
    lost_after: tuple[tuple[str, int], ...] = ()  # a reply or "choices", "ask"; commonest first


@dataclass(frozen=True)
class AddedRevenue:
    """Revenue that the clerk, or a model, added; caused, not attributed."""

    name: str  # "clerk", or the model's version
    shoppers: int  # who had it
    amount: float | None = None  # in the report's currency
    low: float | None = None
    high: float | None = None
    reason: str | None = None  # why there is no interval


NOTHING_ADDED: Final = AddedRevenue("clerk", 0, reason="no_control")


@dataclass(frozen=True)
class Influence:
    """How much hangs on the shopper of each arm who spent most."""

    shares: Mapping[str, float]  # of the arm's revenue, by arm
    stands: bool | None = None  # whether the verdict stands without any one; None: there is none


@dataclass(frozen=True)
class PlanStanding:
    """Where the experiment's plan stands at the time of the report."""

    looks: str  # planned, anytime
    origin: str  # default, settings, person, before
    holdout: float
    effect: float
    measures: tuple[str, ...]
    look: int  # full weeks so far
    of: int | None = None  # weeks that are planned
    until: str | None = None  # the day of the last look
    detectable: float | None = None  # the smallest effect likely seen by then
    boundary: float | None = None  # the score that the newest look had to pass
    scores: Mapping[str, float] = field(default_factory=dict)  # of that look, by measure
    decided_at: int | None = None  # the look that decided


@dataclass(frozen=True)
class RevenueWeek:
    """What the clerk had added with the shoppers who came up to this week."""

    monday: str  # 2026-11-23
    amount: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class IncrementalRevenue:
    """What was added since the start."""

    clerk: AddedRevenue = NOTHING_ADDED
    models: tuple[AddedRevenue, ...] = ()  # each against the one before it
    weeks: tuple[RevenueWeek, ...] = ()


@dataclass(frozen=True)
class VisitorEffect:
    """All visitors with the clerk against those without."""

    none: Arm
    clerk: Arm
    verdict: Verdict
    reason: str
    cvr: Uplift
    capped: Uplift
    decided: Uplift | None = None
    decided_by: str | None = None
    added: AddedRevenue | None = None  # by the clerk, with all who were shown it
    plan: PlanStanding | None = None
    srm_pvalue: float | None = None  # the smaller one of all visitors' and of those with hands
    cap: float | None = None


@dataclass(frozen=True)
class SinceExposure:
    """Who bought in one week since their exposure, as shares of those exposed long enough ago."""

    week: int  # 1: the first
    holdout: float
    champion: float
    uplift: Uplift


@dataclass(frozen=True)
class Segment:
    """The effect on buyers among shoppers who have something in common."""

    dimension: str  # locale, channel, device, page, source, been_before, version
    value: str
    holdout: int
    champion: int
    holdout_cvr: float
    champion_cvr: float
    uplift: Uplift  # `adjusted` is Holm's, over all segments of the report


@dataclass(frozen=True)
class Adjusted:
    """A deciding measure's uplift, adjusted by what was known at the exposure."""

    measure: str
    value: float
    low: float  # holds at every look
    high: float
    gain: float  # by what share the variance is smaller than without


@dataclass(frozen=True)
class Belief:
    """A Bayesian reading of an effect."""

    better: float  # the probability that there is a gain
    value: float  # the median of what to believe
    low: float  # and its 95 %
    high: float
