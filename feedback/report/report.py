"""The report as one typed value, and its JSON; text, page and picture are drawn from it elsewhere.

Two questions, never mixed: what the clerk caused (the arms), and which replies led to sales
(attributed, not caused).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, TypeAdapter

from feedback.db import shop_clock_text
from feedback.experiments import (
    METRICS,
    Adjusted,
    Arm,
    Belief,
    DialogueEnds,
    DialogueRates,
    IncrementalRevenue,
    Influence,
    Metric,
    MetricResult,
    Place,
    PlanStanding,
    Segment,
    SinceExposure,
    Uplift,
    Verdict,
    VerdictReason,
    VisitorEffect,
    own_metric,
)
from feedback.report.parts import (
    ActionFigures,
    Behaviour,
    BridgeCapture,
    Credit,
    Group,
    HandOvers,
    ModelChange,
    Note,
    PageRow,
    PassageRow,
    ReplyRow,
)
from feedback.report.savings import Savings
from feedback.sales import Touch

INTERVAL: Final = (
    "confidence sequence, valid at every look: 98 % by score for each deciding measure (95 %"
    " together), 95 % of the log ratio for any other"
)
FIXED_INTERVAL: Final = "95 % fixed-horizon interval of the log ratio, one look only (tea-tasting)"
Moment = Annotated[datetime, PlainSerializer(datetime.isoformat)]


@dataclass(frozen=True)
class Report:
    """What happened up to `until`, and what it means."""

    since: Moment | None
    until: Moment
    computed_at: Moment
    verdict: Verdict
    verdict_reason: VerdictReason
    weeks_needed: int | None
    srm_pvalue: float | None
    currency: str | None
    metrics: Mapping[Metric, MetricResult]
    arms: Mapping[str, Arm]
    direct: Credit = field(default_factory=Credit)
    assisted: Credit = field(default_factory=Credit)
    bridges: BridgeCapture = field(default_factory=BridgeCapture)
    hand_overs: HandOvers = field(default_factory=HandOvers)
    top_replies: tuple[ReplyRow, ...] = ()
    top_pages: tuple[PageRow, ...] = ()
    top_passages: tuple[PassageRow, ...] = ()  # in JSON alone
    actions: ActionFigures = field(default_factory=ActionFigures)
    notes: tuple[Note, ...] = ()
    planned_end: Moment | None = None
    adjusted: Uplift = field(default_factory=Uplift)  # revenue per shopper with less noise
    order_cap: float | None = None  # what a shopper counts at most in it, and where capped
    dialogues: Mapping[str, DialogueRates] = field(default_factory=dict)  # by arm; "": all
    ends: DialogueEnds = field(default_factory=DialogueEnds)  # how they ended
    groups: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)  # by week, locale, …
    ledger: IncrementalRevenue = field(default_factory=IncrementalRevenue)
    behaviour: Behaviour = field(default_factory=Behaviour)
    model_changes: tuple[ModelChange, ...] = ()
    touch: Touch = "last"
    decided_by: str | None = None  # the metric that decided; None in reports of earlier versions
    decided: Uplift | None = None  # its effect, with the interval of the look that decided
    plan: PlanStanding | None = None
    influence: Influence | None = None
    segments: tuple[Segment, ...] = ()  # the effect on buyers in each, adjusted for their number
    since_exposure: tuple[SinceExposure, ...] = ()  # whether it lasts
    adjustments: tuple[Adjusted, ...] = ()  # the deciding measures with less noise
    belief: Belief | None = None  # a Bayesian reading of buyers
    savings: Savings | None = None
    own_metrics: tuple[str, ...] = ()  # the shop's own, as its settings say them
    visitors: VisitorEffect | None = None  # with a clerk against without; None: not compared
    zone: str = "UTC"  # the shop's: weeks are counted and times are shown in it
    stamp: str = ""  # of the week's sales; another one tells that it has to be computed again

    def shown(self, moment: datetime) -> str:
        """A moment as the shop's clock shows it, with its zone."""
        return shop_clock_text(moment, self.zone)

    def metrics_in(self, place: Place) -> list[tuple[Metric, MetricResult]]:
        """The metrics that are shown in a place, in their order."""
        return [each for each in self.metrics.items() if place in each[0].places]

    def to_json(self) -> dict[str, Any]:
        """As `report --format json` prints it, and as it is stored."""
        told = _adapter().dump_python(self, mode="json", exclude={"metrics"})
        results = _RESULTS.dump_python({each.name: one for each, one in self.metrics.items()})
        return {
            **{name: _flat(result) for name, result in results.items()},
            "rps_adjusted": {**told.pop("adjusted"), "order_cap": told.pop("order_cap")},
            "attributed_not_caused": {
                "direct": told.pop("direct"),
                "assisted": told.pop("assisted"),
            },
            "bridge_capture": {**told.pop("bridges"), "share": self.bridges.share},
            "interval": INTERVAL,
            "fixed_interval": FIXED_INTERVAL,
            **told,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], metrics: Iterable[Metric] = METRICS) -> "Report":
        """The report that `to_json` wrote, by this version or by an earlier one.

        What an earlier version did not know yet is as the fields' defaults say.
        """
        adjusted = dict(stored.get("rps_adjusted", {}))
        named = {each.name: each for each in metrics}
        own = map(own_metric, stored.get("own_metrics", ()))
        known = (*metrics, *(each for each in own if each.name not in named))
        results = {each: _nested(stored[each.name]) for each in known if each.name in stored}
        fields = {
            **stored,
            **stored["attributed_not_caused"],
            "metrics": results,
            "order_cap": adjusted.pop("order_cap", None),
            "adjusted": adjusted,
            "bridges": stored["bridge_capture"],
        }
        return _adapter().validate_python(fields)


_RESULTS: Final = TypeAdapter(dict[str, MetricResult])


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def _flat(result: Mapping[str, Any]) -> dict[str, Any]:
    """Arms next to `uplift`, as the interface fixes it."""
    against = {"challenger_uplift": result["challenger"]} if result["challenger"] else {}
    return {**result["arms"], "uplift": result["uplift"], **against}


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The result that `_flat` wrote."""
    arms = dict(flat)
    uplift, challenger = arms.pop("uplift"), arms.pop("challenger_uplift", None)
    return {"arms": arms, "uplift": uplift, "challenger": challenger}
