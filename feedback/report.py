"""The report as one typed value; text is drawn from it here, the picture in `chart.py`.

Two questions, never mixed: what the clerk caused (the arms), and which replies led to sales
(attributed, not caused).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from feedback import happenings
from feedback.database import Database
from feedback.experiment import HOLDOUT, SRM_ALARM, srm
from feedback.happenings import Stretch
from feedback.report_parts import (
    MEASURES,
    Arm,
    BridgeCapture,
    Credit,
    HandOvers,
    Measure,
    Note,
    ReplyRow,
    Uplift,
    Verdict,
    VerdictReason,
)
from feedback.report_text import render

__all__ = ["MEASURES", "Measure", "Report", "Uplift", "build_report"]

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
    measures: Mapping[str, Measure]
    arms: Mapping[str, Arm]
    direct: Credit = field(default_factory=Credit)
    assisted: Credit = field(default_factory=Credit)
    bridges: BridgeCapture = field(default_factory=BridgeCapture)
    hand_overs: HandOvers = field(default_factory=HandOvers)
    top_replies: tuple[ReplyRow, ...] = ()
    notes: tuple[Note, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `report --format json` prints it."""
        return {
            "verdict": self.verdict,
            "verdict_reason": self.verdict_reason,
            "weeks_needed": self.weeks_needed,
            "srm_pvalue": self.srm_pvalue,
            **{name: measure.to_json() for name, measure in self.measures.items()},
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
    def from_json(cls, stored: Mapping[str, Any]) -> "Report":
        """The report that `to_json` wrote."""
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
            measures={name: Measure.from_json(stored[name]) for name in MEASURES},
            arms={name: Arm.from_json(arm) for name, arm in stored["arms"].items()},
            direct=Credit.from_json(attributed["direct"]),
            assisted=Credit.from_json(attributed["assisted"]),
            bridges=BridgeCapture.from_json(stored["bridge_capture"]),
            hand_overs=HandOvers(**stored["hand_overs"]),
            top_replies=tuple(ReplyRow(**row) for row in stored["top_replies"]),
            notes=tuple(Note(**note) for note in stored["notes"]),
        )

    def text(self, locale: str = "en") -> str:
        """The report for the shop's owner, in English or Chinese (`zh`)."""
        return render(self, locale)


def build_report(
    db: Database,
    *,
    experiment: str,
    shares: Mapping[str, float],
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    exposed_since: datetime | None = None,
    direct_window: timedelta = timedelta(hours=24),
    assisted_window: timedelta = timedelta(days=7),
    outcome_window: timedelta = timedelta(days=7),
) -> Report:
    """Compute the report from the store.

    Args:
        db: the store.
        experiment: whose exposures are counted.
        shares: the configured share of each arm.
        now: the time of the computation.
        since: what happened from here on; None: from the beginning.
        until: and before here; None: up to now.
        exposed_since: shoppers exposed from here on are compared; None: as `since`. A weekly report
            tells of one week, and compares all shoppers so far: hand the experiment's start.
        direct_window: from a click on a product to its purchase.
        assisted_window: from a dialogue to an order.
        outcome_window: how long after exposure a shopper's orders count for their arm.
    """
    # Ibis and tea-tasting cost 3 s and 150 MB: only who computes a report pays, not who reads one.
    from feedback import metrics, uplift  # noqa: PLC0415

    stretch = Stretch(since, until or now)
    exposed = Stretch(exposed_since or since, until or now)
    with db.reading() as session:
        currency, others = happenings.main_currency(session, stretch)
        first = happenings.first_exposure(session, experiment, exposed)
        still_open = happenings.open_windows(session, experiment, exposed, outcome_window)
        converted = happenings.conversions(
            session, stretch, direct_window=direct_window, assisted_window=assisted_window
        )
        bridges = happenings.bridge_capture(session, stretch)
        handed = happenings.hand_overs(session, stretch)
        replies = happenings.top_replies(session, stretch, converted)

    window = metrics.Window(experiment, exposed.since, exposed.until, outcome_window)
    aggregates = metrics.arm_aggregates(db, window, currency or "")
    measures = uplift.measure_all(aggregates)
    arms = {name: metrics.arm_of(aggregates[name]) for name in sorted(aggregates)}
    pvalue = split_pvalue(arms, shares)
    judged = uplift.judge(
        measures["rps"].uplift,
        aggregates,
        srm_pvalue=pvalue,
        first_exposure=first,
        until=exposed.until,
    )
    return Report(
        since=since,
        until=exposed.until,
        computed_at=now,
        verdict=judged.verdict,
        verdict_reason=judged.reason,
        weeks_needed=judged.weeks_needed,
        srm_pvalue=pvalue,
        currency=currency,
        measures=measures,
        arms=arms,
        direct=happenings.credit(converted, "direct", currency),
        assisted=happenings.credit(converted, "assisted", currency),
        bridges=bridges,
        hand_overs=handed,
        top_replies=replies,
        notes=tuple(_notes(pvalue, others, still_open)),
    )


def split_pvalue(arms: Mapping[str, Arm], shares: Mapping[str, float]) -> float | None:
    """SRM's p-value of the holdout against everybody else.

    Champion and challenger are one side of it: a challenger that comes and goes moves its share
    from one to the other, and that is no fault.
    """
    held = arms[HOLDOUT].shoppers if HOLDOUT in arms else 0
    answered = sum(arm.shoppers for name, arm in arms.items() if name != HOLDOUT)
    share = shares.get(HOLDOUT, 0.0)
    return srm({"held": held, "answered": answered}, {"held": share, "answered": 1.0 - share})


def _notes(pvalue: float | None, others: Mapping[str, int], still_open: int) -> list[Note]:
    notes = []
    if pvalue is not None and pvalue < SRM_ALARM:
        notes.append(Note("srm", {"pvalue": pvalue}))
    notes += [
        Note("other_currency", {"currency": currency, "orders": orders})
        for currency, orders in others.items()
    ]
    if still_open:
        notes.append(Note("open_windows", {"shoppers": still_open}))
    return notes
