"""The report as one typed value, and its JSON; text, page and picture are drawn from it elsewhere.

Two questions, never mixed: what the clerk caused (the arms), and which replies led to sales
(attributed, not caused).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from feedback.db import shown
from feedback.experiments import (
    METRICS,
    Arm,
    DialogueRates,
    Ledger,
    Metric,
    MetricResult,
    Place,
    Uplift,
    Verdict,
    VerdictReason,
)
from feedback.report.parts import (
    Behaviour,
    BridgeCapture,
    Credit,
    Group,
    HandOvers,
    ModelChange,
    Note,
    ReplyRow,
)
from feedback.sales import Touch

INTERVAL: Final = "95 % asymptotic confidence sequence of the log ratio, tuned at 20,000 shoppers"
FIXED_INTERVAL: Final = "95 % fixed-horizon interval of the log ratio, one look only (tea-tasting)"


@dataclass(frozen=True)
class Report:
    """What happened up to `until`, and what it means."""

    since: datetime | None
    until: datetime
    computed_at: datetime
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
    notes: tuple[Note, ...] = ()
    planned_end: datetime | None = None
    adjusted: Uplift = field(default_factory=Uplift)  # revenue per shopper with less noise
    order_cap: float | None = None  # what an order counts at most in it
    dialogues: Mapping[str, DialogueRates] = field(default_factory=dict)  # by arm; "": all
    groups: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)  # by week, locale, …
    ledger: Ledger = field(default_factory=Ledger)
    behaviour: Behaviour = field(default_factory=Behaviour)
    model_changes: tuple[ModelChange, ...] = ()
    touch: Touch = "last"
    zone: str = "UTC"  # the shop's: weeks are counted and times are shown in it
    stamp: str = ""  # of the week's sales; another one tells that it has to be computed again

    def shown(self, moment: datetime) -> str:
        """A moment as the shop's clock shows it, with its zone."""
        return shown(moment, self.zone)

    def metrics_in(self, place: Place) -> list[tuple[Metric, MetricResult]]:
        """The metrics that are shown in a place, in their order."""
        return [each for each in self.metrics.items() if place in each[0].places]

    def to_json(self) -> dict[str, Any]:
        """As `report --format json` prints it."""
        return {
            "verdict": self.verdict,
            "verdict_reason": self.verdict_reason,
            "weeks_needed": self.weeks_needed,
            "srm_pvalue": self.srm_pvalue,
            **{metric.name: result.to_json() for metric, result in self.metrics.items()},
            "rps_adjusted": {**vars(self.adjusted), "order_cap": self.order_cap},
            "planned_end": self.planned_end.isoformat() if self.planned_end else None,
            "dialogues": {arm: rates._asdict() for arm, rates in self.dialogues.items()},
            "groups": {
                name: [each._asdict() for each in rows] for name, rows in self.groups.items()
            },
            "ledger": self.ledger.to_json(),
            "behaviour": self.behaviour.to_json(),
            "model_changes": [each._asdict() for each in self.model_changes],
            "touch": self.touch,
            "zone": self.zone,
            "stamp": self.stamp,
            "interval": INTERVAL,
            "fixed_interval": FIXED_INTERVAL,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat(),
            "computed_at": self.computed_at.isoformat(),
            "currency": self.currency,
            "arms": {name: arm.to_json() for name, arm in self.arms.items()},
            "attributed_not_caused": {
                "direct": self.direct.to_json(),
                "assisted": self.assisted.to_json(),
            },
            "bridge_capture": self.bridges.to_json(),
            "hand_overs": vars(self.hand_overs),
            "top_replies": [row._asdict() for row in self.top_replies],
            "notes": [note._asdict() for note in self.notes],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], metrics: Iterable[Metric] = METRICS) -> "Report":
        """The report that `to_json` wrote, by this version or by an earlier one."""
        stored = {**_EARLIER, **stored}
        end = stored["planned_end"]
        adjusted = dict(stored["rps_adjusted"])
        attributed = stored["attributed_not_caused"]
        since = stored["since"]
        return cls(
            since=datetime.fromisoformat(since) if since else None,
            until=datetime.fromisoformat(stored["until"]),
            computed_at=datetime.fromisoformat(stored["computed_at"]),
            verdict=stored["verdict"],
            verdict_reason=stored["verdict_reason"],
            weeks_needed=stored["weeks_needed"],
            srm_pvalue=stored["srm_pvalue"],
            currency=stored["currency"],
            metrics={
                metric: MetricResult.from_json(stored[metric.name])
                for metric in metrics
                if metric.name in stored
            },
            planned_end=datetime.fromisoformat(end) if end else None,
            order_cap=adjusted.pop("order_cap", None),
            adjusted=Uplift(**adjusted),
            dialogues={arm: DialogueRates(**each) for arm, each in stored["dialogues"].items()},
            groups={
                name: tuple(Group(**each) for each in rows)
                for name, rows in stored["groups"].items()
            },
            ledger=Ledger.from_json(stored["ledger"]),
            behaviour=Behaviour.from_json(stored["behaviour"]),
            model_changes=tuple(ModelChange(**each) for each in stored["model_changes"]),
            touch=stored["touch"],
            zone=stored["zone"],
            stamp=stored["stamp"],
            arms={name: Arm.from_json(arm) for name, arm in stored["arms"].items()},
            direct=Credit.from_json(attributed["direct"]),
            assisted=Credit.from_json(attributed["assisted"]),
            bridges=BridgeCapture.from_json(stored["bridge_capture"]),
            hand_overs=HandOvers(**stored["hand_overs"]),
            top_replies=tuple(ReplyRow(**row) for row in stored["top_replies"]),
            notes=tuple(Note(**note) for note in stored["notes"]),
        )


# What reports kept by earlier versions lack.
_EARLIER: Final[Mapping[str, Any]] = {
    "planned_end": None,
    "rps_adjusted": {},
    "dialogues": {},
    "groups": {},
    "ledger": Ledger().to_json(),
    "behaviour": Behaviour().to_json(),
    "model_changes": [],
    "touch": "last",
    "zone": "UTC",
    "stamp": "",
}
